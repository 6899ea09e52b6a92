"""Decides what a log line looks like, and that none shows whom we write to or what was written.

Lines go to standard error, for people or as JSON. Unless the level is debug, addresses are masked, and of an
exception only its kind and its way are shown: its words may quote a mail, or a row. Those of our own errors
are written for the log.
"""

import logging
import re
import sys
import traceback
from collections.abc import Iterator
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from cadence.core.errors import CadenceError

_VALUES = re.compile(
    r"(query argument \$\d+:|invalid input [^:\n]*:|malformed [^:\n]*:|DETAIL:).*", re.DOTALL
)
"""How PostgreSQL and its driver begin to quote what they were given."""
_HIDDEN = "(hidden: it may quote a mail; the level debug shows it)"
_ADDRESS = re.compile(r"[^\s<>\"'(),;:=/]{1,64}@((?:[\w-]+\.)*[\w-]+)")
QUIET = (
    "aioimaplib",
    "aiosqlite",
    "aiosmtplib",
    "alembic",
    "arq",
    "asyncio",
    "httpcore",
    "httpx",
    "mail.log",
    "pymap",
    "sqlalchemy",
    "uvicorn",
)
"""Libraries that would tell of every command, some with its words: only their warnings are wanted."""


class _Handler(logging.StreamHandler[TextIO]):
    """Where lines go, and how that was asked for."""

    def __init__(self, form: str, level: str) -> None:
        super().__init__(sys.stderr)
        self.asked_for = (form, level)


def asked_for() -> tuple[str, str] | None:
    """What `set_up` was told last, for processes of our own that must log in the same way; None: nothing."""
    handlers = logging.getLogger().handlers
    return next((handler.asked_for for handler in handlers if isinstance(handler, _Handler)), None)


def set_up(form: str, level: str) -> None:
    """Log everything from now on. form: "text" or "json"; level: "debug", "info", "warning" or "error"."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if number > logging.DEBUG:
        shared += [_without_words, structlog.processors.ExceptionRenderer(_kind_and_way), without_addresses]
    else:
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(form, level)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def without_addresses(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide who stands before the @ in every text of a line; the domain stays, to find a fault by."""
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return [_masked(each) for each in value]
    if isinstance(value, dict):
        return {name: _masked(each) for name, each in value.items()}
    if isinstance(value, BaseException):
        return _masked(_words(value))
    if not isinstance(value, str):
        return value
    return _VALUES.sub(r"\1 (hidden)", _ADDRESS.sub(r"***@\1", value))


def _without_words(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Take an exception's words out of what a library says about it; the exception itself comes below."""
    given = event.get("exc_info")
    fault = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    text = event["event"]
    if isinstance(fault, BaseException) and isinstance(text, str):
        for each in _chain(fault):
            if not _is_ours(each):
                for words in filter(None, (repr(each), str(each))):
                    text = text.replace(words, type(each).__name__)
        event["event"] = text
    return event


def _kind_and_way(exc_info: ExcInfo) -> str:
    """An exception with what led to it, the first one first: where each passed, and of what kind it is."""
    told = []
    for fault in reversed(list(_chain(exc_info[1]))):
        told += ["Traceback (most recent call last):\n", *traceback.format_tb(fault.__traceback__)]
        told.append(f"{type(fault).__module__}.{type(fault).__qualname__}: {_words(fault)}\n\n")
    return "".join(told).rstrip()


def _chain(fault: BaseException) -> Iterator[BaseException]:
    """An exception, those that it holds, and those that led to it."""
    waiting, seen = [fault], set()
    while waiting:
        each = waiting.pop(0)
        if id(each) not in seen:
            seen.add(id(each))
            yield each
            if isinstance(each, BaseExceptionGroup):
                waiting += each.exceptions
            before = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
            waiting += [before] if before else []


def _words(fault: BaseException) -> str:
    return str(fault) if _is_ours(fault) else _HIDDEN


def _is_ours(fault: BaseException) -> bool:
    """Whether its words are ours, or the operating system's: they quote nobody."""
    return isinstance(fault, (CadenceError, OSError))


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=30
    )

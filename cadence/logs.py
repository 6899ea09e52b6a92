"""Decides what a log line looks like, and that none shows whom we write to or what was written.

Lines go to standard error, for people or as JSON. Addresses are masked unless the level is debug, and
tracebacks come without the values of variables.
"""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

_ADDRESS = re.compile(r"[^\s<>\"'(),;:=/]{1,64}@((?:[\w-]+\.)*[\w-]+)")
_QUIET = (
    "aioimaplib",
    "aiosqlite",
    "aiosmtplib",
    "alembic",
    "asyncio",
    "mail.log",
    "pymap",
    "sqlalchemy",
    "uvicorn",
)
"""Libraries that would tell of every command, some with its words: only their warnings are wanted."""


def set_up(form: str, level: str) -> None:
    """Log everything from now on. form: "text" or "json"; level: "debug", "info", "warning" or "error"."""
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    if number > logging.DEBUG:
        shared.append(without_addresses)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(form)],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(number)
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(number, logging.WARNING))


def without_addresses(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide who stands before the @ in every text of a line; the domain stays, to find a fault by."""
    return {name: _masked(value) for name, value in event.items()}


def _masked(value: Any) -> Any:
    return _ADDRESS.sub(r"***@\1", value) if isinstance(value, str) else value


def _renderer(form: str) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=30
    )

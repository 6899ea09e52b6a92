"""The mail servers that every suite may use, and a line that says which they were."""

import gc
import logging
from collections.abc import Generator, Iterator
from typing import Any

import pytest
import structlog
from hypothesis import settings

from cadence import logs
from tests.servers.fixtures import (
    imap_server,
    mail_server,
    migrated_file,
    ports_of_postfix,
    postgres,
    real_dovecot,
    redis,
    running_dovecot,
    running_postfix,
    servers_used,
    sqlite_url,
)

__all__ = [
    "imap_server",
    "mail_server",
    "migrated_file",
    "ports_of_postfix",
    "postgres",
    "real_dovecot",
    "redis",
    "running_dovecot",
    "running_postfix",
    "sqlite_url",
]


settings.register_profile("shared-machine", deadline=None)  # a busy core would miss it
settings.load_profile("shared-machine")

PLAIN = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
"""Of an exception, rich would draw every variable of every frame: that took longer than what was tested."""


def log_plainly() -> None:
    structlog.reset_defaults()
    structlog.configure(processors=[*structlog.get_config()["processors"][:-1], PLAIN])


log_plainly()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What was imported and collected stays to the end: a million objects not to be looked through again.

    Looking through them, and that often, took a fifth of all processor time.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.set_threshold(10_000, 10, 5)
        gc.enable()


@pytest.fixture(autouse=True)
def logs_as_set_up_by_nobody() -> Iterator[None]:
    """Where log lines go belongs to the whole process; no test inherits another's choice."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in (*logs.QUIET, "httpx")}
    yield
    log_plainly()
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    for path, servers in sorted(servers_used(reports).items()):
        terminalreporter.write_line(f"{path} ran against {' and '.join(sorted(servers))}")

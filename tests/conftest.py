"""The mail servers that every suite may use, and a line that says which they were."""

from typing import Any

from tests.servers.fixtures import (
    imap_server,
    mail_server,
    ports_of_postfix,
    postgres,
    real_dovecot,
    redis,
    running_dovecot,
    running_postfix,
    servers_used,
)

__all__ = [
    "imap_server",
    "mail_server",
    "ports_of_postfix",
    "postgres",
    "real_dovecot",
    "redis",
    "running_dovecot",
    "running_postfix",
]


def pytest_terminal_summary(terminalreporter: Any) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.stats.get(kind, [])]
    for path, servers in sorted(servers_used(reports).items()):
        terminalreporter.write_line(f"{path} ran against {' and '.join(sorted(servers))}")

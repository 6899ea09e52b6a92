"""How many files and connections this process may hold open."""

import resource
from contextlib import suppress


def lift() -> None:
    """Take as many as the system grants: each mailbox is two connections, and the usual thousand is few."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # then it stays as it is
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))

"""Where the command line begins: the command's module is loaded, run, and every fault of it is one line."""

import os
import sys
from typing import NoReturn

import structlog

from cadence.cli import directory
from cadence.cli.shell import cli, err, group
from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound


def main() -> None:
    """Run the command line; every expected fault is one line on standard error."""
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))  # answers stay clean
    try:
        if not directory.load(sys.argv[1:]):
            directory.list_in(listing := group())
            listing()
        cli()
    except (InvalidInput, NotFound, Conflict) as fault:
        err.print(f"cadence: {fault}", markup=False)
        sys.exit(2)
    except CadenceError as fault:
        err.print(f"cadence: {fault}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as fault:
        _unforeseen(fault)


def _unforeseen(fault: Exception) -> NoReturn:
    """A fault of ours: one line as well, and the whole of it where somebody looks for its cause."""
    if os.environ.get("CADENCE_LOG_LEVEL", "").lower() == "debug":
        raise fault
    err.print(f"cadence: this should not happen: {type(fault).__name__}: {fault}", markup=False)
    err.print("Please report it, with what CADENCE_LOG_LEVEL=debug shows beside it.", markup=False)
    sys.exit(1)

"""Where the command line begins: the command's module is loaded, run, and every fault of it is one line."""

import sys

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

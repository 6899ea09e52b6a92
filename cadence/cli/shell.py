"""What all commands share: how they start, how they print, and how a fault ends them.

Exit codes: 0 done; 1 it could not be done now (a server, a mailbox); 2 what was given cannot be used.
"""

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, TypeVar

import typer
from rich.console import Console

from cadence import settings as settings_module
from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.service.app import App
from cadence.settings import Settings
from cadence.wiring import open_app

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]

cli = typer.Typer(
    name="cadence",
    help="Email cadence for lost deals: thank, ask why, stay in touch, win back.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def settings(**given: Any) -> Settings:
    """The settings, with what the command line gave; warnings go to standard error."""
    loaded = settings_module.load(**{name: value for name, value in given.items() if value is not None})
    for warning in loaded.warnings:
        err.print(f"warning: {warning}", markup=False)
    return loaded


def with_app(use: Callable[[App], Awaitable[T]], **given: Any) -> T:
    """Open the installation, let `use` work with it, close it."""

    async def run() -> T:
        async with open_app(settings(**given)) as app:
            return await use(app)

    return asyncio.run(run())


def print_json(document: Any) -> None:
    """Print one JSON document; instants and dates in ISO 8601."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")


def main() -> None:
    """Run the command line; every expected fault is one line on standard error."""
    from cadence.cli import commands

    assert commands
    try:
        cli()
    except (InvalidInput, NotFound, Conflict) as fault:
        err.print(f"cadence: {fault}", markup=False)
        sys.exit(2)
    except CadenceError as fault:
        err.print(f"cadence: {fault}", markup=False)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

"""What all commands share: how they start, how they print, and how a fault ends them.

Exit codes: 0 done; 1 it could not be done now (a server, a mailbox); 2 what was given cannot be used.
Whatever takes long to import is imported when it is used, so that help comes at once.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

if TYPE_CHECKING:
    from cadence.service.app import App
    from cadence.settings import Settings

T = TypeVar("T")

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)

Data = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="DIR", help="The installation's data folder; else CADENCE_DATA, else ./data."
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]


def group() -> typer.Typer:
    """A command line without commands yet."""
    made = typer.Typer(
        name="cadence",
        help="Email cadence for lost deals: thank, ask why, stay in touch, win back.",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    made.callback(invoke_without_command=True)(_everywhere)
    return made


def _everywhere(
    version: Annotated[bool, typer.Option("--version", is_eager=True, help="Print the version.")] = False,
) -> None:
    if version:
        sys.stdout.write(f"cadence {metadata.version('cadence-winback')}\n")
        raise typer.Exit


cli = group()
"""Where the modules of this package register their commands."""


def settings(**given: Any) -> Settings:
    """The settings, with what the command line gave; warnings go to standard error."""
    from cadence import settings as settings_module  # noqa: PLC0415 - see above

    loaded = settings_module.load(**{name: value for name, value in given.items() if value is not None})
    for warning in loaded.warnings:
        err.print(f"warning: {warning}", markup=False)
    return loaded


def with_app(use: Callable[[App], Awaitable[T]], *, wakes: bool = False, **given: Any) -> T:
    """Open the installation, let `use` work with it, close it.

    wakes: it may make a mail due, so let the workers look at once, where there is a Redis to tell them.
    """

    from cadence.wiring import open_app  # noqa: PLC0415 - see above

    loaded = settings(**given)

    async def run() -> T:
        async with open_app(loaded) as app:
            done = await use(app)
            if wakes and loaded.redis_url is not None:
                from cadence.worker.queue import calling  # noqa: PLC0415 - see above

                async with calling(app, loaded.redis_url.get_secret_value()):
                    await app.wake()
            return done

    return asyncio.run(run())


def print_json(document: Any) -> None:
    """Print one JSON document; instants and dates in ISO 8601."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n")

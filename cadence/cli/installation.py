"""An installation: laid out, set, run."""

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cadence import settings as settings_module
from cadence.cli import workplace
from cadence.cli.shell import Data, Json, cli, out, print_json, settings

Port = Annotated[
    int | None,
    typer.Option("--port", min=0, max=65535, help="Port of the web server; else CADENCE_PORT, else 8080."),
]


@cli.command()
def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="The working folder; made where there is none.")
    ],
) -> None:
    """Lay out a working folder: the shipped sequences, a .env to fill in, a note on what to do first."""
    made = workplace.lay_out(folder)
    for path in made:
        out.print(f"made {path}", markup=False)
    out.print(f"Next: read {folder / workplace.NOTE}.", markup=False)


@cli.command()
def config(data: Data = None, as_json: Json = False) -> None:
    """Print every setting: its value, where that comes from, and what it means. Secrets are hidden."""
    rows = settings_module.describe(settings(data=data))
    if as_json:
        print_json(
            [{"name": r.name, "value": r.value, "origin": r.origin, "meaning": r.meaning} for r in rows]
        )
        return
    for row in rows:
        line = Text(row.name, style="bold")
        line.append(f" = {row.value or '(not set)'}", style="default not bold")
        line.append(f"  ({row.origin})", style="dim")
        out.print(line)
        out.print(Text(f"    {row.meaning}", style="dim"))


@cli.command()
def run(data: Data = None, port: Port = None) -> None:
    """Send what is due and read what arrives, until it is stopped (Ctrl+C, SIGTERM)."""
    from cadence.cli import running  # noqa: PLC0415 - only this command needs a web server

    running.run(settings(data=data, port=port))

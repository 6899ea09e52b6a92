"""`cadence demo`: the whole product at work on made-up people."""

from pathlib import Path
from typing import Annotated

import typer

from cadence.cli.shell import Json, cli, out
from cadence.demo.run import MONTHS, SEED, run_demo


@cli.command()
def demo(
    as_json: Json = False,
    serve: Annotated[
        bool, typer.Option("--serve", help="Keep the data to look at until Ctrl+C, and say where it is.")
    ] = False,
    months: Annotated[
        int, typer.Option(min=1, max=36, help="How many months of everybody's sequence to go through.")
    ] = MONTHS,
    seed: Annotated[int, typer.Option(help="Another number lets people be quicker or slower.")] = SEED,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Draw a picture of the run into this SVG file instead of a table."),
    ] = None,
) -> None:
    """See 18 months of two sequences in under a minute: made-up people answer real mail on this machine.

    Everything runs for real: a database in a temporary folder, a mail server on loopback, SMTP and IMAP.
    Only the time is made up. The exit code is 0 if everything held that must always hold.
    """
    code = run_demo(as_json=as_json, console=out, serve=serve, months=months, seed=seed, picture=picture)
    raise typer.Exit(code)

"""`cadence correct`: what a person says that a reply means."""

from typing import Annotated

import typer

from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.service import correcting


@cli.command()
def correct(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The reply, as `cadence inbox` counts.")],
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="What it means; see docs/replies.md.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say what a reply means, where the product asked or was wrong; what follows is done at once."""
    done = with_app(lambda app: correcting.correct(app, number, category), wakes=True, data=data)
    if as_json:
        print_json({"reply": number, "category": category, "done": done})
    else:
        out.print(done, markup=False)

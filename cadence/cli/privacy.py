"""What people may ask of us: to have what is kept about them, to be erased, and why we write to them."""

from pathlib import Path
from typing import Annotated, Any

import typer

from cadence.cli import person_options as flags
from cadence.cli.dates import plural
from cadence.cli.people import Email
from cadence.cli.shell import Data, Json, cli, err, out, print_json, with_app
from cadence.cli.show import ground_in_words
from cadence.core.errors import InvalidInput
from cadence.core.legal import Basis
from cadence.core.people import CONSOLE
from cadence.service import dossier, forgetting, grounds, reporting, worded
from cadence.service.app import App
from cadence.service.dossier import Dossier

ELSEWHERE = (
    "What Cadence cannot reach is yours to erase: their mails in the mailboxes themselves, back-ups, logs, "
    "and lists that were handed out."
)
LEARNT = "A correction of theirs may have taught the model that reads replies: `cadence learn` makes it anew."


@cli.command()
def forget(
    email: Email,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; for scripts.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Erase a person everywhere, for good. What is kept lets nobody write again."""
    if not yes and not typer.confirm(f"Erase everything about {email}? It cannot be taken back", err=True):
        raise InvalidInput("nothing was erased")
    done = with_app(lambda app: forgetting.forget(app, CONSOLE, email), data=data)
    if as_json:
        print_json({"erased": dict(done.rows), "files": done.files, "learn_again": done.learnt})
        return
    rows = sum(done.rows.values())
    out.print(f"Erased: {plural(rows, 'row')}, {plural(done.files, 'uploaded file')}.", markup=False)
    out.print("Nobody can enroll or write to this address again, and what it writes is kept nowhere.")
    for line in (ELSEWHERE, *([LEARNT] if done.learnt else [])):
        err.print(line, markup=False)


@cli.command("export-person")
def export_person(
    email: Email,
    to: Annotated[
        Path, typer.Option("--to", metavar="PATH", help="A new folder, or a file that ends in .zip.")
    ] = Path("person.zip"),
    data: Data = None,
) -> None:
    """Write everything that is kept about a person: one JSON document, and every mail as an .eml file."""
    if to.exists():
        raise InvalidInput(f"{to} is there already")
    found = with_app(lambda app: dossier.of_address(app, CONSOLE, email), data=data)
    try:
        _write(found, to)
    except OSError as fault:
        raise InvalidInput(f"{to} cannot be written: {fault.strerror}") from fault
    out.print(f"{to}: everything about {email}, with {plural(len(found.mails), 'mail')}.", markup=False)


def _write(found: Dossier, to: Path) -> None:
    """For the eyes of whoever asked only, until they hand it on."""
    if to.suffix == ".zip":
        to.touch(mode=0o600)
        to.write_bytes(found.zipped())
        return
    for name, content in found.files():
        path = to / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_bytes(content)


@cli.command()
def basis(
    email: Email,
    ground: Annotated[
        str | None,
        typer.Argument(metavar="GROUND", help=f"{', '.join(Basis)}; else show what there is."),
    ] = None,
    source: flags.BasisSource = None,
    since: flags.BasisSince = None,
    until: flags.BasisUntil = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show on which legal ground a person is written to, or say on which. It is no legal advice."""

    async def use(app: App) -> dict[str, Any]:
        if ground is not None:
            said = {"basis": ground, "basis_source": source, "basis_since": since, "basis_until": until}
            await grounds.record(app, CONSOLE, email, worded.ground_of(said, app.clock()))
        return await reporting.why(app, email)

    story = with_app(use, wakes=ground is not None, data=data)
    if as_json:
        print_json([{"sequence": one["sequence"]} | one["ground"] for one in story["enrollments"]])
        return
    for one in story["enrollments"]:
        out.print(f"{one['sequence']}: {ground_in_words(one['ground'])}", markup=False)

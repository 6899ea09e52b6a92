"""Begins a sequence, a story, an event or a variant: lays out files that are right and say how to go on."""

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cadence.cli.sequences import Templates
from cadence.cli.shell import cli, out, settings
from cadence.content.files import read_snapshot
from cadence.content.skeleton import event_files, sequence_files, story_files, variant_files
from cadence.core.errors import Conflict, InvalidInput, NotFound

new = typer.Typer(
    no_args_is_help=True, help="Begin a sequence, a story, an event or a variant.", rich_markup_mode=None
)
cli.add_typer(new, name="new")

LEAD = timedelta(days=60)
"""How long ahead the event is that `cadence new event` lays out."""

Name = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and hyphens.")]


@new.command()
def sequence(name: Name, templates: Templates = None) -> None:
    """Lay out a sequence of three short mails, with notes that teach the format."""
    folder = _folder(templates)
    _write(folder, sequence_files(name, schema=(folder / "sequence.schema.json").is_file()), folder / name)
    out.print(f"Now: cadence lint {name}, then cadence preview {name} --serve", markup=False)


@new.command()
def story(name: Name, templates: Templates = None) -> None:
    """Lay out a story: for whom it is told, and what it wants to say."""
    folder = _folder(templates)
    files = story_files(name)
    _write(folder, files, *(folder / path for path in files))


@new.command()
def event(name: Name, templates: Templates = None) -> None:
    """Lay out an event to invite people to; it invites nobody before you filled it in."""
    folder = _folder(templates)
    files = event_files(name, date.today() + LEAD)
    _write(folder, files, *(folder / path for path in files))


@new.command()
def variant(
    sequence: Annotated[str, typer.Argument(metavar="SEQUENCE", help="By its folder's name.")],
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step to write in another way.")],
    templates: Templates = None,
) -> None:
    """Lay out another way of writing a step, to be tried beside the one that is there."""
    folder = _folder(templates)
    files = variant_files(read_snapshot(folder, sequence), sequence, step)
    _write(folder, files, *(folder / path for path in files))
    out.print(
        f"Now change its words; then: cadence lint {sequence}, cadence publish {sequence}", markup=False
    )


def _folder(templates: Path | None) -> Path:
    folder = settings(templates=templates).templates
    if not folder.is_dir():
        raise NotFound(f"there is no folder {folder}: run `cadence init`, or name one with --templates")
    return folder


def _write(folder: Path, files: dict[str, str], *new_ones: Path) -> None:
    """Write files of which none may be there yet."""
    for path in new_ones:
        if path.exists():
            raise Conflict(f"{path} is there already; nothing was changed")
    try:
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            out.print(str(path), markup=False)
    except OSError as fault:
        raise InvalidInput(f"{fault.filename}: {fault.strerror}") from None

"""Begins a sequence or a story: lays out files that are right already, and that say how to go on."""

from pathlib import Path
from typing import Annotated

import typer

from cadence.cli.sequences import Templates
from cadence.cli.shell import cli, out, settings
from cadence.content.skeleton import sequence_files, story_files
from cadence.core.errors import Conflict, InvalidInput, NotFound

new = typer.Typer(no_args_is_help=True, help="Begin a sequence or a story.", rich_markup_mode=None)
cli.add_typer(new, name="new")

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

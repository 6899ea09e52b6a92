"""`cadence tone`: what is wrong with the tone of any text, one line each; without a database."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from cadence.cli.dates import plural
from cadence.cli.shell import cli, err, out
from cadence.content.tone.authored import spoken, unanswered
from cadence.content.tone.judge import Tone, tone_of
from cadence.core.errors import InvalidInput, NotFound
from cadence.mail.language import language_of

STANDARD_INPUT = "-"
LARGEST = 1_000_000
"""Bytes of a file that are read; a mail has a hundredth of that."""
_LANGUAGES = ("en", "de", "fr", "es")


@cli.command()
def tone(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Texts or templates; - is standard input.")
    ],
    language: Annotated[
        str | None,
        typer.Option("--language", metavar="CODE", help="en, de, fr or es; else told by the words."),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document a line and finding.")
    ] = False,
) -> None:
    """Find what could hurt in the words of any text: one line per finding. Exit code 2 where there is any.

    Pressure, guilt, pleading, flattery and the like, each with the reason and a better way. In templates
    (*.j2) Jinja is left out, and comments that allow a finding are followed. Nothing is kept or sent.
    """
    if language is not None and language not in _LANGUAGES:
        raise InvalidInput(f'no language "{language}" is known here: {", ".join(_LANGUAGES)}')
    _check_there(files)
    count = 0
    for name in files:
        for one in _heard(name, language):
            count += 1
            _print(name, one, as_json)
    if not as_json:
        err.print(f"{plural(len(files), 'text')}: {plural(count, 'finding') if count else 'nothing to mend'}")
    if count:
        raise typer.Exit(2)


def _check_there(files: Sequence[str]) -> None:
    """A name that is wrong is said before the first finding."""
    for path in (Path(name) for name in files if name != STANDARD_INPUT):
        if not path.exists():
            raise NotFound(f"there is no file {path}")
        if path.is_dir():
            raise InvalidInput(f"{path} is a folder: name the files in it")


def _heard(name: str, language: str | None) -> Iterator[Tone]:
    text = _text(name)
    is_template = name.endswith(".j2")
    words = spoken(text) if is_template else text
    found = tone_of(words, language or _language(words))
    yield from unanswered(text, found) if is_template else found


def _text(name: str) -> str:
    if name == STANDARD_INPUT:
        raw = sys.stdin.buffer.read(LARGEST)
    else:
        try:
            with Path(name).open("rb") as file:
                raw = file.read(LARGEST)
        except OSError as fault:
            raise InvalidInput(f"{name} cannot be read: {fault.strerror or fault}") from None
    return raw.decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")


def _language(words: str) -> str:
    """The language of a text; what is none of ours, or too short to tell, is taken for English."""
    told = language_of(words)
    return told if told in _LANGUAGES else "en"


def _print(name: str, one: Tone, as_json: bool) -> None:
    if as_json:
        line = {"file": name, "line": one.line, "kind": one.kind.value}
        said = {"text": one.text, "why": one.why, "better": one.better}
        sys.stdout.write(json.dumps(line | said, ensure_ascii=False) + "\n")
    else:
        about = f': "{one.text}"' if one.text else ""
        out.print(f"{name}:{one.line}: {one.kind}{about}: {one.why}; {one.better}", markup=False)

"""`cadence classify`: what mails in files say, one line each, and why; without a database."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from cadence.cli.grounds import show_grounds
from cadence.cli.shell import cli, out, with_app
from cadence.core.errors import InvalidInput, NotFound
from cadence.mail.intent.model import load, using
from cadence.mail.mbox import LONGEST_MAIL, split_mbox
from cadence.service.explaining import explained
from cadence.service.understanding import attributes, understand

Line = dict[str, Any]


@cli.command()
def classify(
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE.eml...", help="The mails, in the order of the answers.")
    ],
    mbox: Annotated[
        bool, typer.Option("--mbox", help="Each file is an mbox; its mails are numbered from 0.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Also show the rules, words and costs that decided.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", help="Read with what this installation learnt."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document a line and mail.")] = False,
) -> None:
    """Say what mails in files say: category, how sure, on which evidence. Nothing is sent or kept."""
    _check_there(files)
    learnt = with_app(lambda app: app.models.in_use(app.db), data=data) if data else None
    with using(load(learnt) if learnt else None):
        for path in files:
            for line in _mails_of(path, explain) if mbox else _mail_of(path, explain):
                if as_json:
                    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")
                else:
                    _show(line)
            sys.stdout.flush()


def _check_there(files: Sequence[Path]) -> None:
    """A name that is wrong is said before the first answer."""
    for path in files:
        if not path.exists():
            raise NotFound(f"there is no file {path}")
        if path.is_dir():
            raise InvalidInput(f"{path} is a folder: name the files in it")


def _mail_of(path: Path, explain: bool) -> Iterator[Line]:
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST_MAIL)
    except OSError as fault:
        yield _unread({"file": str(path)}, fault.strerror or str(fault))
        return
    yield _understood({"file": str(path)}, raw, explain)


def _mails_of(path: Path, explain: bool) -> Iterator[Line]:
    index = 0
    try:
        with path.open("rb") as file:
            for index, raw in enumerate(split_mbox(file)):
                yield _understood({"file": str(path), "index": index}, raw, explain)
    except OSError as fault:
        yield _unread({"file": str(path), "index": index}, fault.strerror or str(fault))
    except InvalidInput as fault:
        yield _unread({"file": str(path), "index": index}, str(fault))


def _understood(where: Line, raw: bytes, explain: bool) -> Line:
    received, verdict = understand(raw)
    if verdict is None:
        return _unread(where, received.unreadable or "it cannot be read")
    line = where | attributes(verdict)
    return line | {"grounds": explained(received, verdict)} if explain else line


def _unread(where: Line, error: str) -> Line:
    return where | _NOTHING | {"error": error}


_NOTHING: Line = {
    "category": None,
    "confidence": 0.0,
    "action": "ask",
    "evidence": [],
    "text": "",
    "language": None,
    "loss_reasons": [],
    "competitor": None,
    "resume_on": None,
    "contract_end": None,
    "people": [],
    "moved": None,
    "rsvp": None,
    "firm_no": False,
    "automatic": False,
    "model": None,
}


def _show(line: Line) -> None:
    place = line["file"] + (f"[{line['index']}]" if "index" in line else "")
    if line["category"] is None:
        out.print(f"{place}: unreadable: {line['error']}", markup=False)
        return
    sure = f"{line['confidence']:.0%}, {line['action']}"
    out.print(f"{place}: {line['category']} ({sure}): {'; '.join(line['evidence'])}", markup=False)
    if "grounds" in line:
        show_grounds(line["grounds"])

"""What the demo shows, on terminals of any size and without one."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from rich.console import Console

from cadence.demo.cast import cast
from cadence.demo.happenings import Happening, Kind
from cadence.demo.lines import Lines
from cadence.demo.picture import Snapshot
from cadence.demo.play import ends_at
from cadence.demo.screen import Board, Screen
from cadence.demo.stage import START

DEALS = cast()
END = ends_at(DEALS, 18)
MAREN = DEALS[0].people[0]
HAPPENINGS = (
    Happening(START, Kind.STATE, MAREN.email, "active"),
    Happening(START, Kind.STATUS, MAREN.email, "new"),
    Happening(START + timedelta(days=1), Kind.SENT, MAREN.email, "[bold]One question[/bold] " + "x" * 90),
    Happening(START + timedelta(days=3), Kind.REPLY, MAREN.email, "out_of_office"),
    Happening(START + timedelta(days=3), Kind.STATE, MAREN.email, "paused"),
    Happening(START + timedelta(days=90), Kind.REPLY, MAREN.email, "feedback"),
    Happening(START + timedelta(days=90), Kind.STATUS, MAREN.email, "feedback_given"),
)


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40), (60, 12)])
def test_the_picture_fits_the_terminal(width: int, height: int) -> None:
    console = Console(file=StringIO(), width=width, height=height)
    board = Board(console, DEALS, START, END)
    for happening in HAPPENINGS:
        board.tell(happening)
    board.tick(START + timedelta(days=200))
    with console.capture() as capture:
        console.print(board.picture(height))
    lines = capture.get().splitlines()
    assert len(lines) < height or height < 20
    assert max(map(len, lines)) <= width
    assert "Fri 18 Sep 2026" in lines[0] and "1 mails" in lines[0]
    maren = next(line for line in lines if line.startswith("Maren"))
    assert "feedback given" in maren and "◇┄" in maren and "◆" in maren
    assert "●" in maren or width < 80
    assert "[bold]One question" in capture.get(), "what people write is never taken for markup"


def test_at_the_end_everybody_is_shown_even_on_a_low_terminal() -> None:
    file = StringIO()
    with Screen(
        Board(Console(file=file, width=80, height=24, force_terminal=True), DEALS, START, END)
    ) as screen:
        for happening in HAPPENINGS:
            screen.tell(happening)
        screen.tick(START)
    assert all(person.name in file.getvalue() for deal in DEALS for person in deal.people)


def test_without_a_terminal_there_is_one_plain_line_for_each_piece_of_news() -> None:
    file = StringIO()
    lines = Lines(Console(file=file, width=80))
    for happening in HAPPENINGS:
        lines.tell(happening)
    said = file.getvalue().splitlines()
    assert len(said) == 4 and said[0].startswith("2026-03-03 08:00  sent    maren.ellison@brightpump.example")


def test_the_picture_for_the_readme_fetches_nothing(tmp_path: Path) -> None:
    snapshot = Snapshot(tmp_path / "pictures" / "demo.svg", DEALS, END)
    for happening in HAPPENINGS:
        snapshot.tell(happening)
    snapshot.tick(START + timedelta(days=400))
    text = (tmp_path / "pictures" / "demo.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(text).tag.endswith("svg")
    assert "Maren" in text and "@font-face" not in text and "url(http" not in text

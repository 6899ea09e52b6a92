"""Draws the live table of a real run into an SVG file, for the README: `cadence demo --picture FILE`."""

import re
from datetime import datetime
from io import StringIO
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import TerminalTheme

from cadence.demo.cast import LostDeal
from cadence.demo.happenings import Happening
from cadence.demo.screen import Board
from cadence.demo.stage import START

WIDTH, HEIGHT = 120, 46
SHARE = 0.62
"""How much of the time has passed in the picture."""

_FONTS = '"Fira Code", "DejaVu Sans Mono", Menlo, Consolas, monospace'
_THEME = TerminalTheme(
    (24, 26, 31),
    (214, 217, 223),
    [
        (60, 64, 72),
        (240, 113, 120),
        (152, 195, 121),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (86, 182, 194),
        (214, 217, 223),
    ],
    [
        (96, 101, 112),
        (240, 113, 120),
        (152, 195, 121),
        (229, 192, 123),
        (97, 175, 239),
        (198, 120, 221),
        (86, 182, 194),
        (255, 255, 255),
    ],
)


class Snapshot:
    """Watches, and draws one picture on the way."""

    def __init__(self, path: Path, deals: tuple[LostDeal, ...], until: datetime) -> None:
        self._path = path
        self._console = Console(
            file=StringIO(),
            width=WIDTH,
            height=HEIGHT,
            record=True,
            force_terminal=True,
            color_system="truecolor",
        )
        self._board = Board(self._console, deals, START, until)
        self._at: datetime | None = START + SHARE * (until - START)

    def tell(self, happening: Happening) -> None:
        """Something happened."""
        self._board.tell(happening)

    def tick(self, now: datetime) -> None:
        """The clock moved: draw, once it is time for it."""
        self._board.tick(now)
        if self._at is not None and now >= self._at:
            self._at = None
            self._draw()

    def _draw(self) -> None:
        self._console.print(self._board.picture(HEIGHT, whole=True))
        # The font comes from the reader's machine; the template would fetch it from the net.
        template = re.sub(r"@font-face \{\{.*?\n    \}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.S)
        template = template.replace("Fira Code, monospace", _FONTS.replace('"', "'"))
        svg = self._console.export_svg(title="cadence demo", theme=_THEME, code_format=template)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(svg, encoding="utf-8")

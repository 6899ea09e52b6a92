"""The demo on a terminal: everybody's months as a line that grows, and below it what happens right now."""

import time
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType

from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from cadence.core.model import EnrollmentState, ProspectStatus
from cadence.core.replies import AUTOMATIC, Category
from cadence.demo.cast import Character, LostDeal
from cadence.demo.happenings import Happening, Kind

PICTURES_A_SECOND = 12
NEWS = 6
NEWS_ON_A_LOW_SCREEN = 4
_LOW = 30
_WIDE = 100
_AROUND = 6
"""Lines of the screen that are neither people nor news: date, head, key, two empty ones, the cursor's."""
_WHO, _COMPANY, _STATUS, _GAP = 17, 23, 17, 2
_EARLY = 0.6
"""Below 1, so that the first weeks, in which most happens, are drawn wider than the later ones."""

_GOOD, _BAD, _WAIT, _CALM = "green", "red", "yellow", "cyan"
_STATUS_STYLE = {
    ProspectStatus.NEW: "dim",
    ProspectStatus.CONTACTED: "default",
    ProspectStatus.REOPENED: f"bold {_GOOD}",
    ProspectStatus.FEEDBACK_GIVEN: _GOOD,
    ProspectStatus.FEEDBACK_DECLINED: _CALM,
    ProspectStatus.IN_TOUCH: _GOOD,
    ProspectStatus.SNOOZED: _WAIT,
    ProspectStatus.NOT_INTERESTED: _BAD,
    ProspectStatus.UNSUBSCRIBED: _BAD,
    ProspectStatus.REFERRED: _GOOD,
    ProspectStatus.LEFT: "magenta",
    ProspectStatus.QUESTION: _WAIT,
    ProspectStatus.REPLIED: _WAIT,
    ProspectStatus.BOUNCED: _BAD,
    ProspectStatus.COMPLAINED: _BAD,
}
_STATE_MARK = {
    EnrollmentState.ACTIVE: ("─", "bright_black"),
    EnrollmentState.PAUSED: ("┄", _WAIT),
}
_MAIL, _ANSWER, _MACHINE, _END = ("●", "blue"), ("◆", f"bold {_GOOD}"), ("◇", _WAIT), ("▌", "bright_black")


@dataclass
class _Row:
    """One person on the screen."""

    person: Character
    status: str = ""
    states: list[tuple[datetime, str]] = field(default_factory=list)
    marks: list[tuple[datetime, tuple[str, str]]] = field(default_factory=list)


class Board:
    """The picture of the demo: told what happens, it can be drawn at any time."""

    def __init__(
        self, console: Console, deals: tuple[LostDeal, ...], start: datetime, ends_at: datetime
    ) -> None:
        self.console, self._start, self._ends_at = console, start, ends_at
        self._rows = {person.email: _Row(person) for deal in deals for person in deal.people}
        self._news: deque[Happening] = deque(maxlen=NEWS)
        self._now = start
        self._mails = self._answers = 0

    def tell(self, happening: Happening) -> None:
        """Mark what happened on the person's line, and say it below."""
        row = self._rows[happening.email]
        match happening.kind:
            case Kind.SENT:
                self._mails += 1
                row.marks.append((happening.at, _MAIL))
            case Kind.REPLY:
                self._answers += 1
                automatic = Category(happening.words) in AUTOMATIC
                row.marks.append((happening.at, _MACHINE if automatic else _ANSWER))
            case Kind.STATUS:
                row.status = happening.words
            case Kind.STATE:
                row.states.append((happening.at, happening.words))
        if happening.kind is not Kind.STATE and happening.words != ProspectStatus.NEW:
            self._news.append(happening)

    def tick(self, now: datetime) -> None:
        """Move the date on."""
        self._now = now

    def picture(self, height: int, *, whole: bool = False) -> RenderableType:
        """The present picture, for a terminal of so many lines; whole: with everybody, however long."""
        news = NEWS_ON_A_LOW_SCREEN if height < _LOW else NEWS
        room = len(self._rows) if whole else max(3, height - news - _AROUND)
        return Group(self._head(), self._people(room), self._key(), *self._said(news))

    def _head(self) -> RenderableType:
        day, days = (self._now - self._start).days, (self._ends_at - self._start).days
        head = Table.grid(expand=True, padding=(0, 1))
        head.add_column(no_wrap=True)
        head.add_column(ratio=1)
        head.add_column(justify="right", no_wrap=True)
        date = Text(f"{self._now:%a} {self._now.day:2} {self._now:%b %Y}", style="bold")
        count = Text(f"day {day} of {days}  {self._mails} mails  {self._answers} answers", style="dim")
        head.add_row(date, ProgressBar(total=days, completed=day, complete_style="blue"), count)
        return head

    def _people(self, room: int) -> RenderableType:
        wide = self.console.size.width >= _WIDE
        taken = _WHO + _GAP + _STATUS + _GAP + (_COMPANY + _GAP if wide else 0)
        line = self.console.size.width - taken
        table = Table(box=None, padding=(0, _GAP, 0, 0), pad_edge=False, header_style="dim")
        table.add_column("who", no_wrap=True, width=_WHO)
        if wide:
            table.add_column("company", no_wrap=True, width=_COMPANY, style="dim")
        table.add_column("status", no_wrap=True, width=_STATUS)
        table.add_column(self._months(line), no_wrap=True, width=line)
        rows = list(self._rows.values())
        shown = rows if len(rows) <= room else rows[: room - 1]
        for row in shown:
            status = Text(row.status.replace("_", " "), style=_STATUS_STYLE.get(_status(row), "dim"))
            company = [row.person.company] if wide else []
            table.add_row(Text(row.person.name), *map(Text, company), status, self._line(row, line))
        if len(shown) < len(rows):
            table.add_row(Text(f"+ {len(rows) - len(shown)} more", style="dim"))
        return table

    def _months(self, width: int) -> str:
        """The names of months above the lines, where there is room for them."""
        text, month = "", self._start
        while month < self._ends_at:
            column = self._column(month, width)
            name = f"{month:%b %Y}" if month.month == 1 or not text else f"{month:%b}"
            if (not text or column > len(text)) and column + len(name) <= width:
                text = text.ljust(column) + name
            month = (month.replace(day=1) + timedelta(days=32)).replace(day=1)
        return text

    def _line(self, row: _Row, width: int) -> Text:
        """Somebody's months: one column each some days, up to now."""
        cells = [(" ", "")] * width
        for number, (at, state) in enumerate(row.states):
            until = row.states[number + 1][0] if number + 1 < len(row.states) else self._now
            mark = _STATE_MARK.get(EnrollmentState(state))
            first, past = self._column(at, width), self._column(until, width)
            if mark is None:
                cells[first] = _END
                continue
            cells[first : past + 1] = [mark] * (past + 1 - first)
        for at, mark in row.marks:
            column = self._column(at, width)
            if cells[column] not in (_ANSWER, _MACHINE):
                cells[column] = mark
        return Text.assemble(*cells)

    def _column(self, at: datetime, width: int) -> int:
        share = (at - self._start) / (self._ends_at - self._start)
        return max(0, min(width - 1, int(max(share, 0) ** _EARLY * width)))

    def _key(self) -> Text:
        parts: list[tuple[str, str] | str] = []
        for (sign, style), meaning in (
            (_MAIL, "mail"),
            (_ANSWER, "answer"),
            (_MACHINE, "automatic"),
            (_STATE_MARK[EnrollmentState.PAUSED], "paused"),
            (_END, "over"),
        ):
            parts += [(f"{sign} ", style), (f"{meaning}   ", "dim")]
        return Text.assemble("\n", *parts)

    def _said(self, news: int) -> list[Text]:
        lines = [_say(one, self._rows[one.email].person.name) for one in list(self._news)[-news:]]
        return [Text(""), *lines, *[Text("")] * (news - len(lines))]


class Screen:
    """Shows the board as the demo runs; a context manager, since it takes the terminal over while it does."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._drawn = 0.0
        self._live = Live(console=board.console, auto_refresh=False, vertical_overflow="crop")

    def __enter__(self) -> "Screen":
        self._live.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._draw(whole=True)
        self._live.vertical_overflow = "visible"
        self._live.__exit__(kind, error, trace)

    def tell(self, happening: Happening) -> None:
        """Something happened."""
        self._board.tell(happening)

    def tick(self, now: datetime) -> None:
        """Move the date on, and draw if the last picture is old enough to be worth another."""
        self._board.tick(now)
        if time.monotonic() - self._drawn >= 1 / PICTURES_A_SECOND:
            self._draw()

    def _draw(self, *, whole: bool = False) -> None:
        self._drawn = time.monotonic()
        self._live.update(self._board.picture(self._board.console.size.height, whole=whole), refresh=True)


_ARROWS = {
    Kind.SENT: ("→", "blue"),
    Kind.REPLY: ("←", f"bold {_GOOD}"),
    Kind.STATUS: ("=", _CALM),
    Kind.REP: ("*", "magenta"),
    Kind.PAGE: ("←", f"bold {_GOOD}"),
    Kind.EVENT: ("+", _GOOD),
}
_VERBS = {
    Kind.SENT: "",
    Kind.REPLY: "answers: ",
    Kind.STATUS: "is now ",
    Kind.REP: "our rep ",
    Kind.PAGE: "",
    Kind.EVENT: "",
}


def _say(happening: Happening, name: str) -> Text:
    sign, style = _ARROWS[happening.kind]
    words = happening.words if happening.kind is Kind.SENT else happening.words.replace("_", " ")
    return Text.assemble(
        (f"{happening.at.day:2} {happening.at:%b}  ", "dim"),
        (f"{sign} ", style),
        f"{name:<18}",
        (f"{_VERBS[happening.kind]}{words}", style if happening.kind is not Kind.SENT else "default"),
        no_wrap=True,
        overflow="ellipsis",
    )


def _status(row: _Row) -> ProspectStatus:
    return ProspectStatus(row.status) if row.status else ProspectStatus.NEW

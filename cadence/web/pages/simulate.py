"""Simulating before enrolling: whom and what, then the calendar and the load of each mailbox, day by day.

The answer is streamed: the page first, a line on how far it is after each portion, the result at the end.
So nothing is kept between requests, any process can do it, and leaving the page ends it.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import FormData, UploadFile

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.rights import Right
from cadence.service import authoring, load_ahead, simulating, spreadsheet
from cadence.service.load_ahead import Box, Load
from cadence.service.simulating import Crowd, Wanted
from cadence.web import templates
from cadence.web.errors import status_of
from cadence.web.visits import Visit, may

routes = APIRouter()
_Simulating = Annotated[Visit, may(Right.SIMULATE)]

LARGEST_LIST = 5_000_000
HERE = "<!-- what comes bit by bit -->"
WIDE, HIGH = 960, 150
DAYS = 31 * load_ahead.MONTHS
DRAFT = " (draft)"


@routes.get("/simulate")
async def simulate(visit: _Simulating, sequence: str = "") -> Response:
    """The form."""
    return await _form(visit, Wanted(sequence))


@routes.post("/simulate", max_body_size=LARGEST_LIST)
async def run(visit: _Simulating) -> Response:
    """Run it."""
    form = await visit.form()
    wanted = _typed(form)
    try:
        if wanted.draft and Right.EDIT_SEQUENCES not in visit.who.rights:
            raise NotFound("There is no such draft.")
        listed = await _uploaded(form) or wanted.listed
        who = await simulating.crowd(visit.app, visit.who, replace(wanted, listed=listed))
    except (InvalidInput, NotFound, Conflict) as fault:
        return await _form(visit, wanted, fault)
    finally:
        await form.close()
    page = bytes(visit.page("simulated.html.j2", who=who, here=HERE).body).decode()
    head, _, tail = page.partition(HERE)
    headers = {"X-Accel-Buffering": "no"}  # a proxy passes on what there is
    return StreamingResponse(_streamed(visit, who, head, tail), media_type="text/html", headers=headers)


def _typed(form: FormData) -> Wanted:
    name, listed, mailbox = (str(form.get(field) or "") for field in ("sequence", "people", "mailbox"))
    return Wanted(name.removesuffix(DRAFT), listed, name.endswith(DRAFT), mailbox)


async def _uploaded(form: FormData) -> str:
    given = form.get("file")
    if not isinstance(given, UploadFile) or not given.filename:
        return ""
    return spreadsheet.decode(await given.read(), given.filename)[0]


async def _form(visit: Visit, wanted: Wanted, fault: CadenceError | None = None) -> Response:
    listed = await authoring.listed(visit.app)
    edits = Right.EDIT_SEQUENCES in visit.who.rights
    names = [one.name for one in listed if one.head]
    names += [f"{one.name}{DRAFT}" for one in listed if edits and one.on_disk and one.differs]
    return visit.page(
        "simulate.html.j2",
        status=status_of(fault) if fault else 200,
        names=names,
        boxes=await simulating.choices(visit.app, visit.who),
        wanted=wanted,
        picked=f"{wanted.sequence}{DRAFT}" if wanted.draft else wanted.sequence,
        most=simulating.MOST_PEOPLE,
        fault=fault,
    )


async def _streamed(visit: Visit, who: Crowd, head: str, tail: str) -> AsyncIterator[str]:
    yield head
    try:
        load = Load()
        async for load in load_ahead.run(who):
            yield templates.render("progress.html.j2", {"done": load.done, "people": who.people})
        kind, entries = await load_ahead.calendar_of_first(who)
        boxes = await load_ahead.by_mailbox(visit.app, who, load)
        facts = {
            "who": who,
            "load": load,
            "kind": kind,
            "entries": entries,
            "charts": [(box, Chart(box, who)) for box in boxes],
        }
        yield templates.render("simulation.html.j2", facts)
    except CadenceError as fault:  # the page began: its status cannot change any more
        yield templates.render("notice.html.j2", {"title": "It broke off", "text": str(fault), "status": 503})
    yield tail


class Chart:
    """The mails of a mailbox, a bar for each day. new, waiting: paths; top: mails at the upper end."""

    def __init__(self, box: Box, who: Crowd) -> None:
        first = who.start.date()
        self.days = max((max(box.days) - first).days + 1, DAYS)
        self.most = max(sum(each) for each in box.days.values())
        self.top = max(self.most, min(box.cap or 0, self.most * 3), 1)
        self.wide = WIDE / self.days
        self.new = self.waiting = ""
        for day, (new, waiting) in box.days.items():
            x = (day - first).days * self.wide + self.wide / 2
            if waiting:
                self.waiting += f"M{x:.1f} {HIGH}V{self._y(waiting):.1f}"
            if new:
                self.new += f"M{x:.1f} {self._y(waiting):.1f}V{self._y(waiting + new):.1f}"
        self.cap = self._y(box.cap) if box.cap and box.cap <= self.top else None
        days = [first + timedelta(days=each) for each in range(self.days)]
        quarters = [day for day in days if day.day == 1 and day.month % 3 == 1]
        self.marks = [((day - first).days * self.wide, day) for day in quarters]

    def _y(self, mails: int) -> float:
        return HIGH - (HIGH - 10) * mails / self.top

"""What's new: something that people left for want of; who would be told, a yes or a no, what became of it."""

from collections.abc import Collection
from collections.abc import Sequence as Rows
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response

from cadence.core.errors import CadenceError, Conflict, ContentError, InvalidInput, NotFound
from cadence.core.jobs import JobKind
from cadence.core.replies import LossReason
from cadence.core.rights import Right
from cadence.service import counting, news_answers, news_jobs, whats_new
from cadence.service.news_readers import Person
from cadence.service.news_survey import MOST, First, Survey
from cadence.service.paging import cursor, position
from cadence.service.whats_new import Start
from cadence.web import standings, words
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Reader = Annotated[Visit, may(Right.READ_PROSPECTS)]
_Enroller = Annotated[Visit, may(Right.ENROLL)]

SHOWN = 50
"""People of each kind on a page, which has at most 150 kB."""


@routes.get("/whats-new")
async def every(visit: _Reader) -> Response:
    """All that was new, and the form for more."""
    return await _listed(visit)


@routes.post("/whats-new")
async def add(visit: _Enroller, reason: _Text = "", terms: _Text = "", story: _Text = "") -> Response:
    """Keep something new; nothing is sent."""
    answers = f"{reason}:{terms}" if terms.strip() else reason
    try:
        number = await whats_new.add(visit.app, visit.who.actor, answers, story)
    except (InvalidInput, NotFound) as fault:
        return await _listed(visit, fault, {"reason": reason, "terms": terms, "story": story})
    return visit.to(f"/whats-new/{number}")


@routes.get("/whats-new/{news_id}")
async def one(visit: _Reader, news_id: Id, after: str = "", rest: str = "", told: str = "") -> Response:
    """Who would get the mail and why, who not and why, and what became of those who did."""
    (before,) = position(told, int) or (None,)
    start = Start(_start(after), _start(rest), before)
    outlook = await whats_new.show(
        visit.app, news_id, visit.who.user, start=start, limit=SHOWN, patience=counting.PATIENCE
    )
    counted = outlook.survey or Survey()
    rows = outlook.told
    next_told = cursor(rows[-1].enrollment_id) if len(rows) == SHOWN and counted.told > SHOWN else None
    return visit.page(
        "news.html.j2",
        news=outlook.news,
        waiting=_part(outlook.waiting, counted.waiting, start.waiting),
        others=_part(outlook.others, counted.others, start.others),
        told={"items": rows, "total": counted.told, "next": next_told, "is_first": before is None},
        is_counted=outlook.survey is not None,
        counted_at=outlook.counted_at,
        most=MOST,
        may_answer=Right.ENROLL in visit.who.rights,
        standings=standings,
        words=words,
    )


def _start(after: str) -> int:
    """How many stand before. after: as a cursor."""
    return max(int((position(after, int) or (0,))[0]), 0)


def _part(people: Rows[Person], counted: First, start: int) -> dict[str, Any]:
    end = start + SHOWN
    more = cursor(end) if len(counted.known) > end else None
    return {"items": people, "total": counted.total, "next": more, "is_first": start == 0}


@routes.post("/whats-new/{news_id}/answer")
async def answer(
    visit: _Enroller,
    news_id: Id,
    answer: _Text = "",
    ids: Annotated[list[int] | None, Form()] = None,
    all_: Annotated[str, Form(alias="all")] = "",
) -> Response:
    """Say yes or no: to one (answer "yes-7"), to those who are ticked, or to all who wait."""
    verb, _, number = answer.partition("-")
    who: Collection[int] | None = None if all_ and not number else {*(ids or ())}
    if number.isdecimal() and len(number) < 19:
        who = {int(number)}
    if verb not in ("yes", "no"):
        raise InvalidInput("Say yes or no.")
    if who is None:
        kind = JobKind.TELL if verb == "yes" else JobKind.SPARE
        return visit.to(f"/jobs/{await news_jobs.ask(visit.app, visit.who, news_id, kind)}")
    return await _answered(visit, news_id, who, is_yes=verb == "yes")


async def _answered(visit: Visit, news_id: int, who: Collection[int], *, is_yes: bool) -> Response:
    here, about = f"/whats-new/{news_id}", (visit.app, visit.who.actor, news_id, who, visit.who.user)
    if not who:
        return visit.to(here, "Tick somebody first, or all of them.", "bad")
    try:
        done = await (news_answers.approve if is_yes else news_answers.decline)(*about)
    except Conflict:
        return visit.to(here, "Nobody of them waits for an answer any more.", "bad")
    if not is_yes:
        return visit.to(here, f"Noted: {_people(done.count)} left in peace.")
    await visit.app.wake()
    said = f"{_people(done.count)} told, by one mail through the ordinary queue."
    return visit.to(here, f"{said} {len(done.refused)} could not be." if done.refused else said)


def _people(count: int) -> str:
    return "one person is" if count == 1 else f"{count:,} people are"


@routes.get("/whats-new/{news_id}/mails/{prospect_id}")
async def mail(visit: _Reader, news_id: Id, prospect_id: Id) -> Response:
    """The mail that somebody would get, as it would leave now."""
    facts: dict[str, Any] = {"news_id": news_id, "person": None, "mail": None, "fault": ""}
    try:
        person, written = await whats_new.mail(visit.app, news_id, prospect_id, visit.who.user)
        facts |= {"person": person, "mail": written}
    except (InvalidInput, ContentError) as wrong:
        facts["fault"] = str(wrong)
    return visit.page("news_mail.html.j2", **facts)


async def _listed(
    visit: Visit, fault: CadenceError | None = None, typed: dict[str, str] | None = None
) -> Response:
    return visit.page(
        "whats_new.html.j2",
        status=status_of(fault) if fault else 200,
        every=await whats_new.every(visit.app),
        stories=await whats_new.stories(visit.app),
        reasons=list(LossReason),
        may_answer=Right.ENROLL in visit.who.rights,
        fault=fault,
        typed=typed or {"reason": "", "terms": "", "story": ""},
    )

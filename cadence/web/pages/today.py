"""Today: what needs a person, most urgent first, and everything they can do about it on the spot."""

from datetime import date, timedelta
from typing import Annotated, Any, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Response
from fastapi.responses import StreamingResponse

from cadence.core.alarm import ALARMING
from cadence.core.errors import Conflict, InvalidInput
from cadence.core.model import TaskKind
from cadence.core.rights import Right
from cadence.service import alarming, answering, correcting, desk, jobs, replies, undoing
from cadence.web import foreign, standings, words
from cadence.web.news import News
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Reader = Annotated[Visit, may(Right.READ_TASKS)]
_Doer = Annotated[Visit, may(Right.ANSWER_TASKS)]
_CALLED = {TaskKind.DECISION_OPEN, TaskKind.INTERESTED, TaskKind.QUESTION}


@routes.get("/today")
async def today(visit: _Reader, kind: str = "", later: str = "", after: str = "") -> Response:
    """What waits; htmx asks for the list alone whenever something changed."""
    return visit.page("today.html.j2", block="tasks", **await _facts(visit, kind, later, after))


async def again(visit: Visit, said: str, mood: Literal["good", "bad"] = "good") -> Response:
    """Today after something was done there: for htmx in place, as it was looked at, else by a redirect."""
    if not visit.is_fragment:
        return visit.to("/today", said, mood)
    seen = parse_qs(urlsplit(visit.request.headers.get("hx-current-url", "")).query)
    kind, later, after = (seen.get(name, [""])[0] for name in ("kind", "later", "after"))
    facts = await _facts(visit, kind, later, after)
    return visit.page("today.html.j2", block="desk", **facts, said=said, mood=mood)


async def _facts(visit: Visit, kind: str, later: str, after: str) -> dict[str, Any]:
    app, who = visit.app, visit.who
    news: News = visit.request.app.state.news
    seen = news.seen  # before the list is read: what comes meanwhile is told
    shown = await desk.look(app, who, kind=kind, put_off=bool(later), after=after)
    called = [one.inbound_id for one in shown.part.items if one.inbound_id and one.kind in _CALLED]
    alarmed = [one.id for one in shown.part.items if one.kind in ALARMING]
    return {
        "desk": shown,
        "kind": kind,
        "later": bool(later),
        "after": after,
        "seen": seen,
        "phones": await replies.phones(app, called),
        "begun": await alarming.suggestions(app, alarmed) if alarmed else {},
        "done": await undoing.latest(app, who.actor),
        "jobs": await jobs.told(app, who) if Right.READ_PROSPECTS in who.rights else [],
        "tomorrow": _today(visit) + timedelta(days=1),
        "new_key": lambda: uuid4().hex,
        "answers": answering.ANSWERS,
        "meanings": correcting.MEANINGS,
        "words": words,
        "standings": standings,
    }


@routes.get("/today/news")
async def news(visit: _Reader, seen: str = "") -> Response:
    """That something changed, as it happens (server-sent events)."""
    source: News = visit.request.app.state.news
    headers = {"X-Accel-Buffering": "no"}
    return StreamingResponse(source.listen(visit.who, seen), media_type="text/event-stream", headers=headers)


@routes.post("/today/{task_id}/answer")
async def answer(visit: _Doer, task_id: Id, answer: _Text = "") -> Response:
    """Answer a task; for a reply that nobody understood, with what it means."""
    await desk.find(visit.app, visit.who, task_id)
    done = await answering.answer(visit.app, task_id, answer, visit.who.actor)
    await visit.app.wake()
    return await again(visit, f"{done[:1].upper()}{done[1:]}.")


@routes.post("/today/{task_id}/correct")
async def correct(visit: _Doer, task_id: Id, category: _Text = "") -> Response:
    """Say what the reply behind a task means: it acts anew as that."""
    task = await desk.find(visit.app, visit.who, task_id)
    if task.inbound_id is None:
        raise InvalidInput("There is no reply behind this.")
    if task.kind is TaskKind.REVIEW_REPLY and task.done_at is None:
        done = await answering.answer(visit.app, task_id, category, visit.who.actor)
    else:
        done = await correcting.correct(visit.app, task.inbound_id, category, visit.who.actor)
    await visit.app.wake()
    return await again(visit, f"Noted: {done}.")


@routes.post("/today/{task_id}/later")
async def later(visit: _Doer, task_id: Id, days: _Text = "", until: _Text = "") -> Response:
    """Put a task off: for some days, until a day, or, with neither, not any more."""
    try:
        day = (
            _today(visit) + timedelta(days=int(days))
            if days
            else date.fromisoformat(until)
            if until
            else None
        )
    except (ValueError, OverflowError) as fault:
        raise InvalidInput("Choose a day.") from fault
    await desk.snooze(visit.app, visit.who, task_id, day)
    return await again(visit, f"Put off until {day:%-d %b %Y}." if day else "It is here again.")


@routes.get("/today/{task_id}/draft")
async def draft(visit: _Reader, task_id: Id) -> Response:
    """The mail that waits for a yes, as it would leave now."""
    try:
        task, made = await desk.draft(visit.app, visit.who, task_id)
        fault = ""
    except (InvalidInput, Conflict) as wrong:
        task, made, fault = await desk.find(visit.app, visit.who, task_id), None, str(wrong)
    return visit.page(
        "draft.html.j2", task=task, draft=made, fault=fault, answers=answering.ANSWERS, words=words
    )


@routes.get("/today/{task_id}/draft/html")
async def draft_html(visit: _Reader, task_id: Id) -> Response:
    """Its HTML, for the frame."""
    _, made = await desk.draft(visit.app, visit.who, task_id)
    return await foreign.framed(made.html)


@routes.post("/undo/{undo_id}")
async def undo(visit: _Doer, undo_id: Id) -> Response:
    """Take back what one did, as long as nothing has followed."""
    try:
        what = await undoing.take_back(visit.app, visit.who.actor, undo_id)
    except Conflict as fault:
        return await again(visit, str(fault), "bad")
    await visit.app.wake()
    return await again(visit, f"Taken back: {what.replace('_', ' ')}.")


def _today(visit: Visit) -> date:
    return visit.app.clock().astimezone(ZoneInfo(visit.who.user.zone)).date()

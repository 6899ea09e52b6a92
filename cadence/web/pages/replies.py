"""Replies: the inbox over all mailboxes, each with how it was understood, what it did, and what it says."""

from typing import Annotated
from urllib.parse import urlencode
from uuid import uuid4

from fastapi import APIRouter, Form, Path, Response

from cadence.core.errors import CadenceError, Conflict, InvalidInput, MailboxError
from cadence.core.replies import Category
from cadence.core.rights import Right
from cadence.service import alarming, correcting, letters, replies
from cadence.web import foreign, words
from cadence.web.errors import status_of
from cadence.web.pages import today
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Reader = Annotated[Visit, may(Right.READ_REPLIES)]


@routes.get("/replies")
async def inbox(
    visit: _Reader, category: str = "", mailbox: str = "", needs: str = "", q: str = "", after: str = ""
) -> Response:
    """One part of the replies, newest first; htmx asks for the rows only."""
    picked = {"category": category, "mailbox": mailbox, "needs": needs, "q": q}
    try:
        wanted, fault = replies.wanted(category, mailbox, needs, q), None
        part = await replies.page(visit.app, visit.who, wanted, after=after)
    except InvalidInput as wrong:
        part, fault = await replies.page(visit.app, visit.who, replies.wanted()), wrong
    return visit.page(
        "replies.html.j2",
        block="rows",
        status=status_of(fault) if fault else 200,
        part=part,
        picked=picked,
        fault=fault,
        query=urlencode({key: value for key, value in picked.items() if value}),
        after=after,
        mailboxes=await replies.mailboxes(visit.app, visit.who),
        categories=list(Category),
        words=words,
    )


@routes.get("/replies/{reply_id}")
async def reply(visit: _Reader, reply_id: Id) -> Response:
    """One reply in full."""
    return await _shown(visit, reply_id)


@routes.get("/replies/{reply_id}/html")
async def reply_html(visit: _Reader, reply_id: Id) -> Response:
    """Its HTML, cleaned, for the frame."""
    return await foreign.framed(await replies.html(visit.app, visit.who, reply_id))


@routes.get("/replies/{reply_id}/files/{number}")
async def attached(visit: _Reader, reply_id: Id, number: Annotated[int, Path(ge=0, lt=1000)]) -> Response:
    """A file that came with it."""
    file = await replies.file(visit.app, visit.who, reply_id, number)
    return foreign.download(file.name, file.content)


@routes.post("/replies/{reply_id}/correct")
async def correct(
    visit: Annotated[Visit, may(Right.CORRECT_REPLIES)], reply_id: Id, category: _Text = ""
) -> Response:
    """Say what it means: it acts anew as that."""
    await replies.reachable(visit.app, visit.who, reply_id)
    done = await correcting.correct(visit.app, reply_id, category, visit.who.actor)
    await visit.app.wake()
    return visit.to(f"/replies/{reply_id}", f"Noted: {done}.")


@routes.post("/replies/{reply_id}/letters")
async def write(
    visit: Annotated[Visit, may(Right.WRITE_REPLIES)],
    reply_id: Id,
    text: _Text = "",
    key: _Text = "",
    back: _Text = "",
) -> Response:
    """Answer it by a mail from the rep's own mailbox."""
    await replies.reachable(visit.app, visit.who, reply_id)
    try:
        said = await letters.send(visit.app, visit.who, reply_id, text, key)
    except (InvalidInput, Conflict, MailboxError) as fault:
        if visit.is_fragment:  # what was typed stays where it is
            raise
        return await _shown(visit, reply_id, fault, text)
    return await today.again(visit, said) if back == "today" else visit.to(f"/replies/{reply_id}", said)


async def _shown(visit: Visit, reply_id: int, fault: CadenceError | None = None, text: str = "") -> Response:
    opened = await replies.open_one(visit.app, visit.who, reply_id)
    try:
        envelope, why = await letters.prepare(visit.app, visit.who, reply_id), ""
    except CadenceError as wrong:
        envelope, why = None, str(wrong)
    return visit.page(
        "reply.html.j2",
        status=status_of(fault) if fault else 200,
        opened=opened,
        row=opened.row,
        envelope=envelope,
        cannot_answer=why,
        fault=fault,
        typed=text or await alarming.suggested(visit.app, reply_id),
        key=uuid4().hex,
        meanings=correcting.MEANINGS,
        sandbox=foreign.SANDBOX,
        words=words,
    )

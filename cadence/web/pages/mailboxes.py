"""Mailboxes: how they do, connecting them, their pace, their owner's days off, and who takes over."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Response

from cadence.core.absence import away_on
from cadence.core.calendar import local
from cadence.core.errors import CadenceError, Conflict, InvalidInput, MailboxError
from cadence.core.model import Absence, Mailbox, MailboxState
from cadence.core.rights import Right
from cadence.mail import presets
from cadence.mail.endpoint import is_api
from cadence.service import discovering, examining, handing_over, mailbox_care, relays
from cadence.service.connecting import NewMailbox
from cadence.store.mailbox_use import MANY
from cadence.web import mailbox_forms
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Reader = Annotated[Visit, may(Right.READ_MAILBOXES)]
_Owner = Annotated[Visit, may(Right.CHANGE_MAILBOXES)]
_Manager = Annotated[Visit, may(Right.HAND_OVER)]


@routes.get("/mailboxes")
async def mailboxes(visit: _Reader) -> Response:
    """All of them in reach."""
    shown = await mailbox_care.overview(visit.app, visit.who)
    now = visit.app.clock()
    away = {one.mailbox.id: away_on(one.mailbox, local(now, one.mailbox.place).date()) for one, _ in shown}
    return visit.page("mailboxes.html.j2", mailboxes=shown, away=away, many=_many)


# --- connecting ---


@routes.get("/mailboxes/connect")
async def choose(visit: _Owner, preset: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The form: empty, or with a provider's servers in it."""
    chosen = presets.of_key(preset)
    return _connecting(visit, chosen, {"smtp": chosen.smtp, "imap": chosen.imap} if chosen else {})


@routes.post("/mailboxes/find")
async def find(visit: _Owner, address: _Text = "") -> Response:
    """Look up where the servers of an address are, and fill in the form with that."""
    try:
        proposal = await discovering.propose(address, outside=visit.app.outside)
    except InvalidInput as fault:
        return _connecting(visit, None, {"address": address}, fault)
    typed = {"address": proposal.address, "username": proposal.address}
    if proposal.found:
        found = proposal.found
        typed |= {"smtp": found.smtp, "imap": found.imap, "username": found.username}
    how = proposal.found.how if proposal.found else ""
    return _connecting(visit, proposal.preset, typed, how=how, looked=True)


@routes.post("/mailboxes")
async def connect(  # noqa: PLR0913, PLR0917 - a parameter for each field of the form
    visit: _Owner,
    address: _Text = "",
    name: _Text = "",
    smtp: _Text = "",
    imap: _Text = "",
    username: _Text = "",
    password: _Text = "",
    role: _Text = "rep",
    preset: _Text = "",
) -> Response:
    """Try both servers, then store it."""
    typed = {"address": address, "name": name, "smtp": smtp, "imap": imap, "username": username, "role": role}
    try:
        new = NewMailbox(
            address, name, smtp, imap, username or address.strip(), password.strip(), mailbox_forms.role(role)
        )
        mailbox = await mailbox_care.connect(visit.app, visit.who, new)
    except (InvalidInput, Conflict, MailboxError) as fault:
        return _connecting(visit, presets.of_key(preset), typed, fault)
    said = f"{mailbox.address} is connected: both servers let us in."
    return visit.to(f"/mailboxes/{mailbox.id}", said)


# --- one of them ---


@routes.get("/mailboxes/{mailbox_id}")
async def mailbox(visit: _Reader, mailbox_id: Id) -> Response:
    """Everything about one; htmx asks for the findings of the doctor only."""
    return await _page(visit, await _reached(visit, mailbox_id))


@routes.post("/mailboxes/{mailbox_id}/examine")
async def examine(visit: _Owner, mailbox_id: Id) -> Response:
    """Let the doctor begin; the findings appear on the page as they are made."""
    found = await _reached(visit, mailbox_id)
    await examining.begin(visit.app, visit.who.actor, found)
    return visit.to(f"/mailboxes/{mailbox_id}#examination")


@routes.post("/mailboxes/{mailbox_id}/pause")
async def pause(visit: _Owner, mailbox_id: Id) -> Response:
    """Let nothing leave."""
    await mailbox_care.pause(visit.app, visit.who, await _reached(visit, mailbox_id))
    return visit.to(f"/mailboxes/{mailbox_id}", "Paused: nothing leaves from it, and replies are still read.")


@routes.post("/mailboxes/{mailbox_id}/resume")
async def resume(visit: _Owner, mailbox_id: Id) -> Response:
    """Let it send again."""
    await mailbox_care.resume(visit.app, visit.who, await _reached(visit, mailbox_id))
    return visit.to(f"/mailboxes/{mailbox_id}", "It sends again.")


@routes.post("/mailboxes/{mailbox_id}/remove")
async def remove(visit: _Owner, mailbox_id: Id) -> Response:
    """Forget it and its password."""
    found = await _reached(visit, mailbox_id)
    done = await mailbox_care.remove(visit.app, visit.who, found)
    said = f"{found.address} is removed; {done.stopped} enrollments were stopped."
    return visit.to("/mailboxes", f"{said} {done.left or ''}".rstrip())


@routes.post("/mailboxes/{mailbox_id}")
async def change(visit: _Owner, mailbox_id: Id) -> Response:
    """Change who signs and how fast it writes."""
    found, form = await _reached(visit, mailbox_id), await visit.form()
    typed = {name: str(value) for name, value in form.items() if isinstance(value, str)}
    try:
        await mailbox_care.change(visit.app, visit.who, found, mailbox_forms.changes(typed))
    except InvalidInput as fault:
        return await _page(visit, found, "details", fault)
    return visit.to(f"/mailboxes/{mailbox_id}", "Saved; it counts from the next mail on.")


@routes.post("/mailboxes/{mailbox_id}/access")
async def access(
    visit: _Owner,
    mailbox_id: Id,
    smtp: _Text = "",
    imap: _Text = "",
    username: _Text = "",
    password: _Text = "",
) -> Response:
    """Change servers, user name or password, or the relay; people stay enrolled."""
    found, form = await _reached(visit, mailbox_id), await visit.form()
    values = {"smtp": smtp, "imap": imap, "username": username.strip() or found.address}
    values |= {name: str(form[name]).strip() for name in ("relay", "return_path") if name in form}
    try:
        await mailbox_care.change(visit.app, visit.who, found, values, password.strip() or None)
    except InvalidInput as fault:
        return await _page(visit, found, "access", fault)
    return visit.to(f"/mailboxes/{mailbox_id}", "Saved. Examine it to see whether it works.")


@routes.post("/mailboxes/{mailbox_id}/absences")
async def take_off(
    visit: _Owner, mailbox_id: Id, first: _Text = "", last: _Text = "", note: _Text = ""
) -> Response:
    """Take days off."""
    found = await _reached(visit, mailbox_id)
    try:
        absence = Absence(mailbox_forms.day(first), mailbox_forms.day(last or first), note.strip())
        await mailbox_care.take_off(visit.app, visit.who, found, absence)
    except InvalidInput as fault:
        return await _page(visit, found, "absences", fault)
    return visit.to(f"/mailboxes/{mailbox_id}", "Saved: what is due then leaves afterwards.")


@routes.post("/mailboxes/{mailbox_id}/absences/remove")
async def work_again(visit: _Owner, mailbox_id: Id, first: _Text = "") -> Response:
    """Take days off back."""
    found = await _reached(visit, mailbox_id)
    await mailbox_care.work_again(visit.app, visit.who, found, mailbox_forms.day(first))
    return visit.to(f"/mailboxes/{mailbox_id}", "Taken back. Mails that were moved keep their new dates.")


# --- handing over ---


@routes.get("/mailboxes/{mailbox_id}/hand-over")
async def look_ahead(
    visit: _Manager, mailbox_id: Id, to: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Choose who takes over, and see what would move."""
    before = await _reached(visit, mailbox_id)
    others = [one.mailbox for one, _ in await mailbox_care.overview(visit.app, visit.who)]
    others = [one for one in others if one.id != before.id]
    after = next((one for one in others if str(one.id) == to), None)
    preview = await handing_over.preview(visit.app, before, after) if after else None
    return visit.page("hand_over.html.j2", before=before, after=after, others=others, preview=preview)


@routes.post("/mailboxes/{mailbox_id}/hand-over")
async def hand_over(visit: _Manager, mailbox_id: Id, to: _Text = "") -> Response:
    """Do it."""
    before = await _reached(visit, mailbox_id)
    if not to.isdecimal() or len(to) > 18:
        raise InvalidInput("Choose who takes over.")
    after = await _reached(visit, int(to))
    load = await handing_over.hand_over(visit.app, visit.who.actor, before, after)
    await visit.app.wake()
    people = "1 enrollment is" if load.people == 1 else f"{load.people} enrollments are"
    return visit.to(f"/mailboxes/{mailbox_id}", f"{people} written from {after.address} now.")


async def _reached(visit: Visit, mailbox_id: int) -> Mailbox:
    return await mailbox_care.reached(visit.app, visit.who, mailbox_id)


async def _page(
    visit: Visit, found: Mailbox, section: str = "", fault: CadenceError | None = None
) -> Response:
    """The page; a fault stands in the section whose form it is of."""
    now = visit.app.clock()
    last = await examining.last(visit.app, found.id)
    signing_in = visit.app.connections.grants.signing_in
    client = signing_in.suited(found.oauth, found.imap)
    other_way = signing_in.other_way(client.provider.key) if client else None
    return visit.page(
        "mailbox.html.j2",
        status=status_of(fault) if fault else 200,
        block="examination",
        faults={section: str(fault)} if fault else {},
        box=found,
        standing=await mailbox_care.standing(visit.app, found),
        is_active=found.state is MailboxState.ACTIVE,
        examination=last[0] if last else None,
        checks=last[1] if last else [],
        running=last is not None and last[0].is_running(now),
        today=local(now, found.place).date(),
        away=away_on(found, local(now, found.place).date()),
        many=_many,
        provider=client.provider if client else None,
        other_way=other_way.provider if other_way else None,
        is_at_api=is_api(found.imap),
        relays=[one for one, _ in await relays.overview(visit.app)],
        may_change=Right.CHANGE_MAILBOXES in visit.who.rights,
        may_hand_over=Right.HAND_OVER in visit.who.rights,
    )


def _connecting(
    visit: Visit,
    preset: presets.Preset | None,
    typed: dict[str, str],
    fault: CadenceError | None = None,
    *,
    how: str = "",
    looked: bool = False,
) -> Response:
    empty = dict.fromkeys(("address", "smtp", "imap", "username"), "")
    imap = preset.imap if preset else ""
    signing_in = visit.app.connections.grants.signing_in
    client = signing_in.suited(None, imap or typed.get("imap", ""))
    by_api = signing_in.other_way(client.provider.key) if client and preset and preset.api else None
    return visit.page(
        "connect.html.j2",
        status=status_of(fault) if fault else 200,
        presets=presets.PRESETS,
        preset=preset,
        typed=empty | {"name": visit.who.user.name, "role": "rep"} | typed,
        fault=fault,
        how=how,
        looked=looked,
        provider=client.provider if client else None,
        by_api=by_api.provider if by_api else None,
    )


def _many(people: int) -> str:
    return f"more than {MANY}" if people > MANY else str(people)

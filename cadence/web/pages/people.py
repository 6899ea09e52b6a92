"""The people who log in: inviting them, and changing what they may do and which mailboxes are theirs."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from cadence.core.errors import CadenceError, Conflict, InvalidInput
from cadence.core.people import Role, User
from cadence.core.rights import Right
from cadence.service import announcing, invitations, users
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Administrator = Annotated[Visit, may(Right.PEOPLE)]


@routes.get("/people")
async def people(visit: _Administrator) -> Response:
    """Everybody, and a form that invites one more."""
    return await _list(visit)


@routes.post("/people")
async def invite(
    visit: _Administrator, email: _Text = "", name: _Text = "", role: _Text = Role.REP, team: _Text = ""
) -> Response:
    """Invite somebody, by mail where a mailbox is connected, else by a link to pass on."""
    try:
        user, path = await invitations.invite(
            visit.app, visit.who.actor, email, name=name, role=_role(role), team=team
        )
    except (InvalidInput, Conflict) as fault:
        typed = {"email": email, "name": name, "role": role, "team": team}
        return await _list(visit, fault=fault, typed=typed)
    return await _announced(visit, user, path)


@routes.get("/people/{user_id}")
async def person(visit: _Administrator, user_id: Id) -> Response:
    """One of them."""
    return await _person(visit, user_id)


@routes.post("/people/{user_id}")
async def change(visit: _Administrator, user_id: Id, role: _Text = "", team: _Text = "") -> Response:
    """Change role and team."""
    try:
        user = await users.change(visit.app, visit.who.actor, user_id, role=_role(role), team=team)
    except (InvalidInput, Conflict) as fault:
        return await _person(visit, user_id, fault)
    return visit.to("/people", f"{user.name} is {user.role.with_article} now.")


@routes.post("/people/{user_id}/mailboxes")
async def own(
    visit: _Administrator, user_id: Id, mailboxes: Annotated[list[str] | None, Form()] = None
) -> Response:
    """Make the picked mailboxes theirs, and those no longer picked nobody's."""
    standing = next((one for one in await users.overview(visit.app) if one.user.id == user_id), None)
    wanted, present = set(mailboxes or []), set(standing.mailboxes if standing else ())
    for address in sorted(wanted ^ present):
        owner = user_id if address in wanted else None
        await users.own_mailbox(visit.app, visit.who.actor, address, owner)
    return visit.to(f"/people/{user_id}", "Saved: they see what is written from these mailboxes.")


@routes.post("/people/{user_id}/link")
async def send_link(visit: _Administrator, user_id: Id) -> Response:
    """Send a new one-time link: to who did not come yet, or to who forgot the password."""
    user, path = await invitations.reset(visit.app, visit.who.actor, user_id)
    return await _announced(visit, user, path)


@routes.post("/people/{user_id}/deactivate")
async def deactivate(visit: _Administrator, user_id: Id) -> Response:
    """Let them in no more."""
    try:
        user = await users.deactivate(visit.app, visit.who.actor, user_id)
    except Conflict as fault:
        return await _person(visit, user_id, fault)
    return visit.to("/people", f"{user.name} is logged out everywhere, and cannot log in any more.")


@routes.post("/people/{user_id}/activate")
async def activate(visit: _Administrator, user_id: Id) -> Response:
    """Let them in again."""
    user = await users.activate(visit.app, visit.who.actor, user_id)
    return visit.to("/people", f"{user.name} can log in again.")


async def _list(
    visit: Visit, fault: CadenceError | None = None, typed: dict[str, str] | None = None
) -> Response:
    found = await users.overview(visit.app)
    return visit.page(
        "people.html.j2",
        status=status_of(fault) if fault else 200,
        people=found,
        teams=sorted({one.user.team for one in found} - {""}),
        roles=list(Role),
        typed=typed or {"email": "", "name": "", "role": Role.REP, "team": ""},
        fault=fault,
    )


async def _person(visit: Visit, user_id: int, fault: CadenceError | None = None) -> Response:
    user, everybody = await users.get(visit.app, user_id), await users.overview(visit.app)
    owners = {address: one.user for one in everybody for address in one.mailboxes}
    addresses = await users.mailbox_addresses(visit.app)
    return visit.page(
        "person.html.j2",
        status=status_of(fault) if fault else 200,
        user=user,
        teams=sorted({one.user.team for one in everybody} - {""}),
        roles=list(Role),
        mailboxes=[(address, owners.get(address)) for address in addresses],
        fault=fault,
    )


async def _announced(visit: Visit, user: User, path: str) -> Response:
    """Say how the link reaches them; it is shown only where it could not be mailed."""
    link = str(visit.request.base_url).rstrip("/") + path
    why_not = await announcing.mail_link(visit.app, visit.who.user, user, link)
    if why_not is None:
        return visit.to("/people", f"A link was mailed to {user.email}.")
    return visit.page("invited.html.j2", user=user, link=link, why_not=why_not)


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as fault:
        raise InvalidInput(f"There is no role {text}.") from fault

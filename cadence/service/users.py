"""The people who work with Cadence: who they are, what they are here for, and which mailboxes are theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.calendar import zone as checked_zone
from cadence.core.errors import Conflict, Forbidden, InvalidInput, NotFound
from cadence.core.people import Actor, Role, User
from cadence.core.rights import Visitor, reaches
from cadence.service import passwords, sessions
from cadence.service.app import App
from cadence.store import audit, mailboxes
from cadence.store import sessions as kept
from cadence.store import users as people
from cadence.store.database import insert
from cadence.store.tables import users as table

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody, and the addresses of the mailboxes that are theirs."""

    user: User
    mailboxes: tuple[str, ...]


async def overview(app: App) -> list[Standing]:
    """Everybody with their mailboxes, the deactivated last."""
    async with app.db.read() as tx:
        owners, known = await people.owners(tx), await mailboxes.all_of(tx)
        return [
            Standing(user, tuple(box.address for box in known if owners.get(box.id) == user.id))
            for user in await people.all_of(tx)
        ]


async def mailbox_addresses(app: App) -> list[str]:
    """The addresses of all mailboxes, whoever's they are."""
    async with app.db.read() as tx:
        return [box.address for box in await mailboxes.all_of(tx)]


async def get(app: App, user_id: int) -> User:
    """The user of this id; raises NotFound."""
    async with app.db.read() as tx:
        return await _known(tx, user_id)


async def find(app: App, email: str) -> User:
    """The user of this address; raises NotFound or InvalidInput."""
    async with app.db.read() as tx:
        user = await people.find(tx, normalize(email))
    if user is None:
        raise NotFound(f"nobody of the address {email} was invited")
    return user


async def admit(
    app: App, tx: AsyncConnection, email: str, *, name: str, role: Role, team: str, zone: str = ""
) -> User:
    """Add a user who has no password yet, or change one who never set theirs; raises Conflict.

    The mailbox of their own address becomes theirs.
    """
    key = normalize(email)
    values = {"name": check_name(name or email.partition("@")[0]), "role": role, "team": check_team(team)}
    known = await people.find(tx, key)
    if known is not None and (not known.is_invited or known.deactivated_at):
        raise Conflict(f"{email} is known already, as {known.role}.")
    if known is None:
        zone = zone or app.policy.place.zone
        checked_zone(zone)
        user_id = await insert(
            tx, table, email=email.strip(), email_key=key, zone=zone, created_at=app.clock(), **values
        )
        await people.adopt(tx, key)
    else:
        user_id = known.id
        await people.change(tx, user_id, **values)
    return await _known(tx, user_id)


async def change(app: App, actor: Actor, user_id: int, *, role: Role, team: str) -> User:
    """Change what somebody is here for; it counts at once. Raises NotFound, InvalidInput or Conflict."""
    values = {"role": role, "team": check_team(team)}
    async with app.db.write() as tx:
        user = await _known(tx, user_id)
        if role is not Role.ADMINISTRATOR:
            await _keep_one_administrator(tx, user)
        await people.change(tx, user_id, **values)
        said = f"{user.email}: {role}" + (f", team {team.strip()}" if team.strip() else "")
        await audit.record(tx, actor, "user.changed", said, at=app.clock())
        return await _known(tx, user_id)


async def deactivate(app: App, actor: Actor, user_id: int) -> User:
    """Let somebody in no more: sessions end, tokens stop working; what they did stays known.

    Raises NotFound, or Conflict for the last administrator.
    """
    async with app.db.write() as tx:
        user = await _known(tx, user_id)
        await _keep_one_administrator(tx, user)
        now = app.clock()
        await people.change(tx, user_id, deactivated_at=now)
        await kept.end(tx, user_id)
        await kept.use_invitations(tx, user_id, now)
        await audit.record(tx, actor, "user.deactivated", user.email, at=now)
        return user


async def activate(app: App, actor: Actor, user_id: int) -> User:
    """Let somebody in again, with the password they had; raises NotFound."""
    async with app.db.write() as tx:
        user = await _known(tx, user_id)
        await people.change(tx, user_id, deactivated_at=None)
        await audit.record(tx, actor, "user.activated", user.email, at=app.clock())
        return user


async def change_profile(app: App, visitor: Visitor, *, name: str, zone: str, language: str | None) -> None:
    """Change how one is called, the zone in which one reads times, and the language in which one reads pages,
    None: the browser's. Raises InvalidInput.
    """
    checked_zone(zone)
    values: Mapping[str, Any] = {"name": check_name(name), "zone": zone, "language": language}
    async with app.db.write() as tx:
        await people.change(tx, visitor.user.id, **values)
        await audit.record(tx, visitor.actor, "user.profile", f"{name}, {zone}", at=app.clock())


async def change_password(app: App, visitor: Visitor, present: str, new: str) -> None:
    """Change one's own password, and log out everywhere else; raises InvalidInput or TooManyTries."""
    passwords.check(new, email=visitor.user.email, name=visitor.user.name)
    await sessions.confirm_password(app, visitor, present)
    hashed = await passwords.hashed(new)
    async with app.db.write() as tx:
        await people.change(tx, visitor.user.id, password=hashed)
        await kept.end_others(tx, visitor.user.id, visitor.session_id)
        await audit.record(tx, visitor.actor, "user.password", "changed", at=app.clock())


async def own_mailbox(app: App, actor: Actor, address: str, user_id: int | None) -> None:
    """Make a mailbox somebody's, None: nobody's; raises NotFound."""
    async with app.db.write() as tx:
        user = await _known(tx, user_id) if user_id is not None else None
        mailbox = await mailboxes.find(tx, normalize(address))
        if mailbox is None:
            raise NotFound(f"No mailbox {address} is connected.")
        await people.own(tx, mailbox.id, user_id)
        whose = user.email if user else "nobody"
        await audit.record(tx, actor, "mailbox.owner", f"{mailbox.address}: {whose}", at=app.clock())


async def may_reach(app: App, visitor: Visitor, mailbox_id: int) -> None:
    """Make sure that a visitor's rights hold for what a mailbox writes; raises Forbidden."""
    async with app.db.read() as tx:
        owner = await people.owner_of(tx, mailbox_id)
    if not reaches(visitor.user, owner):
        raise Forbidden("That belongs to somebody else.")


def check_name(name: str) -> str:
    """The name without blanks around it; raises InvalidInput."""
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput(f"A name has 1 to {LONGEST_NAME} characters.")
    return name


def check_team(team: str) -> str:
    """The team's name without blanks around it, possibly empty; raises InvalidInput."""
    team = team.strip()
    if len(team) > LONGEST_NAME or not (team.isprintable() or not team):
        raise InvalidInput(f"The name of a team has at most {LONGEST_NAME} characters.")
    return team


async def _known(tx: AsyncConnection, user_id: int) -> User:
    user = await people.get(tx, user_id)
    if user is None:
        raise NotFound("There is no such person.")
    return user


async def _keep_one_administrator(tx: AsyncConnection, leaving: User) -> None:
    left = [one for one in await people.hold_administrators(tx) if one.id != leaving.id]
    if leaving.role is Role.ADMINISTRATOR and leaving.is_active and not left:
        raise Conflict("Somebody must remain administrator: make somebody else one first.")

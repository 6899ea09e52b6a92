"""Logging in and out: who asks, how often they may try, and how long a session lasts.

A log-in that fails says the same, and takes the same work, whether the address is anybody's or not.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.errors import InvalidInput, NotFound, TooManyTries, Unauthenticated
from cadence.core.people import Actor, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import passwords, second_factor
from cadence.service.app import App
from cadence.service.secrets import digest, fresh
from cadence.store import audit, sessions, users
from cadence.store.database import insert
from cadence.store.sessions import Session
from cadence.store.tables import sessions as table

IDLE = timedelta(hours=12)
LONGEST = timedelta(days=14)
CODE_WITHIN = timedelta(minutes=10)
"""How long after the password the code of the second factor may be given."""
SEEN_EVERY = timedelta(minutes=1)
"""How exactly it is known when a session was last used, so that looking at a page writes nothing."""

WINDOW = timedelta(minutes=15)
MOST_FOR_ACCOUNT = 10
MOST_FROM_ADDRESS = 50
MOST_CODES = 5
_WRONG = "The address or the password is wrong."
_WRONG_CODE = "That code is wrong, or it was used already."
_LONGEST_AGENT = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """From where somebody asks. address: an IP address; agent: what the browser calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Begun:
    """A session that began. token: for the cookie; owes_code: the second factor is still to be given."""

    token: str
    owes_code: bool


# --- logging in ---


async def log_in(app: App, email: str, password: str, origin: Origin) -> Begun:
    """Begin a session; raises Unauthenticated or TooManyTries."""
    try:
        key = normalize(email)
    except InvalidInput:
        key = ""
    await _count(app, [(f"account:{digest(key)}", MOST_FOR_ACCOUNT), (_of(origin), MOST_FROM_ADDRESS)])
    async with app.db.read() as tx:
        user = await users.find(tx, key)
        proof = await users.proof(tx, user.id) if user else None
    kept = proof.password if proof and proof.user.is_active else None
    is_right = await passwords.is_right(password, kept)
    if user is None or kept is None or not is_right:
        await _failed(app, user, origin, "session.refused", "wrong address or password")
        raise Unauthenticated(_WRONG)
    if passwords.is_dated(kept):
        await _rehash(app, user, password)
    async with app.db.write() as tx:
        await sessions.forget_tries(tx, app.clock() - WINDOW, f"account:{digest(key)}")
        await sessions.forgive(tx, _of(origin))
        return await begin(app, tx, user, origin, owes_code=user.has_second_factor)


async def begin(app: App, tx: AsyncConnection, user: User, origin: Origin, *, owes_code: bool) -> Begun:
    """Begin a session of somebody who proved who they are; others that are over are forgotten."""
    now, token = app.clock(), fresh()
    await sessions.forget_old(tx, now, IDLE)
    await insert(
        tx,
        table,
        user_id=user.id,
        digest=digest(token),
        created_at=now,
        seen_at=now,
        expires_at=now + (CODE_WITHIN if owes_code else LONGEST),
        owes_code=owes_code,
        address=origin.address,
        agent=origin.agent[:_LONGEST_AGENT],
    )
    if not owes_code:
        await audit.record(tx, _hand(user, origin), "session.began", origin.agent[:_LONGEST_AGENT], at=now)
    return Begun(token, owes_code)


async def give_code(app: App, token: str, code: str, origin: Origin) -> Begun:
    """The second factor, or a recovery code: begins the session that the password promised.

    Raises Unauthenticated where the password must be given (again), InvalidInput for a wrong code,
    TooManyTries.
    """
    session, user = await _promised(app, token)
    await _count(app, [(f"code:{user.id}", MOST_CODES), (_of(origin), MOST_FROM_ADDRESS)])
    async with app.db.write() as tx:
        is_right = await second_factor.is_right(app, tx, user.id, code)
        if is_right:
            await sessions.end(tx, user.id, session.id)
            await sessions.forget_tries(tx, app.clock() - WINDOW, f"code:{user.id}")
            await sessions.forgive(tx, _of(origin))
            return await begin(app, tx, user, origin, owes_code=False)
    await _failed(app, user, origin, "session.refused", "wrong code")
    raise InvalidInput(_WRONG_CODE)


async def owes_code(app: App, token: str) -> bool:
    """Whether a session waits for its second factor."""
    try:
        await _promised(app, token)
    except Unauthenticated:
        return False
    return True


async def _promised(app: App, token: str) -> tuple[Session, User]:
    async with app.db.read() as tx:
        found = await sessions.session(tx, digest(token))
    if found is None or not found[0].owes_code or not _lives(found[0], app.clock()) or not found[1].is_active:
        raise Unauthenticated("Please log in again.")
    return found


async def confirm_password(app: App, visitor: Visitor, password: str) -> None:
    """Make sure that it is still the user who sits there; raises InvalidInput or TooManyTries."""
    key = f"confirm:{visitor.user.id}"
    await _count(app, [(key, MOST_FOR_ACCOUNT)])
    async with app.db.read() as tx:
        proof = await users.proof(tx, visitor.user.id)
    if not await passwords.is_right(password, proof.password):
        raise InvalidInput("Your present password is another one.")
    async with app.db.write() as tx:
        await sessions.forget_tries(tx, app.clock() - WINDOW, key)


# --- who asks ---


async def visitor_of(app: App, token: str, address: str) -> Visitor | None:
    """Who has a session with this token, if it still lives; using it keeps it alive."""
    now = app.clock()
    async with app.db.read() as tx:
        found = await sessions.session(tx, digest(token))
    if found is None:
        return None
    session, user = found
    if session.owes_code or not user.is_active or not _lives(session, now):
        return None
    if now - session.seen_at >= SEEN_EVERY:
        async with app.db.write() as tx:
            await sessions.seen(tx, session.id, now)
    return Visitor(user, RIGHTS[user.role], address, session.id)


def _lives(session: Session, now: datetime) -> bool:
    return now < session.expires_at and now < session.seen_at + IDLE


# --- logging out ---


async def log_out(app: App, visitor: Visitor) -> None:
    """End the session in which somebody asks."""
    async with app.db.write() as tx:
        await sessions.end(tx, visitor.user.id, visitor.session_id)
        await audit.record(tx, visitor.actor, "session.ended", "logged out", at=app.clock())


async def end(app: App, visitor: Visitor, session_id: int) -> None:
    """End one of somebody's own sessions; raises NotFound."""
    async with app.db.write() as tx:
        if not await sessions.end(tx, visitor.user.id, session_id):
            raise NotFound("There is no such session any more.")
        await audit.record(tx, visitor.actor, "session.ended", "from the account page", at=app.clock())


async def of_user(app: App, user: User) -> list[Session]:
    """Where somebody is logged in, the last seen first."""
    now = app.clock()
    async with app.db.read() as tx:
        return [one for one in await sessions.sessions_of(tx, user.id) if _lives(one, now)]


# --- how often it may be tried ---


async def _count(app: App, limits: list[tuple[str, int]]) -> None:
    """Count a try under each key before it is made, so that many at once are counted as well."""
    now = app.clock()
    async with app.db.write() as tx:
        counted = [(*await sessions.count_try(tx, key, now, WINDOW), most) for key, most in limits]
    waits = [since + WINDOW - now for count, since, most in counted if count > most]
    if waits:
        minutes = max(1, round(max(waits).total_seconds() / 60))
        raise TooManyTries(f"That was tried too often. Try again in {minutes} minutes.", wait=max(waits))


def _of(origin: Origin) -> str:
    """The key of an address; whoever has one of IPv6 has 2^64 of them."""
    try:
        address = ip_address(origin.address)
    except ValueError:
        return f"address:{origin.address}"
    if isinstance(address, IPv6Address):
        return f"address:{ip_network((address, 64), strict=False)}"
    return f"address:{address}"


async def _failed(app: App, user: User | None, origin: Origin, action: str, why: str) -> None:
    """What was typed is not kept: it may be a password in the wrong field."""
    actor = Actor(user.id if user else None, user.email if user else "unknown", origin.address)
    async with app.db.write() as tx:
        await audit.record(tx, actor, action, why, at=app.clock())


async def _rehash(app: App, user: User, password: str) -> None:
    kept = await passwords.hashed(password)
    async with app.db.write() as tx:
        await users.change(tx, user.id, password=kept)


def _hand(user: User, origin: Origin) -> Actor:
    return Actor(user.id, user.email, origin.address)

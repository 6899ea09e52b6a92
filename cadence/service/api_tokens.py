"""Tokens with which other software proves itself: made by a user, never able to do more than that user."""

from collections.abc import Iterable
from datetime import timedelta

from cadence.core.errors import Forbidden, InvalidInput, NotFound
from cadence.core.people import User
from cadence.core.rights import RIGHTS, SCOPES, Right, Visitor, rights_of_token
from cadence.service.app import App
from cadence.service.secrets import digest, fresh
from cadence.service.users import LONGEST_NAME
from cadence.store import audit, sessions
from cadence.store.database import insert
from cadence.store.sessions import ApiToken
from cadence.store.tables import api_tokens

MARK = "cadence_"
"""How every token begins, so that scanners find one that was left in a public place."""
_SHOWN = len(MARK) + 6
LONGEST_LIFE = 366
"""Days."""
USED_EVERY = timedelta(minutes=1)


async def create(app: App, visitor: Visitor, *, name: str, scopes: Iterable[str], days: int) -> str:
    """Make a token, which is shown this once; raises InvalidInput, or Forbidden for a right one lacks."""
    name, wanted = name.strip(), _scopes(scopes)
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidInput("Say what the token is for: a name, such as the software that uses it.")
    if not 1 <= days <= LONGEST_LIFE:
        raise InvalidInput(f"A token lasts 1 to {LONGEST_LIFE} days.")
    if not wanted <= RIGHTS[visitor.user.role]:
        raise Forbidden("A token cannot be given a right that you do not have.")
    token, now = MARK + fresh(), app.clock()
    async with app.db.write() as tx:
        await insert(
            tx,
            api_tokens,
            user_id=visitor.user.id,
            name=name,
            prefix=token[:_SHOWN],
            digest=digest(token),
            scopes=sorted(wanted),
            created_at=now,
            expires_at=now + timedelta(days=days),
        )
        said = f"{name}: {', '.join(sorted(wanted))}"
        await audit.record(tx, visitor.actor, "token.created", said, at=now)
    return token


async def revoke(app: App, visitor: Visitor, token_id: int) -> None:
    """Let one of somebody's own tokens work no more; raises NotFound."""
    async with app.db.write() as tx:
        name = await sessions.revoke(tx, visitor.user.id, token_id, app.clock())
        if name is None:
            raise NotFound("There is no such token any more.")
        await audit.record(tx, visitor.actor, "token.revoked", name, at=app.clock())


async def of_user(app: App, user: User) -> list[ApiToken]:
    """The tokens that somebody made and did not revoke, newest first."""
    async with app.db.read() as tx:
        return await sessions.tokens_of(tx, user.id)


async def visitor_of(app: App, token: str, address: str) -> Visitor | None:
    """Whose software asks, and what it may do now; None where the token is none, or expired."""
    if not token.startswith(MARK):
        return None
    now = app.clock()
    async with app.db.read() as tx:
        found = await sessions.token(tx, digest(token), now)
    if found is None or not found[1].is_active:
        return None
    known, user = found
    if known.used_at is None or now - known.used_at >= USED_EVERY:
        async with app.db.write() as tx:
            await sessions.token_used(tx, known.id, now)
    scopes = frozenset(right for right in Right if right in known.scopes)
    return Visitor(user, rights_of_token(user.role, scopes), address)


def _scopes(scopes: Iterable[str]) -> frozenset[Right]:
    wanted = frozenset(scopes)
    if not wanted:
        raise InvalidInput("Pick what the token may do.")
    if unknown := wanted - SCOPES:
        raise InvalidInput(f"A token cannot be given {', '.join(sorted(unknown))}.")
    return frozenset(map(Right, wanted))

"""The second factor: codes of an authenticator app (TOTP, RFC 6238), and recovery codes in its stead."""

from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

import pyotp
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import InvalidInput
from cadence.core.people import User
from cadence.core.rights import Visitor
from cadence.service.app import App
from cadence.service.secrets import as_typed, digest, recovery_code
from cadence.store import audit, users

HOW_MANY = 10
_STEP = 30
"""Seconds that a code lasts; the one before and the one after are taken too (RFC 6238 §5.2)."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret for an authenticator app, not in force yet.

    secret: to be typed; uri: to be opened on a phone; sealed: comes back with the first code.
    """

    secret: str
    uri: str
    sealed: str


def offer(app: App, user: User) -> Offer:
    """Make a new secret; it counts once a code shows that the app has it."""
    secret = pyotp.random_base32()
    uri = pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Cadence")
    return Offer(secret, uri, app.vault.seal(f"{user.id}:{secret}"))


def offered(app: App, user: User, sealed: str) -> Offer:
    """The same offer once more, after a code that was wrong; raises InvalidInput for somebody else's."""
    whose, _, secret = app.vault.open(sealed).partition(":")
    if whose != str(user.id):
        raise InvalidInput("Please begin again.")
    return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name="Cadence"), sealed)


async def turn_on(app: App, visitor: Visitor, sealed: str, code: str) -> list[str]:
    """Put a second factor in force, and give the recovery codes, which nobody can see again."""
    user = visitor.user
    secret = offered(app, user, sealed).secret
    step = _step_of(secret, code, app.clock())
    if step is None:
        raise InvalidInput("That code does not fit. Look at the app again, and at the clock of your phone.")
    codes = [recovery_code() for _ in range(HOW_MANY)]
    async with app.db.write() as tx:
        await users.change(tx, user.id, totp_secret=app.vault.seal(secret), totp_step=step)
        await users.set_recovery_codes(tx, user.id, [digest(as_typed(one)) for one in codes])
        await audit.record(tx, visitor.actor, "user.second_factor", "on", at=app.clock())
    return codes


async def turn_off(app: App, visitor: Visitor) -> None:
    """The password alone is enough again."""
    async with app.db.write() as tx:
        await forget(tx, visitor.user.id)
        await audit.record(tx, visitor.actor, "user.second_factor", "off", at=app.clock())


async def forget(tx: AsyncConnection, user_id: int) -> None:
    """Remove the secret and the recovery codes."""
    await users.change(tx, user_id, totp_secret=None, totp_step=None)
    await users.set_recovery_codes(tx, user_id, [])


async def codes_left(app: App, user: User) -> int:
    """How many recovery codes are left."""
    async with app.db.read() as tx:
        return await users.recovery_codes_left(tx, user.id)


async def is_right(app: App, tx: AsyncConnection, user_id: int, code: str) -> bool:
    """Whether a code is the app's of now, or a recovery code; either is used up by it."""
    typed = as_typed(code)
    proof = await users.proof(tx, user_id)
    if proof.totp_secret is None:
        return False
    step = _step_of(app.vault.open(proof.totp_secret), typed, app.clock())
    if step is not None:
        return await users.use_totp_step(tx, user_id, step)
    return await users.use_recovery_code(tx, user_id, digest(typed))


def _step_of(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code this is."""
    totp, typed, step = pyotp.TOTP(secret), as_typed(code).encode(), int(now.timestamp()) // _STEP
    fitting = [at for at in (step - 1, step, step + 1) if compare_digest(totp.at(at * _STEP).encode(), typed)]
    return fitting[0] if fitting else None

"""Keeps the access tokens of mailboxes fresh, one renewal of a grant at a time among all processes.

Whoever finds a token old takes the grant for a while, asks its provider outside of any transaction, and keeps
what came; the others wait for that and use it. A provider may make the old refresh token worthless as it
gives the new one, so a renewal that was begun goes on even where nobody waits for it any more.
"""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.errors import CadenceError, InvalidInput, MailboxError, SignInRefused
from cadence.core.model import Mailbox
from cadence.core.oauth import Grant, is_old
from cadence.service.signing_in import SigningIn
from cadence.service.vault import Vault
from cadence.store import grants, mailboxes
from cadence.store.database import Database
from cadence.store.grants import Kept
from cadence.store.mailboxes import Access

LEASE = timedelta(seconds=60)
"""How long a grant belongs to who renews it; longer than an answer can take."""
PATIENCE = 30.0
LOOK_EVERY = 0.1
"""Seconds: how long the others wait for it, and how often they look."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Grants:
    """The grants of all mailboxes. signing_in: the way to those who gave them."""

    def __init__(
        self,
        db: Database,
        vault: Vault,
        signing_in: SigningIn | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.signing_in = signing_in or SigningIn()
        self._db, self._vault, self._clock = db, vault, clock
        self._renewals: set[asyncio.Task[Access]] = set()

    async def fresh(self, access: Access, *, anew: bool = False) -> Access:
        """What a mailbox logs in with, not old; a password is as it is. anew: get a new token in any case.

        Raises MailboxError, not temporary where a person must sign in again or set something up.
        """
        mailbox = access.mailbox
        if mailbox.oauth is None or not (anew or is_old(mailbox.token_until, self._clock())):
            return access
        renewal = asyncio.create_task(self._renewed(access))
        self._renewals.add(renewal)
        renewal.add_done_callback(self._over)
        return await asyncio.shield(renewal)

    def _over(self, renewal: asyncio.Task[Access]) -> None:
        self._renewals.discard(renewal)
        if not renewal.cancelled():
            renewal.exception()  # who began it may have gone away

    async def _renewed(self, seen: Access) -> Access:
        try:
            async with asyncio.timeout(PATIENCE):
                access, grant = await self._turn(seen)
        except TimeoutError:
            raise MailboxError("another process renews the sign-in, and takes long", temporary=True) from None
        return access if grant is None else await self._renew(access.mailbox, grant)

    async def withdraw(self, provider: str, refresh: str) -> str | None:
        """Give a grant back to its provider; gives what its owner is to be told, None where it is done.

        refresh: encrypted. Never raises: the mailbox is forgotten here in any case.
        """
        where = "in their account there"
        try:
            client = self.signing_in.client(provider)
            where = f"at {client.provider.withdraw_at}" if client.provider.withdraw_at else where
            if await self.signing_in.withdraw(client, self._vault.open(refresh)):
                return None
            why = f"{client.provider.name} takes no sign-in back from programs"
        except CadenceError as fault:
            why = f"the sign-in with {provider} could not be given back: {fault}"
        return f"{why}. Its owner withdraws it {where}."

    async def _turn(self, seen: Access) -> tuple[Access, Kept | None]:
        """Wait for the turn to renew; without a grant where somebody else did, or the way in was changed."""
        mailbox_id = seen.mailbox.id
        while True:
            now = self._clock()
            async with self._db.write() as tx:
                grant = await grants.take(tx, mailbox_id, now=now, until=now + LEASE)
                access = await mailboxes.access(tx, mailbox_id)
                if access.secret != seen.secret:
                    if grant:
                        await grants.give_back(tx, mailbox_id, ended_at=grant.ended_at)
                    return access, None
                if grant and grant.ended_at:
                    raise ended(access.mailbox)
            if grant:
                return access, grant
            await asyncio.sleep(LOOK_EVERY)

    async def _renew(self, mailbox: Mailbox, grant: Kept) -> Access:
        try:
            tokens = await self._ask(mailbox, self._vault.open(grant.refresh))
        except CadenceError as fault:
            is_dead = isinstance(fault, SignInRefused) and fault.code == "invalid_grant"
            async with self._db.write() as tx:
                await grants.give_back(tx, mailbox.id, ended_at=self._clock() if is_dead else None)
            if is_dead:
                raise ended(mailbox) from fault
            if isinstance(fault, InvalidInput):
                raise MailboxError(str(fault), temporary=False) from fault
            raise
        refresh = self._vault.seal(tokens.tokens.refresh) if tokens.tokens.refresh else None
        async with self._db.write() as tx:
            await mailboxes.change(tx, mailbox.id, **columns(self._vault, tokens))
            await grants.give_back(tx, mailbox.id, refresh=refresh)
            return await mailboxes.access(tx, mailbox.id)

    async def _ask(self, mailbox: Mailbox, refresh: str) -> Grant:
        assert mailbox.oauth
        client = self.signing_in.client(mailbox.oauth)
        return Grant(mailbox.oauth, await self.signing_in.renew(client, refresh, self._clock()))


def columns(vault: Vault, grant: Grant) -> dict[str, object]:
    """What the row of a mailbox holds of a sign-in."""
    tokens = grant.tokens
    return {"oauth": grant.provider, "secret": vault.seal(tokens.access), "token_until": tokens.until}


async def keep(
    vault: Vault, tx: AsyncConnection, mailbox_id: int, grant: Grant | None, *, now: datetime
) -> None:
    """Keep what renews the token of a mailbox; nothing where it has a password."""
    await grants.remove(tx, mailbox_id)
    if grant is not None and grant.tokens.refresh is not None:
        await grants.put(tx, mailbox_id, vault.seal(grant.tokens.refresh), now=now)


def ended(mailbox: Mailbox) -> MailboxError:
    """What is said of a mailbox whose grant died."""
    return MailboxError(
        f"the sign-in with {mailbox.oauth} has ended: it was withdrawn, or the password was changed. "
        "Sign in again on the mailbox's page, or by "
        f"`cadence mailbox change {mailbox.address} --oauth {mailbox.oauth}`",
        temporary=False,
    )

"""Letting a person sign a mailbox in: in their browser, or by a code that they type in elsewhere.

The wish travels as `state` through the provider's pages and back (RFC 6749 §10.12): sealed, so that nobody
reads or makes one; bound to the browser's session, so that nobody is given the mailbox of somebody else; good
for a quarter of an hour, and once, because the code with which it comes back is.
"""

import hmac
import json
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from hashlib import sha256

from cadence.core.address import normalize
from cadence.core.errors import InvalidInput
from cadence.core.model import Mailbox, MailboxState
from cadence.core.oauth import API, Grant
from cadence.core.sequence import From
from cadence.mail import presets
from cadence.mail.endpoint import checked_servers, is_api
from cadence.service import connecting, trying_out
from cadence.service.app import App
from cadence.service.connecting import NewMailbox
from cadence.service.grants import columns, keep
from cadence.service.signing_in import new_verifier
from cadence.store import events, mailboxes

LASTS = timedelta(minutes=15)
_STALE = "This sign-in was not begun in this browser, or too long ago. Begin it again."


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of a sign-in: a new mailbox, or a new grant for the one of this id."""

    provider: str
    address: str
    name: str = ""
    role: str = From.REP
    smtp: str = ""
    imap: str = ""
    username: str = ""
    mailbox_id: int | None = None

    def check(self) -> None:
        """Raises InvalidInput for what could not be connected, before anybody signs in for it."""
        normalize(self.address)
        if self.mailbox_id is None:
            checked_servers(self.smtp, self.imap)

    def mailbox(self, grant: Grant) -> NewMailbox:
        """The mailbox to connect."""
        username = self.username or self.address
        role = From(self.role)
        return NewMailbox(self.address, self.name, self.smtp, self.imap, username, "", role, grant)


def begin(app: App, wish: Wish, *, session: str, redirect: str) -> str:
    """Where the person signs in. session: the browser's token; redirect: where they come back.

    Raises InvalidInput where this provider is not set up.
    """
    signing_in = app.connections.grants.signing_in
    client = signing_in.client(wish.provider)
    verifier = new_verifier()
    kept = {
        "wish": asdict(wish),
        "verifier": verifier,
        "session": _digest(session),
        "until": (app.clock() + LASTS).timestamp(),
    }
    state = app.vault.seal(json.dumps(kept))
    return signing_in.page(client, redirect=redirect, state=state, verifier=verifier, hint=wish.address)


async def come_back(app: App, *, state: str, code: str, session: str, redirect: str) -> tuple[Wish, Grant]:
    """What was wished, and the grant that the code stands for; raises InvalidInput or MailboxError."""
    try:
        kept = json.loads(app.vault.open(state))
        wish, verifier = Wish(**kept["wish"]), str(kept["verifier"])
        is_theirs = hmac.compare_digest(kept["session"], _digest(session))
        is_over = kept["until"] < app.clock().timestamp()
    except (InvalidInput, ValueError, TypeError, KeyError):
        raise InvalidInput(_STALE) from None
    if is_over or not is_theirs:
        raise InvalidInput(_STALE)
    signing_in = app.connections.grants.signing_in
    client = signing_in.client(wish.provider)
    tokens = await signing_in.redeem(client, code, redirect=redirect, verifier=verifier, now=app.clock())
    return wish, Grant(wish.provider, tokens)


async def sign_in(
    app: App, mailbox: Mailbox, grant: Grant, *, smtp: str | None = None, imap: str | None = None
) -> None:
    """Let a known mailbox be signed in by a new grant, once that was tried; one at fault goes back to work.

    smtp, imap: where it is from now on; without them it stays, or goes over to its provider's API, or back to
    its servers, as the grant is for. Raises InvalidInput or MailboxError, and then changes nothing.
    """
    grant.check()
    smtp, imap = _servers(mailbox, grant.provider, smtp, imap)
    wanted = replace(mailbox, oauth=grant.provider, smtp=smtp, imap=imap)
    await trying_out.try_out(app, wanted, grant.tokens.access)
    async with app.db.write() as tx:
        if is_api(smtp) != is_api(mailbox.smtp):
            await mailboxes.change(tx, mailbox.id, **connecting.ELSEWHERE)
        await mailboxes.change(tx, mailbox.id, smtp=smtp, imap=imap)
        await mailboxes.change(tx, mailbox.id, **columns(app.vault, grant))
        await keep(app.vault, tx, mailbox.id, grant, now=app.clock())
        why = f"{mailbox.address}: signed in with {grant.provider}"
        await events.add(tx, "mailbox.changed", why, at=app.clock(), mailbox_id=mailbox.id)
    if mailbox.state is MailboxState.FAULT:
        await connecting.resume(app, mailbox.address)


def _servers(mailbox: Mailbox, provider: str, smtp: str | None, imap: str | None) -> tuple[str, str]:
    if smtp or imap:
        return checked_servers(smtp or mailbox.smtp, imap or mailbox.imap)
    known = presets.servers_of(provider)
    if known is None or provider.endswith(API) == is_api(mailbox.smtp):
        return mailbox.smtp, mailbox.imap
    return known


def _digest(session: str) -> str:
    return sha256(session.encode()).hexdigest()

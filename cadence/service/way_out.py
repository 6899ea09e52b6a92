"""Through what a mailbox sends that has a relay: its server, how to log in there, and which keys sign."""

from dataclasses import dataclass, field

from cadence.core.address import domain_of
from cadence.core.errors import MailboxError
from cadence.core.model import Mailbox
from cadence.core.relays import Relay
from cadence.mail.dkim import Signer
from cadence.mail.endpoint import is_api
from cadence.service.vault import Vault
from cadence.store import dkim_keys, relays
from cadence.store.database import Database
from cadence.store.dkim_keys import DkimKey
from cadence.store.relays import RelayAccess


@dataclass(frozen=True, slots=True)
class WayOut:
    """As it is stored: where anything of it changes, a connection must be opened anew."""

    access: RelayAccess
    keys: tuple[DkimKey, ...]

    def opened(self, vault: Vault) -> "OpenWay":
        """With its secrets, and the keys read; raises InvalidInput where they were kept under another key."""
        relay, secret = self.access.relay, self.access.secret
        signers = tuple(Signer.of(key.domain, key.selector, vault.open(key.secret)) for key in self.keys)
        return OpenWay(relay, vault.open(secret) if secret else None, signers)


@dataclass(frozen=True, slots=True)
class OpenWay:
    """As it is used. password: None where the relay lets us in without one."""

    relay: Relay
    password: str | None = field(repr=False)
    signers: tuple[Signer, ...]


async def of(db: Database, mailbox: Mailbox) -> WayOut | None:
    """The relay of a mailbox, None where it sends by its own server; raises MailboxError where it is gone."""
    if mailbox.relay_id is None or is_api(mailbox.smtp):
        return None
    async with db.read() as tx:
        access = await relays.access(tx, mailbox.relay_id)
        if access is None:  # never by the mailbox's own password to whatever server that was
            raise MailboxError(f"the relay of {mailbox.address} was removed", temporary=False)
        signs = access.relay.signs
        keys = await dkim_keys.in_use(tx, domain_of(mailbox.address)) if signs else ()
    return WayOut(access, keys)

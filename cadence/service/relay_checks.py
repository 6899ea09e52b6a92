"""Judges what belongs to a mailbox that sends through a relay: is it signed, and are bounces heard of?"""

from collections.abc import AsyncIterator

from cadence.core.address import domain_of
from cadence.core.model import Mailbox
from cadence.mail.domain_records import Lookup, is_for_tests, spf
from cadence.mail.endpoint import is_api
from cadence.mail.presets import RELAYS
from cadence.service import dkim, way_out
from cadence.service.app import App
from cadence.service.checks import Check, fault, ok, warning
from cadence.service.dkim import Published
from cadence.service.way_out import WayOut
from cadence.store.dkim_keys import DkimKey


def follows(mailbox: Mailbox, way: WayOut | None) -> str | None:
    """How it is known which Message-ID a mail gets instead of ours, None where it should stay."""
    if is_api(mailbox.smtp):
        known = "and Cadence follows them by the copies in Sent"
        return f"the provider gives mails Message-IDs of its own, {known}"
    if way is not None and RELAYS[way.access.relay.kind].answers_with:
        return "the relay gives mails Message-IDs of its own, and Cadence learns them from its answers"
    return None


def user_of(mailbox: Mailbox, way: WayOut | None) -> str:
    """As whom a mailbox is let in to send; nothing where its relay asks nobody."""
    user = way.access.relay.username if way is not None else mailbox.username
    return f" as {user}" if user else ""


async def examine(app: App, lookup: Lookup, mailbox: Mailbox) -> AsyncIterator[Check]:
    """Look at where the relay reports, where bounces return, and the keys with which mails are signed."""
    domain = domain_of(mailbox.address)
    if mailbox.return_path is not None and not is_for_tests(mailbox.return_path):
        yield await on_return_path(lookup, domain, mailbox.return_path)
    way = await way_out.of(app.db, mailbox)
    if way is None:
        return
    relay = way.access.relay
    if not RELAYS[relay.kind].keeps_sender:
        yield _on_reports(relay.name, heard=relay.is_heard)
    if relay.signs and not is_for_tests(domain):
        async for finding in on_keys(lookup, relay.name, domain, await dkim.keys(app, domain)):
            yield finding


def _on_reports(name: str, *, heard: bool) -> Check:
    if heard:
        return ok("reports", f"{name} reports bounces and complaints here")
    said = f"{name} takes bounces and complaints, and reports them nowhere"
    remedy = f"`cadence relay hook {name}` says where it can: docs/relays.md has the clicks."
    return warning("reports", said, remedy)


async def on_return_path(lookup: Lookup, domain: str, returned: str) -> Check:
    """SPF is asked of the domain to which bounces return, and counts where that belongs to the sender's."""
    records = await spf(lookup, returned)
    if records is None:
        said = f"{returned}: no resolver answers here, so its SPF could not be looked up"
        return warning("return path", said, "Look at it with any online SPF checker.")
    if not records:
        said = f"{returned} does not say which servers may send its mail"
        return warning("return path", said, f"Publish an SPF record at {returned} that names your server.")
    if not (f".{returned}".endswith(f".{domain}") or f".{domain}".endswith(f".{returned}")):
        said = f"bounces return to {returned}, which receivers do not take for {domain}"
        return warning("return path", said, f"Take a domain below {domain}, or see that DKIM is in order.")
    return ok("return path", f"bounces return to {returned}, which says which servers may send its mail")


async def on_keys(lookup: Lookup, name: str, domain: str, keys: list[DkimKey]) -> AsyncIterator[Check]:
    """Whether what is published of each key is that key. name: of the relay."""
    if not keys:
        said = f"{name} signs nothing, and there is no key for {domain}"
        yield warning("DKIM key", said, f"`cadence dkim add {domain} --rsa` makes one.")
    for key in keys:
        yield _on_key(key, await dkim.look(lookup, key))


def _on_key(key: DkimKey, published: Published) -> Check:
    said = f"{key.selector} of {key.domain}: {published}"
    publish = f"Publish exactly what `cadence dkim list {key.domain}` shows, then `cadence dkim check`."
    match published:
        case Published.UNKNOWN:
            return warning("DKIM key", said, "Look at it with any online DKIM checker.")
        case Published.AS_IT_IS if key.used_since:
            return ok("DKIM key", f"{said}, and used")
        case Published.AS_IT_IS:
            return warning("DKIM key", f"{said}, and not used yet", "`cadence dkim check` has it used.")
    if key.used_since:
        return fault("DKIM key", f"{said}, and mails are signed with it", publish)
    return warning("DKIM key", f"{said}, so nothing is signed with it", publish)

"""Judges what belongs to a mailbox that sends through a relay: is it signed, and are bounces heard of?"""

from collections.abc import AsyncIterator

from cadence.core.address import domain_of
from cadence.core.model import Mailbox
from cadence.mail.domain_records import Lookup, is_for_tests
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
    """Look at the reports of the relay, and at the keys with which mails are signed here."""
    way = await way_out.of(app.db, mailbox)
    if way is None:
        return
    relay = way.access.relay
    if not RELAYS[relay.kind].keeps_sender:
        yield _on_reports(relay.name, heard=relay.is_heard)
    domain = domain_of(mailbox.address)
    if relay.signs and not is_for_tests(domain):
        async for finding in on_keys(lookup, relay.name, domain, await dkim.keys(app, domain)):
            yield finding


def _on_reports(name: str, *, heard: bool) -> Check:
    if heard:
        return ok("reports", f"{name} reports bounces and complaints here")
    said = f"{name} takes bounces and complaints, and reports them nowhere"
    remedy = f"`cadence relay hook {name}` says where it can: docs/relays.md has the clicks."
    return warning("reports", said, remedy)


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

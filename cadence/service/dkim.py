"""Keys with which mails are signed for their domain: made, shown for publishing, seen there, used, removed.

Nothing is signed with a key before its record was seen, or somebody said to do so all the same: a signature
that nobody can check is worse than none.
"""

from dataclasses import dataclass
from enum import StrEnum

from cadence.core.errors import Conflict, NotFound
from cadence.mail import dkim
from cadence.mail.dkim import Algorithm, Signer
from cadence.mail.domain_records import Lookup
from cadence.service.app import App
from cadence.service.return_paths import checked_domain
from cadence.store import dkim_keys, events
from cadence.store.dkim_keys import DkimKey

_LONGEST_STRING = 255
"""Characters of one string of a text record (RFC 1035 §3.3)."""


class Published(StrEnum):
    """What the DNS says of a key."""

    AS_IT_IS = "published"
    OTHERWISE = "something else is published"
    NOT = "not published"
    UNKNOWN = "no resolver answers"


@dataclass(frozen=True, slots=True)
class Seen:
    """A key and what was found at its name."""

    key: DkimKey
    published: Published


async def add(app: App, domain: str, algorithm: Algorithm, selector: str | None = None) -> DkimKey:
    """Make a key for a domain; raises InvalidInput, or Conflict where the selector is taken."""
    domain = checked_domain(domain)
    selector = checked_domain(selector or f"cadence-{algorithm}-{app.clock():%Y%m}")
    pem = dkim.new_key(algorithm)
    record = dkim.record_of(Signer.of(domain, selector, pem))
    async with app.db.write() as tx:
        if any(key.selector == selector for key in await dkim_keys.of_domain(tx, domain)):
            raise Conflict(f"{domain} has a key {selector}: give another name with --selector")
        await dkim_keys.add(
            tx,
            domain=domain,
            selector=selector,
            algorithm=algorithm,
            secret=app.vault.seal(pem),
            record=record,
            created_at=app.clock(),
        )
        await events.add(tx, "dkim.added", f"{selector} of {domain}", at=app.clock())
        return next(key for key in await dkim_keys.of_domain(tx, domain) if key.selector == selector)


async def keys(app: App, domain: str | None = None) -> list[DkimKey]:
    """The keys of a domain, None: of all."""
    async with app.db.read() as tx:
        return await dkim_keys.of_domain(tx, checked_domain(domain) if domain else None)


async def check(app: App, lookup: Lookup, domain: str | None = None, *, force: bool = False) -> list[Seen]:
    """Look at what is published, and sign from now on with what was seen there; force: with the rest, too.

    Raises NotFound where there is no key.
    """
    found = await keys(app, domain)
    if not found:
        raise NotFound("there is no such key; see `cadence dkim add`")
    seen = [Seen(key, await look(lookup, key)) for key in found]
    async with app.db.write() as tx:
        for one in seen:
            if one.key.used_since is None and (force or one.published is Published.AS_IT_IS):
                await dkim_keys.use(tx, one.key.id, app.clock())
                why = f"{one.key.selector} of {one.key.domain}: {one.published}"
                await events.add(tx, "dkim.used", why, at=app.clock())
    return seen


async def look(lookup: Lookup, key: DkimKey) -> Published:
    """What is published of a key."""
    texts = await lookup.texts(dkim.name_of(key.domain, key.selector))
    if texts is None:
        return Published.UNKNOWN
    if dkim.is_published(key.record, texts):
        return Published.AS_IT_IS
    return Published.OTHERWISE if texts else Published.NOT


async def remove(app: App, domain: str, selector: str) -> None:
    """Forget a key: nothing is signed with it any more. Raises NotFound."""
    async with app.db.write() as tx:
        of_domain = await dkim_keys.of_domain(tx, checked_domain(domain))
        key = next((one for one in of_domain if one.selector == selector), None)
        if key is None:
            raise NotFound(f"{domain} has no key {selector}; see `cadence dkim list`")
        await dkim_keys.remove(tx, key.id)
        await events.add(tx, "dkim.removed", f"{selector} of {domain}", at=app.clock())


def zone_line(key: DkimKey) -> str:
    """The record as a line of a zone file, in strings that are short enough."""
    starts = range(0, len(key.record), _LONGEST_STRING)
    strings = " ".join(f'"{key.record[at : at + _LONGEST_STRING]}"' for at in starts)
    return f"{dkim.name_of(key.domain, key.selector)}. IN TXT ( {strings} )"

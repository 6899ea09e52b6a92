"""A letter that a referred company wrote about us: whoever named them is thanked, with a copy, after a yes.

The mail is a draft in a sequence of one step that is made for it; the copy is one of its files.
"""

import json
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import Snapshot, load
from cadence.content.files import SHARED, digest
from cadence.core.errors import CadenceError, Conflict, InvalidInput
from cadence.core.people import Actor
from cadence.service import admission, referring
from cadence.service.app import App
from cadence.service.requests import Request
from cadence.store import audit, deal_outcomes, events, revisions
from cadence.store.deal_outcomes import DealOutcome
from cadence.store.suggestions import Suggestion

THANKS = "thanks"
"""The step that thanks."""
WORDS = f"{SHARED}/referrers.md.j2"
LARGEST_LETTER = 5_000_000
"""Bytes; a scanned page has a tenth of it, and a mail that carries more is refused by some servers."""
_LANGUAGES = ("", ".de", ".fr", ".es")
_SEQUENCE = f"""name     = "Thanks to whoever recommended us"
audience = "lost"
ends     = "90 days"

[spacing]
prospect = "1 business day"
account  = "1 business day"

[[step]]
name     = "{THANKS}"
after    = "1 minute"
from     = "rep"
subject  = "What became of your recommendation"
subjects = {{ de = "Was aus Ihrer Empfehlung wurde", fr = "Votre recommandation", es = "Su recomendación" }}
review   = true
"""


@dataclass(frozen=True, slots=True)
class Copy:
    """A letter as it came. name: of its file."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Thanked:
    """Whom a draft thanks, and why the others get none, by address."""

    deal: DealOutcome
    drafted: tuple[str, ...]
    refused: dict[str, str]


async def named_by(app: App, deal_id: int) -> list[str]:
    """Who referred us to the people of a deal, and would be thanked for a letter of theirs."""
    async with app.db.read() as tx:
        return [one.source.email for one in await referring.to_be_thanked(tx, deal_id)]


async def keep(app: App, actor: Actor, deal_id: int, letter: Copy) -> Thanked:
    """Keep that the people of a deal sent a letter, and draft a mail with a copy to whoever named them.

    Raises InvalidInput for a file that no mail can carry, Conflict for a deal to which nobody referred us.
    """
    _check(letter)
    async with app.db.read() as tx:
        deal = await deal_outcomes.find(tx, deal_id)
        sources = await referring.to_be_thanked(tx, deal_id)
        if deal is None or not sources:
            raise Conflict("nobody who may be written to referred us to them, so there is nobody to thank")
        name = f"letter-of-deal-{deal_id}-{len(await revisions.heads(tx))}"
        snapshot = _snapshot(name, deal.account, letter, await _newest_files(tx))
    load(snapshot, name)
    now = app.clock()
    async with app.db.write() as tx:  # before the people, who are let into what is published
        await revisions.add(tx, sequence=name, digest=digest(snapshot), files=snapshot, now=now)
        why, data = f"{name}: {deal.account}", {"sequence": name}
        await events.add(tx, "sequence.published", why, at=now, data=data)
    async with app.db.write() as tx:
        results = await admission.admit(app, tx, [_request(one, name) for one in sources])
        told = dict(zip((one.source.email for one in sources), results, strict=True))
        refused = {email: str(made) for email, made in told.items() if isinstance(made, CadenceError)}
        for prospect_id in await deal_outcomes.people_of(tx, deal_id):
            why = f"{deal.name}: they sent a letter, {letter.name}"
            await events.add(tx, "deal.letter", why, at=now, prospect_id=prospect_id)
        subject = f"{deal.account}, {deal.name}: {letter.name}"
        await audit.record(tx, actor, "deal.letter", subject, at=now)
    return Thanked(deal, tuple(email for email in told if email not in refused), refused)


def _check(letter: Copy) -> None:
    if not 0 < len(letter.content) <= LARGEST_LETTER:
        raise InvalidInput(f"a letter has at most {LARGEST_LETTER // 1_000_000} MB, and is not empty")
    if not letter.name.isprintable() or set("/\\") & set(letter.name) or len(letter.name) > 100:
        raise InvalidInput(f"{letter.name[:100]!r} is no name that a file in a mail can have")
    if letter.name.endswith((".j2", ".toml")) or letter.name.startswith((".", "#")):
        raise InvalidInput(f"{letter.name}: give the letter another name, such as letter.pdf")


def _request(one: Suggestion, sequence: str) -> Request:
    source = one.source
    return Request(source.email, sequence, deal_name=source.deal, mailbox=source.mailbox)


async def _newest_files(tx: AsyncConnection) -> Snapshot:
    """What all sequences share, as it was published last."""
    revision_id, _ = max((await revisions.heads(tx)).values())
    return (await revisions.get(tx, revision_id)).files


def _snapshot(name: str, company: str, letter: Copy, files: Snapshot) -> dict[str, bytes]:
    if WORDS not in files:
        raise InvalidInput(f"{WORDS} is missing: take it from the shipped templates, and publish")
    literal = json.dumps(company, ensure_ascii=False)
    words = f'{{% from "{WORDS}" import letter -%}}\n{{{{ letter(prospect, {literal}) }}}}\n'
    told = {f"{name}/{THANKS}{language}.md.j2": words.encode() for language in _LANGUAGES}
    shared = {path: content for path, content in files.items() if path.startswith(f"{SHARED}/")}
    copy = {f"{name}/{THANKS}/{letter.name}": letter.content}
    return shared | told | copy | {f"{name}/sequence.toml": _SEQUENCE.encode()}

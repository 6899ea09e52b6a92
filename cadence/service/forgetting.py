"""Erases a person everywhere, for good; what is kept is a keyed digest, so that nobody writes to them again.

What cannot be reached from here is said: their mails in our mailboxes, back-ups, logs, files handed out.
"""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.erasing import AUDITED, Eraser, Named
from cadence.core.errors import Conflict, InvalidInput
from cadence.core.lifecycle import Fact
from cadence.core.model import Prospect
from cadence.core.people import Actor
from cadence.mail.redact import GONE, redacted
from cadence.service import forgotten, transitions
from cadence.service.app import App
from cadence.store import audit, enrollments, erasing, events, locks, mailboxes, prospects, users
from cadence.store import forgotten as kept
from cadence.store.theirs import Which, rows_of


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased. rows: table → how many rows; files: uploaded files that named them; learnt: the model
    that reads replies may have learnt from a correction of what they wrote.
    """

    rows: Mapping[str, int]
    files: int
    learnt: bool


async def forget(app: App, actor: Actor, email: str) -> Erased:
    """Erase whoever has this address, in one transaction; twice is as good as once.

    Raises InvalidInput (no address, or one of our own), Conflict while a mail to them is being sent.
    """
    key = normalize(email)
    async with app.db.write() as tx:
        await _be_alone(tx)
        await _refuse_our_own(tx, key)
        person = await prospects.find(tx, key)
        theirs = rows_of(person.id if person else None, _addresses(person, email))
        if person is not None:
            await locks.company_of(tx, person.id)
            if await erasing.is_leaving(tx, theirs):
                raise Conflict("a mail to them is being sent at this moment: try again in a minute")
            for one in await enrollments.of_prospect(tx, person.id):
                await transitions.apply(app, tx, one.id, Fact.OPT_OUT, AUDITED)
        erased = await _erase(app, tx, person, email, theirs)
        if not await forgotten.among(app, tx, [key]):
            await kept.put(tx, app.vault.digests(key)[0], app.clock())
        shell = person.id if person else None
        await events.add(tx, "prospect.forgotten", AUDITED, at=app.clock(), prospect_id=shell)
        await audit.record(tx, actor, "prospect.forgotten", AUDITED, at=app.clock())
    return erased


async def _be_alone(tx: AsyncConnection) -> None:
    """Nobody is let in, and nothing is taken in from any mailbox, until the transaction ends."""
    await locks.admission(tx)
    for box in sorted(await mailboxes.all_of(tx), key=lambda one: one.id):
        await locks.intake_of(tx, box.id)


async def _refuse_our_own(tx: AsyncConnection, key: str) -> None:
    if key in await mailboxes.address_keys(tx):
        raise InvalidInput("that is a mailbox of ours: see `cadence mailbox remove`")
    if await users.find(tx, key) is not None:
        raise InvalidInput("that is somebody who logs in here: see `cadence user`")


def _addresses(person: Prospect | None, email: str) -> set[str]:
    return {normalize(email), email.strip().lower(), *([person.email.lower()] if person else [])}


async def _erase(app: App, tx: AsyncConnection, person: Prospect | None, email: str, theirs: Which) -> Erased:
    names = (person.first_name, person.last_name) if person else (None, None)
    who = Named.of(person.email if person else email, *names)
    eraser = Eraser(who)
    threads = await erasing.threads_of(tx, theirs)
    rows = await erasing.erase(tx, theirs, person.id if person else None, zlib.compress(GONE))
    named = await erasing.take_out(tx, who.phrases, eraser.document)
    if person is not None:
        await erasing.take_out_of_company(tx, person.account_id, eraser.document)
    async for mail in erasing.originals(tx, threads, named, person.account_id if person else None):
        without = redacted(mail.raw, eraser.text)
        if without is not None:
            await erasing.replace_original(tx, mail, without)
    await erasing.drop_told(tx, who.phrases)
    await erasing.audited(tx, who.phrases)
    await erasing.drop_answers(tx, lambda sealed: _stands_in(_opened(app, sealed), who))
    files = await erasing.drop_files(tx, lambda raw: _stands_in(_plain(raw), who))
    await erasing.tidy_index(tx)
    return Erased(rows, files, learnt="corrections" in rows)


def _plain(raw: bytes) -> str:
    """A file as it is searched; one of two bytes a character has a zero in each."""
    return raw.replace(b"\0", b"").decode("utf-8", "replace")


def _opened(app: App, sealed: str) -> str:
    try:
        return app.vault.open(sealed)
    except InvalidInput:  # under a key that is gone: nobody can read it, and nobody asks for it again
        return ""


def _stands_in(text: str, who: Named) -> bool:
    folded = text.casefold()
    return any(phrase.casefold() in folded for phrase in who.phrases)

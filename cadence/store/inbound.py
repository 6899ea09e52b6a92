"""Mail that was received: kept raw, each once, with what was understood of it."""

import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.occasions import Rsvp
from cadence.core.replies import Bounce, Category, LossReason, Person, Verdict
from cadence.store.bulk import insert_many
from cadence.store.tables import inbound, participants, prospects


def pack_verdict(verdict: Verdict) -> dict[str, Any]:
    """A verdict as plain data, under the names of the vocabulary."""
    bounce = verdict.bounce
    return {
        "category": verdict.category.value,
        "confidence": verdict.confidence,
        "evidence": list(verdict.evidence),
        "text": verdict.text,
        "language": verdict.language,
        "loss_reasons": [reason.value for reason in verdict.loss_reasons],
        "competitor": verdict.competitor,
        "resume_on": verdict.resume_on.isoformat() if verdict.resume_on else None,
        "contract_end": verdict.contract_end.isoformat() if verdict.contract_end else None,
        "people": [_pack_person(person) for person in verdict.people],
        "moved": _pack_person(verdict.moved) if verdict.moved else None,
        "firm_no": verdict.firm_no,
        "automatic": verdict.automatic,
        "bounce": None
        if bounce is None
        else {
            "recipient": bounce.recipient,
            "status": bounce.status,
            "original_message_id": bounce.original_message_id,
            "diagnostic": bounce.diagnostic,
            "sender_fault": bounce.sender_fault,
            "delayed": bounce.delayed,
        },
        "odds": {category.value: chance for category, chance in verdict.odds},
        "model": verdict.model,
        "rsvp": verdict.rsvp.value if verdict.rsvp else None,
    }


def _pack_person(person: Person) -> dict[str, str | None]:
    return {"name": person.name, "email": person.email, "company": person.company}


def unpack_verdict(data: dict[str, Any]) -> Verdict:
    """The verdict that `pack_verdict` packed."""
    plain = dict(data)
    plain["category"] = Category(plain["category"])
    plain["evidence"] = tuple(plain["evidence"])
    plain["loss_reasons"] = tuple(LossReason(reason) for reason in plain["loss_reasons"])
    plain["resume_on"] = date.fromisoformat(plain["resume_on"]) if plain["resume_on"] else None
    ends = plain.get("contract_end")  # not kept by earlier versions
    plain["contract_end"] = date.fromisoformat(ends) if ends else None
    plain["people"] = tuple(Person(**person) for person in plain["people"])
    plain["moved"] = Person(**plain["moved"]) if plain.get("moved") else None
    plain["bounce"] = Bounce(**plain["bounce"]) if plain["bounce"] else None
    odds = plain.get("odds") or {}  # not kept by earlier versions
    plain["odds"] = tuple((Category(name), chance) for name, chance in odds.items())
    plain["rsvp"] = Rsvp(plain["rsvp"]) if plain.get("rsvp") else None
    return Verdict(**plain)


async def add_many(tx: AsyncConnection, rows: list[dict[str, Any]]) -> list[int]:
    """Keep received mails, and give their ids in the same order.

    rows: all name the same columns; raw: the mail, compressed by zlib.
    """
    return await insert_many(tx, inbound, ("message_key",), rows)


async def count_in(tx: AsyncConnection, enrollment_id: int, folder: str) -> int:
    """How many mails of an enrollment came by one folder."""
    query = sa.select(sa.func.count()).where(
        inbound.c.enrollment_id == enrollment_id, inbound.c.folder == folder
    )
    return int((await tx.execute(query)).scalar_one())


async def known(
    tx: AsyncConnection,
    mailbox_id: int,
    message_keys: Iterable[str],
    *,
    folder: str,
    uidvalidity: int,
    uids: Iterable[int],
) -> tuple[set[str], set[int]]:
    """Which mails of a mailbox were kept before: by key, from any folder; by UID, from this one."""
    ours = inbound.c.mailbox_id == mailbox_id
    keys = sa.select(inbound.c.message_key).where(ours, inbound.c.message_key.in_(list(message_keys)))
    here = sa.select(inbound.c.uid).where(
        ours,
        inbound.c.folder == folder,
        inbound.c.uidvalidity == uidvalidity,
        inbound.c.uid.in_(list(uids)),
    )
    return set((await tx.execute(keys)).scalars()), set((await tx.execute(here)).scalars())


async def get(tx: AsyncConnection, inbound_id: int) -> Any:
    """One received mail as a row."""
    return (await tx.execute(sa.select(inbound).where(inbound.c.id == inbound_id))).one()


async def find(tx: AsyncConnection, inbound_id: int) -> Any | None:
    """The received mail of this id, or None."""
    return (await tx.execute(sa.select(inbound).where(inbound.c.id == inbound_id))).one_or_none()


async def raw(tx: AsyncConnection, inbound_id: int) -> bytes:
    """A received mail as it came."""
    packed = (await tx.execute(sa.select(inbound.c.raw).where(inbound.c.id == inbound_id))).scalar_one()
    return zlib.decompress(packed)


async def correct(tx: AsyncConnection, inbound_id: int, category: Category) -> None:
    """Let a person's category count; the product's own stays beside it."""
    await tx.execute(inbound.update().where(inbound.c.id == inbound_id).values(corrected=category))


async def latest(tx: AsyncConnection, limit: int) -> list[Any]:
    """The newest received mails with the prospect's address."""
    query = (
        sa.select(inbound, prospects.c.email)
        .select_from(inbound.outerjoin(prospects, prospects.c.id == inbound.c.prospect_id))
        .order_by(inbound.c.id.desc())
        .limit(limit)
    )
    return list(await tx.execute(query))


async def since(tx: AsyncConnection, inbound_id: int) -> list[Any]:
    """Mails received after this one with the prospect's address, oldest first."""
    query = (
        sa.select(inbound.c.id, inbound.c.category, prospects.c.email)
        .select_from(inbound.outerjoin(prospects, prospects.c.id == inbound.c.prospect_id))
        .where(inbound.c.id > inbound_id)
        .order_by(inbound.c.id)
    )
    return list(await tx.execute(query))


async def of_prospect(tx: AsyncConnection, prospect_id: int) -> list[Any]:
    """Everything received about a person, oldest first."""
    query = sa.select(inbound).where(inbound.c.prospect_id == prospect_id).order_by(inbound.c.id)
    return list(await tx.execute(query))


async def loss_reasons(tx: AsyncConnection, prospect_id: int) -> tuple[str, ...]:
    """Why we lost in the person's own words, each reason once, the first named first."""
    query = (
        sa.select(inbound.c.verdict)
        .where(inbound.c.prospect_id == prospect_id, inbound.c.verdict.is_not(None))
        .order_by(inbound.c.id)
    )
    verdicts = (await tx.execute(query)).scalars()
    return tuple(dict.fromkeys(reason for verdict in verdicts for reason in verdict["loss_reasons"]))


async def counts(tx: AsyncConnection) -> dict[str, int]:
    """How many replies there are of each category."""
    category = sa.func.coalesce(inbound.c.corrected, inbound.c.category)
    query = sa.select(category, sa.func.count()).where(category.is_not(None)).group_by(category)
    return {row[0]: row[1] for row in await tx.execute(query)}


async def enrollments_of_participants(tx: AsyncConnection, keys: Iterable[str]) -> dict[str, list[int]]:
    """In which threads these addresses took part: address → enrollment ids."""
    query = sa.select(participants).where(participants.c.email_key.in_(list(keys)))
    found: dict[str, list[int]] = {}
    for row in await tx.execute(query):
        found.setdefault(row.email_key, []).append(row.enrollment_id)
    return found

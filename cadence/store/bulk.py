"""Many people at once: what is known of a list of addresses, and rows stored by the hundred."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.model import Account, Deal, Enrollment, EnrollmentState, Prospect, ProspectStatus
from cadence.store.deals import deal_of
from cadence.store.enrollments import LIVE, enrollment_of
from cadence.store.prospects import account_of, ground_columns, prospect_of
from cadence.store.tables import accounts, deals, enrollments, prospects, suppressions

GROUND = ("basis", "basis_source", "basis_since", "basis_until")
FACTS = ("first_name", "last_name", "title", "language", "zone", "country", "region", *GROUND)
DEAL_FACTS = (
    "product",
    "reason",
    "competitor",
    "competitor_contract_end",
    "amount",
    "missing",
    "missing_ships",
    "alternative",
    "referred_by",
)


@dataclass(frozen=True, slots=True)
class Known:
    """A person who is in the database; account_key: of their company; live_in: sequences they are in."""

    prospect: Prospect
    account_key: str
    unreachable: bool
    live_in: frozenset[str]


async def known_people(tx: AsyncConnection, email_keys: Sequence[str]) -> dict[str, Known]:
    """Those of these normalized addresses that are prospects'."""
    query = (
        sa.select(prospects, accounts.c.key.label("account_key"))
        .join(accounts, accounts.c.id == prospects.c.account_id)
        .where(prospects.c.email_key.in_(email_keys))
    )
    rows = list(await tx.execute(query))
    live = await _live(tx, [row.id for row in rows])
    return {
        row.email_key: Known(
            prospect_of(row), row.account_key, row.unreachable, frozenset(live.get(row.id, ()))
        )
        for row in rows
    }


async def _live(tx: AsyncConnection, prospect_ids: Sequence[int]) -> dict[int, set[str]]:
    query = sa.select(enrollments.c.prospect_id, enrollments.c.sequence).where(
        enrollments.c.prospect_id.in_(prospect_ids), enrollments.c.state.in_(LIVE)
    )
    found: dict[int, set[str]] = {}
    for row in await tx.execute(query) if prospect_ids else ():
        found.setdefault(row.prospect_id, set()).add(row.sequence)
    return found


async def suppressed(tx: AsyncConnection, email_keys: Sequence[str]) -> dict[str, str]:
    """Why nobody may write to some of these normalized addresses."""
    query = sa.select(suppressions.c.email_key, suppressions.c.reason)
    rows = await tx.execute(query.where(suppressions.c.email_key.in_(email_keys)))
    return {row.email_key: row.reason for row in rows}


async def put_accounts(
    tx: AsyncConnection, wanted: Sequence[Mapping[str, Any]], now: datetime
) -> list[Account]:
    """The accounts of these keys, made where there is none; what was unknown of one is filled in.

    wanted: key, name, domain, industry, size; a key may come several times.
    """
    keys = sorted({row["key"] for row in wanted})
    query = sa.select(accounts).where(accounts.c.key.in_(keys))
    found = {row.key: dict(row._mapping) for row in await tx.execute(query)}
    new: dict[str, dict[str, Any]] = {}
    filled: dict[str, dict[str, Any]] = {}
    for row in wanted:
        known = found.get(row["key"]) or new.get(row["key"])
        if known is None:
            new[row["key"]] = dict(row) | {"created_at": now}
            continue
        for column in ("domain", "industry", "size"):
            if known[column] is None and row[column] is not None:
                known[column] = row[column]
                filled[row["key"]] = known
    ids = await insert_many(tx, accounts, ("key",), list(new.values()))
    for row, account_id in zip(new.values(), ids, strict=True):
        row["id"] = account_id
    old = [row for key, row in filled.items() if key not in new]
    await update_many(tx, accounts, ("domain", "industry", "size"), old)
    every = found | new
    return [account_of(SimpleNamespace(**every[row["key"]])) for row in wanted]


async def put_people(
    tx: AsyncConnection,
    wanted: Sequence[Mapping[str, Any]],
    known: Mapping[str, Known],
    now: datetime,
) -> list[Prospect]:
    """The people of these addresses, made where they are new; what is newly known replaces what was.

    wanted: account_id, email, email_key (each once), and facts (a mapping, None leaves a value as it is);
    known: what `known_people` gave.
    """
    blank = dict.fromkeys(FACTS) | {"language": "en", "zone": "UTC"}
    people: list[dict[str, Any]] = []
    for row in wanted:
        facts = {name: value for name, value in row["facts"].items() if value is not None}
        if "basis" in facts:  # a ground is replaced as a whole
            facts = dict.fromkeys(GROUND) | facts
        before = known.get(row["email_key"])
        plain = {name: row[name] for name in ("account_id", "email", "email_key")}
        if before is None:
            people.append(blank | facts | plain | {"status": ProspectStatus.NEW, "created_at": now})
        else:
            people.append(_columns(before.prospect) | facts)
    new = [person for person in people if "id" not in person]
    old = [person for person in people if "id" in person]
    for person, prospect_id in zip(new, await insert_many(tx, prospects, ("email_key",), new), strict=True):
        person["id"] = prospect_id
    await update_many(tx, prospects, FACTS, old)
    return [prospect_of(SimpleNamespace(**person)) for person in people]


def _columns(prospect: Prospect) -> dict[str, Any]:
    place = prospect.place
    return {
        "id": prospect.id,
        "account_id": prospect.account_id,
        "email": prospect.email,
        "status": prospect.status,
        "first_name": prospect.first_name,
        "last_name": prospect.last_name,
        "title": prospect.title,
        "language": prospect.language,
        "zone": place.zone,
        "country": place.country,
        "region": place.region,
        **ground_columns(prospect.ground),
    }


@dataclass(frozen=True, slots=True)
class PutDeal:
    """A deal as it stood before its row, None where that made it, and after it."""

    before: Deal | None
    after: Deal


async def put_deals(tx: AsyncConnection, wanted: Sequence[Mapping[str, Any]], now: datetime) -> list[PutDeal]:
    """The deals of these names, made where there is none; what is newly known replaces what was.

    wanted: account_id, name, lost_at, and facts (a mapping, None leaves a value as it is). The order
    counts as if they came one by one.
    """
    ids = sorted({row["account_id"] for row in wanted})
    query = sa.select(deals).where(deals.c.account_id.in_(ids))
    found = {(row.account_id, row.name): dict(row._mapping) for row in await tx.execute(query)}
    new: dict[tuple[int, str], dict[str, Any]] = {}
    changed: dict[tuple[int, str], dict[str, Any]] = {}
    stood: list[tuple[tuple[int, str], dict[str, Any] | None, dict[str, Any]]] = []
    for row in wanted:
        key = (row["account_id"], row["name"])
        known = found.get(key) or new.get(key)
        before = dict(known) if known else None
        if known is None:
            known = dict.fromkeys((*DEAL_FACTS, "crm_id")) | {"account_id": key[0], "name": key[1]}
            new[key] = known = known | {"lost_at": row["lost_at"], "created_at": now}
        elif key in found and any(value is not None for value in row["facts"].values()):
            changed[key] = known
        known.update({name: value for name, value in row["facts"].items() if value is not None})
        stood.append((key, before, dict(known)))
    made = await insert_many(tx, deals, ("account_id", "name"), list(new.values()))
    for row, deal_id in zip(new.values(), made, strict=True):
        row["id"] = deal_id
    await update_many(tx, deals, DEAL_FACTS, list(changed.values()))
    every = found | new

    def deal(key: tuple[int, str], row: dict[str, Any]) -> Deal:
        return deal_of(SimpleNamespace(**(row | {"id": every[key]["id"]})))

    return [PutDeal(deal(key, before) if before else None, deal(key, after)) for key, before, after in stood]


async def add_enrollments(
    tx: AsyncConnection, rows: Sequence[Mapping[str, Any]], now: datetime
) -> list[Enrollment]:
    """Store new active enrollments; rows name the columns of enrollments.add."""
    state = {"state": EnrollmentState.ACTIVE, "heard": [], "created_at": now}
    values = [dict(row) | state for row in rows]
    unset = dict.fromkeys(("state_reason", "resume_at", "paused_by", "handovers"))
    ids = await insert_many(tx, enrollments, ("prospect_id", "sequence"), values)
    return [
        enrollment_of(SimpleNamespace(**(row | unset), id=enrollment_id))
        for row, enrollment_id in zip(values, ids, strict=True)
    ]


async def insert_many(
    tx: AsyncConnection, table: sa.Table, key: Sequence[str], rows: Sequence[Mapping[str, Any]]
) -> list[int]:
    """Add rows that all name the same columns, and give their ids in the same order.

    key: columns by which the rows differ. Asking for ids in order instead would send row by row on SQLite.
    """
    if not rows:
        return []
    made = table.insert().returning(table.c.id, *(table.c[name] for name in key))
    ids = {tuple(found[1:]): int(found[0]) for found in await tx.execute(made, list(rows))}
    return [ids[tuple(row[name] for name in key)] for row in rows]


async def update_many(
    tx: AsyncConnection, table: sa.Table, columns: Iterable[str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Set the same columns of many rows, each known by its id."""
    if not rows:
        return
    names = list(columns)
    changed = (
        table.update()
        .where(table.c.id == sa.bindparam("_id"))
        .values({name: sa.bindparam(f"_{name}", type_=table.c[name].type) for name in names})
    )
    values = [{"_id": row["id"]} | {f"_{name}": row[name] for name in names} for row in rows]
    await tx.execute(changed, values)

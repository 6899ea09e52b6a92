"""Stores those who were let in: companies, people, deals, enrollments, first mails, and the record of it.

What is known already stays or is completed: a company's facts are filled in where they were unknown, what
is newly said of a person or a deal replaces what was.
"""

from collections.abc import Sequence as Rows
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core import planning
from cadence.core.model import Enrollment, Mailbox
from cadence.core.places import zone_of_country
from cadence.core.sequence import Sequence
from cadence.service import courses, deal_dates
from cadence.service.app import App
from cadence.service.requests import Request
from cadence.store import bulk, events, messages, prospects
from cadence.store.bulk import Known
from cadence.store.enrollments import Case


@dataclass(frozen=True, slots=True)
class Applicant:
    """Somebody who is let in, with all that decides what is stored.

    key: the normalized address; domain: its domain; account_key: of the company; known: what the
    database had of the person.
    """

    request: Request
    key: str
    domain: str
    account_key: str
    sequence: Sequence
    rep: Mailbox
    executive: Mailbox | None
    known: Known | None


async def store(app: App, tx: AsyncConnection, applicants: Rows[Applicant]) -> list[Enrollment]:
    """Store people of different addresses, in order, each with an enrollment and its first mails."""
    now = app.clock()
    accounts = await bulk.put_accounts(tx, [_account(one) for one in applicants], now)
    people = await bulk.put_people(
        tx,
        [
            {"account_id": account.id, "email": one.request.email.strip(), "email_key": one.key}
            | {"facts": _facts(one)}
            for one, account in zip(applicants, accounts, strict=True)
        ],
        {one.key: one.known for one in applicants if one.known},
        now,
    )
    put = await bulk.put_deals(
        tx,
        [
            {"account_id": account.id, "name": _deal_name(one.request), "facts": one.request.deal}
            | {"lost_at": one.request.lost_at or now}
            for one, account in zip(applicants, accounts, strict=True)
        ],
        now,
    )
    deals = [one.after for one in put]
    ends = [planning.ends(now, one.sequence, who.place) for one, who in zip(applicants, people, strict=True)]
    enrolled = await bulk.add_enrollments(
        tx,
        [
            {
                "prospect_id": person.id,
                "deal_id": deal.id,
                "sequence": one.sequence.name,
                "mailbox_id": one.rep.id,
                "executive_mailbox_id": one.executive.id if one.executive else None,
                "started_at": now,
                "ends_at": end,
            }
            for one, person, deal, end in zip(applicants, people, deals, ends, strict=True)
        ],
        now,
    )
    parts = zip(applicants, enrolled, ends, people, accounts, deals, strict=True)
    mails: list[dict[str, Any]] = []
    for one, enrollment, end, person, account, deal in parts:
        case = Case(enrollment, end, person, account, deal, one.rep, one.executive)
        for plan in planning.opening(courses.course_of(case, one.sequence)):
            mails.append(messages.planned(plan, **courses.about(case, one.sequence, plan)))
    await messages.plan_new(tx, mails)
    await events.add_many(
        tx,
        [
            {
                "kind": "enrollment.active",
                "why": f"enrolled in {one.sequence.name}, from {one.rep.address}",
                "at": now,
                "prospect_id": enrollment.prospect_id,
                "enrollment_id": enrollment.id,
            }
            for one, enrollment in zip(applicants, enrolled, strict=True)
        ],
    )
    await deal_dates.follow(app, tx, [one.before for one in put if one.before])
    return enrolled


def _account(one: Applicant) -> dict[str, Any]:
    request = one.request
    return {
        "key": one.account_key,
        "name": request.company or one.domain,
        "domain": one.domain,
        "industry": request.industry,
        "size": request.size,
    }


def _facts(one: Applicant) -> dict[str, Any]:
    """What is said of the person; who is new and names no place is taken to be where the rep is."""
    request, place = one.request, one.rep.place
    guess = zone_of_country(request.country) or (None if one.known else place.zone)
    return {
        "first_name": request.first_name,
        "last_name": request.last_name,
        "title": request.title,
        "language": request.language,
        "zone": request.zone or guess,
        "country": request.country or (None if one.known else place.country),
        "region": request.region,
        **prospects.ground_columns(request.ground),
    }


def _deal_name(request: Request) -> str:
    return request.deal_name or request.deal.get("product") or "The lost deal"

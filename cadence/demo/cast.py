"""Who plays in the demo: reads cast.toml into records, in the order in which the live table shows them."""

import tomllib
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from importlib.resources import files
from typing import Any

from cadence.core.model import Place
from cadence.core.occasions import Rsvp
from cadence.core.replies import Category

OUR_DOMAIN = "larkfield.example"


class How(StrEnum):
    """What writes an answer: a person's mail program, a machine, or somebody on the page behind a link."""

    GMAIL = "gmail"
    OUTLOOK = "outlook"
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    AWAY = "away"
    VACATION = "vacation"
    TICKET = "ticket"
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    UNSUBSCRIBE_BUTTON = "unsubscribe_button"
    CALENDAR = "calendar"
    PAGE = "page"


INVITATION = 0
"""Stands for the number of the mail that invites somebody to an event, whichever it is."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does about the nth mail they get, `hours` later.

    means: what any person would understand; says: the words, with {rep}, {back} and {month} to fill in;
    days: how much later the date lies that it names, names: what of that date; odd: so unclear that
    the product must ask; writer: a colleague who answers instead; rsvp: what it answers to an invitation.
    """

    mail: int
    hours: float
    how: How
    means: Category
    says: str
    days: int | None = None
    names: str = "day"
    odd: bool = False
    writer: "Character | None" = None
    rsvp: Rsvp | None = None


@dataclass(frozen=True, slots=True)
class Character:
    """One made-up person. refuses: SMTP code and words; busy_server: turns the first try away."""

    first: str
    last: str
    email: str
    company: str
    title: str | None = None
    language: str = "en"
    place: Place = field(default_factory=Place)
    acts: tuple[Act, ...] = ()
    refuses: tuple[int, str] | None = None
    busy_server: bool = False

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@dataclass(frozen=True, slots=True)
class LostDeal:
    """A deal that was lost, or a client who left, and the people it is about.

    after: of the demo's start, when the rep enrolls them; lost_before: how long earlier it was lost.
    """

    sequence: str
    company: str
    industry: str
    size: int
    name: str
    rep: str
    after: timedelta
    lost_before: timedelta
    people: tuple[Character, ...]
    product: str | None = None
    reason: str | None = None
    competitor: str | None = None
    contract_months: int | None = None


def cast() -> tuple[LostDeal, ...]:
    """Everybody, those who answer first."""
    text = (files("cadence.demo") / "cast.toml").read_text(encoding="utf-8")
    return tuple(_deal(one) for one in tomllib.loads(text)["deal"])


def _deal(one: dict[str, Any]) -> LostDeal:
    domain = "-".join(word for word in one["company"].casefold().split() if word.isalnum()) + ".example"
    return LostDeal(
        sequence=one["sequence"],
        company=one["company"],
        industry=one["industry"],
        size=one["size"],
        name=one["name"],
        rep=f"{one.get('rep', 'jonas.reed')}@{OUR_DOMAIN}",
        after=timedelta(days=one["day"]),
        lost_before=timedelta(hours=one["lost_hours"]),
        people=tuple(_character(person, one["company"], domain) for person in one["person"]),
        product=one.get("product"),
        reason=one.get("reason"),
        competitor=one.get("competitor"),
        contract_months=one.get("contract_months"),
    )


def _character(one: dict[str, Any], company: str, domain: str) -> Character:
    local = one.get("email") or f"{one['first']}.{one['last'].split()[-1]}".casefold()
    email = f"{local}@{domain}"
    refuses = one.get("refuses")
    return Character(
        first=one["first"],
        last=one["last"],
        email=email,
        company=company,
        title=one.get("title"),
        language=one.get("language", "en"),
        place=Place(one.get("zone", "UTC"), one.get("country"), one.get("region")),
        acts=tuple(_act(act, one, company, domain) for act in one.get("act", ())),
        refuses=(refuses[0], refuses[1].format(email=email)) if refuses else None,
        busy_server=one.get("busy_server", False),
    )


def _act(one: dict[str, Any], person: dict[str, Any], company: str, domain: str) -> Act:
    colleague = one.get("from")
    return Act(
        mail=one["mail"],
        hours=one["hours"],
        how=How(one.get("how", person["program"])),
        means=Category(one["means"]),
        says=one["says"].strip(),
        days=one.get("days"),
        names=one.get("names", "day"),
        odd=one.get("odd", False),
        rsvp=Rsvp(one["rsvp"]) if "rsvp" in one else None,
        writer=_character(person | {"email": None, "act": ()} | colleague, company, domain)
        if colleague
        else None,
    )

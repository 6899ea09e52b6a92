"""On which grounds somebody may be written to, in which country, and until when.

One table of rules, each with the law that it reads. It tells facts and is no legal advice: what a ground is
worth in a case, a lawyer says. Mails to people at companies are meant; whoever opts out gets none.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from cadence.core.sequence import Audience


class Basis(StrEnum):
    """Why we may write."""

    CONSENT = "consent"
    CUSTOMER = "customer"
    NEGOTIATION = "negotiation"
    LEGITIMATE_INTEREST = "legitimate_interest"


@dataclass(frozen=True, slots=True)
class Ground:
    """Why we may write to somebody. source: how we know; since: from when it counts; until: its last day,
    where somebody named one.
    """

    basis: Basis
    source: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """What a country says of a ground. law: where it says so; months: for how long, None without end; note:
    what to look at beyond that; suffices: whether it is a ground at all.
    """

    law: str
    months: int | None = None
    note: str = ""
    suffices: bool = True


_SALE = "the words of the law are of a sale: whether negotiating one is enough, ask a lawyer"
_CONTRACT = "the words of the law are of a contract: whether negotiating one is enough, ask a lawyer"
_COURT = "a court asked for a sale that came about (LG Nürnberg-Fürth, 4 HK O 655/21): ask a lawyer"
_SIMILAR = "for similar products of one's own, a way out offered when the address was given and in every mail"
_GDPR = "GDPR art. 6(1)"
_EPRIVACY = "Directive 2002/58/EC art. 13"
_CASL = "CASL, S.C. 2010, c. 23"
_UEMA = "Unsolicited Electronic Messages Act 2007"
_CAN_SPAM = Rule(
    "CAN-SPAM Act, 15 U.S.C. § 7704(a)",
    note="every mail needs a postal address and a way out, which is heeded within ten business days",
)

_EUROPE = {
    Basis.CONSENT: Rule(f"{_GDPR}(a) and 7, {_EPRIVACY}(1)"),
    Basis.CUSTOMER: Rule(f"{_EPRIVACY}(2)", note=_SIMILAR),
    Basis.NEGOTIATION: Rule(f"{_EPRIVACY}(2)", note=_SALE),
    Basis.LEGITIMATE_INTEREST: Rule(
        f"{_GDPR}(f), {_EPRIVACY}(5)", note="what holds for mail to companies, each country decides"
    ),
}
_ELSEWHERE = {basis: Rule("no rule is known here", note="look at the law of the country") for basis in Basis}


def _asks_consent(law: str) -> Rule:
    return Rule(law, suffices=False)


RULES: dict[str, dict[Basis, Rule]] = {
    "AT": _EUROPE
    | {
        Basis.CUSTOMER: Rule("TKG 2021 § 174(4)", note=_SIMILAR),
        Basis.NEGOTIATION: Rule("TKG 2021 § 174(4)", note=_SALE),
        Basis.LEGITIMATE_INTEREST: _asks_consent("TKG 2021 § 174(3)"),
    },
    "AU": {
        Basis.CONSENT: Rule("Spam Act 2003, s. 16(2)"),
        Basis.CUSTOMER: Rule("Spam Act 2003, sch. 2, cl. 2(b)"),
        Basis.NEGOTIATION: Rule(
            "Spam Act 2003, sch. 2, cl. 2(b)", note="consent that a relationship lets expect"
        ),
        Basis.LEGITIMATE_INTEREST: _asks_consent("Spam Act 2003, s. 16(2)"),
    },
    "CA": {
        Basis.CONSENT: Rule(f"{_CASL}, s. 6(1) and 10(1)"),
        Basis.CUSTOMER: Rule(f"{_CASL}, s. 10(9)(a) and 10(10)(a)", months=24, note="from the last purchase"),
        Basis.NEGOTIATION: Rule(f"{_CASL}, s. 10(9)(a) and 10(10)(e)", months=6, note="from the inquiry"),
        Basis.LEGITIMATE_INTEREST: _asks_consent(f"{_CASL}, s. 6(1)"),
    },
    "DE": _EUROPE
    | {
        Basis.CONSENT: Rule("UWG § 7(2) no. 2"),
        Basis.CUSTOMER: Rule("UWG § 7(3)", note=_SIMILAR),
        Basis.NEGOTIATION: Rule("UWG § 7(3)", note=_COURT),
        Basis.LEGITIMATE_INTEREST: _asks_consent("UWG § 7(2) no. 2"),
    },
    "ES": _EUROPE
    | {
        Basis.CUSTOMER: Rule("LSSI (Ley 34/2002) art. 21(2)", note=_SIMILAR),
        Basis.NEGOTIATION: Rule("LSSI (Ley 34/2002) art. 21(2)", note=_CONTRACT),
        Basis.LEGITIMATE_INTEREST: _asks_consent("LSSI (Ley 34/2002) art. 21(1)"),
    },
    "FR": _EUROPE
    | {
        Basis.CUSTOMER: Rule("CPCE art. L. 34-5", note=_SIMILAR),
        Basis.NEGOTIATION: Rule("CPCE art. L. 34-5", note=_SALE),
        Basis.LEGITIMATE_INTEREST: Rule(
            f"{_GDPR}(f)", note="CNIL: only what concerns their profession, and who was told beforehand"
        ),
    },
    "GB": {
        Basis.CONSENT: Rule("PECR 2003, reg. 22(2)"),
        Basis.CUSTOMER: Rule("PECR 2003, reg. 22(3)", note=_SIMILAR),
        Basis.NEGOTIATION: Rule("PECR 2003, reg. 22(3)", note=f"negotiations for a sale; {_SIMILAR}"),
        Basis.LEGITIMATE_INTEREST: Rule(
            "UK GDPR art. 6(1)(f)",
            note="PECR reg. 22 asks more for individuals, sole traders and partnerships",
        ),
    },
    "IT": _EUROPE
    | {
        Basis.CUSTOMER: Rule("d.lgs. 196/2003 art. 130(4)", note=_SIMILAR),
        Basis.NEGOTIATION: Rule("d.lgs. 196/2003 art. 130(4)", note=_SALE),
        Basis.LEGITIMATE_INTEREST: _asks_consent("d.lgs. 196/2003 art. 130(1)-(2)"),
    },
    "NZ": {
        Basis.CONSENT: Rule(f"{_UEMA}, s. 9(1)"),
        Basis.CUSTOMER: Rule(f"{_UEMA}, s. 4(1)", note="consent that a relationship lets expect"),
        Basis.NEGOTIATION: Rule(f"{_UEMA}, s. 4(1)", note="consent that a relationship lets expect"),
        Basis.LEGITIMATE_INTEREST: _asks_consent(f"{_UEMA}, s. 9(1)"),
    },
    "US": dict.fromkeys(Basis, _CAN_SPAM),
} | dict.fromkeys(
    # the other countries of the European Economic Area
    "BE BG CY CZ DK EE FI GR HR HU IE IS LI LT LU LV MT NL NO PL PT RO SE SI SK".split(),  # noqa: SIM905
    _EUROPE,
)
"""Country (ISO 3166-1) → ground → what its law says."""


def rule_of(basis: Basis, country: str | None) -> Rule:
    """What a country says of a ground; a country that is not in the table sets no limit here."""
    return RULES.get(country or "", _ELSEWHERE)[basis]


def last_day(ground: Ground, country: str | None) -> date | None:
    """The last day on which a ground counts, None where it has no end."""
    months = rule_of(ground.basis, country).months
    by_law = ground.since + relativedelta(months=months) if months else None
    return min((day for day in (ground.until, by_law) if day), default=None)


def missing(ground: Ground, country: str | None, today: date) -> str | None:
    """Why somebody may not be written to for want of a ground, None where there is one."""
    rule, name = rule_of(ground.basis, country), ground.basis.replace("_", " ")
    if not rule.suffices:
        return f"{name} is no ground for mail in {country}: {rule.law} asks for consent"
    last = last_day(ground, country)
    if last is not None and today > last:
        return f"the ground to write to them ended on {last}: {name} since {ground.since} ({rule.law})"
    return None


def supposed(audience: Audience, ended_on: date, enrolled_on: date) -> Ground:
    """The ground that an enrollment itself tells of. ended_on: when the deal or relation ended."""
    match audience:
        case Audience.LOST:
            return Ground(Basis.NEGOTIATION, "the lost deal", ended_on)
        case Audience.FORMER:
            return Ground(Basis.CUSTOMER, "the relation that ended", ended_on)
        case Audience.REFERRAL:
            return Ground(Basis.LEGITIMATE_INTEREST, "a referral", enrolled_on)

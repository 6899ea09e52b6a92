"""The vocabulary of replies: what a message from outside can be, and what was read in it.

The names are public: database values, API values, webhook events, template conditions and pages
use them as written here. docs/replies.md holds their meaning.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cadence.core import costs
from cadence.core.occasions import Rsvp


class Category(StrEnum):
    """What a message says, in the order in which a reply's several meanings are ranked."""

    DECISION_OPEN = "decision_open"
    INTERESTED = "interested"
    FEEDBACK = "feedback"
    FEEDBACK_DECLINED = "feedback_declined"
    KEEP_IN_TOUCH = "keep_in_touch"
    NOT_NOW = "not_now"
    NOT_INTERESTED = "not_interested"
    UNSUBSCRIBE = "unsubscribe"
    REFERRAL = "referral"
    WRONG_PERSON = "wrong_person"
    QUESTION = "question"
    ACKNOWLEDGEMENT = "acknowledgement"
    OTHER = "other"
    OUT_OF_OFFICE = "out_of_office"
    AUTO_REPLY = "auto_reply"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    COMPLAINT = "complaint"


BOUNCES = frozenset({Category.BOUNCE_HARD, Category.BOUNCE_SOFT})
AUTOMATIC = frozenset({Category.OUT_OF_OFFICE, Category.AUTO_REPLY, Category.COMPLAINT}) | BOUNCES


class LossReason(StrEnum):
    """Why a deal was lost."""

    PRICE = "price"
    FEATURES = "features"
    INCUMBENT = "incumbent"
    TIMING = "timing"
    BUDGET = "budget"
    TRUST = "trust"
    SERVICE = "service"
    INTEGRATION = "integration"
    LOCATION = "location"
    NO_DECISION = "no_decision"
    RELATIONSHIP = "relationship"
    CONTRACT = "contract"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named in a reply: a referral, a successor, a stand-in. Each part may be absent."""

    name: str | None = None
    email: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says about one recipient (RFC 3464).

    recipient: the failed address, or None where the report names none; status: the enhanced code
    (RFC 3463) or None; original_message_id: of the mail that failed, with its angle brackets, or None;
    sender_fault: the report is about our mailbox (authentication, policy, blocked sender) rather than
    about the recipient, and so is no bounce of the prospect; delayed: the server keeps trying by itself.
    """

    recipient: str | None
    status: str | None
    original_message_id: str | None
    diagnostic: str = ""
    sender_fault: bool = False
    recipients: tuple[str, ...] = ()
    delayed: bool = False


Odds = tuple[tuple[Category, float], ...]
"""How likely a reply means each category; the chances add up to 1."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was understood of one message.

    confidence: 0 to 1; evidence: the rules, headers or words that decided; text: the new words only,
    without quoted mail, signature and legal footer; language: ISO 639-1, or None where there are no
    words; resume_on: when to come back, or the return to the office; firm_no: rules out any future
    business; automatic: written by a machine; odds: of every category of a person's reply, where they
    were weighed; model: the version of the model that weighed them; rsvp: what it answers to an invitation,
    if it is to one; invitation: the one that a calendar program names; apart: what it says besides; moved:
    the writer themselves, where they can be written to now; contract_end: the last day of their contract with
    the vendor they chose.
    """

    category: Category
    confidence: float
    evidence: tuple[str, ...]
    text: str = ""
    language: str | None = None
    loss_reasons: tuple[LossReason, ...] = ()
    competitor: str | None = None
    resume_on: date | None = None
    people: tuple[Person, ...] = ()
    firm_no: bool = False
    automatic: bool = False
    bounce: Bounce | None = None
    odds: Odds = ()
    model: str | None = None
    rsvp: Rsvp | None = None
    invitation: str | None = None
    apart: "Verdict | None" = None
    moved: Person | None = None
    contract_end: date | None = None


def about_invitation(verdict: Verdict, *, invited: bool) -> Verdict:
    """What a mail says once it is known whether the one that it answers invited somebody: whoever cannot come
    to an event has not said no to everything, and whoever comes has not asked for a meeting.
    """
    if verdict.rsvp is None:
        return verdict
    if not invited:
        return replace(verdict, rsvp=None, apart=None)
    return replace(verdict.apart or verdict, rsvp=verdict.rsvp)


class Action(StrEnum):
    """Whether the product acts on a verdict by itself or leaves it to the rep."""

    ACT = "act"
    ASK = "ask"


ACT_FROM = 0.7
UNSUBSCRIBE_FROM = 0.35
"""Mailing someone who asked us to stop is the worse error, so stopping needs less certainty."""


def action(verdict: Verdict) -> Action:
    """Decide whether to act on a verdict: where the odds are known, if that costs less than asking.

    Without odds the confidence decides. Where the answer is to ask, the enrollment stays paused.
    """
    if verdict.odds:
        acts = costs.of_acting(verdict.category, verdict.odds) <= costs.of_asking(verdict.odds)
    else:
        threshold = UNSUBSCRIBE_FROM if verdict.category is Category.UNSUBSCRIBE else ACT_FROM
        acts = verdict.confidence >= threshold
    return Action.ACT if acts else Action.ASK

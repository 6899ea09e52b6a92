"""Turns the body of a report into the tables that pages show and that can be downloaded."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cadence.core.intervals import Share
from cadence.core.money import NO_CURRENCY
from cadence.service.insights import Words
from cadence.service.tallying import STAGES, UNKNOWN
from cadence.service.trials import Shown as Trial

Body = dict[str, Any]

STAGE_NAMES = {
    "lost": "Lost",
    "answered": "A person answered",
    "feedback": "Told us why",
    "in_touch": "Glad to stay in touch",
    "reopened": "Reopened",
    "won": "Won back",
}
DIMENSION_NAMES = {
    "month": "Month",
    "competitor": "Competitor",
    "rep": "Rep",
    "industry": "Industry",
    "size": "Employees",
}
VERSION_NAMES = {"rep": "The rep’s version", "prospect": "The prospect’s version"}
NOBODY_SAID = "not said"


@dataclass(frozen=True, slots=True)
class Stage:
    """How many deals came so far, and what they are worth. unsaid: of how many no amount is known."""

    name: str
    share: Share
    sums: dict[str, Decimal]
    unsaid: int


@dataclass(frozen=True, slots=True)
class Group:
    """The lost deals of one value of a dimension. reasons: how many of each, in the order of the whole."""

    value: str
    deals: int
    answered: Share
    reopened: Share
    won: Share
    reasons: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cross:
    """Lost deals by a dimension and by reason, in one version. reasons: those of most deals first."""

    reasons: tuple[str, ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Mails:
    """How many mails of a kind left, and how many a person answered."""

    sequence: str
    name: str
    answered: Share


def funnel(body: Body) -> list[Stage]:
    """From lost to won back."""
    deals, lost = body["deals"], body["deals"]["lost"]
    return [
        Stage(
            STAGE_NAMES[stage],
            Share(deals[stage], lost),
            {name: Decimal(total) for name, total in sorted(body["sums"][stage].items())},
            body["unsaid"].get(stage, 0),
        )
        for stage in STAGES
    ]


def reasons(body: Body) -> list[tuple[str, int, int]]:
    """Reason → how many deals by the rep's version, and by the prospect's; the most frequent first."""
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for place, version in enumerate(VERSION_NAMES):
        for row in body[version]["month"].values():
            for reason, cell in row.items():
                found[reason][place] += cell[0]
    named = [
        (readable(reason), mine, theirs) for reason, (mine, theirs) in found.items() if reason != UNKNOWN
    ]
    return sorted(named, key=lambda one: (-one[1] - one[2], one[0]))


def cross(body: Body, version: str, dimension: str, names: Mapping[str, str]) -> Cross:
    """One version by one dimension; names: of reps, by their mailbox."""
    values: dict[str, dict[str, list[int]]] = body[version][dimension]
    weight: Counter[str] = Counter()
    for row in values.values():
        for reason, cell in row.items():
            weight[reason] += cell[0]
    order = [reason for reason, _ in weight.most_common()]
    label = names if dimension == "rep" else {}
    shown = values.items()
    if dimension == "month":
        shown = sorted(shown)  # type: ignore[assignment]
    groups = tuple(_group(label.get(value, value) or NOBODY_SAID, row, order) for value, row in shown)
    return Cross(tuple(readable(reason) for reason in order), groups)


def _group(value: str, row: Mapping[str, Sequence[int]], order: Iterable[str]) -> Group:
    deals, answered, reopened, won = (sum(cell[place] for cell in row.values()) for place in range(4))
    each = tuple(row[reason][0] if reason in row else 0 for reason in order)
    return Group(value, deals, Share(answered, deals), Share(reopened, deals), Share(won, deals), each)


def steps(body: Body) -> list[Mails]:
    """Every step of every sequence."""
    return _mails(body, lambda sequence, step, _: (sequence, step))


def stories(body: Body) -> list[Mails]:
    """Every story, whatever sequence told it."""
    return _mails(body, lambda _sequence, _step, story: ("", story) if story else None)


def _mails(body: Body, of: Any) -> list[Mails]:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for sequence, step, story, sent, answered in body["steps"]:
        key = of(sequence, step, story)
        if key is not None:
            sums[key][0] += sent
            sums[key][1] += answered
    return [Mails(*key, Share(answered, sent)) for key, (sent, answered) in sorted(sums.items())]


def readable(reason: str) -> str:
    """A reason as people read it."""
    return reason.replace("_", " ") or NOBODY_SAID


def amount(total: Decimal, currency: str) -> str:
    """1,250,000 EUR."""
    shown = f"{total:,.0f}" if total == total.to_integral_value() else f"{total:,.2f}"
    return shown if currency == NO_CURRENCY else f"{shown} {currency}"


# --- downloads ---

Rows = Iterator[Sequence[object]]


def csv_funnel(body: Body) -> Rows:
    """Header and rows."""
    stages = funnel(body)
    currencies = sorted({name for one in stages for name in one.sums})
    yield ("stage", "deals", *_SHARE, *(f"amount {name}".strip() for name in currencies), "without an amount")
    for one in stages:
        yield (
            one.name,
            one.share.count,
            *_share(one.share),
            *(one.sums.get(name, 0) for name in currencies),
            one.unsaid,
        )


def csv_reasons(body: Body) -> Rows:
    """Header and rows."""
    yield ("reason", "deals by the rep's version", "deals by the prospect's version")
    yield from reasons(body)


def csv_by(body: Body, dimension: str, names: Mapping[str, str]) -> Rows:
    """Header and rows, one for each reason of each value in each version."""
    yield ("version", dimension, "reason", "deals")
    for version in VERSION_NAMES:
        found = cross(body, version, dimension, names)
        for group in found.groups:
            for reason, deals in zip(found.reasons, group.reasons, strict=True):
                if deals:
                    yield (version, group.value, reason, deals)


def csv_results(body: Body, dimension: str, names: Mapping[str, str]) -> Rows:
    """Header and rows: how far the deals of each value came."""
    yield (dimension, "deals", "answered", "reopened", "won back", "won back from", "won back to")
    for one in cross(body, "rep", dimension, names).groups:
        yield (one.value, one.deals, one.answered.count, one.reopened.count, one.won.count, *_ends(one.won))


def csv_mails(found: Iterable[Mails]) -> Rows:
    """Header and rows."""
    yield ("sequence", "step or story", "sent", "answered by a person", *_SHARE)
    for one in found:
        yield (one.sequence, one.name, one.answered.of, one.answered.count, *_share(one.answered))


def csv_trials(found: Iterable[Trial]) -> Rows:
    """Header and rows, one for each variant."""
    yield (
        "sequence",
        "step",
        "variant",
        "sent",
        "had time to answer",
        "answered",
        *_SHARE,
        "state",
        "winner",
    )
    for one in found:
        for variant, share in one.shares.items():
            figures = (one.sent[variant], share.of, share.count, *_share(share))
            yield (one.sequence, one.step, variant, *figures, one.state, one.winner or "")


def csv_words(found: Iterable[Words]) -> Rows:
    """Header and rows."""
    yield ("reason", "words", "who", "email", "company", "at")
    for one in found:
        yield (one.reason, one.words, one.who, one.email, one.account, f"{one.at:%Y-%m-%d}")


def csv_amounts(body: Body) -> Rows:
    """Header and rows: amounts that could not be read."""
    yield ("amount as written", "deals")
    yield from body["unread"]


_SHARE = ("share", "95% from", "95% to")


def _share(share: Share) -> tuple[object, ...]:
    return ("" if share.rate is None else f"{share.rate:.4f}", *_ends(share))


def _ends(share: Share) -> tuple[str, str]:
    low, high = share.interval
    return f"{low:.4f}", f"{high:.4f}"

"""What a manager says of a CRM: which lost deals begin which sequence, and which field is which.

It is written as TOML, kept as JSON, and edited on a page; all three hold the same names.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from cadence.core.crm import RemoteDeal
from cadence.core.errors import InvalidInput

FACTS = ("reason", "competitor", "competitor_contract_end", "product", "missing", "missing_ships")
"""Facts of a deal that can be read from fields of a CRM, and written there."""
DATES = frozenset({"competitor_contract_end", "missing_ships"})
TOLD = ("status", "told_reason", "told_words", "next_touch", "last_reply")
"""What is learned here, and can be written to fields of a CRM."""
DEFAULT_SEQUENCE = "closed-lost"
MOST_RULES = 100
LONGEST = 200


class Start(StrEnum):
    """What becomes of a lost deal to which a rule fits."""

    DRAFT = "draft"
    """Everything is planned, and its rep says whether it begins."""
    ENROLL = "enroll"
    """It begins."""
    SKIP = "skip"
    """Nothing."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; what it leaves out, it does not ask for.

    pipelines, reasons: names, in whatever case, of which one must be the deal's; amount_from: at least;
    amount_to: less than, in the currency of the deal.
    """

    sequence: str = DEFAULT_SEQUENCE
    start: Start = Start.DRAFT
    pipelines: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None

    def fits(self, deal: RemoteDeal, reason: str | None) -> bool:
        """Whether a deal is one of those that it is about. A deal without an amount has none."""
        bounded = self.amount_from is not None or self.amount_to is not None
        return (
            _is_one_of(deal.pipeline, self.pipelines)
            and _is_one_of(reason or "", self.reasons)
            and not (bounded and deal.amount is None)
            and (self.amount_from is None or (deal.amount is not None and deal.amount >= self.amount_from))
            and (self.amount_to is None or (deal.amount is not None and deal.amount < self.amount_to))
        )


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a manager says.

    rules: the first that fits counts; where none does, a draft of DEFAULT_SEQUENCE is made. sender: who
    writes for a rep who has no mailbox here; reads: fact of a deal → field there; writes: fact, or what is
    learned → field there; reasons: a reason as they write it → as it is to be called here; notes: whether a
    reply becomes a note there.
    """

    rules: tuple[Rule, ...] = ()
    sender: str | None = None
    reads: Mapping[str, str] = field(default_factory=dict)
    writes: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    notes: bool = True

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the CRM that are looked at."""
        return frozenset([*self.reads.values(), *self.writes.values()])

    def reason(self, said: str | None) -> str | None:
        """A reason of the CRM as it is called here."""
        named = {there.casefold(): here for there, here in self.reasons.items()}
        return named.get(said.casefold(), said) if said else None

    def rule_for(self, deal: RemoteDeal) -> Rule:
        """What is to become of a lost deal."""
        said = deal.fields.get(self.reads.get("reason", ""))
        for rule in self.rules:
            if rule.fits(deal, said) or (rule.reasons and rule.fits(deal, self.reason(said))):
                return rule
        return Rule()


def setup_of(values: Mapping[str, Any]) -> Setup:
    """Read what a manager wrote; raises InvalidInput, which names what is wrong."""
    _only(values, "", "sender", "notes", "rule", "read", "write", "reasons")
    rules, notes = values.get("rule", []), values.get("notes", True)
    if not isinstance(rules, list) or len(rules) > MOST_RULES:
        raise InvalidInput(f"rules are written as [[rule]], {MOST_RULES} of them at most")
    if not isinstance(notes, bool):
        raise InvalidInput("notes is true or false")
    reads = _names(values, "read", FACTS)
    writes = _names(values, "write", (*TOLD, *FACTS))
    for name in set(reads) & set(writes):
        if reads[name] != writes[name]:
            raise InvalidInput(
                f"{name} is read from {reads[name]} and written to {writes[name]}: give one field"
            )
    reasons = _names(values, "reasons")
    if reasons and "reason" in writes:
        raise InvalidInput("reasons that are called otherwise here cannot be written there: leave one out")
    if len(set(writes.values())) < len(writes):
        raise InvalidInput("two things are written to the same field")
    sender = _text(values, "sender") or None
    return Setup(
        rules=tuple(_rule(one, f"rule {number}") for number, one in enumerate(rules, start=1)),
        sender=sender,
        reads=reads,
        writes=writes,
        reasons=reasons,
        notes=notes,
    )


def plain(setup: Setup) -> dict[str, Any]:
    """The same as TOML and JSON hold it."""
    rules = [
        {
            "sequence": rule.sequence,
            "start": rule.start.value,
            **({"pipeline": list(rule.pipelines)} if rule.pipelines else {}),
            **({"reason": list(rule.reasons)} if rule.reasons else {}),
            **({"amount_from": str(rule.amount_from)} if rule.amount_from is not None else {}),
            **({"amount_to": str(rule.amount_to)} if rule.amount_to is not None else {}),
        }
        for rule in setup.rules
    ]
    return {
        **({"sender": setup.sender} if setup.sender else {}),
        "notes": setup.notes,
        "rule": rules,
        "read": dict(setup.reads),
        "write": dict(setup.writes),
        "reasons": dict(setup.reasons),
    }


def toml(setup: Setup) -> str:
    """The same as a file."""
    values = plain(setup)
    lines = [f"{name} = {_toml(values[name])}" for name in ("sender", "notes") if name in values]
    for rule in values["rule"]:
        lines += ["", "[[rule]]", *(f"{name} = {_toml(value)}" for name, value in rule.items())]
    for table in ("read", "write", "reasons"):
        lines += [
            "",
            f"[{table}]",
            *(f"{_toml(name)} = {_toml(said)}" for name, said in values[table].items()),
        ]
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """A text, a list of texts or a truth: what JSON writes of them is TOML as well."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _rule(said: object, where: str) -> Rule:
    if not isinstance(said, dict):
        raise InvalidInput(f"{where} is no table")
    _only(said, f"{where}: ", "sequence", "start", "pipeline", "reason", "amount_from", "amount_to")
    try:
        start = Start(said.get("start", Start.DRAFT))
    except ValueError:
        raise InvalidInput(f"{where}: start is one of {', '.join(Start)}") from None
    lowest, highest = _amount(said, "amount_from", where), _amount(said, "amount_to", where)
    if lowest is not None and highest is not None and lowest >= highest:
        raise InvalidInput(f"{where}: no amount is at least {lowest} and less than {highest}")
    return Rule(
        sequence=_text(said, "sequence") or DEFAULT_SEQUENCE,
        start=start,
        pipelines=_texts(said, "pipeline", where),
        reasons=_texts(said, "reason", where),
        amount_from=lowest,
        amount_to=highest,
    )


def _only(said: Mapping[str, Any], where: str, *names: str) -> None:
    for name in said:
        if name not in names:
            raise InvalidInput(f"{where}there is no {name!r}; there are {', '.join(names)}")


def _names(said: Mapping[str, Any], table: str, known: Iterable[str] = ()) -> dict[str, str]:
    found = said.get(table, {})
    if not isinstance(found, dict):
        raise InvalidInput(f"{table} is no table")
    if known:
        _only(found, f"{table}: ", *known)
    return {name: text for name in found if (text := _text(found, name))}


def _text(said: Mapping[str, Any], name: str) -> str:
    found = said.get(name, "")
    if not isinstance(found, str) or len(found) > LONGEST or not found.isprintable():
        raise InvalidInput(f"{name} is one line of text")
    return found.strip()


def _texts(said: Mapping[str, Any], name: str, where: str) -> tuple[str, ...]:
    found = said.get(name, [])
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise InvalidInput(f"{where}: {name} is a text, or a list of texts")
    return tuple(one.strip() for one in listed if one.strip())


def _amount(said: Mapping[str, Any], name: str, where: str) -> Decimal | None:
    found = said.get(name)
    if found is None or found == "":
        return None
    try:
        amount = Decimal(str(found)) if not isinstance(found, bool) else Decimal("NaN")
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise InvalidInput(f"{where}: {name} is an amount such as 25000")
    return amount


def _is_one_of(name: str, names: tuple[str, ...]) -> bool:
    return not names or name.casefold() in {one.casefold() for one in names}

"""Which lost deals begin which sequence, and what of a manager's words is refused."""

import tomllib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.crm import DealState, RemoteDeal
from cadence.core.crm_setup import FACTS, TOLD, Rule, Setup, Start, plain, setup_of, toml
from cadence.core.errors import InvalidInput

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def deal(amount: object = 5000, pipeline: str = "Sales", **fields: str) -> RemoteDeal:
    money = None if amount is None else Decimal(str(amount))
    return RemoteDeal("41", "Scanners", DealState.LOST, pipeline, "Lost", AT, amount=money, fields=fields)


@pytest.mark.parametrize(
    ("rule", "lost", "fits"),
    [
        ({}, deal(None), True),
        ({"pipeline": "sales"}, deal(), True),
        ({"pipeline": ["Renewals", "SALES"]}, deal(), True),
        ({"pipeline": "Renewals"}, deal(), False),
        ({"amount_from": 5000}, deal(5000), True),
        ({"amount_from": 5000}, deal("4999.99"), False),
        ({"amount_to": 5000}, deal(5000), False),
        ({"amount_to": 5000}, deal("4999.99"), True),
        ({"amount_from": 1, "amount_to": 9}, deal(None), False),
        ({"reason": "Price"}, deal(lost="price"), True),
        ({"reason": ["budget"]}, deal(lost="No money"), True),  # as it is called here
        ({"reason": ["no money"]}, deal(lost="No money"), True),  # as they call it
        ({"reason": "price"}, deal(lost="No money"), False),
        ({"reason": "price"}, deal(), False),
        ({"reason": "price", "pipeline": "Renewals"}, deal(lost="price"), False),
    ],
)
def test_a_rule_fits_what_it_asks_for_and_nothing_else(
    rule: dict[str, Any], lost: RemoteDeal, fits: bool
) -> None:
    setup = setup_of(
        {
            "rule": [{"sequence": "special", "start": "enroll"} | rule],
            "read": {"reason": "lost"},
            "reasons": {"No Money": "budget"},
        }
    )

    assert (setup.rule_for(lost).sequence == "special") is fits


def test_the_first_rule_that_fits_counts_and_none_at_all_is_a_draft() -> None:
    setup = setup_of({"rule": [{"amount_from": 9000, "sequence": "big"}, {"sequence": "small"}]})

    assert [setup.rule_for(deal(amount)).sequence for amount in (9000, 10)] == ["big", "small"]
    assert Setup().rule_for(deal()) == Rule("closed-lost", Start.DRAFT)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"rules": []}, "there is no 'rules'"),
        ({"rule": {}}, "written as"),
        ({"rule": [7]}, "rule 1 is no table"),
        ({"rule": [{}] * 101}, "100 of them at most"),
        ({"rule": [{}, {"start": "now"}]}, "rule 2: start is one of draft, enroll, skip"),
        ({"rule": [{"stage": "Lost"}]}, "rule 1: there is no 'stage'"),
        ({"rule": [{"amount_from": "much"}]}, "amount_from is an amount"),
        ({"rule": [{"amount_from": -1}]}, "is an amount"),
        ({"rule": [{"amount_from": True}]}, "is an amount"),
        ({"rule": [{"amount_to": float("nan")}]}, "is an amount"),
        ({"rule": [{"amount_from": 9, "amount_to": 9}]}, "no amount is at least 9"),
        ({"rule": [{"pipeline": [7]}]}, "pipeline is a text"),
        ({"rule": [{"sequence": "a\nb"}]}, "one line"),
        ({"read": {"status": "x"}}, "read: there is no 'status'"),
        ({"read": [7]}, "read is no table"),
        ({"read": {"reason": 7}}, "one line of text"),
        ({"write": {"shoe_size": "x"}}, "write: there is no 'shoe_size'"),
        ({"write": {"status": "x", "told_reason": "x"}}, "the same field"),
        ({"read": {"competitor": "x"}, "write": {"competitor": "y"}}, "give one field"),
        ({"write": {"reason": "x"}, "reasons": {"a": "b"}}, "called otherwise"),
        ({"notes": "yes"}, "true or false"),
        ({"sender": 7}, "one line of text"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_place(said: dict[str, Any], why: str) -> None:
    with pytest.raises(InvalidInput, match=why):
        setup_of(said)


_lines = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20)
_texts = _lines.map(str.strip).filter(lambda text: text and text.isprintable())
_amounts = st.decimals(0, 10**9, places=2)
_rules = st.builds(
    Rule,
    sequence=_texts,
    start=st.sampled_from(Start),
    pipelines=st.lists(_texts, max_size=3).map(tuple),
    reasons=st.lists(_texts, max_size=3).map(tuple),
    amount_from=st.none() | _amounts,
    amount_to=st.none(),
)


@given(
    rules=st.lists(_rules, max_size=4),
    reads=st.dictionaries(st.sampled_from(FACTS), _texts, max_size=3),
    writes=st.dictionaries(st.sampled_from(TOLD), _texts, max_size=3),
    reasons=st.dictionaries(_texts, _texts, max_size=3),
    sender=st.none() | _texts,
    notes=st.booleans(),
)
def test_a_setup_reads_back_as_what_it_is_from_json_and_from_toml(
    rules: list[Rule],
    reads: dict[str, str],
    writes: dict[str, str],
    reasons: dict[str, str],
    sender: str | None,
    notes: bool,
) -> None:
    if len(set(writes.values())) < len(writes):
        return
    setup = Setup(tuple(rules), sender, reads, writes, reasons, notes)

    assert setup_of(plain(setup)) == setup
    assert setup_of(tomllib.loads(toml(setup))) == setup

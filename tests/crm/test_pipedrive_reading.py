"""What Pipedrive's things mean, whatever way they came."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cadence.core.errors import CrmError, Unauthenticated
from cadence.crm.connector import Notice
from cadence.crm.pipedrive import KIND
from cadence.crm.pipedrive_reading import LONGEST_LINE, Field, company, contact, field_of, has_more_people
from tests.servers.crm_api import BEGIN, HOOK_SECRET
from tests.servers.pipedrive_account import described

URL = "https://cadence.vendor.test/hooks/crm/7"
PHASE = "946947d1b02fd3ef20798d6112ec5d895a686a21"
OPTIONS = [{"id": 1, "label": "Waits"}, {"id": 2, "label": "Asked, again"}]


def phase(kind: str, code: str = PHASE, is_custom: bool = True, **more: object) -> Field:
    return field_of(described(code, "Phase", kind, is_custom, **more))


@pytest.mark.parametrize(
    ("people", "first", "more"),
    [(0, None, False), (1, 7, False), (1, None, True), (2, 7, True), (None, 7, False)],
)
def test_who_takes_part_is_asked_for_where_the_deal_does_not_say_all(
    people: int | None, first: int | None, more: bool
) -> None:
    assert has_more_people({"participants_count": people, "person_id": first}) is more


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("varchar", " Ask  again ", "Ask again"),
        ("double", 7.5, "7.5"),
        ("date", "2026-05-04", "2026-05-04"),
        ("enum", 1, "Waits"),
        ("enum", 9, "9"),
        ("set", [2, 1], "Asked, again, Waits"),
        ("set", [], None),
        ("monetary", {"value": 480, "currency": "EUR"}, "480"),
        ("daterange", {"value": "2026-05-04", "until": "2026-06-04"}, "2026-05-04"),
        ("boolean", False, "false"),
        ("text", None, None),
        ("text", "", None),
    ],
)
def test_values_of_every_type_are_read_as_people_see_them(kind: str, value: object, said: str | None) -> None:
    field = phase(kind, options=OPTIONS if kind in ("enum", "set") else None)

    assert field.said({"custom_fields": {PHASE: value}}) == said
    assert replace(field, is_custom=False).said({PHASE: value}) == said


@pytest.mark.parametrize(
    ("kind", "known_as"),
    [("int", "number"), ("monetary", "number"), ("date", "date"), ("set", "choice"), ("address", "text")],
)
def test_a_field_is_known_by_the_type_that_it_has_everywhere(kind: str, known_as: str) -> None:
    listed = phase(kind, options=OPTIONS if kind == "set" else None).listed

    assert (listed.name, listed.label, listed.kind) == (PHASE, "Phase", known_as)
    assert listed.choices == (("Waits", "Asked, again") if kind == "set" else ())
    assert listed.is_writable is (kind in ("int", "date"))


def test_a_field_is_writable_unless_pipedrive_says_otherwise_or_owns_it() -> None:
    assert phase("varchar").is_writable
    assert not phase("varchar", is_writable=False).is_writable
    assert not phase("varchar", is_custom=False).is_writable
    assert phase("varchar", is_custom=False, is_writable=True).is_writable
    assert phase("varchar_options", "lost_reason", is_custom=False).is_writable


@pytest.mark.parametrize(
    ("website", "domain"),
    [
        ("https://www.lost.test/about", "lost.test"),
        ("Lost.test", "lost.test"),
        ("http://[lost", None),
        ("", None),
        (None, None),
    ],
)
def test_a_company_is_known_by_the_domain_of_its_website(website: str | None, domain: str | None) -> None:
    assert company({"name": "Lost Inc.", "website": website}, {}).domain == domain


def test_a_person_is_written_to_at_their_first_address() -> None:
    emails = [{"value": "old@lost.test", "primary": False}, {"value": "dana@lost.test", "primary": True}]

    found = contact({"emails": emails, "job_title": "Purchasing"})
    assert found is not None
    assert (found.email, found.role) == ("dana@lost.test", "Purchasing")
    assert contact({"emails": [{"value": "", "primary": True}]}) is None
    assert contact({"emails": None}) is None


@pytest.mark.parametrize(
    ("kind", "value", "written"),
    [
        ("text", "two\nlines", "two\nlines"),
        ("double", "7.50", 7.5),
        ("int", "7", 7),
        ("date", "2026-05-04T09:00:00Z", "2026-05-04"),
        ("enum", "asked, AGAIN", 2),
        ("enum", "", None),
        ("varchar", "x" * LONGEST_LINE, "x" * LONGEST_LINE),
        ("varchar", "x" * (LONGEST_LINE + 1), "x" * (LONGEST_LINE - 1) + "…"),
        ("text", "x" * (LONGEST_LINE + 1), "x" * (LONGEST_LINE + 1)),
    ],
)
def test_values_are_written_in_the_type_of_their_field(kind: str, value: str, written: object) -> None:
    assert phase(kind, options=OPTIONS).written(value) == written


@pytest.mark.parametrize(
    ("kind", "value"), [("double", "some"), ("enum", "Won"), ("user", "Lee"), ("set", "Waits")]
)
def test_what_a_field_cannot_hold_is_refused_for_good(kind: str, value: str) -> None:
    with pytest.raises(CrmError, match="Phase") as refused:
        Field(PHASE, "Phase", kind, {"1": "Waits"}, is_writable=kind not in ("user", "set")).written(value)
    assert not refused.value.temporary


# --- its webhooks ---


def carrying(event: object, proof: str = f"Basic {b64encode(HOOK_SECRET.encode()).decode()}") -> Notice:
    return Notice(URL, {"authorization": proof}, json.dumps(event).encode())


@pytest.mark.parametrize(
    ("meta", "about"),
    [
        ({"entity": "deal", "entity_id": "41", "action": "create"}, ["41"]),
        ({"entity": "deal", "entity_id": 41, "action": "delete"}, ["41"]),
        ({"entity": "deal", "entity_id": "41", "action": "change", "merged_from_id": "40"}, ["41", "40"]),
        ({"entity": "person", "entity_id": "41", "action": "change"}, []),
    ],
)
def test_only_events_about_deals_count(meta: dict[str, Any], about: list[str]) -> None:
    assert KIND.noticed(carrying({"meta": meta, "data": {}}), HOOK_SECRET, BEGIN) == about
    assert KIND.noticed(carrying({"meta": meta, "data": {}}), HOOK_SECRET, BEGIN + timedelta(days=1)) == about


@pytest.mark.parametrize(
    "event",
    [
        None,
        [],
        {"meta": 7},
        {"v": 1, "meta": {"object": "deal", "id": 41, "action": "updated"}},
        {"meta": {"entity": "deal", "entity_id": "41/../42"}},
    ],
)
def test_a_webhook_that_is_proven_and_makes_no_sense_is_a_fault(event: object) -> None:
    with pytest.raises(CrmError):
        KIND.noticed(carrying(event), HOOK_SECRET, BEGIN)


@pytest.mark.parametrize("proof", ["", "Basic", "Bearer {}", "{}", "Basic {}x", "Basic bm9ib2R5Og=="])
def test_only_the_user_name_and_password_of_the_webhook_prove_it(proof: str) -> None:
    good = b64encode(HOOK_SECRET.encode()).decode()
    event = {"meta": {"entity": "deal", "entity_id": "41"}}

    assert KIND.noticed(carrying(event, f"basic  {good}"), HOOK_SECRET, BEGIN) == ["41"]
    for secret in (HOOK_SECRET, ""):
        with pytest.raises(Unauthenticated):
            KIND.noticed(carrying(event, proof.format(good)), secret, BEGIN)

"""What is said of Pipedrive alone."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from cadence.core.crm import RemoteCompany, RemoteDeal
from cadence.core.errors import CrmError, GrantRefused, Unauthenticated
from cadence.crm import pipedrive
from cadence.crm.connector import AT_ONCE, Connector, Notice
from cadence.crm.pipedrive import KIND
from cadence.crm.pipedrive_reading import (
    BLOCKED,
    LONGEST_LINE,
    SPENT,
    Field,
    company,
    contact,
    field_of,
    has_more_people,
)
from cadence.service.outside import Outside
from tests.servers.crm_api import BEGIN, HOOK_SECRET, Person, Sale
from tests.servers.pipedrive_api import PipedriveApi
from tests.servers.web import Reply

URL = "https://cadence.vendor.test/hooks/crm/7"
PHASE = "946947d1b02fd3ef20798d6112ec5d895a686a21"
OPTIONS = [{"id": 1, "label": "Waits"}, {"id": 2, "label": "Asked, again"}]


@pytest.fixture
async def api() -> AsyncIterator[PipedriveApi]:
    async with PipedriveApi().listening() as api:
        yield api


def described(kind: str, code: str = PHASE, **more: object) -> dict[str, Any]:
    """A field of a company, as the list of fields describes it."""
    return {"field_code": code, "field_name": "Phase", "field_type": kind, "is_custom_field": True, **more}


async def only(connector: Connector, deal_id: str, *fields: str) -> RemoteDeal:
    [deal] = await connector.deals([deal_id], fields)
    assert isinstance(deal, RemoteDeal), deal
    return deal


# --- what changed ---


async def test_no_deal_is_left_out_of_a_second_that_fills_many_pages_of_both_lists(
    api: PipedriveApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipedrive, "MOST", 30)
    for number in range(1, AT_ONCE + 41):
        api.put(Sale(str(number)))
        if number % 4 == 0:
            api.archive(str(number))
    api.later(seconds=1)
    api.put(Sale("900"))
    api.later(hours=1)
    connector = api.connector()

    crowd = await connector.changes(connector.cursor(BEGIN), now=api.now)
    rest = await connector.changes(crowd.cursor, now=api.now)

    assert sorted(int(one.deal_id) for one in crowd.changes) == list(range(1, AT_ONCE + 41))
    assert (crowd.more, [one.deal_id for one in rest.changes], rest.more) == (True, ["900"], False)


async def test_a_full_list_of_archived_deals_holds_the_other_back(api: PipedriveApi) -> None:
    for number in range(1, AT_ONCE + 21):
        api.put(Sale(str(number)))
        api.archive(str(number))
        api.later(seconds=1)
    api.put(Sale("900"))
    api.later(hours=1)
    connector = api.connector()

    first = await connector.changes(connector.cursor(BEGIN), now=api.now)
    rest = await connector.changes(first.cursor, now=api.now)

    assert first.more and "900" not in {one.deal_id for one in first.changes}
    assert [one.deal_id for one in rest.changes][-1] == "900"
    assert {one.deal_id for one in (*first.changes, *rest.changes)} == set(api.sales)


async def test_two_full_lists_are_gone_through_in_the_order_of_time(api: PipedriveApi) -> None:
    for number in range(1, 3 * AT_ONCE + 1):
        api.put(Sale(str(number)))
        if number % 5 < 2:
            api.archive(str(number))
        api.later(seconds=1)
    api.later(hours=1)
    connector = api.connector()

    cursor, seen, more = connector.cursor(BEGIN), list[str](), True
    while more:
        part = await connector.changes(cursor, now=api.now)
        seen += [one.deal_id for one in part.changes]
        cursor, more = part.cursor, part.more

    assert list(dict.fromkeys(seen)) == list(api.sales)


async def test_what_a_list_shows_late_is_seen_as_long_as_it_showed_nothing_later(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    api.later(hours=1)
    connector = api.connector()
    seen = await connector.changes(connector.cursor(BEGIN), now=api.now)
    api.sales["42"] = Sale("42", changed_at=BEGIN + timedelta(seconds=2))

    late = await connector.changes(seen.cursor, now=api.now)

    assert [one.deal_id for one in late.changes] == ["42"]


async def test_a_page_that_is_empty_for_us_is_not_the_end(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    hidden = {"success": True, "data": [], "additional_data": {"next_cursor": "further"}}
    shown = {"success": True, "data": [{"id": 41, "update_time": "2026-03-02T09:00:00Z"}]}
    api.moods.extend([Reply.of(hidden), Reply.of(shown)])
    connector = api.connector()

    found = await connector.changes(connector.cursor(BEGIN), now=api.now)

    assert [one.deal_id for one in found.changes] == ["41"]


async def test_a_list_without_an_end_is_left(api: PipedriveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipedrive, "MOST_PAGES", 3)
    endless = {"success": True, "data": [], "additional_data": {"next_cursor": "again"}}
    api.moods.extend([Reply.of(endless)] * 5)

    with pytest.raises(CrmError, match="does not end"):
        await api.connector().pipelines()
    assert len(api.asked) == 3


async def test_a_deal_that_is_archived_as_soon_as_it_is_lost_is_seen(api: PipedriveApi) -> None:
    api.lose("41", "Too expensive")
    api.archive("41")
    connector = api.connector()

    found = await connector.changes(connector.cursor(BEGIN), now=api.now)

    assert [one.deal_id for one in found.changes] == ["41"]
    assert (await only(connector, "41", "lost_reason")).fields == {"lost_reason": "Too expensive"}


async def test_a_deal_that_is_deleted_is_a_change_and_gone(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    api.delete("41")
    connector = api.connector()

    found = await connector.changes(connector.cursor(BEGIN), now=api.now)

    assert [one.deal_id for one in found.changes] == ["41"]
    assert await connector.deals(["41"], []) == []


# --- reading ---


async def test_everybody_who_takes_part_is_read_the_contact_person_first(api: PipedriveApi) -> None:
    dana, lee, kim = (Person(f"{name}@lost.test", name.title()) for name in ("dana", "lee", "kim"))
    api.put(Sale("40", people=(lee,)))
    api.put(Sale("41", people=(dana, lee, kim)))
    api.put(Sale("42", people=(kim, dana)))

    found = await api.connector().deals(["40", "41", "42"], [])

    names = [[who.first_name for who in deal.contacts] for deal in found if isinstance(deal, RemoteDeal)]
    assert [one[0] for one in names] == ["Lee", "Dana", "Kim"]
    assert [len(one) for one in names] == [1, 3, 2]


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
    field = field_of(described(kind, options=OPTIONS if kind in ("enum", "set") else None))

    assert field.said({"custom_fields": {PHASE: value}}) == said
    assert replace(field, is_custom=False).said({PHASE: value}) == said


@pytest.mark.parametrize(
    ("kind", "known_as"),
    [("int", "number"), ("monetary", "number"), ("date", "date"), ("set", "choice"), ("address", "text")],
)
def test_a_field_is_known_by_the_type_that_it_has_everywhere(kind: str, known_as: str) -> None:
    listed = field_of(described(kind, options=OPTIONS if kind == "set" else None)).listed

    assert (listed.name, listed.label, listed.kind) == (PHASE, "Phase", known_as)
    assert listed.choices == (("Waits", "Asked, again") if kind == "set" else ())
    assert listed.is_writable is (kind in ("int", "date"))


def test_a_field_is_writable_unless_pipedrive_says_otherwise_or_owns_it() -> None:
    assert field_of(described("varchar")).is_writable
    assert not field_of(described("varchar", is_writable=False)).is_writable
    assert not field_of(described("varchar", is_custom_field=False)).is_writable
    assert field_of(described("varchar", is_custom_field=False, is_writable=True)).is_writable
    assert field_of(described("varchar_options", "lost_reason", is_custom_field=False)).is_writable


async def test_more_fields_than_can_be_named_are_read_all_the_same(api: PipedriveApi) -> None:
    codes = [f"{number:040x}" for number in range(20)]
    api.own = [described("text", code) for code in codes]
    api.put(Sale("41", values=dict.fromkeys(codes, "said")))

    assert set((await only(api.connector(), "41", *codes)).fields) == set(codes)


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


async def test_an_account_without_the_field_for_industries_is_none_the_worse(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    api.has_industries = False

    found = (await only(api.connector(), "41")).company

    assert found == RemoteCompany("Lost Inc.", "lost.test", None, 320)


def test_a_person_is_written_to_at_their_first_address() -> None:
    emails = [{"value": "old@lost.test", "primary": False}, {"value": "dana@lost.test", "primary": True}]

    found = contact({"emails": emails, "job_title": "Purchasing"})
    assert found is not None
    assert (found.email, found.role) == ("dana@lost.test", "Purchasing")
    assert contact({"emails": [{"value": "", "primary": True}]}) is None
    assert contact({"emails": None}) is None


# --- writing ---


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
    assert field_of(described(kind, options=OPTIONS)).written(value) == written


@pytest.mark.parametrize(
    ("kind", "value"), [("double", "some"), ("enum", "Won"), ("user", "Lee"), ("set", "Waits")]
)
def test_what_a_field_cannot_hold_is_refused_for_good(kind: str, value: str) -> None:
    with pytest.raises(CrmError, match="Phase") as refused:
        Field(PHASE, "Phase", kind, {"1": "Waits"}, is_writable=kind not in ("user", "set")).written(value)
    assert not refused.value.temporary


async def test_an_option_is_written_and_read_by_its_label(api: PipedriveApi) -> None:
    api.own = [described("enum", options=OPTIONS)]
    api.put(Sale("41"))
    connector = api.connector()

    await connector.write("41", {PHASE: "Waits", "win_back": "in May"})

    assert api.sales["41"].values[PHASE] == 1  # type: ignore[comparison-overlap]
    assert (await only(connector, "41", PHASE)).fields == {PHASE: "Waits"}


async def test_a_reason_is_written_to_what_is_lost_and_to_nothing_else(api: PipedriveApi) -> None:
    api.lose("41")
    api.put(Sale("42"))

    await api.connector().write("41", {"lost_reason": "Too expensive"})
    with pytest.raises(CrmError, match="status is lost") as refused:
        await api.connector().write("42", {"lost_reason": "Too expensive"})

    assert api.sales["41"].values == {"lost_reason": "Too expensive"}
    assert not refused.value.temporary


async def test_one_deal_that_may_not_be_changed_does_not_close_the_account(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    api.archive("41")
    connector = api.connector()

    with pytest.raises(CrmError, match="Archived") as refused:
        await connector.write("41", {"win_back": "in May"})

    assert (refused.value.temporary, isinstance(refused.value, GrantRefused)) == (False, False)


async def test_a_note_is_found_on_a_later_page(api: PipedriveApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipedrive, "MOST", 2)
    api.put(Sale("41"))
    connector = api.connector()
    for number in range(5):
        await connector.note("41", f"reply{number}", "Too dear", BEGIN)

    await connector.note("41", "reply4", "Too dear", BEGIN)

    assert len(api.notes_of("41")) == 5


async def test_a_note_of_which_it_is_not_known_whether_it_was_written_is_not_sent_again_at_once(
    api: PipedriveApi, waits: list[float]
) -> None:
    api.put(Sale("41"))
    api.moods.extend(["", api.refusal(502, "in a moment")])

    with pytest.raises(CrmError) as fault:
        await api.connector().note("41", "reply7", "Too dear", BEGIN)

    assert (fault.value.temporary, waits, len(api.asked)) == (True, [], 2)


# --- faults ---


async def test_an_answer_that_says_itself_that_it_is_none_is_no_empty_list(api: PipedriveApi) -> None:
    api.moods.append(Reply.of({"success": False, "data": None}))

    with pytest.raises(CrmError):
        await api.connector().pipelines()


@pytest.mark.parametrize(
    ("status", "headers", "wait"),
    [
        (429, {"x-ratelimit-reset": "40"}, 40),
        (429, {"Retry-After": "50", "x-ratelimit-reset": "2"}, 50),
        (429, {"Retry-After": "3", "x-daily-ratelimit-token-remaining": "0"}, SPENT),
        (403, {"Content-Type": "text/html"}, BLOCKED),
    ],
)
async def test_it_is_left_alone_for_as_long_as_its_own_headers_ask(
    api: PipedriveApi, waits: list[float], status: int, headers: dict[str, str], wait: float
) -> None:
    api.moods.append(Reply(status, b"<html>This error is produced by its guard</html>", headers))

    with pytest.raises(CrmError) as fault:
        await api.connector().fields()

    assert (fault.value.temporary, fault.value.wait, waits) == (True, wait, [])


async def test_a_short_pause_is_waited_for(api: PipedriveApi, waits: list[float]) -> None:
    busy = {"x-ratelimit-limit": "20", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "2"}
    api.moods.append(api.refusal(429, "too fast", **busy))

    assert await api.connector().pipelines()
    assert waits == [2.0]


@pytest.mark.parametrize("status", [401, 402, 403])
async def test_an_account_that_is_closed_to_us_needs_a_person(api: PipedriveApi, status: int) -> None:
    api.moods.append(api.refusal(status, "Company account is not open"))

    with pytest.raises(GrantRefused, match=f"{status} Company account is not open"):
        await api.connector().check()


async def test_the_address_of_any_page_of_the_company_will_do(api: PipedriveApi) -> None:
    opened = KIND.open(f"{api.url}/pipeline/1?filter=2", api.secrets(), Outside(private=True).ask)

    assert await opened.check() == "Pipedrive Vendor Ltd"


async def test_an_id_that_is_none_is_asked_of_nobody(api: PipedriveApi) -> None:
    with pytest.raises(CrmError):
        await api.connector().deals(["41,42"], [])
    assert not any("ids" in request.query for request in api.asked)


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

"""What is said of Pipedrive alone: what it costs to read, what it takes, and how it refuses."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from cadence.core.crm import RemoteCompany, RemoteDeal
from cadence.core.errors import CrmError, GrantRefused
from cadence.crm import pipedrive
from cadence.crm.connector import AT_ONCE, Connector
from cadence.crm.pipedrive import KIND
from cadence.crm.pipedrive_reading import BLOCKED, SPENT
from cadence.service.outside import Outside
from tests.servers.crm_api import BEGIN, Person, Sale
from tests.servers.pipedrive_account import described
from tests.servers.pipedrive_api import PipedriveApi
from tests.servers.web import Reply

PHASE = "946947d1b02fd3ef20798d6112ec5d895a686a21"
OPTIONS = [{"id": 1, "label": "Waits"}, {"id": 2, "label": "Asked, again"}]


@pytest.fixture
async def api() -> AsyncIterator[PipedriveApi]:
    async with PipedriveApi().listening() as api:
        yield api


async def only(connector: Connector, deal_id: str, *fields: str) -> RemoteDeal:
    [deal] = await connector.deals([deal_id], fields)
    assert isinstance(deal, RemoteDeal), deal
    return deal


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
    paths = [request.path for request in api.asked]
    assert [path for path in paths if path.startswith(f"{pipedrive.PEOPLE}/")] == [f"{pipedrive.PEOPLE}/1"]


async def test_one_deal_is_read_thing_by_thing_for_lists_cost_ten_times_as_much(api: PipedriveApi) -> None:
    api.put(Sale("41"))

    await only(api.connector(), "41", "lost_reason")

    lists = {request.path for request in api.asked if not request.path[-1].isdigit()}
    assert lists == {pipedrive.FIELDS, pipedrive.INDUSTRY}


async def test_what_an_account_has_few_of_is_asked_for_once_in_a_visit(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    connector = api.connector()
    await only(connector, "41")
    api.asked.clear()

    await only(connector, "41")

    things = (pipedrive.DEALS, pipedrive.PEOPLE, pipedrive.COMPANIES)
    assert [request.path.rpartition("/")[0] for request in api.asked] == list(things)


async def test_many_deals_are_read_in_a_few_requests_whoever_owns_them_wherever_they_stand(
    api: PipedriveApi,
) -> None:
    api.pipelines = tuple(f"Sales {number}" for number in range(9))
    for number in range(1, AT_ONCE + 1):
        api.put(Sale(str(number), owner=f"rep{number % 8}@vendor.test", pipeline=f"Sales {number % 9}"))
        if number % 5 == 0:
            api.archive(str(number))

    found = await api.connector().deals(list(api.sales), [])

    assert [(deal.owner, deal.pipeline) for deal in found if isinstance(deal, RemoteDeal)] == [
        (sale.owner, sale.pipeline) for sale in api.sales.values()
    ]
    assert len(api.asked) <= 10


async def test_who_was_deleted_or_may_not_be_seen_is_left_out(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    gone = {"id": 1, "is_deleted": True, "emails": [{"value": "dana@lost.test", "primary": True}]}
    api.moods.extend(["", "", Reply.of({"success": True, "data": gone}), api.refusal(403, "not yours")])

    found = await only(api.connector(), "41")

    assert (found.contacts, found.company) == ((), None)


async def test_more_fields_than_can_be_named_are_read_all_the_same(api: PipedriveApi) -> None:
    codes = [f"{number:040x}" for number in range(20)]
    api.own = [described(code, "Phase", "text", True) for code in codes]
    api.put(Sale("41", values=dict.fromkeys(codes, "said")))

    assert set((await only(api.connector(), "41", *codes)).fields) == set(codes)


async def test_an_account_without_the_field_for_industries_is_none_the_worse(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    api.has_industries = False

    found = (await only(api.connector(), "41")).company

    assert found == RemoteCompany("Lost Inc.", "lost.test", None, 320)


# --- writing ---


async def test_an_option_is_written_and_read_by_its_label(api: PipedriveApi) -> None:
    api.own = [described(PHASE, "Phase", "enum", True, options=OPTIONS)]
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


@pytest.mark.parametrize("bad", ["41,42", "41/../42", "41?x=1", "٤١", ""])
async def test_an_id_that_is_none_is_asked_of_nobody(api: PipedriveApi, bad: str) -> None:
    connector = api.connector()
    several = [str(number) for number in range(pipedrive.FEW)]
    visits: list[Any] = [connector.deals([bad], []), connector.deals([*several, bad], [])]
    visits += [connector.write(bad, {"win_back": "x"}), connector.note(bad, "reply7", "x", BEGIN)]

    for visit in visits:
        with pytest.raises(CrmError):
            await visit
    assert {request.path for request in api.asked} == {pipedrive.FIELDS}

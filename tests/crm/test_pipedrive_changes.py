"""How Pipedrive's two lists are gone through without a gap: what changed, in whole seconds and on pages."""

from collections.abc import AsyncIterator

import pytest

from cadence.core.crm import RemoteDeal
from cadence.core.errors import CrmError
from cadence.crm import pipedrive
from cadence.crm.connector import AT_ONCE
from tests.servers.crm_api import BEGIN, Sale
from tests.servers.pipedrive_api import PipedriveApi
from tests.servers.web import Reply


@pytest.fixture
async def api() -> AsyncIterator[PipedriveApi]:
    async with PipedriveApi().listening() as api:
        yield api


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


async def test_a_deal_that_is_archived_as_soon_as_it_is_lost_is_seen_within_the_hour(
    api: PipedriveApi,
) -> None:
    connector, cursor = api.connector(), api.connector().cursor(BEGIN)
    api.later(minutes=30)
    api.lose("41", "Too expensive")
    api.archive("41")

    seen: list[str] = []
    for _ in range(7):
        part = await connector.changes(cursor, now=api.now)
        seen, cursor = seen + [one.deal_id for one in part.changes], part.cursor
        api.later(minutes=10)

    assert seen == ["41"]
    assert [request.path for request in api.asked].count(pipedrive.ARCHIVED) == 1
    [deal] = await connector.deals(["41"], ["lost_reason"])
    assert isinstance(deal, RemoteDeal)
    assert deal.fields == {"lost_reason": "Too expensive"}


async def test_a_deal_that_is_deleted_is_a_change_and_gone(api: PipedriveApi) -> None:
    api.put(Sale("41"))
    api.delete("41")
    connector = api.connector()

    found = await connector.changes(connector.cursor(BEGIN), now=api.now)

    assert [one.deal_id for one in found.changes] == ["41"]
    assert await connector.deals(["41"], []) == []

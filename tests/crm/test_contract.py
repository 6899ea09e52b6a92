"""What every connector does, said once for all of them, over real HTTP."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from cadence.core.crm import DealState, RemoteCompany, RemoteContact, RemoteDeal, Unread
from cadence.core.errors import CrmError, GrantRefused, InvalidInput, Unauthenticated
from cadence.crm.connector import AT_ONCE, OVERLAP, Connector
from cadence.crm.kinds import KINDS, kind_of
from cadence.service.outside import Outside
from tests.servers.crm_api import BEGIN, DROP, HOOK_SECRET, CrmApi, Firm, Person, Sale, id_of
from tests.servers.crms import CRMS
from tests.servers.web import Reply

URL = "https://cadence.vendor.test/hooks/crm/7?for=a%40b"


async def listed(connector: Connector, cursor: str, crm: CrmApi) -> tuple[list[str], str, int]:
    """All that changed: ids, the last cursor, and in how many parts."""
    ids: list[str] = []
    for parts in range(1, 50):
        part = await connector.changes(cursor, now=crm.now)
        ids += [change.deal_id for change in part.changes]
        cursor = part.cursor
        if not part.more:
            return ids, cursor, parts
    raise AssertionError("it never ends")


async def only(connector: Connector, deal_id: str, *fields: str) -> RemoteDeal:
    [deal] = await connector.deals([deal_id], fields)
    assert isinstance(deal, RemoteDeal), deal
    return deal


def test_every_crm_that_can_be_connected_has_its_stand_in() -> None:
    assert {api.kind.name for api in CRMS} == set(KINDS)
    with pytest.raises(InvalidInput, match="hubspot"):
        kind_of("a shoebox")


# --- reading ---


async def test_a_grant_that_is_good_names_its_account(crm: CrmApi) -> None:
    assert crm.kind.label in await crm.connector().check()


async def test_a_lost_deal_is_read_with_all_that_belongs_to_it(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41), people=(Person("lee@lost.test", "Lee"), Person(None, "Nobody"))))
    crm.lose(id_of(41), "Too expensive")

    deal = await only(crm.connector(), id_of(41), crm.reason)

    assert (deal.id, deal.name, deal.state, deal.pipeline) == (
        id_of(41),
        "Warehouse scanners",
        DealState.LOST,
        "Sales",
    )
    assert (deal.amount, deal.currency, deal.owner) == (Decimal(48000), "EUR", "rep@vendor.test")
    assert (deal.closed_at, deal.updated_at) == (BEGIN, BEGIN)
    assert deal.company == RemoteCompany("Lost Inc.", "lost.test", "logistics", 320)
    assert deal.contacts == (RemoteContact("lee@lost.test", "Lee"),)
    assert deal.fields == {crm.reason: "Too expensive"}


async def test_what_a_deal_does_not_have_is_not_there(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41), amount=None, owner=None, firm=None, people=()))

    deal = await only(crm.connector(), id_of(41), crm.reason, "win_back")

    assert (deal.state, deal.amount, deal.owner, deal.company, deal.contacts) == (
        DealState.OPEN,
        None,
        None,
        None,
        (),
    )
    assert (deal.closed_at, deal.fields) == (None, {})


@pytest.mark.parametrize("state", DealState)
async def test_open_won_and_lost_are_told_apart(crm: CrmApi, state: DealState) -> None:
    crm.put(Sale(id_of(41), state=state, closed_at=None if state is DealState.OPEN else BEGIN))

    assert (await only(crm.connector(), id_of(41))).state is state


async def test_many_deals_are_read_in_a_few_requests(crm: CrmApi) -> None:
    for number in range(1, AT_ONCE + 1):
        crm.put(Sale(id_of(number), people=(Person(f"p{number}@lost.test"),), firm=Firm(f"Firm {number}")))

    found = await crm.connector().deals(list(crm.sales), [crm.reason])

    assert [deal.contacts[0].email for deal in found if isinstance(deal, RemoteDeal)] == [
        f"p{number}@lost.test" for number in range(1, AT_ONCE + 1)
    ]
    assert len(crm.asked) <= 10


async def test_a_deal_that_is_gone_is_left_out(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41)))

    assert [deal.id for deal in await crm.connector().deals([id_of(40), id_of(41)], [])] == [id_of(41)]
    assert await crm.connector().deals([], []) == []


async def test_one_deal_that_cannot_be_read_does_not_stop_the_others(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41), broken=True))
    crm.put(Sale(id_of(42)))

    bad, good = await crm.connector().deals([id_of(41), id_of(42)], [])

    assert isinstance(bad, Unread)
    assert isinstance(good, RemoteDeal)


async def test_a_field_that_is_not_known_there_is_no_fault(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41), values={"rival": "Rival Ltd"}))

    assert (await only(crm.connector(), id_of(41), "rival", "removed_last_year")).fields == {
        "rival": "Rival Ltd"
    }


async def test_its_fields_and_pipelines_are_listed(crm: CrmApi) -> None:
    fields = {field.name: field for field in await crm.connector().fields()}

    assert {crm.reason, "win_back", "rival", "age"} <= set(fields)
    assert (fields["win_back"].label, fields["win_back"].is_writable) == ("Win-back", True)
    assert (fields["age"].kind, fields["age"].is_writable) == ("number", False)
    assert list(await crm.connector().pipelines()) == ["Sales", "Renewals"]


# --- what changed ---


async def test_only_what_changed_since_then_is_listed_the_oldest_first(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41)))
    crm.later(hours=1)
    since = crm.now
    crm.put(Sale(id_of(43)))
    crm.later(minutes=1)
    crm.put(Sale(id_of(42)))
    crm.later(hours=1)
    connector = crm.connector()

    found = await connector.changes(connector.cursor(since), now=crm.now)

    assert [(one.deal_id, one.at) for one in found.changes] == [
        (id_of(43), since),
        (id_of(42), since + timedelta(minutes=1)),
    ]
    assert not found.more
    assert (await connector.changes(found.cursor, now=crm.now)).changes == ()


async def test_what_changed_just_now_is_listed_again_because_lists_lag(crm: CrmApi) -> None:
    connector = crm.connector()
    crm.put(Sale(id_of(41)))
    _, cursor, _ = await listed(connector, connector.cursor(BEGIN), crm)
    crm.put(Sale(id_of(42)))  # changed as early, and came into the list only now
    crm.sales[id_of(42)] = replace(crm.sales[id_of(42)], changed_at=BEGIN - OVERLAP + timedelta(seconds=1))

    assert set((await listed(connector, cursor, crm))[0]) == {id_of(41), id_of(42)}


async def test_no_deal_is_left_out_at_the_edge_of_a_part(crm: CrmApi) -> None:
    for number in range(1, 2 * AT_ONCE + 51):
        crm.put(Sale(id_of(number)))
        if number % 3 == 0:
            crm.later(seconds=1)
    crm.later(hours=1)
    connector = crm.connector()

    ids, cursor, parts = await listed(connector, connector.cursor(BEGIN), crm)

    assert set(ids) == set(crm.sales)
    assert len(ids) < 1.1 * len(crm.sales)
    assert parts <= 4
    assert (await listed(connector, cursor, crm))[0] == []


async def test_no_deal_is_left_out_where_many_changed_in_one_instant(crm: CrmApi) -> None:
    crm.put(Sale(id_of(9001)))
    crm.later(seconds=1)
    for number in range(1, 2 * AT_ONCE + 1):
        crm.put(Sale(id_of(number)))
    crm.later(seconds=1)
    crm.put(Sale(id_of(9000)))
    crm.later(hours=1)
    connector = crm.connector()

    ids, _, _ = await listed(connector, connector.cursor(BEGIN), crm)

    assert set(ids) == set(crm.sales)
    assert ids[-1] == id_of(9000)


async def test_a_deal_that_changes_while_it_is_listed_hides_no_other(crm: CrmApi) -> None:
    for number in range(1, AT_ONCE + 51):
        crm.put(Sale(id_of(number)))
        crm.later(seconds=1)
    connector = crm.connector()

    first = await connector.changes(connector.cursor(BEGIN), now=crm.now)
    crm.put(crm.sales[id_of(1)])  # moves to the end, and all others a place forward
    rest, _, _ = await listed(connector, first.cursor, crm)

    assert {change.deal_id for change in first.changes} | set(rest) == set(crm.sales)


# --- writing ---


async def test_a_field_is_set_and_emptied_and_the_rest_stays(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41), values={"rival": "Rival Ltd"}))
    connector = crm.connector()

    await connector.write(id_of(41), {"win_back": "waits until May"})
    assert (await only(connector, id_of(41), "win_back", "rival")).fields == {
        "win_back": "waits until May",
        "rival": "Rival Ltd",
    }
    await connector.write(id_of(41), {"win_back": ""})
    assert (await only(connector, id_of(41), "win_back")).fields == {}


async def test_what_cannot_be_written_is_refused_for_good(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41)))

    for deal_id, name in (
        (id_of(41), "age"),
        (id_of(40), "win_back"),
        (f"{id_of(41)}/../{id_of(42)}", "win_back"),
    ):
        with pytest.raises(CrmError) as refused:
            await crm.connector().write(deal_id, {name: "7"})
        assert not refused.value.temporary
        assert not isinstance(refused.value, GrantRefused)


async def test_a_note_is_put_on_its_deal_as_plain_text(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41)))

    await crm.connector().note(id_of(41), "reply7", "Dana <dana@lost.test> wrote:\n<b>too</b> & dear", BEGIN)

    [note] = crm.notes_of(id_of(41))
    assert "<b>" not in note
    assert "too" in note


async def test_a_note_that_was_written_and_never_answered_is_not_written_twice(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41)))
    await crm.connector().note(id_of(41), "reply6", "An earlier one", BEGIN)
    before = len(crm.asked)
    await crm.connector().note(id_of(41), "reply7", "Too dear", BEGIN)
    crm.moods.extend([""] * (len(crm.asked) - before - 1) + [DROP])  # the last request is the one that writes

    with pytest.raises(CrmError):
        await crm.connector().note(id_of(41), "reply8", "Ask again in May", BEGIN)
    crm.moods.clear()
    await crm.connector().note(id_of(41), "reply8", "Ask again in May", BEGIN)

    assert ["Ask again" in note for note in crm.notes_of(id_of(41))].count(True) == 1
    assert len(crm.notes_of(id_of(41))) == 3


# --- faults ---


async def test_a_grant_that_died_is_told_apart_from_all_other_faults(crm: CrmApi) -> None:
    crm.put(Sale(id_of(41)))
    connector = crm.connector()
    crm.token = "another"

    for visit in (
        connector.check(),
        connector.deals([id_of(41)], []),
        connector.write(id_of(41), {"win_back": "x"}),
    ):
        with pytest.raises(GrantRefused):
            await visit


async def test_a_crm_that_asks_for_patience_gets_it(crm: CrmApi, waits: list[float]) -> None:
    crm.put(Sale(id_of(41)))
    crm.moods.extend([crm.refusal(429, "too fast", Retry_After="3"), crm.refusal(429, "too fast")])

    assert (await only(crm.connector(), id_of(41))).id == id_of(41)
    assert waits == [3.0, 2.0]


async def test_a_crm_that_asks_for_much_patience_is_left_alone_until_then(
    crm: CrmApi, waits: list[float]
) -> None:
    crm.moods.append(crm.refusal(429, "enough for today", Retry_After="7200"))

    with pytest.raises(CrmError) as fault:
        await crm.connector().fields()

    assert (fault.value.temporary, fault.value.wait, waits) == (True, 7200.0, [])


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_that_fails_is_asked_again_and_then_left_alone(
    crm: CrmApi, status: int, waits: list[float]
) -> None:
    crm.moods.extend([crm.refusal(status, "in a moment")] * 10)

    with pytest.raises(CrmError) as fault:
        await crm.connector().fields()

    assert fault.value.temporary
    assert 1 <= len(waits) <= 5


@pytest.mark.parametrize("body", [b"<html>Log in to this network</html>", b"[]", b'{"data": 7}', b"\xff"])
async def test_an_answer_that_is_none_is_a_passing_fault(crm: CrmApi, body: bytes) -> None:
    visits: list[Any] = [crm.connector().fields(), crm.connector().pipelines()]
    visits.append(crm.connector().changes(crm.connector().cursor(BEGIN), now=BEGIN))
    for visit in visits:
        crm.moods.append(Reply(200, body))
        with pytest.raises(CrmError) as fault:
            await visit
        assert fault.value.temporary
        crm.moods.clear()


async def test_a_crm_within_our_own_network_is_not_asked(crm: CrmApi) -> None:
    with pytest.raises(CrmError) as fault:
        await crm.connector(Outside()).check()

    assert fault.value.temporary
    assert crm.asked == []


# --- its webhooks ---


def test_a_webhook_names_its_deals_once(crm: CrmApi) -> None:
    notice = crm.notice([id_of(41), id_of(42), id_of(41)], URL)

    assert list(crm.kind.noticed(notice, HOOK_SECRET, crm.now)) == [id_of(41), id_of(42)]


def test_a_webhook_that_its_secret_does_not_prove_is_refused(crm: CrmApi) -> None:
    good = crm.notice([id_of(41)], URL)
    forged = [
        crm.notice([id_of(41)], URL, "another secret"),
        replace(good, headers={}),
        replace(good, headers=dict.fromkeys(good.headers, "0")),
        replace(good, headers=dict.fromkeys(good.headers, "é")),
    ]
    for notice in forged:
        with pytest.raises(Unauthenticated):
            crm.kind.noticed(notice, HOOK_SECRET, crm.now)
    with pytest.raises(Unauthenticated):
        crm.kind.noticed(good, "", crm.now)

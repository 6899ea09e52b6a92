"""What is said of Salesforce alone."""

import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence.core.crm import DealState, RemoteDeal
from cadence.core.errors import CrmError, GrantRefused
from cadence.crm.connector import Notice
from cadence.crm.salesforce import KIND
from cadence.crm.salesforce_reading import address
from tests.servers.crm_api import BEGIN, HOOK_SECRET, Person, Sale, id_of
from tests.servers.salesforce_api import TOKEN, SalesforceApi
from tests.servers.web import Reply

DEAL = id_of(41)


@pytest.fixture
async def salesforce() -> AsyncIterator[SalesforceApi]:
    async with SalesforceApi().listening() as api:
        yield api


async def only(salesforce: SalesforceApi, *fields: str) -> RemoteDeal:
    [deal] = await salesforce.connector().deals([DEAL], fields)
    assert isinstance(deal, RemoteDeal), deal
    return deal


def paths(salesforce: SalesforceApi) -> list[str]:
    return [request.path.removeprefix("/services/data/v62.0") for request in salesforce.asked]


# --- signing in ---


async def test_one_sign_in_serves_all_visits(salesforce: SalesforceApi) -> None:
    await salesforce.connector().fields()
    await salesforce.connector().fields()

    assert paths(salesforce) == [TOKEN, *["/sobjects/Opportunity/describe"] * 2]


async def test_a_session_that_ended_is_begun_anew_once(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL))
    connector = salesforce.connector()
    await connector.check()
    salesforce.end_session()
    salesforce.asked.clear()

    await connector.write(DEAL, {"win_back": "asked to wait"})

    assert salesforce.sales[DEAL].values == {"win_back": "asked to wait"}
    assert paths(salesforce) == [f"/sobjects/Opportunity/{DEAL}", TOKEN, f"/sobjects/Opportunity/{DEAL}"]


async def test_a_session_that_is_refused_twice_needs_a_person(salesforce: SalesforceApi) -> None:
    await salesforce.connector().check()
    no = salesforce.refusal(401, "This session is not valid for use with the REST API")
    salesforce.asked.clear()
    salesforce.moods.extend([no, "", no])

    with pytest.raises(GrantRefused, match="not valid for use"):
        await salesforce.connector().fields()
    assert paths(salesforce)[1:] == [TOKEN, "/sobjects/Opportunity/describe"]


@pytest.mark.parametrize(
    ("code", "said", "hint"),
    [
        ("invalid_client_id", "client identifier invalid", "consumer key"),
        ("invalid_client", "invalid client credentials", "consumer secret"),
        ("invalid_grant", "request not supported on this domain", "My Domain"),
        ("invalid_grant", "no client credentials user enabled", "whom the app runs as"),
        ("invalid_grant", "this is new", "this is new"),
    ],
)
async def test_a_sign_in_that_is_refused_says_what_to_do(
    salesforce: SalesforceApi, code: str, said: str, hint: str
) -> None:
    salesforce.moods.append(Reply.of({"error": code, "error_description": said}, 400))

    with pytest.raises(GrantRefused, match=hint):
        await salesforce.connector().check()


async def test_a_sign_in_that_fails_for_now_blames_nobody(
    salesforce: SalesforceApi, waits: list[float]
) -> None:
    busy = Reply.of({"error": "unknown_error", "error_description": "retry your request"}, 400)
    salesforce.moods.extend([busy] * 4)

    with pytest.raises(CrmError) as fault:
        await salesforce.connector().check()
    assert fault.value.temporary
    await salesforce.connector().check()


async def test_no_secret_and_no_token_is_told_to_anybody(
    salesforce: SalesforceApi, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    salesforce.token = "a-consumer-secret"
    connector = salesforce.connector()
    await connector.check()
    salesforce.token = "another"
    with pytest.raises(GrantRefused) as refused:
        await connector.changes(connector.cursor(BEGIN), now=BEGIN)

    assert "/services/oauth2/token" in caplog.text  # whoever sends the requests does write of them
    for told in (caplog.text, repr(refused.value), repr(vars(connector)), repr(connector)):
        assert not any(secret in told for secret in ("a-consumer-secret", "00DHp"))
    assert not any(request.query for request in salesforce.asked if request.path == TOKEN)


@pytest.mark.parametrize(
    "given",
    [
        "https://vendor.my.salesforce.com",
        "https://vendor.my.salesforce.com/lightning/page/home",
        "https://vendor.lightning.force.com/lightning/o/Opportunity/list?filterName=Mine",
        "https://vendor.my.salesforce-setup.com/lightning/setup/SetupOneHome/home",
    ],
)
def test_the_address_of_a_page_leads_to_its_account(given: str) -> None:
    assert address(given) == "https://vendor.my.salesforce.com"
    assert address("https://vendor--uat.sandbox.lightning.force.com") == (
        "https://vendor--uat.sandbox.my.salesforce.com"
    )


# --- limits and locks ---


async def test_requests_that_are_used_up_for_the_day_are_no_refusal(
    salesforce: SalesforceApi, waits: list[float]
) -> None:
    await salesforce.connector().check()
    salesforce.moods.append(salesforce.fault(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."))

    with pytest.raises(CrmError) as fault:
        await salesforce.connector().fields()

    assert not isinstance(fault.value, GrantRefused)
    assert (fault.value.temporary, fault.value.wait, waits) == (True, 3600.0, [])


async def test_too_many_requests_at_once_are_sent_again(
    salesforce: SalesforceApi, waits: list[float]
) -> None:
    await salesforce.connector().check()
    many = "ConcurrentRequests (Concurrent API Requests) Limit exceeded."
    salesforce.moods.append(salesforce.fault(403, "REQUEST_LIMIT_EXCEEDED", many))

    assert await salesforce.connector().fields()
    assert waits == [1.0]


async def test_an_account_without_an_api_needs_a_person(salesforce: SalesforceApi) -> None:
    await salesforce.connector().check()
    salesforce.moods.append(salesforce.fault(403, "API_DISABLED_FOR_ORG", "The API is not enabled"))

    with pytest.raises(GrantRefused):
        await salesforce.connector().fields()


async def test_a_deal_that_somebody_is_saving_is_written_a_moment_later(
    salesforce: SalesforceApi, waits: list[float]
) -> None:
    salesforce.put(Sale(DEAL))
    connector = salesforce.connector()
    await connector.fields()
    busy = "unable to obtain exclusive access to this record"
    salesforce.moods.append(salesforce.fault(400, "UNABLE_TO_LOCK_ROW", busy))

    await connector.write(DEAL, {"win_back": "asked to wait"})

    assert salesforce.sales[DEAL].values == {"win_back": "asked to wait"}
    assert waits == [1.0]


async def test_one_deal_that_we_may_not_write_is_not_the_end_of_all(salesforce: SalesforceApi) -> None:
    connector = salesforce.connector()
    await connector.fields()
    no = "insufficient access rights on object id"
    salesforce.moods.append(salesforce.fault(403, "INSUFFICIENT_ACCESS_OR_READONLY", no))

    with pytest.raises(CrmError) as fault:
        await connector.write(DEAL, {"win_back": "asked to wait"})

    assert not isinstance(fault.value, GrantRefused)
    assert not fault.value.temporary


@pytest.mark.parametrize("body", [b"<html></html>", b"[]", b'{"data": 7}', b'{"compositeResponse": [7]}'])
async def test_an_answer_that_is_none_is_a_passing_fault_also_once_we_are_in(
    salesforce: SalesforceApi, body: bytes
) -> None:
    await salesforce.connector().check()
    visits: list[Any] = [salesforce.connector().fields(), salesforce.connector().pipelines()]
    visits.append(salesforce.connector().changes(salesforce.connector().cursor(BEGIN), now=BEGIN))
    visits.append(salesforce.connector().note(DEAL, "reply7", "Too dear", BEGIN))
    for visit in visits:
        salesforce.moods.append(Reply(200, body))
        with pytest.raises(CrmError) as fault:
            await visit
        assert fault.value.temporary


# --- ids and queries ---


async def test_an_id_is_known_in_either_length(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale("006Hp00000AbCdEIAV"))
    salesforce.put(Sale("006Hp00000aBcDeIAV"))

    found = await salesforce.connector().deals(["006Hp00000AbCdE", "006Hp00000AbCdEIAV"], [])

    assert [deal.id for deal in found] == ["006Hp00000AbCdEIAV"]


@pytest.mark.parametrize("said", ["Warehouse scanners", "", "' OR Name != '", "006Hp00000AbCdE\n", "é" * 15])
async def test_what_is_no_id_stands_in_no_query(salesforce: SalesforceApi, said: str) -> None:
    connector = salesforce.connector()

    assert await connector.deals([said], []) == []
    for visit in (connector.write(said, {"win_back": "x"}), connector.note(said, "reply7", "x", BEGIN)):
        with pytest.raises(CrmError) as fault:
            await visit
        assert not fault.value.temporary
    assert salesforce.asked == []


@pytest.mark.parametrize("cursor", ["", "yesterday", "2026-03-02T09:00:00.000Z/' OR Name != '"])
async def test_what_is_no_cursor_stands_in_no_query(salesforce: SalesforceApi, cursor: str) -> None:
    with pytest.raises(CrmError):
        await salesforce.connector().changes(cursor, now=BEGIN)
    assert salesforce.asked == []


async def test_an_answer_in_pages_is_read_to_its_end(salesforce: SalesforceApi) -> None:
    salesforce.batch = 2
    people = tuple(Person(f"p{number}@lost.test") for number in range(5))
    salesforce.put(Sale(DEAL, people=people))
    salesforce.put(Sale(id_of(42)))

    deal = await only(salesforce)

    assert {one.email for one in deal.contacts} == {one.email for one in people}


async def test_a_query_that_fails_among_others_is_a_fault(salesforce: SalesforceApi) -> None:
    failed = [{"message": "Your query request was running for too long.", "errorCode": "QUERY_TIMEOUT"}]
    connector = salesforce.connector()
    await connector.check()
    for status, is_temporary in ((400, True), (500, True), (None, True)):
        part = {"referenceId": "notes", "httpStatusCode": status, "body": failed}
        salesforce.moods.append(Reply.of({"compositeResponse": [part]}))
        with pytest.raises(CrmError) as fault:
            await connector.note(DEAL, "reply7", "Too dear", BEGIN)
        assert fault.value.temporary is is_temporary
    assert salesforce.tasks == []


# --- what not everybody has, or may see ---


async def test_fields_that_are_hidden_from_us_are_not_asked_for(salesforce: SalesforceApi) -> None:
    hidden = {"Contact.Title", "Contact.HasOptedOutOfEmail", "Account.Industry", "Opportunity.Amount"}
    salesforce.hidden = hidden | {"Opportunity.LastStageChangeDate", "Opportunity.RecordTypeId"}
    salesforce.put(Sale(DEAL))

    deal = await only(salesforce, "rival")

    assert (deal.amount, deal.pipeline, deal.contacts[0].role) == (None, "Opportunities", None)
    assert deal.company is not None
    assert (deal.company.name, deal.company.industry) == ("Lost Inc.", None)


@pytest.mark.parametrize(
    "hidden", ["Contact.Email", "Contact", "Opportunity", "Task", "OpportunityContactRole"]
)
async def test_what_is_needed_and_hidden_is_asked_of_a_person(salesforce: SalesforceApi, hidden: str) -> None:
    salesforce.hidden = {hidden}

    with pytest.raises(GrantRefused, match=hidden):
        await salesforce.connector().check()


async def test_amounts_of_an_organization_with_one_currency_are_in_that(salesforce: SalesforceApi) -> None:
    salesforce.one_currency = "CHF"
    salesforce.put(Sale(DEAL))

    assert (await only(salesforce)).currency == "CHF"
    salesforce.hidden = {"Organization"}
    assert (await only(salesforce)).currency is None


async def test_without_record_types_there_is_one_pipeline(salesforce: SalesforceApi) -> None:
    salesforce.pipelines = ()
    salesforce.put(Sale(DEAL))

    assert list(await salesforce.connector().pipelines()) == ["Opportunities"]
    assert (await only(salesforce)).pipeline == "Opportunities"


async def test_fields_are_told_with_the_choices_that_they_take(salesforce: SalesforceApi) -> None:
    salesforce.kinds = {"Is_Renewal__c": "boolean", "Office__c": "address", "Contract_End__c": "date"}
    fields = {field.name: field for field in await salesforce.connector().fields()}

    assert (fields["Loss_Reason__c"].kind, fields["Loss_Reason__c"].choices) == ("choice", ("Too expensive",))
    assert (fields["StageName"].kind, fields["StageName"].choices) == ("choice", ())
    assert fields["Is_Renewal__c"].choices == ("true", "false")
    assert fields["Contract_End__c"].kind == "date"
    assert "Office__c" not in fields


# --- opportunities and their people ---


@pytest.mark.parametrize(
    ("close_date", "closed_at"),
    [
        ("2026-03-02", BEGIN),  # closed today, in time zones east and west
        ("2026-03-01", BEGIN),
        ("2026-05-31", BEGIN),  # nobody set it back as the deal was lost
        ("2019-03-01", datetime(2019, 3, 2, 12, tzinfo=UTC)),  # brought in with a deal of another CRM
    ],
)
async def test_when_a_deal_was_lost_is_the_earliest_that_can_be(
    salesforce: SalesforceApi, close_date: str, closed_at: datetime
) -> None:
    salesforce.put(Sale(DEAL, values={"CloseDate": close_date}))
    salesforce.lose(DEAL)
    salesforce.later(days=30)
    salesforce.set(DEAL, rival="Rival Ltd")

    assert (await only(salesforce)).closed_at == closed_at


async def test_where_the_stage_has_no_date_it_was_lost_by_the_end_of_its_close_date(
    salesforce: SalesforceApi,
) -> None:
    salesforce.hidden = {"Opportunity.LastStageChangeDate"}
    salesforce.lose(DEAL)
    assert (await only(salesforce)).closed_at == BEGIN
    salesforce.later(days=30)
    salesforce.set(DEAL, rival="Rival Ltd")
    assert (await only(salesforce)).closed_at == datetime(2026, 3, 3, 12, tzinfo=UTC)


async def test_a_close_date_to_come_closes_no_deal(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL, state=DealState.OPEN))

    assert (await only(salesforce)).closed_at is None


async def test_the_primary_contact_comes_first_nobody_twice_and_nobody_who_opted_out(
    salesforce: SalesforceApi,
) -> None:
    lee, dana, kim = Person("lee@lost.test"), Person("dana@lost.test"), Person("kim@lost.test")
    salesforce.put(Sale(DEAL, people=(dana, kim, lee, lee)))
    salesforce.opted_out = {"kim@lost.test"}

    assert [one.email for one in (await only(salesforce)).contacts] == ["dana@lost.test", "lee@lost.test"]


async def test_a_rep_who_left_owns_nothing(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL))
    salesforce.away = {"rep@vendor.test"}

    assert (await only(salesforce)).owner is None


async def test_a_whole_number_is_told_without_a_fraction(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL, values={"age": 7.0, "rival": 7.5}))  # type: ignore[dict-item]

    assert (await only(salesforce, "age", "rival")).fields == {"age": "7", "rival": "7.5"}


# --- writing ---


async def test_a_day_is_written_as_a_field_takes_it(salesforce: SalesforceApi) -> None:
    salesforce.kinds = {"win_back": "datetime"}
    salesforce.put(Sale(DEAL))

    await salesforce.connector().write(DEAL, {"win_back": "2026-05-04", "rival": "2026-05-04"})

    assert salesforce.sales[DEAL].values == {"win_back": "2026-05-04T12:00:00.000Z", "rival": "2026-05-04"}


async def test_a_note_is_a_task_that_is_done_in_the_words_of_its_account(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL))
    note = "Dana Reed <dana@lost.test> answered on 2026-03-02 (asks to wait):\n\nAsk again in May"

    await salesforce.connector().note(DEAL, "reply7", note, BEGIN)

    [task] = salesforce.tasks
    assert task | {"Id": "", "CreatedDate": ""} == {
        "Id": "",
        "CreatedDate": "",
        "WhatId": DEAL,
        "Subject": "Dana Reed <dana@lost.test> answered on 2026-03-02 (asks to wait)",
        "Description": f"{note}\n\n[cadence reply7]",
        "ActivityDate": "2026-03-02",
        "Status": "Abgeschlossen",
    }


# --- callouts ---


def called(said: object) -> Notice:
    headers = {"x-cadence-secret": HOOK_SECRET}
    return Notice("https://cadence.vendor.test/hooks/crm/7", headers, json.dumps(said).encode())


def test_a_callout_names_one_deal_or_many() -> None:
    assert KIND.noticed(called({"id": DEAL}), HOOK_SECRET, BEGIN) == [DEAL]
    assert KIND.noticed(called({"ids": [DEAL, id_of(42)]}), HOOK_SECRET, BEGIN) == [DEAL, id_of(42)]
    assert KIND.noticed(called({"ids": []}), HOOK_SECRET, BEGIN + timedelta(days=1)) == []


@pytest.mark.parametrize(
    "said",
    [{}, [DEAL], None, {"id": None}, {"id": "Acme"}, {"ids": DEAL}, {"ids": [DEAL, "Acme"]}, {"ids": [7]}],
)
def test_a_callout_that_names_no_deal_is_a_fault(said: object) -> None:
    with pytest.raises(CrmError, match="ids"):
        KIND.noticed(called(said), HOOK_SECRET, BEGIN)


def test_a_callout_that_is_cut_off_is_a_fault() -> None:
    good = called({"id": DEAL})
    with pytest.raises(CrmError):
        KIND.noticed(replace(good, body=good.body[:-1]), HOOK_SECRET, BEGIN)

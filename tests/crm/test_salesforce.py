"""What is said of Salesforce alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cadence.core.crm import DealState, RemoteCompany, RemoteDeal
from cadence.core.errors import CrmError, GrantRefused
from tests.servers.crm_api import BEGIN, Firm, Person, Sale, id_of
from tests.servers.salesforce_api import SalesforceApi
from tests.servers.web import Reply

DEAL = id_of(41)


async def only(salesforce: SalesforceApi, *fields: str) -> RemoteDeal:
    [deal] = await salesforce.connector().deals([DEAL], fields)
    assert isinstance(deal, RemoteDeal), deal
    return deal


async def test_a_sandbox_is_named_as_one(salesforce: SalesforceApi) -> None:
    assert await salesforce.connector().check() == "Salesforce Vendor GmbH"
    salesforce.is_sandbox = True
    assert await salesforce.connector().check() == "Salesforce Vendor GmbH (sandbox)"


# --- ids and queries ---


async def test_a_clock_of_ours_that_is_ahead_hides_no_deal(salesforce: SalesforceApi) -> None:
    connector, ours = salesforce.connector(), salesforce.now + timedelta(hours=1)
    salesforce.put(Sale(DEAL))
    cursor = (await connector.changes(connector.cursor(BEGIN), now=ours)).cursor
    cursor = (await connector.changes(cursor, now=ours)).cursor
    salesforce.later(seconds=1)
    salesforce.put(Sale(id_of(42)))

    found = await connector.changes(cursor, now=ours)

    assert [one.deal_id for one in found.changes] == [id_of(42)]


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


async def test_somebody_who_is_added_to_a_deal_is_seen_though_the_deal_did_not_change(
    salesforce: SalesforceApi,
) -> None:
    salesforce.put(Sale(DEAL, people=()))
    connector = salesforce.connector()
    cursor = (await connector.changes(connector.cursor(BEGIN), now=BEGIN)).cursor
    salesforce.later(hours=1)
    salesforce.add_people(DEAL, Person("lee@lost.test"))

    found = await connector.changes(cursor, now=salesforce.now)

    assert [(one.deal_id, one.at) for one in found.changes] == [(DEAL, salesforce.now)]
    deal = await only(salesforce)
    assert (deal.updated_at, deal.contacts[0].email) == (salesforce.now, "lee@lost.test")


async def test_of_many_who_are_added_at_once_nobody_is_left_out(salesforce: SalesforceApi) -> None:
    for number in range(1, 4):
        salesforce.put(Sale(id_of(number), people=()))
    salesforce.later(hours=1)
    for number in range(1, 4):
        salesforce.add_people(id_of(number), *(Person(f"p{one}@lost.test") for one in range(70)))
    since, connector = salesforce.now, salesforce.connector()
    salesforce.later(hours=1)

    cursor, listed = connector.cursor(since), []
    for _ in range(3):
        part = await connector.changes(cursor, now=salesforce.now)
        listed.append((sorted(one.deal_id for one in part.changes), part.more))
        cursor = part.cursor

    assert {deal for deals, _ in listed for deal in deals} == {id_of(1), id_of(2), id_of(3)}
    assert [more for _, more in listed] == [True, True, False]
    assert all(len(deals) == len(set(deals)) for deals, _ in listed)


async def test_a_deal_that_changed_with_its_people_is_listed_once_by_its_newest_change(
    salesforce: SalesforceApi,
) -> None:
    first, second = salesforce.put(Sale(DEAL, people=())), salesforce.put(Sale(id_of(42), people=()))
    salesforce.later(minutes=1)
    salesforce.add_people(second.id, Person("kim@lost.test"))
    salesforce.later(minutes=1)
    salesforce.put(salesforce.sales[second.id])
    salesforce.later(minutes=1)
    salesforce.add_people(first.id, Person("lee@lost.test"))
    connector = salesforce.connector()

    found = await connector.changes(connector.cursor(BEGIN), now=salesforce.now)

    assert [(one.deal_id, one.at) for one in found.changes] == [
        (second.id, BEGIN + timedelta(minutes=2)),
        (first.id, BEGIN + timedelta(minutes=3)),
    ]


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


async def test_a_field_that_every_deal_has_can_be_mapped_too(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL))

    assert (await only(salesforce, "Amount", "StageName")).fields == {
        "Amount": "48000",
        "StageName": "Negotiation",
    }


async def test_amounts_of_an_organization_with_one_currency_are_in_that(salesforce: SalesforceApi) -> None:
    salesforce.one_currency = "CHF"
    salesforce.put(Sale(DEAL))

    assert (await only(salesforce)).currency == "CHF"
    salesforce.hidden = {"Organization"}
    assert (await only(salesforce)).currency is None


async def test_a_currency_that_is_not_told_just_now_is_not_taken_for_none(
    salesforce: SalesforceApi, waits: list[float]
) -> None:
    salesforce.one_currency = "CHF"
    salesforce.put(Sale(DEAL))
    await only(salesforce)
    away = salesforce.refusal(503, "down for maintenance")
    salesforce.moods.extend([""] * 4 + [away] * 4)

    with pytest.raises(CrmError, match="maintenance"):
        await only(salesforce)


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
    assert not {"Office__c", "Old__c"} & set(fields)


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


async def test_a_website_without_a_domain_is_none(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL, firm=Firm("Lost Inc.", "intranet")))

    deal = await only(salesforce)

    assert deal.company == RemoteCompany("Lost Inc.")


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


async def test_a_field_that_is_gone_is_refused_before_anything_is_written(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL))

    with pytest.raises(CrmError, match="removed_last_year") as fault:
        await salesforce.connector().write(DEAL, {"win_back": "won back", "removed_last_year": "x"})

    assert not fault.value.temporary
    assert salesforce.sales[DEAL].values == {}


async def test_a_note_is_looked_for_among_the_newest(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL))
    for _ in range(250):
        salesforce.later(seconds=1)
        salesforce.note(DEAL, "Called, nobody there")
    salesforce.later(seconds=1)
    await salesforce.connector().note(DEAL, "reply7", "Too dear", BEGIN)
    await salesforce.connector().note(DEAL, "reply7", "Too dear", BEGIN)

    assert len(salesforce.tasks) == 251


async def test_a_note_that_may_have_been_written_is_not_sent_again_at_once(
    salesforce: SalesforceApi, waits: list[float]
) -> None:
    await salesforce.connector().check()
    salesforce.moods.extend(["", salesforce.refusal(503, "in a moment")])

    with pytest.raises(CrmError) as fault:
        await salesforce.connector().note(DEAL, "reply7", "Too dear", BEGIN)

    assert (fault.value.temporary, waits) == (True, [])


async def test_a_long_first_line_is_cut_to_what_a_subject_holds(salesforce: SalesforceApi) -> None:
    salesforce.put(Sale(DEAL))

    await salesforce.connector().note(DEAL, "reply7", "x" * 300, BEGIN)

    assert salesforce.tasks[0]["Subject"] == "x" * 255


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

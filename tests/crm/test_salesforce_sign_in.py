"""How Salesforce lets us in, for how long, and what it means where it does not."""

import logging

import pytest

from cadence.core.errors import CrmError, GrantRefused
from tests.servers.crm_api import BEGIN, Sale, id_of
from tests.servers.salesforce_api import TOKEN, SalesforceApi
from tests.servers.web import Reply

DEAL = id_of(41)


def paths(salesforce: SalesforceApi) -> list[str]:
    return [request.path.removeprefix("/services/data/v62.0") for request in salesforce.asked]


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


@pytest.mark.parametrize("code", ["unknown_error", "rate_limit_exceeded"])
async def test_a_sign_in_that_fails_for_now_blames_nobody(
    salesforce: SalesforceApi, code: str, waits: list[float]
) -> None:
    busy = Reply.of({"error": code, "error_description": "retry your request"}, 400)
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

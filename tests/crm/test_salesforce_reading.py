"""What Salesforce means, without asking it: addresses of its pages, and callouts."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from cadence.core.errors import CrmError, Unauthenticated
from cadence.crm.connector import Notice
from cadence.crm.salesforce import KIND
from cadence.crm.salesforce_reading import address
from tests.servers.crm_api import BEGIN, HOOK_SECRET, id_of

DEAL = id_of(41)


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


def test_a_callout_without_a_secret_is_not_proven_by_none() -> None:
    with pytest.raises(Unauthenticated):
        KIND.noticed(replace(called({"id": DEAL}), headers={}), "", BEGIN)


def test_a_callout_that_is_cut_off_is_a_fault() -> None:
    good = called({"id": DEAL})
    with pytest.raises(CrmError):
        KIND.noticed(replace(good, body=good.body[:-1]), HOOK_SECRET, BEGIN)

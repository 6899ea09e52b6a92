"""What is said of HubSpot alone."""

import json
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from typing import Any

import pytest

from cadence.core.crm import RemoteDeal
from cadence.core.errors import CrmError, Unauthenticated
from cadence.crm.connector import Notice
from cadence.crm.hubspot import KIND
from tests.servers.crm_api import BEGIN, HOOK_SECRET, Sale
from tests.servers.hubspot_api import HubSpotApi

URL = "https://cadence.vendor.test/hooks/crm/7"


def signed(events: object) -> Notice:
    """A webhook of these events, as the reference says that it is signed."""
    body, stamp = json.dumps(events).encode(), str(round(BEGIN.timestamp() * 1000))
    proof = digest(HOOK_SECRET.encode(), f"POST{URL}".encode() + body + stamp.encode(), sha256)
    headers = {
        "x-hubspot-signature-v3": b64encode(proof).decode(),
        "x-hubspot-request-timestamp": stamp,
    }
    return Notice(URL, headers, body)


@pytest.mark.parametrize("minutes", [-6, 6])
def test_a_webhook_is_taken_within_five_minutes_of_its_time(minutes: int) -> None:
    notice = signed([{"subscriptionType": "deal.creation", "objectId": 41}])

    assert KIND.noticed(notice, HOOK_SECRET, BEGIN + timedelta(minutes=4)) == ["41"]
    with pytest.raises(Unauthenticated, match="too long ago"):
        KIND.noticed(notice, HOOK_SECRET, BEGIN + timedelta(minutes=minutes))


def test_a_webhook_that_was_changed_on_its_way_is_refused() -> None:
    notice = signed([{"subscriptionType": "deal.creation", "objectId": 41}])

    for changed in (replace(notice, body=notice.body + b" "), replace(notice, url=URL + "0")):
        with pytest.raises(Unauthenticated):
            KIND.noticed(changed, HOOK_SECRET, BEGIN)


@pytest.mark.parametrize(
    ("event", "about"),
    [
        ({"subscriptionType": "deal.propertyChange", "objectId": 41}, ["41"]),
        ({"subscriptionType": "object.propertyChange", "objectTypeId": "0-3", "objectId": 41}, ["41"]),
        ({"subscriptionType": "object.propertyChange", "objectTypeId": "0-1", "objectId": 41}, []),
        ({"subscriptionType": "contact.creation", "objectId": 41}, []),
        ({"subscriptionType": "deal.deletion"}, []),
    ],
)
def test_only_events_about_deals_count(event: dict[str, Any], about: list[str]) -> None:
    assert KIND.noticed(signed([event]), HOOK_SECRET, BEGIN) == about


@pytest.mark.parametrize("said", [{}, [7], "deal", None])
def test_a_webhook_that_is_signed_and_makes_no_sense_is_a_fault(said: object) -> None:
    with pytest.raises(CrmError):
        KIND.noticed(signed(said), HOOK_SECRET, BEGIN)


async def test_an_owner_who_is_gone_is_nobody() -> None:
    async with HubSpotApi().listening() as hubspot:
        hubspot.put(Sale("41", values={"hubspot_owner_id": "77"}))

        [deal] = await hubspot.connector().deals(["41"], [])

    assert isinstance(deal, RemoteDeal)
    assert deal.owner is None

"""The records of the small Salesforce, with the fields that its object reference gives them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from cadence.core.crm import DealState
from tests.servers.crm_api import BEGIN, Sale
from tests.servers.soql import Record

STAGES = {
    DealState.OPEN: ("Negotiation", False, False),
    DealState.WON: ("Closed Won", True, True),
    DealState.LOST: ("Closed Lost", True, False),
}
MASTER = "012000000000000AAA"
"""The record type of those that have none."""
DEAL = {
    "Id": "id",
    "Name": "string",
    "StageName": "picklist",
    "IsClosed": "boolean",
    "IsWon": "boolean",
    "SystemModstamp": "datetime",
    "Amount": "currency",
    "CurrencyIsoCode": "picklist",
    "CloseDate": "date",
    "LastStageChangeDate": "datetime",
    "RecordTypeId": "reference",
    "AccountId": "reference",
    "Loss_Reason__c": "picklist",
}
FIXED = {"Id", "IsClosed", "IsWon", "SystemModstamp", "LastStageChangeDate"}
OWNER = {"Email": "email", "IsActive": "boolean"}
ACCOUNT = {
    "Id": "id",
    "Name": "string",
    "Website": "url",
    "Industry": "picklist",
    "NumberOfEmployees": "int",
    "BillingAddress": "address",
}
CONTACT = {
    "Id": "id",
    "Email": "email",
    "FirstName": "string",
    "LastName": "string",
    "Title": "string",
    "HasOptedOutOfEmail": "boolean",
}
TASK = {"Id": "id", "WhatId": "reference", "Description": "textarea", "CreatedDate": "datetime"}


def deal(sale: Sale, known: Iterable[str], type_id: str | None, now: datetime, *, is_away: bool) -> Record:
    """An opportunity. known: its fields; type_id: of its record type; is_away: whether its owner left."""
    stage, is_closed, is_won = STAGES[sale.state]
    firm = sale.firm
    return {name: sale.values.get(name) for name in known} | {
        "Id": sale.id,
        "Name": sale.name,
        "StageName": stage,
        "IsClosed": None if sale.broken else is_closed,
        "IsWon": is_won,
        "SystemModstamp": instant(sale.changed_at),
        "Amount": None if sale.amount is None else float(sale.amount),
        "CurrencyIsoCode": sale.currency,
        "CloseDate": sale.values.get("CloseDate", f"{sale.closed_at or now:%Y-%m-%d}"),
        "LastStageChangeDate": instant(sale.closed_at) if sale.closed_at else None,
        "RecordTypeId": type_id,
        "AccountId": f"001{sale.id[3:]}" if firm else None,
        "Owner": {"Email": sale.owner, "IsActive": not is_away},
        "Account": firm
        and {
            "Name": firm.name,
            "Website": f"https://www.{firm.domain}/en" if firm.domain else None,
            "Industry": firm.industry or None,
            "NumberOfEmployees": firm.size,
        },
    }


def roles(
    sales: Iterable[Sale], opted_out: Iterable[str], joined: Mapping[tuple[str, str | None], datetime]
) -> list[Record]:
    """Who has a part in which opportunity, the first of each being its primary contact, by falling ids.

    joined: since when, by opportunity and address, where that is not long ago.
    """
    found: list[Record] = []
    for sale in sales:
        for number, one in enumerate(sale.people):
            contact: dict[str, Any] = {
                "Email": one.email,
                "FirstName": one.first_name or None,
                "LastName": one.last_name or None,
                "Title": one.title or None,
                "HasOptedOutOfEmail": one.email in opted_out,
            }
            since = instant(joined.get((sale.id, one.email), BEGIN - timedelta(days=1)))
            role = {"OpportunityId": sale.id, "IsPrimary": number == 0, "Contact": contact}
            role["SystemModstamp"] = since
            found.append({"Id": f"00K{10**12 - 1 - len(found)}", **role})
    return found


def of(parent: str, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of what a record belongs to, as a query names them."""
    return {f"{parent}.{name}": type_ for name, type_ in fields.items()}


def instant(at: datetime) -> str:
    """As JSON has it here."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")

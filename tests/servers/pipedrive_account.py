"""An account of Pipedrive: what happens in it, and how its things are written by API v2."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from tests.servers.crm_api import CrmApi, Firm, Person, Sale

Thing = dict[str, Any]


@dataclass
class PipedriveAccount(CrmApi):
    """archived, deleted: ids of deals; own: further fields, as the list of fields describes them;
    has_industries: whether it says what the industries of companies are called.
    """

    archived: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    own: list[Thing] = field(default_factory=list)
    has_industries: bool = True

    # --- what happens in it ---

    def archive(self, deal_id: str) -> None:
        self.archived.add(deal_id)
        self.put(self.sales[deal_id])

    def delete(self, deal_id: str) -> None:
        self.deleted.add(deal_id)
        self.put(self.sales[deal_id])

    # --- what is in it ---

    def things(self, kind: str) -> list[Thing]:
        """All of a kind, by their ids."""
        made: list[Thing] = getattr(self, f"_{kind}")()
        return made

    def _owners(self) -> list[str]:
        return sorted({sale.owner for sale in self.sales.values() if sale.owner})

    def _firms(self) -> list[Firm]:
        return list(dict.fromkeys(sale.firm for sale in self.sales.values() if sale.firm))

    def _people(self) -> list[Person]:
        return list(dict.fromkeys(person for sale in self.sales.values() for person in sale.people))

    def industries(self) -> list[str]:
        return sorted({firm.industry for firm in self._firms() if firm.industry})

    def _users(self) -> list[Thing]:
        return [{"id": n, "email": one, "active_flag": True} for n, one in enumerate(self._owners(), start=1)]

    def _pipelines(self) -> list[Thing]:
        return [
            {"id": number, "name": name, "order_nr": number, "is_deleted": False}
            for number, name in enumerate(self.pipelines, start=1)
        ]

    def _stages(self) -> list[Thing]:
        return [
            {"id": 10 * number + one, "pipeline_id": number, "name": f"Step {one}", "is_deleted": False}
            for number in range(1, len(self.pipelines) + 1)
            for one in (1, 2)
        ]

    def _persons(self) -> list[Thing]:
        return [
            {
                "id": number,
                "name": f"{one.first_name} {one.last_name}".strip(),
                "first_name": one.first_name or None,
                "last_name": one.last_name or None,
                "emails": [{"value": one.email, "primary": True, "label": "work"}] if one.email else [],
                "job_title": one.title or None,
                "is_deleted": False,
            }
            for number, one in enumerate(self._people(), start=1)
        ]

    def _organizations(self) -> list[Thing]:
        industries = self.industries()
        return [
            {
                "id": number,
                "name": one.name,
                "website": f"https://www.{one.domain}/" if one.domain else None,
                "industry": industries.index(one.industry) + 1 if one.industry else None,
                "employee_count": one.size,
                "is_deleted": False,
                "custom_fields": {},
            }
            for number, one in enumerate(self._firms(), start=1)
        ]

    def of_deal(self, deal_id: str) -> list[int]:
        """The ids of the people who take part in a deal."""
        sale, everyone = self.sales.get(deal_id), self._people()
        return [everyone.index(one) + 1 for one in sale.people] if sale else []

    def deal_fields(self) -> list[Thing]:
        own = [
            described(one.name, one.label, "double" if one.kind == "number" else "text", one.is_writable)
            for one in self.fields
        ]
        theirs = [
            described("title", "Title", "varchar", False),
            described("value", "Value", "monetary", False),
            described("lost_reason", "Lost reason", "varchar_options", False),
        ]
        return [*theirs, *own, *self.own]

    def custom_types(self) -> dict[str, str]:
        """The types of the company's own fields, by their codes."""
        return {one["field_code"]: one["field_type"] for one in self.deal_fields() if one["is_custom_field"]}

    def deal(self, sale: Sale, codes: Collection[str], more: Collection[str] = ()) -> Thing:
        """codes: of the company's own fields; more: what is written only on demand."""
        people, pipeline = self._people(), self.pipelines.index(sale.pipeline) + 1
        return {
            "id": int(sale.id),
            "title": sale.name,
            "owner_id": self._owners().index(sale.owner) + 1 if sale.owner else None,
            "person_id": people.index(sale.people[0]) + 1 if sale.people else None,
            "org_id": self._firms().index(sale.firm) + 1 if sale.firm else None,
            "pipeline_id": pipeline,
            "stage_id": 999 if sale.broken else 10 * pipeline + 1,
            "value": float(sale.amount or 0),
            "currency": sale.currency,
            "update_time": stamp(sale.changed_at),
            "status": str(sale.state),
            "is_archived": sale.id in self.archived,
            "is_deleted": sale.id in self.deleted,
            "lost_reason": sale.values.get("lost_reason"),
            "close_time": stamp(sale.closed_at) if sale.closed_at else None,
            "custom_fields": {code: sale.values.get(code) for code in sorted(codes)},
            **({"participants_count": len(sale.people)} if "participants_count" in more else {}),
        }

    def change(self, deal_id: str, values: Mapping[str, Any]) -> None:
        """Set fields of a deal; None empties one."""
        known = self.sales[deal_id]
        held = {name: value for name, value in (known.values | values).items() if value is not None}
        self.put(replace(known, values=held))


def described(code: str, label: str, kind: str, is_custom: bool, **more: object) -> Thing:
    """A field, as the list of fields describes it."""
    return {
        "field_code": code,
        "field_name": label,
        "field_type": kind,
        "options": None,
        "subfields": None,
        "is_custom_field": is_custom,
        "is_optional_response_field": False,
        **more,
    }


def fits(kind: str, value: object) -> bool:
    """Whether a value is of a type, as v2 wants it: no number as text, no option by its label."""
    types = {"double": int | float, "int": int, "enum": int, "monetary": dict, "set": list}
    return value is None or isinstance(value, types.get(kind, str))


def stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")

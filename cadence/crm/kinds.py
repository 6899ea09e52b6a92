"""The CRMs that can be connected."""

from collections.abc import Mapping

from cadence.core.errors import InvalidInput
from cadence.crm import hubspot, pipedrive, salesforce
from cadence.crm.connector import Kind

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (hubspot.KIND, pipedrive.KIND, salesforce.KIND)}


def kind_of(name: str) -> Kind:
    """The CRM of this name; raises InvalidInput."""
    try:
        return KINDS[name]
    except KeyError:
        raise InvalidInput(f"{name!r} is no CRM that is spoken to; there are {', '.join(KINDS)}") from None

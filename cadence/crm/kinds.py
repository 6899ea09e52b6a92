"""The CRMs that can be connected."""

from collections.abc import Mapping

from cadence.core.errors import InvalidInput
from cadence.crm import hubspot, pipedrive, salesforce
from cadence.crm.connector import Connector, Kind
from cadence.crm.guarded import Guarded
from cadence.crm.web import Fetch

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (hubspot.KIND, pipedrive.KIND, salesforce.KIND)}


def way_to(name: str, url: str, secrets: Mapping[str, str], fetch: Fetch) -> Connector:
    """The way to an account of a CRM, which raises CrmError and nothing else; raises InvalidInput."""
    return Guarded(kind_of(name).open(url, secrets, fetch))


def kind_of(name: str) -> Kind:
    """The CRM of this name; raises InvalidInput."""
    try:
        return KINDS[name]
    except KeyError:
        raise InvalidInput(f"{name!r} is no CRM that is spoken to; there are {', '.join(KINDS)}") from None

"""The stand-ins for CRMs, one for each that can be connected."""

from tests.servers.crm_api import CrmApi
from tests.servers.hubspot_api import HubSpotApi

CRMS: tuple[type[CrmApi], ...] = (HubSpotApi,)

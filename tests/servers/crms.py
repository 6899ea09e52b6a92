"""The stand-ins for CRMs, one for each that can be connected."""

from tests.servers.crm_api import CrmApi
from tests.servers.hubspot_api import HubSpotApi
from tests.servers.pipedrive_api import PipedriveApi
from tests.servers.salesforce_api import SalesforceApi

CRMS: tuple[type[CrmApi], ...] = (HubSpotApi, PipedriveApi, SalesforceApi)

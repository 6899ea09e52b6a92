"""The installation of the service tests, behind the web."""

from tests.service.conftest import database_url, world
from tests.web.site import site, slow_counts

__all__ = ["database_url", "site", "slow_counts", "world"]

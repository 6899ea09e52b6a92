"""The installation of the service tests, for the queue's rules."""

from tests.service.conftest import database_url, world

__all__ = ["database_url", "world"]

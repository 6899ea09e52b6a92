"""The installation of the service tests, for the queue's rules."""

from tests.service.conftest import world

__all__ = ["world"]

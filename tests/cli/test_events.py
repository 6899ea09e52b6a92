"""events, as a person uses it."""

from tests.cli.conftest import Cadence


def test_where_there_is_no_event_nobody_comes(installed: Cadence) -> None:
    assert installed("events", "list").out.startswith("No published sequence has an event")
    assert installed("events", "list", "--json").json == []
    refused = installed("events", "notify", "open-day")
    assert refused.code == 2
    assert "no published sequence has an event 'open-day'" in refused.err

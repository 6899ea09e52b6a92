"""suggestions, as a person uses it."""

from tests.cli.conftest import Cadence


def test_where_nobody_was_named_nobody_is_enrolled(installed: Cadence) -> None:
    assert installed("suggestions", "list").out == "Nobody; see --all.\n"
    assert installed("suggestions", "list", "--all", "--json").json == []
    refused = installed("suggestions", "enroll", 3, "--name-them")
    assert refused.code == 2
    assert "there is no suggestion 3; see `cadence suggestions list`" in refused.err

"""whatsnew, as a person uses it."""

from tests.cli.conftest import Cadence

STORY = "one-depot-first"


def test_news_are_found_shown_approved_and_listed(installed: Cadence) -> None:
    deal = (
        "--deal-reason",
        "features",
        "--deal-missing",
        "SSO",
        "--deal-name",
        "Portal",
        "--industry",
        "logistics",
    )
    assert installed("enroll", "ann@one.example", "-s", "closed-lost", "--country", "GB", *deal).code == 0
    said = installed("whatsnew", "add", "--answers", "features:sso", "--story", STORY)
    assert said.code == 0, said.err
    assert f"1: features:sso, story {STORY}: 1 person would get it." in said.out
    assert "ann@one.example (one.example, Portal): yes: " in said.out
    assert "the rep noted: “SSO”" in said.out
    assert "waits for a yes" in installed("whatsnew", "list").out
    assert installed("whatsnew", "show", 1, "--json").json["people"][0]["against"] is None
    assert "1: 1 person is left in peace." in installed("whatsnew", "decline", 1, "ann@one.example").out
    assert installed("whatsnew", "approve", 1).code == 2
    assert installed("whatsnew", "approve", 1, "who@ever.example").code == 2
    assert "1: 1 person gets it." in installed("whatsnew", "approve", 1, "ann@one.example").out
    assert installed("whatsnew", "list", "--json").json[0]["told"] == 1
    assert {one["sequence"] for one in installed("why", "ann@one.example", "--json").json["enrollments"]} == {
        "closed-lost",
        "whats-new-1",
    }
    again = installed("whatsnew", "approve", 1)
    assert (again.code, again.out) == (2, "")
    assert "is no reason" in installed("whatsnew", "add", "--answers", "x", "--story", STORY).err

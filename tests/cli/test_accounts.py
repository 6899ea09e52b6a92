"""account, as a person uses it."""

from tests.cli.conftest import Cadence


def test_companies_are_shown_and_those_without_a_next_mail_are_listed(installed: Cadence) -> None:
    deal = ("--deal-name", "Portal", "--deal-reason", "price", "--company", "One GmbH")
    assert installed("enroll", "ann@one.example", "-s", "closed-lost", "--country", "DE", *deal).code == 0
    shown = installed("account", "show", "one gmbh").out
    assert "One GmbH (one.example)" in shown
    assert "next mail " in shown
    assert "The rep says: price" in shown
    assert "[ ] price (said by the rep)" in shown
    assert installed("account", "covered", "one.example", "price", "--note", "A small plan").code == 0
    assert "[x] price (said by the rep): A small plan (20" in installed("account", "show", "one gmbh").out
    assert installed("account", "covered", "one.example", "price", "--not-yet").code == 0
    assert "[ ] price (said by the rep)" in installed("account", "show", "one gmbh").out
    assert installed("account", "covered", "one.example", "price", "--on", "soon", "--note", "x").code == 2
    assert "hears of us within 90 days" in installed("account", "silent").out
    assert installed("stop", "ann@one.example").code == 0
    assert "One GmbH (one.example): no mail is to come; none left yet" in installed("account", "silent").out
    assert installed("account", "silent", "--days", 1, "--json").json[0]["next_at"] is None
    assert installed("account", "show", "nobody").code == 2

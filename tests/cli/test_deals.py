"""`cadence deal`: what became of a lost deal, and its dates, said by whoever has a shell."""

from datetime import UTC, datetime

import pytest

from tests.cli.conftest import Cadence

ANN = "ann@one.example"


def enroll(cadence: Cadence, *more: str) -> None:
    said = cadence("enroll", ANN, "-s", "closed-lost", "--country", "DE", "--company", "One", *more)
    assert said.code == 0, said.err


def state(cadence: Cadence) -> str:
    return cadence("why", ANN, "--json").json["enrollments"][0]["state"]


def test_a_deal_that_is_won_back_is_written_to_no_more(installed: Cadence) -> None:
    enroll(installed, "--deal-name", "Licences")
    said = installed("deal", "won", ANN, "--amount", "EUR 12,000")
    assert (said.code, said.out.splitlines()[0][:29]) == (0, "Licences of One is won back. ")
    assert state(installed) == "stopped"
    assert any("EUR 12,000" in row["why"] for row in installed("why", ANN, "--json").json["decisions"])


def test_letting_go_needs_a_reason_and_can_be_taken_back(installed: Cadence) -> None:
    enroll(installed)
    assert installed("deal", "let-go", ANN).code == 2
    assert installed("deal", "let-go", ANN, "--reason", "They closed down").code == 0
    assert installed("deal", "open", ANN).code == 0
    assert state(installed) == "stopped"  # nobody is enrolled again by that


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("won", "nobody@x.example"), "nobody of the address"),
        (("won", ANN, "--on", "soon"), "write a day such as"),
        (("won", ANN, "--on", "1999-01-01"), "cannot have ended"),
        (("won", ANN, "--deal", "Another"), "has no deal 'Another'"),
        (("dates", ANN), "say --contract-end"),
        (("dates", ANN, "--contract-end", "soon"), "is not a date"),
        (("dates", ANN, "--contract-end", "2020-01-01"), "ended already"),
    ],
)
def test_what_cannot_be_used_is_said_in_a_line(installed: Cadence, words: tuple[str, ...], says: str) -> None:
    enroll(installed)
    said = installed("deal", *words)
    assert said.code == 2
    assert says in said.err
    assert len(said.err.splitlines()) <= 2
    assert state(installed) == "active"


def test_dates_that_are_said_later_plan_mails_move_them_and_are_taken_back(installed: Cadence) -> None:
    enroll(installed)
    year = datetime.now(UTC).year + 1
    said = installed("deal", "dates", ANN, "--contract-end", f"{year}-05-31", "--missing-ships", "in spring")
    assert said.code == 2  # one of them is no date, so nothing is changed
    said = installed("deal", "dates", ANN, "--contract-end", f"{year}-05-31")
    assert (said.code, said.out.split(":")[:1]) == (0, [ANN])
    assert "renewal on" in " ".join(said.out.split())
    assert "the date became known on" in " ".join(said.out.split())
    said = installed("deal", "dates", ANN, "--contract-end", f"{year}-06-30")
    assert f"to {year}-06-30" in " ".join(said.out.split())
    said = installed("deal", "dates", ANN, "--missing-ships", f"{year}-02-01")
    assert "No mail hangs on that" in said.out
    said = installed("deal", "dates", ANN, "--contract-end", "unknown")
    assert "renewal is skipped" in " ".join(said.out.split())
    why = installed("why", ANN, "--json").json
    assert [mail["state"] for mail in why["enrollments"][0]["mails"] if mail["step"] == "renewal"] == [
        "skipped"
    ]

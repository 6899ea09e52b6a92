"""enroll, pause, resume, stop, remove and import, as a person uses them."""

from pathlib import Path

import pytest

from tests.cli.conftest import Cadence

ANN = "ann@one.example"


def enroll(cadence: Cadence, *more: str) -> None:
    assert cadence("enroll", ANN, "-s", "closed-lost", "--country", "DE", *more).code == 0


def test_who_is_enrolled_is_told_what_comes_next(installed: Cadence) -> None:
    done = installed("enroll", ANN, "-s", "closed-lost", "--first-name", "Ann", "--deal-reason", "price")
    assert done.code == 0
    assert "enrolled in closed-lost, from rep@vendor.example" in done.out
    assert "Next: thank-you on" in done.out


def test_enrolling_as_json_gives_the_enrollment(installed: Cadence) -> None:
    done = installed("enroll", ANN, "-s", "closed-lost", "--deal-contract-end", "2099-01-01", "--json")
    assert done.code == 2  # no contract runs that long
    done = installed("enroll", ANN, "-s", "closed-lost", "--deal-competitor", "Fernhill", "--json")
    assert done.json["state"] == "active"
    assert done.json["deal"]["competitor"] == "Fernhill"
    assert done.json["executive"] == "vp@vendor.example"


def test_what_was_missing_and_who_helps_is_kept_with_the_deal(installed: Cadence) -> None:
    flags = ("--deal-missing", "single sign-on", "--deal-missing-ships", "2027-03-01")
    others = ("--deal-alternative", "Osprey Systems", "--referred-by", "Maren Ellison")
    deal = installed("enroll", ANN, "-s", "closed-lost", *flags, *others, "--json").json["deal"]
    assert (deal["missing"], deal["missing_ships"]) == ("single sign-on", "2027-03-01")
    assert (deal["alternative"], deal["referred_by"]) == ("Osprey Systems", "Maren Ellison")
    wrong = installed("enroll", "bob@one.example", "-s", "closed-lost", "--deal-missing-ships", "2199-01-01")
    assert "nothing ships on 2199-01-01" in wrong.err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("enroll", "no address", "-s", "closed-lost"), "is not an email address"),
        (("enroll", ANN, "-s", "nowhere"), "'nowhere' is not published"),
        (("enroll", ANN, "-s", "closed-lost", "--deal-lost-at", "03/04/2026"), "--date-order"),
        (("enroll", ANN, "-s", "closed-lost", "--country", "Atlantis"), "is not a country"),
        (("enroll", ANN, "-s", "closed-lost", "--date-order", "xyz"), "dmy or mdy"),
        (("enroll", ANN), "--sequence"),
        (
            ("enroll", ANN, "-s", "closed-lost", "--country", "DE", "--region", "Bayrn"),
            "known of BB, BE, BW, BY",
        ),
        (("enroll", ANN, "-s", "closed-lost", "--region", "BY"), "in which country"),
        (
            ("enroll", ANN, "-s", "closed-lost", "--executive", "REP@vendor.example"),
            "is the rep's own; an executive is somebody other than the rep",
        ),
        (("pause", "nobody@x.example"), "was ever enrolled"),
        (("resume", "nobody"), "is not an email address"),
        (("import", "nowhere.csv", "-s", "closed-lost"), "nowhere.csv: No such file"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(installed: Cadence, words: tuple[str, ...], says: str) -> None:
    done = installed(*words)
    assert done.code == 2
    assert says in done.err
    assert done.out == ""


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("pricing", "no story answers the reason 'pricing'; did you mean price? Known are price, features,"),
        ("the weather", "no story answers the reason 'the weather'. Known are price, features,"),
    ],
)
def test_a_reason_that_fits_no_story_is_said_and_kept(installed: Cadence, reason: str, says: str) -> None:
    done = installed("enroll", ANN, "-s", "closed-lost", "--deal-reason", reason, "--json")
    assert done.code == 0
    assert says in done.err
    assert done.json["deal"]["reason"] == reason
    assert says in installed("simulate", "closed-lost", "--deal-reason", reason).err


@pytest.mark.parametrize("reason", ["price", "No decision", "no-decision"])
def test_a_known_reason_needs_no_word(installed: Cadence, reason: str) -> None:
    done = installed("enroll", ANN, "-s", "closed-lost", "--deal-reason", reason, "--json")
    assert done.err == ""
    assert done.json["deal"]["reason"] in {"price", "no_decision"}


def test_a_rep_who_is_the_only_executive_writes_without_one(installed: Cadence) -> None:
    done = installed("enroll", ANN, "-s", "closed-lost", "--mailbox", "vp@vendor.example", "--json")
    assert done.json["executive"] is None


def test_a_person_is_paused_resumed_and_stopped(installed: Cadence) -> None:
    enroll(installed)
    assert "paused in 1 sequence" in installed("pause", ANN, "--until", "2099-01-31").out  # where they are
    story = installed("why", ANN, "--json").json
    assert story["enrollments"][0]["state"] == "paused"
    assert story["enrollments"][0]["resume_at"] == "2099-01-30T23:00:00+00:00"
    assert installed("resume", ANN, "--json").json == {"email": ANN, "done": "resumed", "enrollments": 1}
    assert installed("stop", ANN, "--why", "a mistake").code == 0
    again = installed("stop", ANN)
    assert again.code == 2
    assert "nothing to stop" in again.err
    assert installed("enroll", ANN, "-s", "closed-lost").code == 0
    assert installed("remove", ANN).code == 0


def test_a_pause_that_ended_is_refused(installed: Cadence) -> None:
    enroll(installed)
    assert "is past" in installed("pause", ANN, "--until", "2001-01-01").err


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    rows = "ann@one.example;Ann;One;x\nbroken;B;=1+1;x\nbob@two.example;Bob;Two;x\n"
    path.write_text(f"E-Mail;Vorname;Firma;Notiz\n{rows}", encoding="cp1252")
    return path


def test_an_import_reports_columns_rejects_and_sums(installed: Cadence, people: Path, tmp_path: Path) -> None:
    dry = installed("import", people, "-s", "closed-lost", "--dry-run")
    assert "3 rows: 2 would be enrolled in closed-lost, 1 rejected." in dry.out
    doubted = installed("import", people, "-s", "closed-lost", "--dry-run", "--deal-reason", "pricing")
    assert "did you mean price?" in doubted.err
    done = installed("import", people, "-s", "closed-lost", "--rejects", tmp_path / "rejects.csv")
    assert done.code == 0
    assert "E-Mail → email" in done.out
    assert "Ignored: Notiz" in done.out
    assert "row 3: broken: 'broken' is not an email address" in done.out
    assert "3 rows: 2 enrolled in closed-lost, 1 rejected." in done.out
    assert "'=1+1" in (tmp_path / "rejects.csv").read_text(encoding="utf-8-sig")


def test_nobody_is_enrolled_where_the_rejected_rows_cannot_be_written(
    installed: Cadence, people: Path, tmp_path: Path
) -> None:
    for bad in (tmp_path / "nowhere" / "rejects.csv", tmp_path):
        done = installed("import", people, "-s", "closed-lost", "--rejects", bad)
        assert done.code == 2
        assert str(bad) in done.err
    assert "2 enrolled" in installed("import", people, "-s", "closed-lost").out


def test_an_import_of_nobody_exits_with_2(installed: Cadence, people: Path) -> None:
    assert installed("import", people, "-s", "closed-lost", "--json").json["enrolled"] == 2
    again = installed("import", people, "-s", "closed-lost", "--json")
    assert again.code == 2
    assert [one["row"] for one in again.json["rejected"]] == [2, 3, 4]


def test_a_mapping_is_checked(installed: Cadence, people: Path) -> None:
    assert "COLUMN=FIELD" in installed("import", people, "-s", "closed-lost", "--map", "x").err
    done = installed("import", people, "-s", "closed-lost", "--map", "Notiz=titel")
    assert done.code == 2
    assert "did you mean 'title'" in done.err

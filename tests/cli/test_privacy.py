"""forget and export-person, as a person uses them."""

import json
from pathlib import Path
from zipfile import ZipFile

from tests.cli.conftest import Cadence

ANN = "ann@one.example"


def enroll(cadence: Cadence) -> None:
    done = cadence("enroll", ANN, "-s", "closed-lost", "--first-name", "Ann", "--country", "DE")
    assert done.code == 0, done.err


def test_who_was_erased_cannot_be_enrolled_or_imported_again(installed: Cadence, tmp_path: Path) -> None:
    enroll(installed)
    done = installed("forget", ANN, "--yes")
    assert done.code == 0
    assert "Nobody can enroll or write to this address again" in done.out
    assert "back-ups" in done.err
    again = installed("enroll", ANN.upper(), "-s", "closed-lost")
    assert (again.code, again.out) == (2, "")
    assert "asked to be forgotten: nobody writes to this address again" in again.err
    people = tmp_path / "people.csv"
    people.write_text(f"email\n{ANN}\nbob@two.example\n")
    told = installed("import", people, "-s", "closed-lost")
    assert f"row 2: {ANN}: {ANN} asked to be forgotten" in told.out
    assert "1 enrolled" in told.out


def test_nobody_is_erased_without_a_yes(installed: Cadence) -> None:
    enroll(installed)
    assert installed("forget", ANN).code != 0
    assert installed("why", ANN).code == 0
    assert installed("forget", ANN, "--yes", "--json").json["erased"]["prospects"] == 1


def test_a_person_is_exported_into_a_folder_or_an_archive(installed: Cadence, tmp_path: Path) -> None:
    enroll(installed)
    assert "everything about ann@one.example" in installed("export-person", ANN, "--to", tmp_path / "ann").out
    kept = json.loads((tmp_path / "ann" / "person.json").read_text(encoding="utf-8"))
    assert kept["prospects"][0]["first_name"] == "Ann"
    assert installed("export-person", ANN).code == 0
    assert ZipFile("person.zip").namelist() == ["person.json"]
    assert "is there already" in installed("export-person", ANN).err
    assert "cannot be written" in installed("export-person", ANN, "--to", "person.zip/ann").err


def test_the_ground_is_shown_and_said(installed: Cadence) -> None:
    enroll(installed)
    assert "Ground: negotiation since " in installed("why", ANN).out
    done = installed("basis", ANN, "consent", "--basis-source", "web form", "--basis-since", "2026-01-31")
    assert "closed-lost: consent since 2026-01-31 (web form; UWG § 7(2) no. 2)" in done.out
    assert installed("basis", ANN, "--json").json[0]["source"] == "web form"
    assert "known are consent, customer" in installed("basis", ANN, "friendship").err
    interest = ("--basis", "legitimate-interest", "--country", "DE")
    done = installed("enroll", "bob@two.example", "-s", "closed-lost", *interest)
    assert "no ground for mail in DE" in done.err

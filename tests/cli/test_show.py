"""status, why, inbox, tasks and classify: what there is to see."""

from pathlib import Path

from tests.cli.conftest import Cadence

ANN = "ann@one.example"
STOP = b"From: Ann <ann@one.example>\nSubject: Re: hello\n\nPlease remove me from your list.\n"


def test_an_empty_installation_says_what_to_do(cadence: Cadence) -> None:
    done = cadence("status")
    assert "see `cadence publish`" in done.out
    assert "see `cadence mailbox add`" in done.out
    assert "Nothing has arrived yet." in cadence("inbox").out
    assert "Nothing waits for you." in cadence("tasks").out
    assert cadence("inbox", "--json").json == cadence("tasks", "--json").json == []


def test_status_counts_what_stands_where(installed: Cadence) -> None:
    installed("enroll", ANN, "-s", "closed-lost")
    now = installed("status", "--json").json
    sequence = next(one for one in now["sequences"] if one["name"] == "closed-lost")
    assert sequence["enrollments"] == {"active": 1}
    assert now["queue"]["waiting"] == 2
    assert {box["address"] for box in now["mailboxes"]} == {"rep@vendor.example", "vp@vendor.example"}
    text = installed("status").out
    assert "closed-lost: 1 active" in text
    assert "2 mails waiting, the next at" in text


def test_why_tells_the_whole_story(installed: Cadence) -> None:
    installed("enroll", ANN, "-s", "closed-lost", "--first-name", "Ann", "--company", "One")
    story = installed("why", ANN, "--json").json
    (enrollment,) = story["enrollments"]
    assert [mail["step"] for mail in enrollment["mails"]] == ["thank-you", "still-your-backup"]
    assert enrollment["next"][0]["step"] == "thank-you"
    assert story["decisions"][0]["kind"] == "enrollment.active"
    text = installed("why", ANN).out
    assert "Ann <ann@one.example>, One: new" in text
    assert "next: thank-you: " in text
    assert "next: feedback: 4 business days after thank-you" in " ".join(text.split())
    missing = installed("why", "x@y.example")
    assert (missing.code, missing.out) == (2, "")


def test_a_task_that_is_not_there_is_a_line(installed: Cadence) -> None:
    done = installed("tasks", "answer", "7", "done")
    assert done.code == 2
    assert "there is no task 7" in done.err


def test_mails_in_files_are_classified_in_order(cadence: Cadence, tmp_path: Path) -> None:
    stop, empty = tmp_path / "stop.eml", tmp_path / "empty.eml"
    stop.write_bytes(STOP)
    empty.write_bytes(b"")
    done = cadence("classify", stop, empty, stop, "--json")
    assert done.code == 0
    first, second, third = done.lines
    assert first["file"] == str(stop)
    assert first["category"] == "unsubscribe"
    assert list(first) == [
        "file", "category", "confidence", "action", "evidence", "text", "language", "loss_reasons",
        "competitor", "resume_on", "contract_end", "people", "moved", "rsvp", "firm_no", "automatic", "model",
    ]  # fmt: skip
    assert second["category"] is None
    assert second["error"]
    assert third == first
    assert "unsubscribe (" in cadence("classify", stop).out


def test_what_decided_is_told_in_words_and_as_data(cadence: Cadence, tmp_path: Path) -> None:
    stop = tmp_path / "stop.eml"
    stop.write_bytes(STOP)
    told = cadence("classify", "--explain", stop).out
    assert "asks to be removed: “please remove me" in told
    assert "to begin with" in told
    assert "asking" in told.splitlines()[-1]
    (line,) = cadence("classify", "--explain", "--json", stop).lines
    assert line["grounds"]["categories"][0]["category"] == "unsubscribe"
    assert line["grounds"]["model"] == line["model"]


def test_an_installation_s_own_model_can_be_asked(installed: Cadence, tmp_path: Path) -> None:
    (tmp_path / "stop.eml").write_bytes(STOP)
    (line,) = installed("classify", "--data", "data", "--json", tmp_path / "stop.eml").lines
    assert line["category"] == "unsubscribe"


def test_an_mbox_is_numbered_from_0(cadence: Cadence, tmp_path: Path) -> None:
    box = tmp_path / "box"
    separator = b"From ann@one.example Sat Nov 21 23:18:55 2026\n"
    box.write_bytes(separator + STOP + b"\n" + separator + STOP)
    done = cadence("classify", "--mbox", box, "--json")
    assert [line["index"] for line in done.lines] == [0, 1]
    assert {line["category"] for line in done.lines} == {"unsubscribe"}


def test_a_missing_file_stops_before_the_first_answer(cadence: Cadence, tmp_path: Path) -> None:
    stop = tmp_path / "stop.eml"
    stop.write_bytes(STOP)
    done = cadence("classify", stop, tmp_path / "nope.eml", "--json")
    assert (done.code, done.out) == (2, "")
    assert "nope.eml" in done.err
    assert cadence("classify", tmp_path, "--json").code == 2


def test_classifying_needs_no_database(cadence: Cadence, tmp_path: Path) -> None:
    (tmp_path / "stop.eml").write_bytes(STOP)
    cadence("classify", "stop.eml", "--json")
    assert [path.name for path in tmp_path.iterdir()] == ["stop.eml"]

"""The short forms of the benchmarks run, and write figures that can be true."""

import json

import pytest

from benchmarks import (
    backfill,
    importing,
    moving,
    pacing,
    pages,
    reading,
    scheduling,
    sending,
    signing,
    watching,
)
from benchmarks.contenders import child
from tests.servers import dovecot
from tests.servers.database import postgres_programs


def written(folder, part):
    return json.loads((folder / "latest.json").read_text())[part]


def test_sending_is_measured_beside_the_bare_protocol(tmp_path, capsys):
    sending.main(
        ["--mails", "10", "--rounds", "1", "--only", "SQLite, 1 process", "--results", str(tmp_path)]
    )
    found = written(tmp_path, "sending")
    bare, ours = found["contenders"].values()
    assert bare["mails_per_second"] > ours["mails_per_second"] > 0
    assert ours["cpu_ms_per_mail"] > 0 and ours["peak_mb"] > 20
    assert 0 < next(iter(ours["times_as_fast_as"].values())) < 1
    assert (tmp_path / "sending.svg").read_text().startswith("<svg")
    assert "Cadence, SQLite, 1 process" in capsys.readouterr().out


def test_signing_is_measured_beside_writing(tmp_path):
    signing.main(["--short", "--results", str(tmp_path)])
    found = written(tmp_path, "signing")
    assert found["rsa_beside_its_arithmetic"] > 1
    assert all(each > 0 for each in found["cpu_ms_per_mail"].values())


def test_what_is_due_is_looked_for_among_few_and_among_many(tmp_path):
    words = ["--short", "--people", "20", "--enrollments", "2000", "--results", str(tmp_path)]
    scheduling.main(words)
    found = written(tmp_path, "scheduling")
    assert found["simulate"]["mails"] > 20
    looked = found["due_scan"]["SQLite"]
    assert looked["many"] == 2000 and looked["scan"]["ratio"] > 0
    assert found["core"]["decisions_per_second"] > 100


def test_mails_are_understood(tmp_path):
    reading.main(["--short", "--results", str(tmp_path)])
    assert written(tmp_path, "reading")["with_intent_per_second"] > 0


@pytest.mark.skipif(not dovecot.is_installed(), reason="Dovecot is not installed")
def test_every_reply_of_a_backfill_is_taken_in_and_the_later_ones_one_by_one(tmp_path):
    backfill.main(["--short", "--replies", "10", "--prompt", "2", "--results", str(tmp_path)])
    found = written(tmp_path, "backfill")
    assert found["backfill"]["SQLite"]["replies"] == 10 and found["backfill"]["SQLite"]["per_second"] > 0
    assert 0 < found["promptness"]["from_notice"]["p50_ms"] <= found["promptness"]["from_delivery"]["most_ms"]


def test_many_mailboxes_are_watched_by_a_process_of_its_own(tmp_path):
    watching.main(["--short", "--mailboxes", "4", "--results", str(tmp_path)])
    found = written(tmp_path, "watching")
    assert found["mailboxes"] == 4 and 30 < found["resident_mb"] <= found["peak_mb"] < 300
    assert 0 < found["reply_seconds"]["median"] < 30


def test_mailboxes_with_a_gap_are_served_by_a_process_of_its_own(tmp_path):
    pacing.main(["--short", "--mailboxes", "3", "--only", "SQLite", "--results", str(tmp_path)])
    (found,) = written(tmp_path, "pacing")["workers"]
    assert found["mails"] == 6 and found["command"] == "cadence run"
    assert -1 < found["late_seconds"]["earliest"] <= found["late_seconds"]["max"] < 30


def test_a_mail_is_late_by_what_it_waited_beyond_the_gap():
    came = [(100.5, "a"), (131.5, "a"), (161.5, "a"), (120.0, "b")]
    assert pacing.lateness(came, {"a": 100.0, "b": 120.0}, 30) == [0.0, 0.0, 0.5, 1.0]


def test_a_benchmark_renews_only_its_own_part(tmp_path):
    (tmp_path / "latest.json").write_text('{"sending": {"mails": 1}}')
    scheduling.main(["--short", "--people", "5", "--enrollments", "1001", "--results", str(tmp_path)])
    assert written(tmp_path, "sending") == {"mails": 1}
    assert written(tmp_path, "scheduling")["short"]


def test_memory_is_that_of_the_program_itself():
    assert 5 < child.peak_mb() < 2_000


def test_importing(tmp_path):
    importing.main(["--short", "--only", "SQLite", "--results", str(tmp_path)])
    found = written(tmp_path, "importing")["files"]
    assert [(one["way"], one["rows"]) for one in found] == [("command", "20"), ("browser", "20")]


@pytest.mark.skipif(postgres_programs() is None, reason="PostgreSQL is not installed")
def test_an_installation_is_moved_and_its_rows_are_counted(tmp_path):
    moving.main(["--short", "--results", str(tmp_path)])
    small, large = written(tmp_path, "moving")["installations"]
    assert (small["people"], large["people"]) == (100, 1000)
    assert 5 < large["rows"] / small["rows"] < 11
    assert small["megabytes"] > 20 and large["seconds"] > 0


def test_every_route_is_measured_on_both_databases_and_for_both_roles(tmp_path):
    pages.main(["--short", "--people", "400", "--results", str(tmp_path)])
    found = written(tmp_path, "pages")
    for database in ("SQLite", *(["PostgreSQL"] if postgres_programs() else [])):
        for who in ("administrator", "rep"):
            rows = {one["route"]: one for one in found[database][who]}
            assert {"/prospects", "/today", "/api/v1/events", "/u/{token}"} <= rows.keys()
            assert all(0 < one["p50 ms"] <= one["p95 ms"] for one in rows.values())
            assert all(one["kB"] < pages.MOST_KB for route, one in rows.items() if one["is page"])

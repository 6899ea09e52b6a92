"""The whole demo, on real sockets: shorter than the real one, else the same."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from cadence.content.files import read_snapshot
from cadence.content.lint import lint
from cadence.demo.run import run_demo
from cadence.demo.stage import templates_in


def play(capsys: pytest.CaptureFixture[str], *, seed: int = 1) -> tuple[int, dict[str, Any]]:
    code = run_demo(as_json=True, console=Console(file=StringIO()), months=1, seed=seed)
    return code, json.loads(capsys.readouterr().out)


def test_a_month_passes_with_every_invariant_held_and_is_the_same_every_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, document = play(capsys)
    assert code == 0
    assert list(document) == [
        "sent", "replies", "statuses", "duplicates", "after_reply", "simulated_days", "prospects",
    ]  # fmt: skip
    assert (document["duplicates"], document["after_reply"], document["simulated_days"]) == (0, 0, 39)
    assert sum(document["sent"].values()) == sum(len(one["sent"]) for one in document["prospects"]) > 60
    assert sum(document["replies"].values()) == sum(len(one["replies"]) for one in document["prospects"])
    assert sum(document["statuses"].values()) == len(document["prospects"])
    assert all(
        set(one) == {"email", "status", "sent", "replies", "why"} and one["why"]
        for one in document["prospects"]
    )
    assert play(capsys) == (code, document)


def test_without_json_it_says_what_happened_and_how_to_go_on() -> None:
    file = StringIO()
    assert run_demo(as_json=False, console=Console(file=file, width=100), months=1, seed=2) == 0
    said = file.getvalue()
    assert "✓ nobody got a mail twice" in said and "cadence mailbox add" in said
    assert " sent    " in said and " reply   " in said
    assert "Ella Bristow would rather not write a mail" in said
    assert "The thank-you was written in two ways" in said


def test_what_the_demo_adds_to_the_shipped_sequences_is_written_as_they_are(tmp_path: Path) -> None:
    own = templates_in(tmp_path)
    found = [str(one) for one in lint(read_snapshot(own, "closed-lost"), "closed-lost")]
    expected = ("are examples", "take no part in the trial")
    assert [one for one in found if not any(words in one for words in expected)] == []

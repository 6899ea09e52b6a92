"""correct and learn: what a person says that replies mean, and what becomes of it."""

from dataclasses import replace

import pytest

from cadence.cli.learning import show
from cadence.core.learning import Figures
from cadence.service.learning import Comparison, Report
from tests.cli.conftest import Cadence


def test_without_corrections_learning_says_what_is_missing(installed: Cadence) -> None:
    done = installed("learn")
    assert (done.code, done.out) == (2, "")
    assert "no reply was corrected" in done.err


def test_the_shipped_model_reads_and_has_none_before_it(installed: Cadence) -> None:
    (shipped,) = installed("learn", "--versions", "--json").json
    assert (shipped["reads"], shipped["corrections"]) == (True, 0)
    assert f"{shipped['version']}  shipped, reads" in installed("learn", "--versions").out
    done = installed("learn", "--back")
    assert (done.code, done.out) == (2, "")
    assert "the shipped model reads" in done.err


def test_a_reply_that_is_not_there_is_a_line(installed: Cadence) -> None:
    done = installed("correct", "7", "feedback")
    assert (done.code, done.out) == (2, "")
    assert "there is no reply 7" in done.err


def test_what_learning_came_to_is_told_with_both_figures(capsys: pytest.CaptureFixture[str]) -> None:
    before, after = Figures(100, 70, 40, 36, 1), Figures(100, 72, 45, 40, 1)
    report = Report("aaa", "bbb", 12, Comparison(before, after), Comparison(before, after), None)
    show(report, dry_run=False)
    told = capsys.readouterr().out
    assert "right 70.0%, acted on 40.0%, right of those 90.0%, harm 1" in told
    assert "right 72.0%, acted on 45.0%, right of those 88.9%, harm 1" in told
    assert "`cadence learn --back` returns to aaa" in told
    show(replace(report, refusal="harm would rise from 1 to 2"), dry_run=False)
    assert "Not used: harm would rise from 1 to 2. aaa goes on reading." in capsys.readouterr().out

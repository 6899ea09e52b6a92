"""correct and learn: what a person says that replies mean, and what becomes of it."""

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

"""What nobody foresaw is one line as well."""

import pytest

from cadence.cli import entry


def broken(words: object) -> bool:
    raise ZeroDivisionError("the moon")


def test_an_unforeseen_fault_is_one_line_that_asks_for_a_report(monkeypatch, capsys):
    monkeypatch.setattr(entry.directory, "load", broken)
    with pytest.raises(SystemExit) as ended:
        entry.main()
    said = capsys.readouterr().err
    assert ended.value.code == 1
    assert "ZeroDivisionError: the moon" in said and "report" in said and "Traceback" not in said


def test_who_looks_for_the_cause_gets_all_of_it(monkeypatch):
    monkeypatch.setattr(entry.directory, "load", broken)
    monkeypatch.setenv("CADENCE_LOG_LEVEL", "debug")
    with pytest.raises(ZeroDivisionError):
        entry.main()

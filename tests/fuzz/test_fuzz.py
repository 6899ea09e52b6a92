"""A few seconds of the fuzzing that `python -m tests.fuzz` does for minutes, the same mails every time."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.judge import judge
from tests.fuzz.mails import mails

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
@given(mails)
def test_no_mail_breaks_the_reader(raw: bytes):
    judge(raw)


def test_what_the_reader_catches_itself_is_still_a_finding(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cadence.mail.classify.read_bounce", lambda received: 1 / 0)
    with pytest.raises(AssertionError):
        judge(b"From: a@firm.example\n\nhello")

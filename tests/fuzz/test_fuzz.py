"""A few seconds of the fuzzing that `python -m tests.fuzz` does for minutes, the same mails every time."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.judge import judge, within_memory
from tests.fuzz.mails import mails

QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]


@settings(max_examples=150, deadline=None, derandomize=True, database=None, suppress_health_check=QUIET)
@given(mails)
def test_no_mail_breaks_the_reader(raw: bytes):
    judge(raw)


@pytest.mark.parametrize(
    "kind", [b"text/html", b"text/plain", b"text/plain; format=flowed", b"text/html; charset=utf-16"]
)
def test_the_largest_mails_are_read_in_200_mb(kind: bytes):
    part = b"--x\nContent-Type: " + kind + b"\n\n" + b"<div>hello <b>you</b> there</div> \n" * 30_000
    raw = b"From: a@firm.example\nContent-Type: multipart/mixed; boundary=x\n\n" + part * 24
    within_memory(lambda: judge(raw))


def test_what_the_reader_catches_itself_is_still_a_finding(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cadence.mail.classify.read_bounce", lambda received: 1 / 0)
    with pytest.raises(AssertionError):
        judge(b"From: a@firm.example\n\nhello")

"""Whatever bytes arrive: no exception, and within two seconds."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.mail.classify import classify
from cadence.mail.parse import parse
from tests.mail.reading.test_corpus import CORPUS, EXPECTED

PERSON = (
    b"From: Anna Berg <a@x.test>\nTo: t@ours.test\nSubject: Re: x\nDate: Wed, 04 Mar 2026 10:14:00 +0000\n"
)
DAEMON = b"From: MAILER-DAEMON@x.test\nReturn-Path: <>\nSubject: Undelivered mail\n\n"
MIXED = PERSON + b"Content-Type: multipart/mixed; boundary=x\n\n"
NESTED = PERSON + b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i) for i in range(1_000)
)
LONG: dict[str, Callable[[], bytes]] = {
    "a thousand nested parts": lambda: NESTED + b"Content-Type: text/plain\n\nhi\n",
    "open elements": lambda: PERSON + b"Content-Type: text/html\n\n" + b"<div>" * 200_000,
    "unfinished elements": lambda: PERSON + b"Content-Type: text/html\n\n" + b"<blockquote style=" * 50_000,
    "25 MB attached": lambda: (
        PERSON
        + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--x\nContent-Type: application/pdf\n"
        + b"Content-Transfer-Encoding: base64\n\n"
        + (b"QUFB" * 19 + b"\r\n") * 320_000
        + b"--x--\n"
    ),
    "25 MB of HTML parts": lambda: (
        MIXED + (b"--x\nContent-Type: text/html\n\n" + b"<div>hello <b>x</b></div>\n" * 40_000 + b"\n") * 25
    ),
    "elements without an end": lambda: PERSON + b"Content-Type: text/html\n\n" + b"<style>" * 140_000,
    "25 MB of boundaries in a line": lambda: MIXED + b"--x" * 8_000_000,
    "boundaries that are none": lambda: MIXED + b"--x y\n" * 4_000_000,
    "encoded words": lambda: b"Subject: " + b"=?a?q?" * 160_000 + b"\n\nhi",
    "addresses": lambda: b"To: " + b'a@b.test, <"(' * 80_000 + b"\n\nhi",
}
"""Made when asked for: together they would fill the memory of every test worker."""
PIECES = [
    "a ",
    "> ",
    "On 1 ",
    "From: a\n",
    "<a@b",
    "sent from ",
    "1.",
    "next week ",
    "not ",
    "contact Anna B ",
    "we went with A ",
]


def repeated(head: bytes, piece: str) -> Callable[[], bytes]:
    return lambda: head + piece.encode() * (1_000_000 // len(piece))


LONG |= {f"a line of {piece!r}": repeated(PERSON + b"\n", piece) for piece in PIECES}
LONG |= {f"a report of {piece!r}": repeated(DAEMON, piece) for piece in PIECES}


@pytest.mark.parametrize("name", sorted(LONG))
def test_crafted_mail_is_read_in_time(name: str):
    raw = LONG[name]()
    classify(parse(PERSON))  # which loads the models, if nobody did
    began = time.process_time()
    classify(parse(raw))
    assert time.process_time() - began < 2


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(EXPECTED)),
    st.lists(st.tuples(st.integers(0, 3_000), st.binary(max_size=6)), max_size=12),
)
def test_mutated_mail_never_raises(name: str, changes: list[tuple[int, bytes]]):
    raw = bytearray((CORPUS / name).read_bytes())
    for position, replacement in changes:
        raw[position : position + len(replacement)] = replacement
    verdict = classify(parse(bytes(raw)))
    assert 0 <= verdict.confidence <= 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes):
    received = parse(raw)
    classify(received)
    assert received.unreadable is None or received.unreadable

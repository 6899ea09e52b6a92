"""Signatures hold before a verifier that shares no line with the signer, and break with what they cover."""

import re

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.mail.dkim import SIGNED, Algorithm, Signer, is_published, name_of, new_key, record_of, sign
from tests.mail.dkim_verifier import verdicts

RAW = (
    b"From: Robin <robin@vendor.example>\r\nTo: Dana <dana@lost.example>,\r\n\tKim <kim@lost.example>\r\n"
    b"Subject: Thank you  for   your time\r\nDate: Tue, 03 Mar 2026 10:00:00 +0000\r\n"
    b"Message-ID: <1@vendor.example>\r\nList-Unsubscribe: <https://vendor.example/u/1>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: text/plain; charset="utf-8"\r\n\r\nHello,  \t \r\n\r\nthank you. \r\n\r\n\r\n'
)
BOTH = tuple(Signer.of("vendor.example", f"s-{kind}", new_key(kind)) for kind in Algorithm)
RECORDS = {name_of(one.domain, one.selector): record_of(one) for one in BOTH}


def holds(raw: bytes) -> list[bool]:
    """Whether each signature of a mail is right."""
    return list(verdicts(raw, RECORDS))


def test_both_signatures_hold():
    assert holds(sign(RAW, BOTH)) == [True, True]


def test_the_library_that_signs_agrees_with_the_other_verifier():
    checked = dkim.DKIM(sign(RAW, BOTH))
    for number in range(2):
        assert checked.verify(
            idx=number, dnsfunc=lambda name, timeout=5: RECORDS[name.decode().rstrip(".")].encode()
        )


def test_what_is_signed_is_left_as_it_was():
    assert sign(RAW, BOTH).endswith(RAW)
    assert sign(RAW, ()) == RAW


def test_folds_and_blanks_may_change_on_the_way():
    changed = sign(RAW, BOTH).replace(b"Thank you  for   your", b"Thank you\r\n for your")
    assert holds(changed.replace(b"thank you. \r\n\r\n\r\n", b"thank you.\r\n")) == [True, True]


@pytest.mark.parametrize("name", [name for name in SIGNED if f"\r\n{name}: ".encode() in b"\r\n" + RAW])
def test_what_is_covered_cannot_be_changed(name):
    changed = re.sub(rf"(?m)^{name}: ".encode(), f"{name}: x".encode(), RAW)
    assert holds(sign(RAW, BOTH).replace(RAW, changed)) == [False, False]


@pytest.mark.parametrize("name", SIGNED)
def test_no_field_of_a_covered_name_can_be_added(name):
    signed = sign(RAW, BOTH)
    assert holds(f"{name}: evil\r\n".encode() + signed) == [False, False]
    assert holds(signed.replace(b"\r\n\r\n", f"\r\n{name}: evil\r\n\r\n".encode(), 1)) == [False, False]


def test_the_body_cannot_be_changed():
    assert holds(sign(RAW, BOTH).replace(b"thank you.", b"pay me.")) == [False, False]


def test_the_fields_of_one_click_are_covered():
    """RFC 8058 §4."""
    covered = re.search(rb"h=([^;]+);", sign(RAW, BOTH))[1].split(b":")
    assert {b"list-unsubscribe", b"list-unsubscribe-post"} <= {name.strip() for name in covered}


def test_what_is_written_over_on_the_way_is_not_covered():
    signed = sign(RAW, BOTH, without=("Message-ID", "Date"))
    assert holds(signed.replace(b"<1@vendor.example>", b"<2@relay.example>")) == [True, True]


@pytest.mark.parametrize("body", [b"", b"\r\n", b"\r\n\r\n", b" \r\n", b"x", b"x\r\n \t\r\n", b"\r\nx\r\n"])
def test_bodies_that_are_nearly_nothing(body):
    raw = RAW.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body
    assert holds(sign(raw, BOTH)) == [True, True]


LINES = st.lists(st.text("ab \t=.", max_size=8), max_size=6)


@settings(max_examples=40, deadline=None)
@given(LINES, st.lists(st.text("ab \t", min_size=1, max_size=8), min_size=1, max_size=3))
def test_any_blanks_are_read_as_the_verifier_reads_them(lines, folds):
    subject = b"\r\n ".join(f"s{part}e".encode() for part in folds)
    body = b"".join(line.encode() + b"\r\n" for line in lines)
    raw = b"From: r@vendor.example\r\nSubject: " + subject + b"\r\n\r\n" + body
    assert holds(sign(raw, BOTH[1:])) == [True]


def test_no_line_is_too_long():
    head = sign(RAW, BOTH).partition(b"From:")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78


def test_a_record_is_the_key_or_it_is_not():
    rsa, ed25519 = (record_of(one) for one in BOTH)
    assert is_published(rsa, ["v=spf1 -all", rsa])
    assert is_published(
        rsa, [rsa.replace("k=rsa; ", "").replace("; p=", ";p= ")]
    )  # k=rsa goes without saying
    assert not is_published(rsa, [ed25519])
    assert not is_published(rsa, [])
    assert not is_published(rsa, ["v=DKIM1; p="])  # withdrawn
    assert not is_published(rsa, [rsa.replace("v=DKIM1;", "v=DKIM1; s=other;")])


def test_a_key_is_not_shown():
    assert "PrivateKey" not in repr(BOTH[0])

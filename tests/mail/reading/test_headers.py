"""Fields are read as they were meant, however they were cut, encoded or mislabelled."""

import pytest

from cadence.mail.headers import decode_words, value_and_parameters
from cadence.mail.parse import parse


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?UTF-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9Fe?=", "Grüße"),  # cut inside a character
        ("=?utf-8?q?Re=3A?= =?iso-8859-1?q?_f=FCr?= Sie", "Re: für Sie"),
        ("=?utf-8?q?two words?=", "two words"),  # a space that should have been coded
        ("=?iso-8859-1*de?q?f=FCr?=", "für"),  # a language, RFC 2231 §5
        ("a =?utf-8?q?b?= c =?utf-8?q?d?=", "a b c d"),
        ("=?no-such-charset?q?plain?=", "plain"),
        ("=?utf-8?x?odd?=", "=?utf-8?x?odd?="),
        ("=?utf-8?b?R3LDvMOfZ?=", "Grüße"[:4]),  # the end is lost
        ("=?utf-8?q?a=0D=0ABcc=3A_b?=", "a  Bcc: b"),  # no line is smuggled in
    ],
)
def test_encoded_words_are_decoded(written: str, meant: str):
    assert decode_words(written) == meant


@pytest.mark.parametrize(
    "field",
    [
        "attachment; filename*=utf-8''Angebot%20f%C3%BCr%20uns.pdf",
        "attachment; filename*0*=utf-8''Angebot%20f%C3; filename*1*=%BCr%20; filename*2=uns.pdf",
        'attachment; filename="=?utf-8?q?Angebot_f=C3=BCr_uns.pdf?="',
        'attachment; FILENAME="Angebot für uns.pdf"',
    ],
)
def test_parameters_are_put_together(field: str):
    assert value_and_parameters(field)[1]["filename"] == "Angebot für uns.pdf"


def test_a_winmail_attachment_is_named_as_such():
    fields = b"Content-Type: application/ms-tnef\nContent-Transfer-Encoding: base64\n"
    raw = b"From: a@firm.example\n" + fields + b"\neJ8+\n"
    assert parse(raw).attachments == ("winmail.dat",)


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("us-ascii", "Grüße".encode()),
        ("iso-8859-1", "Grüße".encode("cp1252")),
        ("utf-8", "Grüße".encode("latin-1")),
        ("no-such-charset", "Grüße".encode()),
        ("utf-8", "GrÃ¼ÃŸe".encode()),
        ("us-ascii", "Grüße".encode("latin-1")),
    ],
)
def test_a_false_charset_is_seen_through(charset: str, body: bytes):
    raw = f"From: a@firm.example\nContent-Type: text/plain; charset={charset}\n\n".encode() + body
    assert parse(raw).text == "Grüße"


def test_damaged_utf_8_keeps_its_sound_characters():
    raw = b"From: a@firm.example\nContent-Type: text/plain; charset=utf-8\n\n" + "Grüße, à bientôt".encode()
    assert parse(raw.replace(b",", b"\xff")).text == "Grüße\ufffd à bientôt"

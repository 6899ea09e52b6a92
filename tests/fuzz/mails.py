"""Makes mails to break the reader with: sound in structure, then repeated, nested, cut, relabelled and bent.

Random bytes never get past the first line of a parser. These mails are built from what readers look for
(fields, boundaries, encodings, attributions, header blocks, reports, elements), each put where it hurts.
"""

# ruff: noqa: E501 - what is put together reads best in a block

import base64
import quopri

from hypothesis import strategies as st

LARGEST = 25_000_000
BOUNDARY = b"=_b"
NAMES = (
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Return-Path", "Content-Type",
    "Content-Transfer-Encoding", "Content-Disposition", "Auto-Submitted", "X-Failed-Recipients", "List-Id",
    "X-BeenThere", "List-Post", "Precedence", "Received", "Sender", "Delivered-To", "X-Zendesk-Email-Id",
)  # fmt: skip
VALUES = (
    "Anna Berg <anna@firm.example>", "MAILER-DAEMON@mx.example", "<>", "<1@ours.example>", "postmaster", ",,,;;<",
    '"a\\"b" <"x y"@firm.example>', "=?utf-8?b?w4Q=?= <a@b>", "=?iso-8859-1?q?=FC?= =?bad?x?y?=", "=?utf-8?q?",
    "Undelivered Mail Returned to Sender", "Re: One question", "Automatic reply: x", "Abwesenheitsnotiz", "Read: x",
    "Wed, 04 Mar 2026 10:14:00 +0100", "Wed, 99 Foo 99999 99:99 +9999", "auto-replied", "bulk", "<mailto:a@b.example>",
    "text/plain; charset=utf-7", "text/plain; charset=utf-16; format=flowed; delsp=yes", "text/html", "text/",
    "text/plain; charset*0*=utf-8''%FF; charset*9999=x", "multipart/report; report-type=disposition-notification",
    'multipart/mixed; boundary=""', "message/rfc822", "message/delivery-status", "application/ms-tnef",
    'attachment; filename*0="a; filename*1*=%00', "base64", "quoted-printable", "x-uuencode", "7bit",
)  # fmt: skip
PIECES = (
    "On Tue, Mar 3, 2026 at 9:02 AM Tom Hale <tom@ours.example> wrote:\n", "Am 03.03.26 um 09:02 schrieb Tom:\n",
    "> quoted\n", ">> > >\n", "RL> x\n", "-----Original Message-----\n", "_" * 32 + "\n", "-- \n", "```\n",
    "From: Tom\nSent: 3 March 2026\nTo: Anna\nSubject: x\n\n", "*Von:* a\n*Gesendet:* b\n", "Date: 2026\nTo: a\n",
    "[Anna Berg] yes\n", "--> yes\n", "See below.\n", "Price?\n", "Best regards\nAnna\nT: +49 30 1234567\n", "\n",
    "This email is confidential and intended solely for you.\n", "CAUTION: This email originated outside.\n",
    "Sent from my iPhone\n", "##- Please type your reply above this line -##\n", "I am out of the office until 3 May. ",
    "<anna@firm.example>: 550 5.1.1 unknown\n", "The following address(es) failed:\n\n  anna@firm.example\n",
    "Final-Recipient: rfc822; anna@firm.example\nAction: failed\nStatus: 5.1.1\n\n", "Action: delayed\nStatus: 4.\n",
    "Your message\n\nwas read on 3 May", "552 5.2.2 over quota ", "Please remove me. ", "We went with Norvik because ",
    "Call me in two quarters, at the end of 13/13/2026 or next Friday. ", "contact Otto Klein (otto@firm.example) ",
    "<div>", "</div>", "<blockquote type=cite>", "</blockquote>", '<div class="gmail_quote">', "<div id=divRplyFwdMsg>",
    '<p style="color:#1F497D;display:none">', "<hr>", "<pre>", "<table><tr><td>", "<!--", "<style>", "<a href='mailto:",
    "&amp;&#99999999;&#x0;", "<" * 9, "a" * 79 + "\n", " ", "\t", "\r", "\x00", "\u202e\u200b\ufeff", "Ã¼", "日本", "ſİ",
    "@", "a@b", "1.", "On ", "not ", "= =?", "\\", '"', "(", "|", ";", "'", "é", "🎉",
)  # fmt: skip
CHARSETS = (
    "utf-8",
    "iso-8859-1",
    "utf-16",
    "utf-7",
    "shift_jis",
    "iso-2022-jp",
    "gb2312",
    "hz",
    "big5",
    "cp037",
)

_times = st.sampled_from((1, 1, 1, 2, 7, 80, 3_000))
_field = st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.text(max_size=30)), _times)
_words = st.lists(
    st.tuples(st.one_of(st.sampled_from(PIECES), st.text(max_size=12)), _times), min_size=1, max_size=12
)


def _fields(fields: list[tuple[str, str, int]]) -> bytes:
    lines = (f"{name}: {value * min(times, 100_000 // (len(value) or 1))}" for name, value, times in fields)
    return "\n".join(lines).encode("utf-8", "surrogatepass")


def _text(words: list[tuple[str, int]]) -> str:
    return "".join(piece * times for piece, times in words)


def _part(fields: bytes, kind: str, charset: str, words: str, encoding: str) -> bytes:
    body = words.encode(charset, "replace")
    if encoding == "base64":
        body = base64.encodebytes(body)
    elif encoding == "quoted-printable":
        body = quopri.encodestring(body[:200_000])
    own = f"Content-Type: {kind}; charset={charset}\nContent-Transfer-Encoding: {encoding}\n".encode()
    return own + fields + b"\n\n" + body


_leaf = st.builds(
    _part,
    st.lists(_field, max_size=2).map(_fields),
    st.sampled_from(
        ("text/plain", "text/html", "text/plain; format=flowed", "message/delivery-status", "message/rfc822")
    ),
    st.sampled_from(CHARSETS),
    _words.map(_text),
    st.sampled_from(("7bit", "base64", "quoted-printable", "binary")),
)


def _multipart(kind: str, parts: list[bytes], depth: int, closed: bool) -> bytes:
    body = b"".join(b"\n--" + BOUNDARY + b"\n" + part for part in parts) + (
        b"\n--" + BOUNDARY + b"--\n" if closed else b""
    )
    for level in range(depth):
        mark = b"%s%d" % (BOUNDARY, level)
        body = b"\n--%s\nContent-Type: multipart/mixed; boundary=%s\n\n%s\n--%s--\n" % (
            mark,
            BOUNDARY if not level else b"%s%d" % (BOUNDARY, level - 1),
            body,
            mark,
        )
    outer = BOUNDARY if not depth else b"%s%d" % (BOUNDARY, depth - 1)
    return b"Content-Type: multipart/%s; boundary=%s\n\n%s" % (kind.encode(), outer, body)


_tree = st.recursive(
    _leaf,
    lambda inner: st.builds(
        _multipart,
        st.sampled_from(("mixed", "alternative", "report; report-type=delivery-status", "digest", "related")),
        st.lists(inner, min_size=1, max_size=4),
        st.sampled_from((0, 0, 0, 1, 20, 1_000)),
        st.booleans(),
    ),
    max_leaves=6,
)
_change = st.tuples(st.floats(0, 1), st.integers(0, 40), st.binary(max_size=8), _times)


def _bent(head: bytes, body: bytes, changes: list[tuple[float, int, bytes, int]], ending: bytes) -> bytes:
    raw = bytearray(head + b"\n" + body)
    for where, length, replacement, times in changes:
        start = int(where * len(raw))
        raw[start : start + length] = replacement * times
    return bytes(raw[:LARGEST]).replace(b"\n", ending)


mails: st.SearchStrategy[bytes] = st.builds(
    _bent,
    st.lists(_field, max_size=8).map(_fields),
    _tree,
    st.lists(_change, max_size=4),
    st.sampled_from((b"\n", b"\n", b"\r\n", b"\r")),
)

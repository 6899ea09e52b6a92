"""A letter leaves as it was meant, or not at all."""

import email
import email.policy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from email.message import EmailMessage

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cadence.core.errors import InvalidInput
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose


@dataclass(frozen=True)
class File:
    filename: str
    content_type: str
    content: bytes


LETTER = Letter(
    sender=Address("Rita Rep", "rita@vendor.example"),
    to=Address("Pat Prospect", "pat@buyer.example"),
    subject="Thank you, Pat",
    text="Hi Pat,\n\nthank you.\n",
    html="<p>Hi Pat,</p>",
    message_id="<1.abc@vendor.example>",
    date=datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=1))),
)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def test_a_letter_has_both_parts_and_the_headers_of_a_person() -> None:
    message = read(compose(LETTER))
    assert message["From"] == "Rita Rep <rita@vendor.example>"
    assert message["To"] == "Pat Prospect <pat@buyer.example>"
    assert message["Subject"] == "Thank you, Pat"
    assert message["Message-ID"] == "<1.abc@vendor.example>"
    assert message["Date"] == "Mon, 02 Mar 2026 09:30:00 +0100"
    assert message.get_content_type() == "multipart/alternative"
    assert body(message, "plain") == "Hi Pat,\n\nthank you.\n"
    assert body(message, "html") == "<p>Hi Pat,</p>\n"


def test_the_same_letter_always_gives_the_same_bytes() -> None:
    assert compose(LETTER) == compose(replace(LETTER))


def test_line_ends_are_crlf_and_lines_are_short() -> None:
    raw = compose(replace(LETTER, text="x" * 5000 + "\nFrom here\n.\n" + "ü " * 500))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


def test_plain_text_alone_needs_no_multipart() -> None:
    assert read(compose(replace(LETTER, html=None))).get_content_type() == "text/plain"


def test_a_reply_names_its_parent_and_the_thread() -> None:
    letter = replace(LETTER, in_reply_to="<2@b.example>", references=("<1@b.example>", "<2@b.example>"))
    message = read(compose(letter))
    assert message["In-Reply-To"] == "<2@b.example>"
    assert message["References"] == "<1@b.example> <2@b.example>"


def test_a_long_thread_keeps_its_first_and_its_latest_ids() -> None:
    ids = tuple(f"<{n}@b.example>" for n in range(100))
    kept = read(compose(replace(LETTER, references=ids)))["References"].split()
    assert kept == ["<0@b.example>", *ids[-19:]]


@pytest.mark.parametrize("odd", ["no brackets", "<a b@c>", "<ü@c>", "<a@b>\r\nBcc: x@y.example", "<ab>", ""])
def test_an_id_that_cannot_be_repeated_is_left_out(odd: str) -> None:
    message = read(compose(replace(LETTER, in_reply_to=odd, references=(odd, "<1@b.example>"))))
    assert message["In-Reply-To"] is None
    assert message["References"] == "<1@b.example>"
    assert message["Bcc"] is None


def test_unsubscribing_takes_one_click_or_one_mail() -> None:
    letter = replace(
        LETTER,
        unsubscribe_url="https://vendor.example/u/abc.def",
        unsubscribe_mailto="rita+stop@vendor.example",
    )
    message = read(compose(letter))
    assert message["List-Unsubscribe"] == (
        "<https://vendor.example/u/abc.def>, <mailto:rita+stop@vendor.example?subject=unsubscribe>"
    )
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_one_click_is_promised_only_where_a_url_keeps_it() -> None:
    message = read(compose(replace(LETTER, unsubscribe_mailto="rita@vendor.example")))
    assert message["List-Unsubscribe"] == "<mailto:rita@vendor.example?subject=unsubscribe>"
    assert message["List-Unsubscribe-Post"] is None


@pytest.mark.parametrize(
    "url",
    [
        "http://vendor.example/u",
        "ftp://vendor.example",
        "https://x.example/ä",
        "https://x.example/>",
        "nonsense",
        "https://x.example/a,<b>",
        "https://x.example/a b",
        "javascript:alert(1)",
    ],
)
def test_an_unsubscribe_link_that_cannot_work_is_refused(url: str) -> None:
    with pytest.raises(InvalidInput):
        compose(replace(LETTER, unsubscribe_url=url))


def test_plain_http_is_fine_on_this_machine() -> None:
    raw = compose(replace(LETTER, unsubscribe_url="http://127.0.0.1:8000/u/abc"))
    assert b"List-Unsubscribe: <http://127.0.0.1:8000/u/abc>\r\n" in raw


BAD = ["a\r\nBcc: x@y.example", "a\nb", "a\tb", "a\0b", "=?UTF-8?Q?=0D=0ABcc:x?=", "a\u2028b", "a\u202eb"]


@pytest.mark.parametrize("value", BAD)
def test_nothing_smuggles_a_header_through_a_subject(value: str) -> None:
    with pytest.raises(InvalidInput):
        compose(replace(LETTER, subject=value))


@pytest.mark.parametrize("value", BAD)
def test_nothing_smuggles_a_header_through_a_name(value: str) -> None:
    for field in ("sender", "to", "reply_to"):
        with pytest.raises(InvalidInput):
            compose(replace(LETTER, **{field: Address(value, "a@b.example")}))


@pytest.mark.parametrize(
    "value", ["", "a", "@b.example", "a@", "a b@c.example", "a@b.example>, <c@d.example", "a,c@b.example"]
)
def test_what_is_no_address_is_refused(value: str) -> None:
    with pytest.raises(InvalidInput):
        compose(replace(LETTER, to=Address("Pat", value)))


@pytest.mark.parametrize("field", ["text", "html"])
def test_control_characters_in_the_words_are_refused(field: str) -> None:
    with pytest.raises(InvalidInput):
        compose(replace(LETTER, **{field: "a\0b"}))


def test_a_date_without_offset_and_an_empty_subject_are_refused() -> None:
    with pytest.raises(InvalidInput):
        compose(replace(LETTER, date=datetime(2026, 1, 1)))
    with pytest.raises(InvalidInput):
        compose(replace(LETTER, subject="  "))


def test_an_international_domain_travels_in_its_ascii_form() -> None:
    raw = compose(replace(LETTER, to=Address("Jürgen Größe", "j@bücher.example")))
    assert raw.isascii()
    assert b"<j@xn--bcher-kva.example>" in raw
    assert read(raw)["To"].addresses[0].display_name == "Jürgen Größe"


def test_an_international_local_part_is_written_in_utf8() -> None:
    raw = compose(replace(LETTER, to=Address("Jürgen", "jürgen@buyer.example")))
    assert "<jürgen@buyer.example>".encode() in raw


def test_attachments_keep_their_bytes_and_names() -> None:
    files = (
        File("Terms (2026).pdf", "application/pdf", bytes(range(256)) * 9),
        File("Größe; 日本.txt", "text/plain", b"x"),
    )
    message = read(compose(replace(LETTER, attachments=files)))
    got = list(message.iter_attachments())
    assert [part.get_filename() for part in got] == [file.filename for file in files]
    assert got[0].get_payload(decode=True) == files[0].content
    assert body(message, "plain").startswith("Hi Pat")


@pytest.mark.parametrize("name", ["", "../x", "a\\b", "a\r\nX: y", "=?utf-8?q?a?="])
def test_a_file_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        compose(replace(LETTER, attachments=(File(name, "text/plain", b""),)))


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=200)


@given(subject=words, name=words, text=st.text(st.characters(exclude_categories=("Cc", "Cs"))))
def test_whatever_is_composed_reads_back_as_meant(subject: str, name: str, text: str) -> None:
    assume(subject.strip())
    letter = replace(LETTER, subject=subject, to=Address(name, "a@b.example"), text=text, html=text)
    try:
        raw = compose(letter)
    except InvalidInput:
        assume(
            "=?" in subject + name
            or any(
                sign in subject + name for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
            )
        )
        return
    message = read(raw)
    assert " ".join(message["Subject"].split()) == " ".join(subject.split())
    assert len(message["To"].addresses) == 1
    assert set(message.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "MIME-Version",
        "Content-Type",
    }
    assert message["Date"].datetime.astimezone(UTC) == letter.date

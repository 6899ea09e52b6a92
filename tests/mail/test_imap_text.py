"""How IMAP writes names and answers."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.errors import InvalidInput
from cadence.mail.imap_text import (
    Folder,
    SpecialUse,
    decode_name,
    encode_name,
    fetched,
    folder,
    quote,
    ranges,
    tokens,
    with_usual_names,
)

names = st.text(st.characters(exclude_categories=("Cs",), min_codepoint=32, exclude_characters="\x7f"))


@given(names)
def test_every_folder_name_survives_being_written_and_read(name: str) -> None:
    written = encode_name(name)
    assert written.isascii()
    assert decode_name(written.encode()) == name


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("INBOX", "INBOX"),
        ("Tom & Jerry", "Tom &- Jerry"),
        ("Entwürfe", "Entw&APw-rfe"),
        ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
        ("&&ü", "&-&-&APw-"),
    ],
)
def test_names_are_written_as_the_standard_shows(name: str, written: str) -> None:
    assert encode_name(name) == written


@pytest.mark.parametrize(
    ("written", "name"),
    [(b"Entw\xc3\xbcrfe", "Entwürfe"), (b"a&b", "a&b"), (b"&!!!-", "&!!!-"), (b"&AA-", "&AA-"), (b"", "")],
)
def test_a_name_that_is_written_wrongly_is_shown_as_it_is(written: bytes, name: str) -> None:
    assert decode_name(written) == name


@pytest.mark.parametrize("name", ["a\r\nb", "a\0b", "a\x7fb"])
def test_a_name_cannot_carry_another_command(name: str) -> None:
    with pytest.raises(InvalidInput):
        encode_name(name)
    with pytest.raises(InvalidInput):
        quote(name)


@given(st.lists(st.binary(), min_size=1, max_size=7))
def test_whatever_a_server_says_is_read_without_an_error(pieces: list[bytes]) -> None:
    answer = tokens(pieces)
    fetched(answer)
    folder(answer)


@pytest.mark.parametrize("sign", [b'"', b'\\"', b'"\\', b"[", b"(", b"{", b"]", b'[ "'])
def test_long_nonsense_is_read_in_a_moment(sign: bytes) -> None:
    started = time.process_time()
    tokens([b'LIST () "' + sign * 200_000])
    assert time.process_time() - started < 2


def test_a_fetch_is_read_whatever_its_literals_hold() -> None:
    answer = tokens(
        [b"12 FETCH (UID 5 FLAGS (\\Seen $x) BODY[HEADER]<0> ", b") ( {9}", b' X "a \\"b" Y NIL)']
    )
    assert fetched(answer) == {
        b"UID": b"5",
        b"FLAGS": [b"\\Seen", b"$x"],
        b"BODY[HEADER]<0>": b") ( {9}",
        b"X": b'a "b',
        b"Y": None,
    }


def test_only_folders_that_can_be_opened_are_listed() -> None:
    assert folder(tokens([b'LIST (\\HasNoChildren \\Sent) "/" "Sent"'])) == Folder("Sent", SpecialUse.SENT)
    assert folder(tokens([b"LIST () NIL ", b"odd"])) == Folder("odd", None)
    assert folder(tokens([b'LIST (\\NoSelect) "/" "Top"'])) is None
    assert folder(tokens([b"SEARCH 1 2"])) is None


def test_usual_names_count_only_where_the_server_names_no_folder() -> None:
    sent, usual = Folder("X", SpecialUse.SENT), Folder("INBOX.Sent Items")
    assert with_usual_names([usual, sent]) == [usual, sent]
    assert with_usual_names([usual]) == [Folder("INBOX.Sent Items", SpecialUse.SENT)]
    assert with_usual_names([Folder("a/Spam"), Folder("Junk")]) == [
        Folder("a/Spam", SpecialUse.JUNK),
        Folder("Junk"),
    ]


@given(st.lists(st.integers(1, 50), min_size=1))
def test_a_set_of_uids_is_written_in_ranges(uids: list[int]) -> None:
    read: list[int] = []
    for part in ranges(uids).split(","):
        first, _, last = part.partition(":")
        read.extend(range(int(first), int(last or first) + 1))
    assert read == sorted(set(uids))

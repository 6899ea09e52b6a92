"""An mbox is cut where its mails begin, and nowhere else."""

import mailbox
from pathlib import Path

import pytest

from cadence.core.errors import InvalidInput
from cadence.mail.mbox import split_mbox

FROM = b"From ann@x.example Sat Nov 21 23:18:55 2026\n"


def split(raw: bytes) -> list[bytes]:
    return list(split_mbox(raw.splitlines(keepends=True)))


def test_mails_are_cut_at_their_separators() -> None:
    raw = FROM + b"Subject: one\n\nText\n\n" + FROM + b"Subject: two\n\nMore\n"
    assert split(raw) == [b"Subject: one\n\nText\n", b"Subject: two\n\nMore\n"]


def test_a_line_of_text_that_begins_with_from_cuts_nothing() -> None:
    raw = FROM + b"Subject: one\n\nFrom here on\n\nFrom now on it is fine\n>From quoted\n>>From twice\n"
    assert split(raw) == [
        b"Subject: one\n\nFrom here on\n\nFrom now on it is fine\nFrom quoted\n>From twice\n"
    ]


def test_an_empty_file_holds_no_mail() -> None:
    assert split(b"") == split(b"\n\n") == []


def test_what_begins_otherwise_is_no_mbox() -> None:
    with pytest.raises(InvalidInput, match="not an mbox"):
        split(b"Subject: one\n\nText\n")


def test_what_the_standard_library_writes_is_read(tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "box")
    for number in range(3):
        box.add(f"Subject: {number}\n\nFrom me\n\nFrom you\n")
    box.close()
    mails = split((tmp_path / "box").read_bytes())
    assert [mail.split(b"\n")[0] for mail in mails] == [b"Subject: 0", b"Subject: 1", b"Subject: 2"]
    assert mails[0].endswith(b"From you\n")

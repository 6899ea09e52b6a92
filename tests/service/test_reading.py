"""In which folders a mailbox is read, and in which order."""

from cadence.mail.imap_text import Folder, SpecialUse
from cadence.service import reading


def test_what_was_sent_is_read_before_what_came() -> None:
    """Its copies tell the Message-IDs that answers name, where a provider gives mails new ones."""
    folders = [Folder("INBOX"), Folder("Junk", SpecialUse.JUNK), Folder("Sent", SpecialUse.SENT)]
    assert reading.folders_to_read(folders, "Sent") == ["Sent", "INBOX", "Junk"]

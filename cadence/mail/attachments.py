"""The files that came with a mail, with their bytes."""

from dataclasses import dataclass

from cadence.mail.mime import split
from cadence.mail.parse import attached


@dataclass(frozen=True, slots=True)
class File:
    """One attached file. name: as the sender chose it, without any folder; content: decoded."""

    name: str
    content: bytes

    @property
    def size(self) -> int:
        """In bytes."""
        return len(self.content)


def attachments(raw: bytes) -> list[File]:
    """The attached files of a mail in their order; none where it cannot be read."""
    try:
        return [File(name, part.body) for name, part in attached(split(raw, whole=True).walk())]
    except Exception:  # any bytes arrive here; what they are is shown as text all the same
        return []

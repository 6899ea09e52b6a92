"""Cuts an mbox file (RFC 4155) into its mails, one at a time, however long the file is."""

import re
from collections.abc import Iterable, Iterator

from cadence.core.errors import InvalidInput

LONGEST_MAIL = 50_000_000
"""Bytes of one mail that are kept; the rest of it is read over."""

_SEPARATOR = re.compile(rb"From .*\d\d:\d\d")
_QUOTED = re.compile(rb">+From ")


def split_mbox(lines: Iterable[bytes]) -> Iterator[bytes]:
    """The mails of an mbox, given by its lines; ">From " is unquoted one level.

    A separator begins with "From ", holds a time and stands first or after an empty line. Raises
    InvalidInput for what does not begin with one.
    """
    mail: list[bytes] | None = None
    size, after_empty = 0, True
    for line in lines:
        if after_empty and (_SEPARATOR.match(line) or (mail is None and line.startswith(b"From "))):
            if mail is not None:
                yield _whole(mail)
            mail, size, after_empty = [], 0, False
            continue
        after_empty = not line.strip(b"\r\n")
        if mail is None:
            if not after_empty:
                raise InvalidInput("not an mbox: it does not begin with a From line")
            after_empty = True
            continue
        size += len(line)
        if size <= LONGEST_MAIL:
            mail.append(line[1:] if _QUOTED.match(line) else line)
    if mail is not None:
        yield _whole(mail)


def _whole(lines: list[bytes]) -> bytes:
    """Without the empty line that stands before the next separator."""
    if lines and not lines[-1].strip(b"\r\n"):
        lines.pop()
    return b"".join(lines)

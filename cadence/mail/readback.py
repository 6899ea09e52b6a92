"""Reads a composed message back, as a mail program would, so that it can be compared with its letter.

It shares no code with what wrote it. Fields and parts are cut here (RFC 5322 §2.2, RFC 2046 §5.1.1), since
a parser of any mail takes ten times as long for what may only have this one form; what fields mean is read
by the email package.
"""

import binascii
import re
from collections.abc import Iterator
from email.header import decode_header, make_header
from email.utils import getaddresses

from cadence.core.errors import InvalidInput

Header = dict[str, str]
"""Values by the names of their fields, unfolded; none occurs twice."""

_FIELD = re.compile(r"([!-9;-~]+): ?((?:[^\r\n]|\r\n[ \t])*)")
_BOUNDARY = re.compile(r'boundary="([^"]+)"')
_WORSE = "the letter does not survive being written: "


def split(raw: bytes) -> tuple[Header, bytes]:
    """The header of a message or of a part, and its body; raises InvalidInput for what is no field."""
    head, blank, body = raw.partition(b"\r\n\r\n")
    lines = re.split("\r\n(?![ \t])", head.decode())
    fields = [_FIELD.fullmatch(line) for line in lines]
    header = {found[1]: found[2].replace("\r\n", "") for found in fields if found}
    if not blank or len(header) != len(lines):
        raise InvalidInput(f"{_WORSE}its header would change")
    return header, body


def leaves(header: Header, body: bytes) -> Iterator[tuple[str, bytes]]:
    """The contents of a message in their order, each with its media type, decoded."""
    media_type = header["Content-Type"].partition(";")[0]
    if not media_type.startswith("multipart/"):
        yield media_type, _decoded(header, body)
        return
    boundary = _BOUNDARY.search(header["Content-Type"])
    delimiter = b"\r\n--" + (boundary[1] if boundary else "").encode()
    before, *parts, after = (b"\r\n" + body).split(delimiter)
    if before or after != b"--\r\n" or not all(part.startswith(b"\r\n") for part in parts):
        raise InvalidInput(f"{_WORSE}its parts would change")
    for part in parts:
        yield from leaves(*split(part[2:]))


def words(value: str) -> str:
    """What an unstructured field such as Subject says (RFC 2047)."""
    return str(make_header(decode_header(value))) if "=?" in value else value


def mailbox(value: str) -> tuple[str, str] | None:
    """Name and address of a field that holds one; None where it holds several or none."""
    found = getaddresses([value])
    if len(found) != 1:
        return None
    phrase, address = found[0]
    return words(phrase), address


def _decoded(header: Header, body: bytes) -> bytes:
    if header["Content-Transfer-Encoding"] == "base64":
        return binascii.a2b_base64(body)
    return binascii.a2b_qp(body)

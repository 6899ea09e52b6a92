"""Decide into which parts a mail falls (RFC 2045, RFC 2046), in linear time and for any bytes.

The standard parser goes one generator deeper for every nesting level and rereads every line at each,
so crafted mail costs it quadratic time or the recursion limit. This one searches for boundaries in
the bytes, keeps at most so many parts, and takes what is broken as text.
"""

import binascii
from dataclasses import dataclass

from cadence.mail.charset import decode
from cadence.mail.headers import Headers, from_base64, read_headers, value_and_parameters

MOST_BYTES = 30_000_000
MOST_PARTS = 300
MOST_MARKS = 100_000
"""So many lines that begin like a boundary are looked at."""
DEEPEST = 15
LARGEST_BODY = 1_000_000
"""More of a single text part is not read."""
LONGEST_HEADER = 500_000


@dataclass(frozen=True, slots=True)
class Part:
    """One part: its type in lower case, its fields, its decoded bytes (of text and messages, unless
    it was read whole), its parts.
    """

    content_type: str
    parameters: dict[str, str]
    headers: Headers
    body: bytes
    children: tuple["Part", ...] = ()

    @property
    def text(self) -> str:
        """The body as characters, lines ended by "\\n"."""
        return decode(self.body, self.parameters.get("charset")).replace("\r\n", "\n").replace("\r", "\n")

    @property
    def filename(self) -> str | None:
        """The name it carries as an attachment, without any folder."""
        _, parameters = value_and_parameters(self.headers.raw("content-disposition"))
        name = parameters.get("filename") or self.parameters.get("name")
        return name.replace("\\", "/").rpartition("/")[2].strip()[:200] or None if name else None

    @property
    def attached(self) -> bool:
        """Whether it is set apart from the words of the mail."""
        return self.headers.raw("content-disposition").strip().lower().startswith("attachment")

    def walk(self) -> list["Part"]:
        """Return this part and all within it, in order."""
        found = [self]
        for child in self.children:
            found.extend(child.walk())
        return found


def split(raw: bytes, *, whole: bool = False) -> Part:
    """Read a whole message into its tree of parts; whole: with the bytes of the attached files as well."""
    data = raw[:MOST_BYTES]
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n")
    if data.startswith(b"From "):  # the separator line of an mbox file
        data = data[data.find(b"\n") + 1 :]
    return _Reader(data, whole).read(0, len(data), 0, "text/plain")


class _Reader:
    def __init__(self, data: bytes, whole: bool) -> None:
        self.data, self.whole = data, whole
        self.left = MOST_PARTS

    def read(self, start: int, end: int, depth: int, default: str) -> Part:
        self.left -= 1
        headers, body = self._headers(start, end)
        kind, parameters = value_and_parameters(headers.raw("content-type"))
        if kind.count("/") != 1:
            kind = {"text": "text/plain", "html": "text/html"}.get(kind, default)
        if kind.startswith("multipart/") and depth < DEEPEST:
            children = self._children(body, end, depth, parameters.get("boundary", ""), kind)
            if children:
                return Part(kind, parameters, headers, b"", children)
            kind = "text/plain"
        return Part(kind, parameters, headers, self._body(kind, headers, body, end))

    def _headers(self, start: int, end: int) -> tuple[Headers, int]:
        if self.data.startswith(b"\n", start):
            return Headers(), start + 1
        stop = self.data.find(b"\n\n", start, end)
        body = end if stop < 0 else stop + 2
        stop = min(end if stop < 0 else stop, start + LONGEST_HEADER)
        return read_headers(self.data[start:stop]), min(body, end)

    def _children(self, start: int, end: int, depth: int, boundary: str, kind: str) -> tuple[Part, ...]:
        if not boundary:
            return ()
        mark = b"\n--" + boundary.rstrip().encode("utf-8", "replace")
        default = "message/rfc822" if kind == "multipart/digest" else "text/plain"
        children = []
        # The first boundary may stand right below the fields: its line break is theirs.
        opened, position = -1, max(start - 1, 0)
        for _ in range(MOST_MARKS):
            found = self.data.find(mark, position, end) if self.left > 0 else -1
            if found < 0:
                break
            position = found + len(mark)
            line_end = self.data.find(b"\n", position, end)
            line_end = end if line_end < 0 else line_end
            rest = self.data[position : min(line_end, position + 200)].strip()
            if rest not in (b"", b"--"):
                continue
            if opened >= 0:
                children.append(self.read(opened, max(opened, found), depth + 1, default))
            opened = min(line_end + 1, end)
            position = min(line_end, end)
            if rest == b"--":
                return tuple(children)
        if opened >= 0 and self.left > 0:
            children.append(self.read(opened, end, depth + 1, default))
        return tuple(children)

    def _body(self, kind: str, headers: Headers, start: int, end: int) -> bytes:
        if not self.whole and not kind.startswith(("text/", "message/")):
            return b""
        encoding = headers.get("content-transfer-encoding").strip().lower()
        body = self.data[start : end if self.whole else min(end, start + LARGEST_BODY)]
        if encoding == "base64":
            return from_base64(body)
        if encoding == "quoted-printable":
            return binascii.a2b_qp(body)
        return body

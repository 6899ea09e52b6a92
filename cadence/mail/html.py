"""Decide which lines of text an HTML body shows: quotes become "> " lines, hidden things vanish.

A small scanner of its own, linear in its input: mail clients produce HTML that no parser accepts as
it stands, and the structure that matters (who quoted whom) is in a handful of elements and classes.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_HTML = 1_000_000
DEEPEST = 60
DEEPEST_QUOTE = 9
SEPARATOR = "_" * 32
"""What Outlook draws above a quoted mail in plain text; drawn here for its HTML marks as well."""
SIGNATURE = "-- "
_BLOCK_WORDS = """
address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5
h6 header li main nav ol p pre section table tbody tfoot thead tr ul
"""
_BLOCK = frozenset(_BLOCK_WORDS.split())
_PARAGRAPH = frozenset(["p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote", "pre"])
_VOID_WORDS = """
area base br col embed hr img input link meta param source track wbr
"""
_VOID = frozenset(_VOID_WORDS.split())
_SKIPPED = frozenset(["head", "style", "script", "title", "noscript", "template", "svg", "object", "xml"])
_TAG = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9]{0,20})((?:[\s/][^>]*)?)", re.DOTALL)
_ATTRIBUTE = re.compile(
    r"(class|id|style|type|href|color)\s{0,3}=\s{0,3}(\"[^\"]{0,2000}\"|'[^']{0,2000}'|[^\s>\"']{1,500})",
    re.I,
)
_HIDDEN = re.compile(
    r"display\s{0,3}:\s{0,3}none|mso-hide\s{0,3}:\s{0,3}all|font-size\s{0,3}:\s{0,3}0(?:px)?\s{0,3}(?:;|$)",
    re.I,
)
_QUOTE_CLASS = re.compile(
    r"gmail_attr|moz-cite-prefix|yahoo_quoted|zmail_extra|tutanota_quote|quoted-?reply", re.I
)
_SIGNATURE_CLASS = re.compile(
    r"gmail_signature(?!_prefix)|moz-signature|applemailsignature|outlook-mobile-signature|"
    r"protonmail_signature"
    r"|^(?:x_)*signature$|yahoo-signature|zm-signature|_signature$",
    re.I,
)
_REPLY_MARK = re.compile(r"divrplyfwdmsg|olk_src_body|reference-message-container|outlookmessageheader", re.I)
_SPACES = re.compile(r"[ \t\r\n\f\v\xa0]+")


_COLOR = re.compile(r"(?<![-\w])color\s{0,3}:\s{0,3}([#\w(),. ]{3,40})", re.I)
_NEUTRAL = re.compile(
    r"black|white|windowtext|auto|inherit|initial|unset|currentcolor|transparent|\w*gr[ae]y", re.I
)
_GRAY = re.compile(r"#([0-9a-f])\1\1|#([0-9a-f]{2})\2\2|rgba?\(\s?(\d{1,3}),\s?\3,\s?\3\b.{0,10}", re.I)


@dataclass(slots=True)
class _Open:
    name: str
    quote: bool = False
    hidden: bool = False
    link: str = ""
    colored: bool | None = None
    """Whether it gives its words a color; None where it leaves that to the element around it."""


class _Page:
    """The lines written so far, and the elements that are open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.open: list[_Open] = []
        self.depth = 0
        self.hidden = 0
        self.pre = 0
        self.colored: set[str] = set()
        self.plain = self.bright = 0

    def write(self, text: str) -> None:
        if self.hidden:
            return
        if self.pre:
            *whole, rest = text.replace("\r\n", "\n").split("\n")
            for piece in whole:
                self.line.append(piece)
                self.newline()
            self.line.append(rest)
            return
        text = _SPACES.sub(" ", text)
        if text == " " and not self.line:
            return
        self.line.append(text)
        if not text.isspace():
            self._weigh(len(text))

    def _weigh(self, length: int) -> None:
        """Count the characters of this line that have a color; those of links count for neither."""
        for element in reversed(self.open[-DEEPEST:]):
            if element.name == "a":
                return
            if element.colored is not None:
                self.bright += length * element.colored
                self.plain += length * (not element.colored)
                return
        self.plain += length

    def newline(self, *, blank: bool = False) -> None:
        content = "".join(self.line).strip() if not self.pre else "".join(self.line).rstrip()
        self.line.clear()
        if self.bright and not self.plain:
            self.colored.add(" ".join(content.split()))
        self.plain = self.bright = 0
        self._put(content if content != "--" else SIGNATURE)
        if blank:
            self._put("")

    def _put(self, content: str) -> None:
        prefix = ">" * min(self.depth, DEEPEST_QUOTE) + (" " if self.depth and content else "")
        self.lines.append(prefix + content)

    def end_block(self, *, blank: bool = False) -> None:
        if "".join(self.line).strip():
            self.newline(blank=blank)
        else:
            self.line.clear()
            if blank and self.lines and self.lines[-1].strip("> "):
                self._put("")


def html_to_text(source: str) -> str:
    """Return the text of an HTML mail, a line a paragraph, quoted parts marked by ">"."""
    return "\n".join(_page(source).lines).strip("\n")


def colored_lines(source: str) -> frozenset[str]:
    """Return the lines of an HTML mail that are wholly in a color, links apart, their spaces made single."""
    return frozenset(_page(source).colored)


def _page(source: str) -> _Page:
    page = _Page()
    for kind, name, content in _scan(source[:LONGEST_HTML]):
        if kind == "text":
            page.write(content)
        elif kind == "open":
            _open(page, name, content)
        else:
            _close(page, name)
    page.end_block()
    return page


def _scan(source: str) -> Iterator[tuple[str, str, str]]:  # noqa: C901, PLR0912 - a scanner is one loop with its cases
    """Yield ("text", "", words), ("open", name, attributes) and ("close", name, "")."""
    position, lower, unclosed = 0, source.lower(), set[str]()
    while position < len(source):
        start = source.find("<", position)
        if start < 0:
            start = len(source)
        if start > position:
            yield "text", "", _unescape(source[position:start])
        if start >= len(source):
            return
        if source.startswith("<!--", start):
            position = _after(source, "-->", start + 4)
            continue
        end = source.find(">", start)
        found = _TAG.match(source, start + 1, end if end >= 0 else start + 1)
        if end < 0:
            yield "text", "", _unescape(source[start:])
            return
        position = end + 1
        if not found:
            if source[start + 1 : start + 2] not in ("!", "?", "/"):
                yield "text", "", _unescape(source[start : end + 1])
            continue
        name = found[2].lower()
        if found[1]:
            yield "close", name, ""
        elif name in _SKIPPED:
            # Without its end tag such an element swallows nothing: clients show what follows.
            sought = name not in unclosed and not found[3].endswith("/")
            closing = lower.find(f"</{name}", position) if sought else -1
            if closing >= 0:
                position = _after(source, ">", closing)
            elif sought:
                unclosed.add(name)
        else:
            yield "open", name, found[3]


def _after(source: str, mark: str, start: int) -> int:
    found = source.find(mark, start)
    return len(source) if found < 0 else found + len(mark)


def _unescape(text: str) -> str:
    try:
        return html.unescape(text) if "&" in text else text
    except ValueError:  # a numeric reference of thousands of digits
        return text


def _open(page: _Page, name: str, attributes: str) -> None:
    if name == "br":
        page.newline()
        return
    if name == "hr":
        page.end_block()
        page.lines.append(">" * min(page.depth, DEEPEST_QUOTE) + SEPARATOR)
        return
    if name in _BLOCK:
        page.end_block(blank=name in _PARAGRAPH)
    elif name in ("td", "th"):
        page.write(" ")
    if name in _VOID:
        return
    element = _Open(name)
    if attributes:
        _apply(page, element, attributes)
    elif name == "blockquote":
        element.quote = True
    if name == "li":
        page.write("- ")
    page.pre += name == "pre"
    page.depth += element.quote
    page.hidden += element.hidden
    if len(page.open) < 2_000:
        page.open.append(element)
    else:
        page.depth -= element.quote
        page.hidden -= element.hidden
        page.pre -= name == "pre"


def _apply(page: _Page, element: _Open, attributes: str) -> None:
    values = {key.lower(): value.strip("\"'") for key, value in _ATTRIBUTE.findall(attributes[:4_000])}
    marks = [*values.get("class", "").split(), values.get("id", "")]
    style = values.get("style", "")
    element.hidden = bool(_HIDDEN.search(style))
    color = _COLOR.search(style)
    element.colored = _is_color(color[1] if color else values.get("color", ""))
    if element.name == "blockquote":
        # Indentation in Gmail and Outlook is a blockquote without a border: the author's own words.
        element.quote = values.get("type") == "cite" or "border:none" not in style.replace(" ", "")
    if any(_QUOTE_CLASS.search(mark) for mark in marks):
        page.end_block()
        element.quote = True
    if any(_REPLY_MARK.search(mark) for mark in marks):
        page.end_block()
        page.lines.append(">" * min(page.depth, DEEPEST_QUOTE) + SEPARATOR)
    if any(_SIGNATURE_CLASS.search(mark) for mark in marks):
        page.end_block()
        page.lines.append(">" * min(page.depth, DEEPEST_QUOTE) + (" " if page.depth else "") + SIGNATURE)
    href = values.get("href", "")
    if element.name == "a" and href.lower().startswith("mailto:"):
        element.link = href[7:].partition("?")[0]


def _is_color(value: str) -> bool | None:
    value = value.strip()
    return not (_NEUTRAL.match(value) or _GRAY.match(value)) if value else None


def _close(page: _Page, name: str) -> None:
    if name in _BLOCK:
        page.end_block(blank=name in _PARAGRAPH)
    for back in range(1, min(len(page.open), DEEPEST) + 1):
        if page.open[-back].name == name:
            for element in page.open[-back:]:
                _leave(page, element)
            del page.open[-back:]
            return


def _leave(page: _Page, element: _Open) -> None:
    page.depth -= element.quote
    page.hidden -= element.hidden
    page.pre -= element.name == "pre"
    if element.link and element.link.lower() not in "".join(page.line).lower():
        page.write(f" <{element.link}>")

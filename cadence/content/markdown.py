"""Turns the Markdown of a mail into its two parts, plain text and HTML, from one reading of it.

The Markdown holds placeholders where values belong (sandbox.py). They are replaced after it was read,
so a value decides nothing about emphasis, links, lists or lines. Letters need no code, images or raw
HTML, so these are off; links lead to http, https and mailto only.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from urllib.parse import quote

from markdown_it import MarkdownIt
from markdown_it.common.normalize_url import normalizeLink
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from cadence.content.filters import Fault
from cadence.content.run import PLACEHOLDER, Run
from cadence.content.variables import is_link

_OFF = ("code", "fence", "html_block", "lheading", "backticks", "html_inline", "image")


class _Reader(MarkdownIt):
    """Takes every link as it stands; it is checked once its values are known."""

    def validateLink(self, url: str) -> bool:
        return True

    def normalizeLink(self, url: str) -> str:
        return url

    def normalizeLinkText(self, link: str) -> str:
        return link


_reader = _Reader("commonmark", {"html": False, "typographer": False}).disable(list(_OFF))


def to_parts(markdown: str, run: Run) -> tuple[str, str]:
    """Return plain text and HTML of the words; raises Fault for a link that a mail may not carry."""
    tokens = [_filled(token, run) for token in _read(markdown)]
    html = _reader.renderer.render(tokens, _reader.options, {})
    return "\n".join(_lines(SyntaxTreeNode(tokens).children)).strip("\n"), html.strip("\n")


@lru_cache(maxsize=512)
def _read(markdown: str) -> tuple[Token, ...]:
    """Read Markdown; it is the same for most readers of a mail, whose values are not in it yet."""
    return tuple(_reader.parse(markdown))


def _filled(token: Token, run: Run) -> Token:
    if token.children is None:
        return token
    return Token(token.type, "", 0, children=list(_with_values(token.children, run)), hidden=token.hidden)


def _with_values(tokens: Iterable[Token], run: Run) -> Iterator[Token]:
    for token in tokens:
        if token.type == "link_open":
            href = _address(str(token.attrs["href"]), run)
            yield Token(token.type, token.tag, token.nesting, attrs={"href": href})
            continue
        if token.type != "text":
            yield token
            continue
        for index, line in enumerate(run.sentence(token.content).split("\n")):
            if index:
                yield Token("hardbreak", "br", 0)
            yield Token("text", "", 0, content=line)


def _address(href: str, run: Run) -> str:
    """Fill a link's address: a value that begins it is an address itself, a later one is a part."""
    found = PLACEHOLDER.match(href)
    start = run.restored(found[0]) if found else ""
    rest = href[found.end() :] if found else href
    address = start + run.restored(rest, lambda value: quote(value, safe=""))
    address = normalizeLink(address)
    if not is_link(address):
        raise Fault(
            f'"{address}" is no link that a mail may carry; begin it with https://, http:// or mailto:'
        )
    return address


def _lines(blocks: Sequence[SyntaxTreeNode], *, tight: bool = False) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if lines and not tight:
            lines.append("")
        lines.extend(_block(block))
    return lines


def _block(block: SyntaxTreeNode) -> list[str]:
    match block.type:
        case "bullet_list" | "ordered_list":
            return _list(block)
        case "blockquote":
            return [f"> {line}".rstrip() for line in _lines(block.children)]
        case "hr":
            return ["* * *"]
    return _words(block.children[0].children).split("\n") if block.children else []


def _list(block: SyntaxTreeNode) -> list[str]:
    tight = any(part.hidden for item in block.children for part in item.children)
    lines: list[str] = []
    for number, item in enumerate(block.children, int(block.attrs.get("start", 1))):
        mark = "- " if block.type == "bullet_list" else f"{number}. "
        if lines and not tight:
            lines.append("")
        for index, line in enumerate(_lines(item.children, tight=tight) or [""]):
            lines.append(f"{' ' * len(mark) if index else mark}{line}".rstrip())
    return lines


def _words(parts: Sequence[SyntaxTreeNode]) -> str:
    """The words of a block: emphasis falls away, a link is `words (address)`."""
    return "".join(_word(part) for part in parts)


def _word(part: SyntaxTreeNode) -> str:
    match part.type:
        case "text":
            return part.content
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "link":
            return _link(_words(part.children), str(part.attrs["href"]))
    return _words(part.children)


def _link(words: str, address: str) -> str:
    bare = address.removeprefix("mailto:")
    return bare if words in ("", address, bare) else f"{words} ({bare})"

"""Finds what an author's own markup would spoil: values in places of HTML where escaping cannot protect
them, elements that mail programs drop, and HTML or images inside Markdown.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from jinja2 import nodes

from cadence.content.findings import Report
from cadence.content.rewrite import label_of
from cadence.content.variables import GROUPS, Holds, is_link

_URLS = frozenset(
    f"{g}.{v.name}" for g, variables in GROUPS.items() for v in variables if v.holds is Holds.URL
)
_LINKS = frozenset({"href", "src", "action", "background", "formaction", "poster", "cite"})
_DROPPED = frozenset({"script", "iframe", "object", "embed", "form", "input", "button", "link", "base"})
_VALUE = "\U0010fe02"
_ANY_VALUE = re.compile(f"{_VALUE}([0-9]+);")

_TAG_IN_MARKDOWN = re.compile(r"</?[A-Za-z][A-Za-z0-9]*(?:\s[^<>]*)?/?>|<!--")
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(")


def check_html(tree: nodes.Template, path: str, report: Report) -> None:
    """Report what is unsafe or useless in a template of HTML.

    The template's text is read as HTML in the order of the file, with a mark for each value: where a mark
    turns up tells what the value could do there.
    """
    values: list[nodes.Node] = []
    text: list[str] = []
    for part in _written(tree):
        if isinstance(part, nodes.TemplateData):
            text.append("\n" * (part.lineno - 1 - "".join(text).count("\n")) + part.data)
        else:
            text.append(f"{_VALUE}{len(values)};")
            values.append(part)
    reader = _Reader(values, path, report)
    reader.feed("".join(text))
    reader.close()


def check_markdown(tree: nodes.Template, path: str, report: Report) -> None:
    """Report HTML and images in a template of Markdown: readers would see them as they are typed."""
    for part in _written(tree):
        if isinstance(part, nodes.TemplateData):
            for pattern, what in ((_TAG_IN_MARKDOWN, "HTML"), (_IMAGE, "an image")):
                if found := pattern.search(part.data):
                    line = part.lineno + part.data.count("\n", 0, found.start())
                    report.warning(
                        path,
                        line,
                        f'"{found[0]}" is {what}, which Markdown mails do not take: it is shown as typed',
                    )


def _written(tree: nodes.Node) -> Iterator[nodes.Node]:
    for output in tree.find_all(nodes.Output):
        yield from output.nodes


def _is_quoted(mark: str, tag: str) -> bool:
    return bool(re.search(rf"""=\s*(?:"[^"]*{mark}[^"]*"|'[^']*{mark}[^']*')""", tag))


class _Reader(HTMLParser):
    def __init__(self, values: list[nodes.Node], path: str, report: Report) -> None:
        super().__init__(convert_charrefs=True)
        self._values, self._path, self._report = values, path, report
        self._raw: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _DROPPED:
            self._wrong(self.getpos()[0], f"<{tag}> does not work in a mail: mail programs drop it")
        source = self.get_starttag_text() or ""
        self._raw = tag if tag in self.CDATA_CONTENT_ELEMENTS else None
        for found in _ANY_VALUE.finditer(f"{tag} {' '.join(name for name, _ in attrs)}"):
            self._value_wrong(found, "a value cannot be the name of an element or an attribute")
        for name, value in attrs:
            self._attribute(name, value or "", source)

    def _attribute(self, name: str, value: str, source: str) -> None:
        if name.startswith("on"):
            self._wrong(self.getpos()[0], f"`{name}` does not work in a mail: mail programs drop it")
        if (
            name in _LINKS
            and not _ANY_VALUE.match(value)
            and not _ANY_VALUE.search(value)
            and not is_link(value)
        ):
            self._wrong(
                self.getpos()[0], f'"{value}" is no link that a mail may carry; begin it with https://'
            )
        for found in _ANY_VALUE.finditer(value):
            if not _is_quoted(found[0], source):
                self._value_wrong(found, f'put quotes around the value: {name}="…"')
            elif name == "style":
                self._value_wrong(found, "a value cannot be part of a style")
            elif name in _LINKS and found.start() == 0 and self._label(found) not in _URLS:
                self._value_wrong(
                    found, f"only a link can begin `{name}`: {' or '.join(sorted(_URLS))}, or https://…"
                )

    def handle_endtag(self, tag: str) -> None:
        self._raw = None

    def handle_data(self, data: str) -> None:
        if self._raw:
            for found in _ANY_VALUE.finditer(data):
                self._value_wrong(found, f"a value cannot stand inside <{self._raw}>")

    def _label(self, found: re.Match[str]) -> str:
        return label_of(self._values[int(found[1])])

    def _value_wrong(self, found: re.Match[str], message: str) -> None:
        node = self._values[int(found[1])]
        self._wrong(node.lineno, f"`{label_of(node)}`: {message}")

    def _wrong(self, line: int, message: str) -> None:
        self._report.error(self._path, line, message)

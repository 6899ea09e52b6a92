"""A small sequence that is right in every respect, to be bent by each test."""

from collections.abc import Callable
from functools import cache

import pytest

from cadence.content.catalogue import SequenceContent, load
from cadence.content.findings import Finding
from cadence.content.lint import lint
from cadence.content.samples import STAND_IN

NAME = "demo"

SEQUENCE = """\
name = "Demo"
audience = "lost"
ends = "18 months"

[[step]]
name = "hello"
after = "2 hours"
subject = "Thank you"
"""

RIGHT = {
    "demo/sequence.toml": SEQUENCE,
    "demo/hello.md.j2": "Hello {{ account.name }},\n\nthank you.\n",
    "demo/sample.toml": '[[sample]]\n[sample.prospect]\nfirst_name = "Ada"\nemail = "ada@theirs.example"\n',
    "_shared/layout.txt.j2": "{{ body }}\n{{ company.postal_address }}\n{{ links.unsubscribe }}\n",
    "_shared/layout.html.j2": (
        '<html lang="{{ language }}"><body>\n{{ body }}\n'
        '<p>{{ company.postal_address }} <a href="{{ links.unsubscribe }}">stop</a></p></body></html>\n'
    ),
}

Files = dict[str, str | bytes | None]


@cache
def _load(files: tuple[tuple[str, bytes], ...]) -> SequenceContent:
    return load(dict(files), NAME)


class Bench:
    """Builds, loads and lints a snapshot: RIGHT with some files changed (None takes a file away)."""

    context = STAND_IN
    sequence = SEQUENCE

    def snapshot(self, files: Files | None = None, **named: str) -> dict[str, bytes]:
        texts: Files = {**RIGHT, **(files or {})}
        if "words" in named:
            texts["demo/hello.md.j2"] = named["words"]
        if "steps" in named:
            texts["demo/sequence.toml"] = SEQUENCE.partition("[[step]]")[0] + named["steps"]
        if "subject" in named:
            texts["demo/sequence.toml"] = SEQUENCE.replace("Thank you", named["subject"])
        return {path: t if isinstance(t, bytes) else t.encode() for path, t in texts.items() if t is not None}

    def load(self, files: Files | None = None, **named: str) -> SequenceContent:
        return _load(tuple(sorted(self.snapshot(files, **named).items())))

    def lint(self, files: Files | None = None, **named: str) -> list[str]:
        return [str(finding) for finding in self.findings(files, **named)]

    def findings(self, files: Files | None = None, **named: str) -> tuple[Finding, ...]:
        return lint(self.snapshot(files, **named), NAME)

    def text(self, words: str, **groups: dict[str, object]) -> str:
        """What the words become in plain text, without the layout."""
        mail = self.load(words=words).render("hello", self.known(**groups))
        return mail.text.partition("\n1 Sample Street")[0].strip("\n")

    def html(self, words: str, **groups: dict[str, object]) -> str:
        """What the words become in HTML, without the layout."""
        mail = self.load(words=words).render("hello", self.known(**groups))
        return mail.html.partition("<body>\n")[2].partition("\n<p>1 Sample Street")[0]

    def known(self, **groups: dict[str, object]) -> dict[str, dict[str, object]]:
        """A context: that of the stand-in, with more known of some groups."""
        return {group: {**STAND_IN.get(group, {}), **groups.get(group, {})} for group in {*STAND_IN, *groups}}


@pytest.fixture(scope="session")
def bench() -> Bench:
    return Bench()


@pytest.fixture(scope="session")
def finds(bench: Bench) -> Callable[..., None]:
    """Assert that lint finds exactly one thing, at this place and with these words."""

    def check(where: str, *words: str, files: Files | None = None, **named: str) -> None:
        found = bench.lint(files, **named)
        assert len(found) == 1, found
        assert found[0].startswith(f"{where}: "), found[0]
        for word in words:
            assert word in found[0], found[0]

    return check

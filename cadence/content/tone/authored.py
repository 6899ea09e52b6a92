"""Decides what is wrong with the tone of a template, as its author wrote it: each finding at its line.

A sentence is judged as it stands in the file, with a mark in place of every value. What is counted over a
whole mail (its questions, its words) is counted in mails as they are rendered, since a template holds
more than any of its mails.
"""

import re
from collections.abc import Iterable, Iterator

from cadence.content.findings import Report
from cadence.content.tone.judge import Tone, tone_of
from cadence.content.tone.passages import NAME
from cadence.content.tone.silence import WHOLE_MAIL, Silence, silences

_TAG = re.compile(
    r"\{#(?:[^#]|#(?!\}))*(?:#\}|$)|\{%(?:[^%]|%(?!\}))*(?:%\}|$)|\{\{(?:[^}]|\}(?!\}))*(?:\}\}|$)"
)
_OTHERWISE = re.compile(r"\{%-?\s*(?:else|elif)\b")
_FENCED = re.compile(r"\A\+\+\+[ \t]*\n(?:(?!\+\+\+).*\n)*\+\+\+[ \t]*(?:\n|\Z)")


def spoken(source: str) -> str:
    """A template's words: tags and facts left out, a mark for each value; every line keeps its number."""
    return _TAG.sub(_stand_in, _FENCED.sub(_lines_of, source))


def _lines_of(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


def _stand_in(found: re.Match[str]) -> str:
    if found[0].startswith("{{"):
        return NAME + _lines_of(found)
    return (" ; " if _OTHERWISE.match(found[0]) else "") + _lines_of(found)


def template_tone(source: str, language: str) -> tuple[Tone, ...]:
    """What is wrong with the sentences of a template, whatever its comments allow."""
    return tuple(one for one in tone_of(spoken(source), language) if one.kind not in WHOLE_MAIL)


class Listener:
    """Gathers what is wrong with the tone of a sequence's mails, and reports what no comment answers."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._silences: dict[str, list[Silence]] = {}
        self._used: set[tuple[str, Silence]] = set()

    def template(self, path: str, source: str, language: str) -> None:
        """Look at the words of a file."""
        self._silences[path] = list(silences(source))
        for one in template_tone(source, language):
            self._say(path, one.line, one)

    def mail(self, path: str, words: str, language: str, most_words: int) -> None:
        """Look at a mail as a reader gets it; path: the file that its words are in; words: without layout."""
        for one in tone_of(words, language, most_words=most_words):
            if one.kind in WHOLE_MAIL:
                self._say(path, 1, one)

    def line(self, path: str, line: int, words: str, language: str) -> None:
        """Look at a subject."""
        for one in tone_of(words, language):
            self._say(path, line, one)

    def _say(self, path: str, line: int, one: Tone) -> None:
        spared = [silence for silence in self._silences.get(path, ()) if silence.spares(one.kind, line)]
        self._used |= {(path, silence) for silence in spared}
        if not spared:
            self._report.warning(path, line, f'{one.kind}: "{one.text}": {one.why}; {one.better}')

    def conclude(self) -> None:
        """Report comments that are not right, and those that spare nothing."""
        for path, line, fault in self._faults():
            self._report.warning(path, line, fault)

    def _faults(self) -> Iterator[tuple[str, int, str]]:
        for path, found in self._silences.items():
            for silence in found:
                if silence.fault:
                    yield path, silence.line, silence.fault
                elif (path, silence) not in self._used:
                    yield path, silence.line, f"nothing here is {silence.kind}: take the comment out"


def unanswered(source: str, found: Iterable[Tone]) -> list[Tone]:
    """The findings in a template's text that no comment in it answers."""
    answers = list(silences(source))
    return [one for one in found if not any(silence.spares(one.kind, one.line) for silence in answers)]

"""Reads the pool of stories, how other clients were helped, and of events: for whom each is worth telling."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from cadence.content.findings import Report, did_you_mean
from cadence.content.keys import LANGUAGE_PATTERN, NAME_PATTERN
from cadence.content.occasions import KEYS as EVENT_KEYS
from cadence.content.occasions import read_occasion
from cadence.content.toml import Document, read
from cadence.core.errors import ContentError
from cadence.core.occasions import EVENTS, Occasion, change_of
from cadence.core.relevance import StoryFacts
from cadence.core.replies import LossReason

FOLDERS = ("stories/", f"{EVENTS}/")
_CHANGE = re.compile(rf"{EVENTS}/{NAME_PATTERN}/[1-9]\d{{0,3}}")
"""What tells of a change of an event; written by this program, never by authors."""
_SUFFIX = ".md.j2"
_FENCE = re.compile(r"\A\+\+\+[ \t]*\n(.*?\n)??\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)

KEYS = {
    "title": "what the story is called; it is often the subject",
    "industries": "whose clients it is for, as in account.industry; empty: for all",
    "sizes": "numbers of employees it suits: { min = 10, max = 500 }",
    "loss_reasons": "the reasons for a loss that it answers",
    "languages": 'languages it is written in (default ["en"]); files such as name.de.md.j2 add theirs',
    "fresh_until": "the day after which it is told no more; left out: always fresh",
    "example": "true: it is made up, to show the form; lint asks for your own",
}


@dataclass(frozen=True, slots=True)
class Story:
    """One story, or event. sizes: least and greatest number of employees, None sets no limit; industries and
    loss_reasons: empty means for all; fresh_until: its last day, None means always fresh; language: of
    the file that names none; titles: of its translations, by language; example: it is made up; occasion: when
    and where an event is.
    """

    name: str
    title: str
    industries: frozenset[str] = frozenset()
    sizes: tuple[int | None, int | None] = (None, None)
    loss_reasons: frozenset[LossReason] = frozenset()
    languages: frozenset[str] = frozenset({"en"})
    fresh_until: date | None = None
    language: str = "en"
    titles: tuple[tuple[str, str], ...] = ()
    example: bool = False
    occasion: Occasion | None = None

    def title_in(self, language: str) -> str:
        """Its title in a language, or in its own."""
        return dict(self.titles).get(language, self.title)

    @property
    def stem(self) -> str:
        """How the paths of its files begin."""
        return self.name if self.occasion else f"{FOLDERS[0]}{self.name}"

    @property
    def facts(self) -> StoryFacts:
        """What decides for whom it is relevant; a change of an event is, for whoever is told of it."""
        languages = tuple(sorted(self.languages))
        event = self.occasion
        if event and change_of(self.name):
            return StoryFacts(self.name, languages=languages, fresh_until=event.starts.date())
        return StoryFacts(
            name=self.name,
            industries=tuple(sorted(self.industries)),
            size_min=self.sizes[0],
            size_max=self.sizes[1],
            loss_reasons=tuple(sorted(self.loss_reasons)),
            languages=languages,
            fresh_until=self.fresh_until,
            takes_place=event.starts.date() if event else None,
            withdrawn=event is not None and event.cancelled,
        )


def split(text: str, path: str) -> tuple[Document, str]:
    """Return front matter and body; the body keeps its line numbers. Raises ContentError."""
    found = _FENCE.match(text)
    if not found:
        raise ContentError("a story begins with its facts between two lines of +++", path)
    head = found[1] or ""
    return read(head, path, first_line=2), "\n" * found[0].count("\n") + text[found.end() :]


def front_matter(text: str) -> str:
    """The facts above the words of a story that was read, with the lines of +++ around them; "" where it has
    none, as a translation may.
    """
    found = _FENCE.match(text)
    return found[0] if found else ""


def read_stories(texts: Mapping[str, str], report: Report) -> tuple[tuple[Story, ...], dict[str, str]]:
    """Return stories and events by name, and the bodies of all their files under their paths."""
    stories: dict[str, Story] = {}
    bodies: dict[str, str] = {}
    translations: dict[str, dict[str, Document]] = {}
    for path in sorted(p for p in texts if p.startswith(FOLDERS)):
        stem, _, language = path.removesuffix(_SUFFIX).partition(".")
        if not _well_named(path, stem, language, report):
            continue
        try:
            document, bodies[path] = _translated(texts[path], path) if language else split(texts[path], path)
        except ContentError as error:
            report.error(error.path, error.line, error.message)
            continue
        if language:
            translations.setdefault(stem, {})[language] = document
        elif story := _story(stem, document, report):
            stories[stem] = story
    for stem, documents in translations.items():
        if stem in stories:
            stories[stem] = _in_languages(stories[stem], documents, report)
        elif f"{stem}{_SUFFIX}" not in bodies:
            path = min(documents.values(), key=lambda d: d.path).path
            report.error(path, 1, f"there is no {stem}{_SUFFIX} beside it")
    return tuple(stories[stem] for stem in sorted(stories, key=_stories_first)), bodies


def _stories_first(stem: str) -> tuple[bool, str]:
    return stem.startswith(f"{EVENTS}/"), stem


def _well_named(path: str, stem: str, language: str, report: Report) -> bool:
    folder, _, name = stem.partition("/")
    what = "event" if folder == EVENTS else "story"
    if not path.endswith(_SUFFIX):
        report.warning(path, 1, f"this is no {what}: the name of its file would end in {_SUFFIX}")
        return False
    named = re.fullmatch(NAME_PATTERN, name) or _CHANGE.fullmatch(stem)
    if not named or (language and not re.fullmatch(LANGUAGE_PATTERN, language)):
        report.error(path, 1, 'name it as in "a-good-story.md.j2" or, in German, "a-good-story.de.md.j2"')
        return False
    return True


def _translated(text: str, path: str) -> tuple[Document, str]:
    """A translation has a title of its own, or none; for whom it is told, the story itself says."""
    return split(text, path) if text.startswith("+++") else (Document(path, {}, {}), text)


def _in_languages(story: Story, documents: Mapping[str, Document], report: Report) -> Story:
    titles = []
    for language, document in sorted(documents.items()):
        for key in document.values.keys() - {"title"}:
            message = f"`{key}` is told in {story.stem}{_SUFFIX}, for all its languages"
            report.error(document.path, document.line(key), message)
        if "title" in document.values:
            titles.append((language, _title(document, report)))
        else:
            report.warning(document.path, 1, f'the title is not in "{language}": add +++, `title = "…"`, +++')
    return replace(story, titles=tuple(titles), languages=story.languages | documents.keys())


def _story(stem: str, document: Document, report: Report) -> Story | None:
    """A story, or an event; None for an event of which nobody knows when and where it is."""
    is_event = stem.startswith(f"{EVENTS}/")
    _check_keys(document, _EVENT_KEYS if is_event else KEYS, "an event" if is_event else "a story", report)
    languages = _texts(document, "languages", report) or ["en"]
    announced = read_occasion(document, report) if is_event else None
    if is_event and announced is None:
        return None
    return Story(
        name=stem if is_event else stem.removeprefix(FOLDERS[0]),
        title=_title(document, report),
        industries=frozenset(item.strip().casefold() for item in _texts(document, "industries", report)),
        sizes=_sizes(document, report),
        loss_reasons=frozenset(_reasons(document, report)),
        languages=frozenset(languages),
        fresh_until=announced.until if announced else _fresh_until(document, report),
        language=languages[0],
        example=_example(document, report),
        occasion=announced.occasion if announced else None,
    )


_EVENT_KEYS = {key: meaning for key, meaning in KEYS.items() if key != "fresh_until"} | EVENT_KEYS


def _check_keys(document: Document, known: Mapping[str, str], what: str, report: Report) -> None:
    for key in document.values:
        if key not in known:
            message = f"{what} has no key `{key}`{did_you_mean(key, known)}"
            report.error(document.path, document.line(key), message)


def _title(document: Document, report: Report) -> str:
    title = document.values.get("title")
    if isinstance(title, str) and title.strip() and "\n" not in title:
        return title.strip()
    report.error(document.path, document.line("title"), "it needs a `title`: one line of text in quotes")
    return ""


def _texts(document: Document, key: str, report: Report) -> list[str]:
    value = document.values.get(key, [])
    if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
        return value
    report.error(document.path, document.line(key), f'`{key}` takes a list of texts, such as ["retail"]')
    return []


def _reasons(document: Document, report: Report) -> list[LossReason]:
    reasons = []
    for index, item in enumerate(_texts(document, "loss_reasons", report)):
        try:
            reasons.append(LossReason(item))
        except ValueError:
            line = document.line("loss_reasons", index)
            near = did_you_mean(item, [r.value for r in LossReason])
            report.error(document.path, line, f'"{item}" is no reason for a loss{near}')
    return reasons


def _sizes(document: Document, report: Report) -> tuple[int | None, int | None]:
    value: Any = document.values.get("sizes", {})
    if isinstance(value, dict) and value.keys() <= {"min", "max"}:
        least, most = value.get("min"), value.get("max")
        if all(n is None or (type(n) is int and n >= 0) for n in (least, most)) and (least or 0) <= (
            most if most is not None else 10**9
        ):
            return least, most
    report.error(
        document.path, document.line("sizes"), "`sizes` takes { min = 10, max = 500 }, either may be left out"
    )
    return None, None


def _fresh_until(document: Document, report: Report) -> date | None:
    value = document.values.get("fresh_until")
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    report.error(
        document.path, document.line("fresh_until"), "`fresh_until` takes a day without quotes: 2027-06-30"
    )
    return None


def _example(document: Document, report: Report) -> bool:
    value = document.values.get("example", False)
    if isinstance(value, bool):
        return value
    report.error(document.path, document.line("example"), "`example` takes true or false, without quotes")
    return False

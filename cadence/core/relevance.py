"""Decides which story or event is worth a prospect's time: the one most like their case, or none at all."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """What a "how we helped" story, or an event, is about; an empty field speaks to anyone.

    size_min and size_max: employees of the companies it fits; loss_reasons: the doubts it answers;
    languages: ISO 639-1; fresh_until: the last day on which it is still true, or on which people are
    invited; takes_place: the day of an event; withdrawn: nobody is told of it any more.
    """

    name: str
    industries: tuple[str, ...] = ()
    size_min: int | None = None
    size_max: int | None = None
    loss_reasons: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    fresh_until: date | None = None
    takes_place: date | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of the reader: the industry and number of employees, why the deal was lost.

    language: the one they are written to in (ISO 639-1).
    """

    industry: str | None = None
    size: int | None = None
    loss_reasons: tuple[str, ...] = ()
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The story to send, its score, and why it was preferred."""

    story: StoryFacts
    score: int
    why: str


_Points = tuple[int, str]

_SAME_INDUSTRY = 5
_NEAR_INDUSTRY = 3
_OTHER_INDUSTRY = -1
_ANSWERS_REASON = 4
_FURTHER_REASON = 1
_FOR_ANYONE = 1
_SIMILAR_SIZE = 2
_OTHER_SIZE = -2
_SAME_LANGUAGE = 1
_LONG_FRESH = 1
_PASSES = 2
"""An event comes before a story that fits as well: the story can still be told when the event is over."""

_FAR_SIZE = 3
"""A company this many times smaller or larger than the story's is not a similar one."""

_LONG = timedelta(days=365)
_AHEAD = timedelta(days=90)
"""Longer ahead nobody knows whether they can come; it outlasts the distance between two mails that keep in
touch, so nobody hears of an event too late."""
_FILLERS = frozenset({"and", "the", "of", "industry", "sector"})


def choose(
    stories: Iterable[StoryFacts], profile: Profile, sent: Collection[str], today: date
) -> Choice | None:
    """The most relevant story that this account has not had yet; None where nothing is relevant.

    sent: names of stories the account has had; today: in any zone, a story's last day is included.
    A story is relevant by its industry or by a doubt it answers, or where its author wrote it for
    anyone, and only while what speaks for it outweighs what speaks against it. Equal ones go by name.
    """
    choices = [
        choice
        for story in stories
        if story.name not in sent and _is_fresh(story, today) and _is_readable(story, profile)
        if (choice := _rate(story, profile, today)) is not None
    ]
    return min(choices, key=lambda choice: (-choice.score, choice.story.name), default=None)


def _is_fresh(story: StoryFacts, today: date) -> bool:
    if story.withdrawn or (story.takes_place and story.takes_place - today > _AHEAD):
        return False
    return story.fresh_until is None or today <= story.fresh_until


def _is_readable(story: StoryFacts, profile: Profile) -> bool:
    """Whoever is written to in their own language does not get a story in another one."""
    return not story.languages or profile.language is None or profile.language in story.languages


def _rate(story: StoryFacts, profile: Profile, today: date) -> Choice | None:
    topic = [*_industry(story, profile), *_reasons(story, profile)]
    if not story.industries and not story.loss_reasons:
        topic.append((_FOR_ANYONE, "written for anyone"))
    if not any(points > 0 for points, _ in topic):
        return None
    rated = [*topic, *_size(story, profile), *_language(story, profile), *_timeliness(story, today)]
    score = sum(points for points, _ in rated)
    return Choice(story, score, ", ".join(why for _, why in rated)) if score > 0 else None


def _industry(story: StoryFacts, profile: Profile) -> Iterator[_Points]:
    if not profile.industry or not story.industries:
        return
    theirs = _words(profile.industry)
    for industry in story.industries:
        if _words(industry) == theirs:
            yield _SAME_INDUSTRY, f"same industry ({industry})"
            return
    for industry in story.industries:
        if _is_near(_words(industry), theirs):
            yield _NEAR_INDUSTRY, f"near their industry ({industry})"
            return
    yield _OTHER_INDUSTRY, "another industry"


@lru_cache(maxsize=4096)
def _words(text: str) -> frozenset[str]:
    words = frozenset(re.findall(r"\w+", text.casefold()))
    return words - _FILLERS or words


def _is_near(one: frozenset[str], other: frozenset[str]) -> bool:
    """ "Food" is near "food and beverage": every word of the one is in the other."""
    return bool(one and other) and (one <= other or other <= one)


def _reasons(story: StoryFacts, profile: Profile) -> Iterator[_Points]:
    answered = [reason for reason in story.loss_reasons if reason in profile.loss_reasons]
    if answered:
        points = _ANSWERS_REASON + _FURTHER_REASON * (len(answered) - 1)
        yield points, f"answers why we lost ({' and '.join(answered)})"


def _size(story: StoryFacts, profile: Profile) -> Iterator[_Points]:
    size = profile.size
    if size is None or (story.size_min is None and story.size_max is None):
        return
    low, high = story.size_min or 0, story.size_max
    if size >= low and (high is None or size <= high):
        yield _SIMILAR_SIZE, "a company of their size"
    elif size * _FAR_SIZE < low or (high is not None and size > high * _FAR_SIZE):
        yield _OTHER_SIZE, "a company of quite another size"


def _language(story: StoryFacts, profile: Profile) -> Iterator[_Points]:
    if profile.language and profile.language in story.languages:
        yield _SAME_LANGUAGE, "in their language"


def _timeliness(story: StoryFacts, today: date) -> Iterator[_Points]:
    if story.takes_place is not None:
        yield _PASSES, f"an event on {story.takes_place}"
    elif story.fresh_until is not None and story.fresh_until - today >= _LONG:
        yield _LONG_FRESH, "fresh"

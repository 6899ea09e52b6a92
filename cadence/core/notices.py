"""What people are told in a chat, whatever chat it is: of which things, and in which words.

A notice says of an answer what the alarm by mail says, with the same words quoted, and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from cadence.core import alarm
from cadence.core.alarm import Alarm
from cadence.core.model import TaskKind

MOST_AT_ONCE = 20
"""Lines of a summary; Today shows the others."""


class Topic(StrEnum):
    """Of what a channel can hear."""

    DECISION_OPEN = "decision_open"
    INTERESTED = "interested"
    MAILBOX_FAULT = "mailbox_fault"
    DIGEST = "digest"


TOPIC_OF = {TaskKind.DECISION_OPEN: Topic.DECISION_OPEN, TaskKind.INTERESTED: Topic.INTERESTED}
SUMMARY = "summary"
TEST = "test"


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph. quoted: in somebody else's words."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Where something can be done."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What one post says. kind: a topic, `summary` or `test`."""

    kind: str
    title: str
    parts: tuple[Part, ...]
    links: tuple[Link, ...] = ()


def of_alarm(about: Alarm, reply_id: int, workplace: str | None) -> Notice:
    """That an answer calls for a person."""
    words = about.words.strip()[: alarm.LONGEST_QUOTE]
    parts = (
        Part(alarm.opening(about)),
        *([Part(words, quoted=True)] if words else []),
        Part(alarm.LEFT_TO_YOU),
    )
    to = links(workplace, ("Answer", f"/replies/{reply_id}"), ("Today", "/today"))
    return Notice(TOPIC_OF[about.kind], alarm.subject(about), parts, to)


def of_fault(address: str, why: str | None, workplace: str | None) -> Notice:
    """That a mailbox does not work."""
    parts = [Part(why, quoted=True)] if why else []
    parts.append(Part("Nothing leaves from it until it works again. What is due waits."))
    to = links(workplace, ("Mailboxes", "/mailboxes"), ("Today", "/today"))
    return Notice(Topic.MAILBOX_FAULT, f"Mailbox at fault: {address}", tuple(parts), to)


def summary(notices: Sequence[Notice], workplace: str | None) -> Notice:
    """Several notices as one, in a line each."""
    lines = [f"• {one.title}" for one in notices[:MOST_AT_ONCE]]
    if len(notices) > MOST_AT_ONCE:
        lines.append(f"• and {len(notices) - MOST_AT_ONCE} more")
    title = f"{len(notices)} things call for a person"
    return Notice(SUMMARY, title, (Part("\n".join(lines)),), links(workplace, ("Today", "/today")))


def trial(workplace: str | None) -> Notice:
    """That a channel works."""
    return Notice(
        TEST, "Cadence can post here", (Part("This is a test."),), links(workplace, ("Today", "/today"))
    )


def links(workplace: str | None, *pages: tuple[str, str]) -> tuple[Link, ...]:
    """Links into the workplace; none where it has no address."""
    if not workplace:
        return ()
    return tuple(Link(title, workplace.rstrip("/") + path) for title, path in pages)

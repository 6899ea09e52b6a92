"""How a notice is written for each kind of chat, so that nobody's words can ping, link or format anything.

Slack: an incoming webhook takes `text`, for notifications, and blocks of Block Kit; text of the kind mrkdwn
means something by &, < and > alone, which are escaped, and `verbatim` keeps Slack from finding links and
names by itself. Teams: a webhook of Workflows takes a message with an Adaptive Card; Markdown counts in its
TextBlocks, so words stand in RichTextBlocks, where nothing does. Anything else gets plain JSON.
"""

import json
import re
from enum import StrEnum
from typing import Any

from cadence.core.notices import Notice, Part

SLACK_TEXT = 3000
"""Characters of the text of a section in Block Kit, after escaping."""
TEAMS_LINES = 60
"""Of a part in a card: with what surrounds each line a message stays below the 28 KB that Teams takes."""
_HALF_AN_ENTITY = re.compile(r"&[a-z]*\Z")


class Format(StrEnum):
    """What receives the posts."""

    SLACK = "slack"
    TEAMS = "teams"
    JSON = "json"


def post(format_: Format, notice: Notice) -> bytes:
    """The body of a post, as JSON (RFC 8259) in UTF-8."""
    match format_:
        case Format.SLACK:
            body = _slack(notice)
        case Format.TEAMS:
            body = _teams(notice)
        case Format.JSON:
            body = _plain(notice)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _plain(notice: Notice) -> dict[str, Any]:
    parts = [notice.title, *(_quote(part.text) if part.quoted else part.text for part in notice.parts)]
    links = [{"title": link.title, "url": link.url} for link in notice.links]
    return {"text": "\n\n".join(parts), "kind": notice.kind, "links": links}


def _slack(notice: Notice) -> dict[str, Any]:
    blocks = [_section(f"*{_escaped(notice.title)}*"), *(_section(_mrkdwn(part)) for part in notice.parts)]
    buttons = [
        {"type": "button", "text": {"type": "plain_text", "text": link.title}, "url": link.url}
        for link in notice.links
    ]
    if buttons:
        blocks.append({"type": "actions", "elements": buttons})
    return {"text": _cut(_escaped(notice.title)), "blocks": blocks}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text), "verbatim": True}}


def _mrkdwn(part: Part) -> str:
    escaped = _escaped(part.text)
    return "\n".join(f">{line}" for line in escaped.splitlines()) if part.quoted else escaped


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cut(text: str) -> str:
    if len(text) <= SLACK_TEXT:
        return text
    return _HALF_AN_ENTITY.sub("", text[: SLACK_TEXT - 1]) + "…"


def _teams(notice: Notice) -> dict[str, Any]:
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [_rich(notice.title, weight="bolder", size="medium"), *map(_container, notice.parts)],
        "actions": [
            {"type": "Action.OpenUrl", "title": link.title, "url": link.url} for link in notice.links
        ],
        "msteams": {"width": "Full"},
    }
    attachment = {
        "contentType": "application/vnd.microsoft.card.adaptive",
        "contentUrl": None,
        "content": card,
    }
    return {"type": "message", "attachments": [attachment]}


def _container(part: Part) -> dict[str, Any]:
    lines = [line for line in part.text.splitlines() if line.strip()]
    if len(lines) > TEAMS_LINES:
        lines = [*lines[: TEAMS_LINES - 1], "…"]
    style = {"style": "emphasis"} if part.quoted else {}
    return {"type": "Container", **style, "items": [_rich(line) for line in lines]}


def _rich(text: str, **looks: str) -> dict[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, **looks}]}


def _quote(words: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in words.splitlines())

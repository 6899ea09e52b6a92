"""What chats are sent: each in its form, within its limits, and with nothing in it that they would act on."""

import json

import pytest

from cadence.core import notices
from cadence.core.alarm import LONGEST_QUOTE, Alarm
from cadence.core.chat import SLACK_TEXT, TEAMS_LINES, Format, post
from cadence.core.model import TaskKind
from cadence.core.notices import Link, Notice, Part

EVIL = "<!channel> <@U123> <https://evil.example|Invoice> [click](https://evil.example) @here & **now**"
WORKPLACE = "https://cadence.vendor.example/"


def alarm(words: str = EVIL, company: str = "Lost Inc.") -> Alarm:
    return Alarm(
        TaskKind.DECISION_OPEN, "Dana", "Dana Doe", "dana@lost.example", company, None, "en", words,
        "Robin", "robin@vendor.example",
    )  # fmt: skip


def told(format_: Format, notice: Notice) -> dict:
    return json.loads(post(format_, notice))


def texts(node: object) -> list[str]:
    """Every text of a card or of blocks."""
    if isinstance(node, dict):
        return [one for value in node.values() for one in texts(value)]
    if isinstance(node, list):
        return [one for value in node for one in texts(value)]
    return [node] if isinstance(node, str) else []


def test_anything_gets_text_kind_and_links():
    body = told(Format.JSON, notices.of_alarm(alarm("Not yet.\nWe wait."), 7, WORKPLACE))
    assert set(body) == {"text", "kind", "links"}
    assert body["kind"] == "decision_open"
    assert "\n\n> Not yet.\n> We wait.\n\n" in body["text"]
    assert body["links"] == [
        {"title": "Answer", "url": "https://cadence.vendor.example/replies/7"},
        {"title": "Today", "url": "https://cadence.vendor.example/today"},
    ]


def test_without_an_address_of_the_workplace_there_are_no_links():
    notice = notices.of_alarm(alarm(), 7, None)
    assert told(Format.JSON, notice)["links"] == []
    assert [block["type"] for block in told(Format.SLACK, notice)["blocks"]] == ["section"] * 4
    assert told(Format.TEAMS, notice)["attachments"][0]["content"]["actions"] == []


def test_slack_gets_link_buttons():
    *_, actions = told(Format.SLACK, notices.of_alarm(alarm(), 7, WORKPLACE))["blocks"]
    assert actions["type"] == "actions"
    assert [(one["text"]["text"], one["url"]) for one in actions["elements"]] == [
        ("Answer", "https://cadence.vendor.example/replies/7"),
        ("Today", "https://cadence.vendor.example/today"),
    ]


@pytest.mark.parametrize("place", ["words", "company"])
def test_slack_finds_no_mention_and_no_link_in_what_people_wrote(place):
    body = told(Format.SLACK, notices.of_alarm(alarm(**{place: EVIL}), 7, WORKPLACE))
    assert not [one for one in texts(body) if "<" in one]
    sections = [block["text"] for block in body["blocks"] if block["type"] == "section"]
    assert all(text["verbatim"] is True for text in sections if text["type"] == "mrkdwn")
    assert "&lt;!channel&gt; &lt;@U123&gt;" in "".join(texts(body))
    assert "@here &amp; **now**" in "".join(texts(body))


def test_slack_gets_no_longer_text_than_it_takes():
    for words in ("<" * LONGEST_QUOTE, "a\n" * LONGEST_QUOTE, "&" * LONGEST_QUOTE):
        body = told(Format.SLACK, notices.of_alarm(alarm(words), 7, WORKPLACE))
        for block in body["blocks"][:-1]:
            assert 0 < len(block["text"]["text"]) <= SLACK_TEXT
            assert not block["text"]["text"].rstrip("…").endswith(("&", "&a", "&am", "&l", "&lt", "&amp"))


def test_an_answer_without_words_is_told_without_an_empty_block():
    body = told(Format.SLACK, notices.of_alarm(alarm(""), 7, None))
    assert all(block["text"]["text"] for block in body["blocks"])


def test_teams_gets_an_adaptive_card_in_the_message_that_workflows_take():
    body = told(Format.TEAMS, notices.of_alarm(alarm(), 7, WORKPLACE))
    (attachment,) = body["attachments"]
    assert (body["type"], attachment["contentType"]) == ("message", "application/vnd.microsoft.card.adaptive")
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert card["actions"][0] == {
        "type": "Action.OpenUrl", "title": "Answer", "url": "https://cadence.vendor.example/replies/7",
    }  # fmt: skip


def test_in_teams_words_stand_where_markdown_does_not_count():
    card = told(Format.TEAMS, notices.of_alarm(alarm(), 7, WORKPLACE))["attachments"][0]["content"]
    assert '"TextBlock"' not in json.dumps(card)
    assert "entities" not in card["msteams"]  # without which nobody is mentioned
    assert EVIL in texts(card["body"])
    assert EVIL not in texts({name: value for name, value in card.items() if name != "body"})


@pytest.mark.parametrize("words", ["a\n" * LONGEST_QUOTE, "ä" * LONGEST_QUOTE, "\U0001f600" * LONGEST_QUOTE])
def test_teams_gets_no_larger_message_than_it_takes(words):
    raw = post(Format.TEAMS, notices.of_alarm(alarm(words), 7, WORKPLACE))
    assert len(raw) < 28_000
    assert raw.count(b"TextRun") <= TEAMS_LINES + 3


def test_a_summary_has_a_line_for_each_and_says_how_many_more():
    many = [notices.of_alarm(alarm(company=f"Company {n}"), n, WORKPLACE) for n in range(25)]
    notice = notices.summary(many, WORKPLACE)
    assert notice.title == "25 things call for a person"
    lines = notice.parts[0].text.splitlines()
    assert (len(lines), lines[0], lines[-1]) == (
        21,
        "• Still undecided: Dana Doe, Company 0",
        "• and 5 more",
    )
    assert notice.links == (Link("Today", "https://cadence.vendor.example/today"),)
    assert EVIL not in json.dumps(told(Format.JSON, notice))


def test_a_fault_is_told_with_the_servers_words():
    notice = notices.of_fault("rep@vendor.example", "535 no", WORKPLACE)
    assert notice.title == "Mailbox at fault: rep@vendor.example"
    assert Part("535 no", quoted=True) in notice.parts

"""Tone in lint: each finding at the author's line, what a comment allows, and the shipped mails."""

from pathlib import Path

import pytest

from cadence.content.tone.authored import spoken, template_tone, unanswered
from tests.content.conftest import Bench

TEMPLATES = Path(__file__).parents[2] / "templates"
ALLOW = "{# tone: allow just_checking because they asked me to #}\n"


def tones(bench: Bench, words: str, **named: str) -> list[str]:
    return [found for found in bench.lint(words=words, **named) if "hello.md.j2" in found or "toml" in found]


def test_a_fault_is_a_warning_at_its_line(bench: Bench) -> None:
    (found,) = tones(bench, "Hello {{ account.name }},\n\nI am just checking in.\n")
    assert found.startswith('demo/hello.md.j2:3: warning: just_checking: "I am just checking in."')


def test_a_subject_is_heard_too(bench: Bench) -> None:
    (found,) = tones(bench, "Hello {{ account.name }},\n\nthank you.\n", subject="Last chance to save")
    assert found.startswith("demo/sequence.toml:8: warning: false_urgency")


def test_a_comment_with_a_reason_allows_one_kind(bench: Bench) -> None:
    assert tones(bench, f"{ALLOW}I am just checking in.\n") == []
    assert tones(bench, "Hello {# tone: allow just_checking because asked #}\nI am just checking in.\n") == []


@pytest.mark.parametrize(
    ("comment", "fault"),
    [
        ("{# tone: allow just_checking #}", "say why just_checking is right here"),
        ("{# tone: allow just_cheking because asked #}", 'did you mean "just_checking"?'),
        ("{# tone: quiet #}", "a comment on tone reads"),
        ("{# tone: allow whine because it is true #}", "nothing here is whine"),
    ],
)
def test_a_comment_that_is_not_right_is_reported(bench: Bench, comment: str, fault: str) -> None:
    found = tones(bench, f"{comment}\nI am just checking in.\n")
    assert any(fault in one and ":1: warning" in one for one in found)


def test_a_comment_holds_for_its_line_and_the_next(bench: Bench) -> None:
    found = tones(bench, f"{ALLOW}\nThank you.\n\nI am just checking in.\n")
    assert len(found) == 2  # what it should have allowed, and that it allows nothing


def test_questions_are_counted_in_mails_not_in_branches(bench: Bench) -> None:
    one = "{% if prospect.title %}Who decided at {{ account.name }}?{% else %}What decided it?{% endif %}\n"
    assert tones(bench, one) == []
    assert "multi_question" in tones(bench, f"{one}\nAnd when did it begin?\n")[0]
    allowed = "{# tone: allow multi_question because it is a form #}"
    assert tones(bench, f"{one}\nAnd when did it begin?\n\n{allowed}\n") == []


def test_a_template_is_heard_without_its_tags() -> None:
    source = '+++\ntitle = "a"\n+++\n{% if a -%}\nHi {{ b }}{# note\nmore #}, you{{\nc }}\n'
    assert spoken(source) == "\n\n\n\nHi §\n, you§\n\n"


@pytest.mark.parametrize("folder", sorted({path.parent.name for path in TEMPLATES.glob("[a-z]*/*.md.j2")}))
def test_the_shipped_words_are_courteous(folder: str) -> None:
    for path in sorted((TEMPLATES / folder).glob("*.md.j2")):
        language = path.name.split(".")[1] if path.name.count(".") == 3 else "en"
        source = path.read_text(encoding="utf-8")
        assert unanswered(source, template_tone(source, language)) == [], path.name

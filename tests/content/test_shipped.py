"""What holds for every mail that is shipped, whoever reads it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cadence.content.catalogue import Rendered, SequenceContent, load, read_snapshot, sequence_names
from cadence.content.lint import lint
from cadence.content.samples import Sample
from cadence.content.stories import Story
from cadence.core.relevance import Profile, StoryFacts, choose
from cadence.core.replies import Category, LossReason
from cadence.core.sequence import Anchor, Duration, From, Step, Unit

TEMPLATES = Path(__file__).parents[2] / "templates"
NAMES = sequence_names(TEMPLATES)
CONTENT: dict[str, SequenceContent] = {name: load(read_snapshot(TEMPLATES, name), name) for name in NAMES}

WORDS_OF_A_MAIL = 119
WORDS_OF_A_STORY = 220
TRANSLATED = ("de", "fr", "es")

FORBIDDEN = {
    "an empty follow-up": (
        r"just (checking|following|touching|reaching|circling)|checking in|touch(ing)? base",
        r"circl(e|ing) back|follow(ing)? up|bump(ing)? this|any update|kurz nachfragen|nachhaken",
    ),
    "pressure": (
        r"\b(act|decide|sign) (now|today|fast)|last chance|final (notice|offer|reminder)|too late|asap",
        r"limited|hurry up|don.t miss|expires? (soon|today)|as soon as possible|urgent|dringend",
    ),
    "guilt": (
        r"haven.t heard|no (response|reply|answer) (from|to)|ignor(ed|ing)|after (all|everything) (we|i)\b",
        r"the least you|disappoint|we (had )?(worked|invested) so",
    ),
    "pleading": (r"please (reconsider|give us)|another chance|\bbeg\b|would mean (so much|a lot)|desperate",),
    "a remark on the reader's mind": (
        r"you (must|may|might|probably|surely) (feel|be feeling|think|regret|be wondering)|buyer.s remorse",
        r"\bi (know|understand|am sure|.m sure) (that )?you|you.ll (regret|see|realize)|wrong decision",
    ),
    "a word against the winner": (
        r"unlike (them|other vendors|\w+),|inferior|imitation|cut(s|ting)? corners|mistake to choose",
        r"they (can.t|cannot|won.t|fail)",
    ),
    "sales talk": (
        r"game.?chang|best.in.class|cutting.edge|world.class|synerg|leverage|amazing|exciting|unlock|no.brainer",
        r"free (trial|of charge|consult)|for free|guarantee|100 ?%|click here|special offer|discount",
    ),
    "shouting": (r"!", r"\b(?-i:(?!ISO|VAT|USD|EUR|GBP|CAD)[A-Z]{4,})\b"),
}


def mails() -> Iterator[tuple[str, Step, Story | None, Sample, str]]:
    """Every mail for every sample, in every language that it is written in."""
    for name, content in CONTENT.items():
        for sample in content.samples:
            for step in content.sequence.steps:
                for story in content.stories if step.pool else (None,):
                    written = story.languages if story else {"en", *TRANSLATED}
                    for language in sorted(written):
                        yield name, step, story, sample, language


MAILS = list(mails())


def render(name: str, step: Step, story: Story | None, sample: Sample, language: str) -> Rendered:
    return CONTENT[name].render(step.name, sample.context, story=story, language=language)


def words_of(mail: Rendered, step: Step, sample: Sample) -> str:
    """What the mail says, from greeting to sign-off, without signature and footer."""
    sender = sample.context[step.sender.value]
    assert sender
    first_line = str(sender.get("signature") or sender["name"]).splitlines()[0]
    body, found, _ = mail.text.rpartition(f"\n{first_line}\n")
    assert found, mail.text
    return body


@pytest.fixture(scope="module")
def rendered() -> list[tuple[str, Step, Story | None, Sample, str, Rendered]]:
    return [(*mail, render(*mail)) for mail in MAILS]


def label(name: str, step: Step, story: Story | None, sample: Sample, language: str) -> str:
    return f"{name}/{step.name}{f' ({story.name})' if story else ''} to {sample.name} in {language}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_found_wrong_but_that_the_stories_are_made_up(name: str) -> None:
    findings = list(map(str, lint(read_snapshot(TEMPLATES, name), name)))
    assert len(findings) == 1, "\n".join(findings)
    assert "stories are examples" in findings[0]


def test_every_mail_can_be_written_to_every_sample(rendered: list[Any]) -> None:
    assert len(rendered) == len(MAILS) > 500


def test_a_mail_is_short_and_a_story_is_not_long(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        limit = WORDS_OF_A_STORY if mail[2] else WORDS_OF_A_MAIL
        length = len(words_of(out, mail[1], mail[3]).split())
        assert 40 <= length <= limit, f"{label(*mail)}: {length} words"


def test_a_mail_asks_one_question_at_most(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        asked = (out.subject + words_of(out, mail[1], mail[3])).count("?")
        assert asked <= 1, f"{label(*mail)}: {asked} questions"


@pytest.mark.parametrize("kind", FORBIDDEN)
def test_no_mail_carries(kind: str, rendered: list[Any]) -> None:
    pattern = re.compile("|".join(FORBIDDEN[kind]), re.IGNORECASE)
    for *mail, out in rendered:
        found = pattern.search(f"{out.subject}\n{words_of(out, mail[1], mail[3])}")
        assert not found, f"{label(*mail)}: {found and found[0]!r}"


def test_every_mail_can_be_answered_with_stop_and_says_who_writes(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        company, links = mail[3].context["company"], mail[3].context["links"]
        assert company
        assert links
        for part in (out.text, out.html):
            assert links["unsubscribe"] in part, label(*mail)
            assert company["name"] in part
            assert company["postal_address"] in part
            assert re.search(r"\b(stop|Stopp)\b", part), label(*mail)


def test_no_mail_loads_anything_or_follows_the_reader(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        assert not re.search(r"<img|\bsrc=|background=|url\(|@import|<script|<link|<iframe", out.html), label(
            *mail
        )
        assert set(re.findall(r'href="([^"]*)"', out.html)) == {mail[3].context["links"]["unsubscribe"]}


def test_both_parts_say_the_same(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        for line in words_of(out, mail[1], mail[3]).splitlines():
            plain = (
                line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
            )
            assert plain.strip() in out.html.replace("&#39;", "'").replace("&#34;", "&quot;"), (
                f"{label(*mail)}: {line}"
            )


def test_a_subject_is_short_and_plain(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        subject = out.subject
        assert 8 <= len(subject) <= 60, f"{label(*mail)}: {subject}"
        if mail[1].thread.value == "new":
            assert not re.match(r"(re|fwd?|aw|wg) ?:", subject, re.IGNORECASE), "a false reply"


def test_no_mail_shows_a_gap_where_a_fact_is_missing(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        text = words_of(out, mail[1], mail[3])
        assert not re.search(r"None|\{\{|\}\}| ,|  |\(\)| \.|\.\.", text), f"{label(*mail)}: {text}"


def test_every_step_is_translated() -> None:
    for name in ("closed-lost", "former-client"):
        for step in CONTENT[name].sequence.steps:
            for language in () if step.pool else TRANSLATED:
                assert (TEMPLATES / name / f"{step.name}.{language}.md.j2").exists()
                assert CONTENT[name].subject_of(step, language) != CONTENT[name].subject_of(step, "en")


def test_samples_are_of_several_countries_and_some_lack_facts() -> None:
    for content in CONTENT.values():
        assert len(content.samples) >= 6
        assert {"en", "de", "fr", "es"} <= {sample.language for sample in content.samples}
        prospects = [sample.context["prospect"] or {} for sample in content.samples]
        deals = [sample.context["deal"] or {} for sample in content.samples]
        assert any("first_name" not in prospect for prospect in prospects)
        assert any("competitor" not in deal and "product" not in deal for deal in deals)


# What the two sequences must do.


def step_of(name: str, step: str) -> Step:
    found = CONTENT[name].sequence.step(step)
    assert found
    return found


def test_a_thank_you_leaves_within_a_day_or_not_at_all() -> None:
    first = CONTENT["closed-lost"].sequence.chain[0]
    assert (first.name, first.sender, str(first.within)) == ("thank-you", From.REP, "24 hours")


def test_the_thank_you_congratulates_apologizes_and_offers_help(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        if mail[1].name == "thank-you" and mail[4] == "en":
            for words in (
                "Congratulations",
                "thank you",
                "I'm sorry",
                "every success",
                "help you get started",
            ):
                assert words in out.text


@pytest.mark.parametrize(("name", "step"), [("closed-lost", "feedback"), ("former-client", "exit-interview")])
def test_why_is_asked_by_someone_other_than_the_rep(name: str, step: str) -> None:
    assert step_of(name, step).sender is From.EXECUTIVE


@pytest.mark.parametrize("name", ["closed-lost", "former-client"])
def test_a_refusal_gets_one_explanation_and_no_second_request(name: str) -> None:
    (explanation,) = CONTENT[name].sequence.branch(Category.FEEDBACK_DECLINED)
    for sample in CONTENT[name].samples:
        assert "?" not in words_of(render(name, explanation, None, sample, "en"), explanation, sample)


@pytest.mark.parametrize("name", ["closed-lost", "former-client"])
def test_a_person_who_answered_is_never_answered_without_a_persons_yes(name: str) -> None:
    sequence = CONTENT[name].sequence
    assert sequence.branch(Category.FEEDBACK)
    assert all(step.review for step in sequence.steps if step.on)


def test_nobody_is_asked_again_what_they_have_answered_or_declined() -> None:
    declined, given = Category.FEEDBACK_DECLINED, Category.FEEDBACK
    assert step_of("closed-lost", "feedback").unless == {given, declined}
    assert declined in step_of("closed-lost", "heartbeat-signed").unless
    assert Category.KEEP_IN_TOUCH in step_of("closed-lost", "backup-vendor").unless
    assert Category.REFERRAL in step_of("closed-lost", "referral").unless


@pytest.mark.parametrize("name", ["closed-lost", "former-client"])
def test_stories_come_every_45_to_60_days_until_18_months_are_over(name: str) -> None:
    story = CONTENT[name].sequence.stay_in_touch
    assert story
    assert story.pool == "stories"
    assert story.repeat
    assert story.after
    assert story.times is None
    assert story.repeat.unit is story.after.unit is Unit.DAYS
    assert 45 <= story.after.amount <= 60
    assert 45 <= story.repeat.amount <= 60
    assert CONTENT[name].sequence.ends == Duration(18, Unit.MONTHS)


@pytest.mark.parametrize("name", ["closed-lost", "former-client"])
def test_a_note_comes_before_the_other_agreement_ends(name: str) -> None:
    assert step_of(name, "renewal").at == Anchor("deal.competitor_contract_end", -1, Duration(90, Unit.DAYS))


# The stories.

STORIES = CONTENT["closed-lost"].stories


def facts_of(story: Story) -> StoryFacts:
    return StoryFacts(
        story.name,
        tuple(sorted(story.industries)),
        *story.sizes,
        tuple(sorted(story.loss_reasons)),
        tuple(sorted(story.languages)),
        story.fresh_until,
    )


def test_the_storybook_is_wide() -> None:
    assert len(STORIES) >= 16
    assert not [title for title, n in Counter(story.title for story in STORIES).items() if n > 1]
    assert len({industry for story in STORIES for industry in story.industries}) >= 12
    assert {reason for story in STORIES for reason in story.loss_reasons} == set(LossReason)
    assert any(not story.industries and not story.loss_reasons for story in STORIES), "some are for anyone"


@pytest.mark.parametrize(
    "industry", ["manufacturing", "logistics", "healthcare", "construction", "food", "finance"]
)
def test_a_known_prospect_hears_something_fitting_for_18_months_and_nothing_twice(industry: str) -> None:
    profile = Profile(industry=industry, size=150, loss_reasons=("price",), language="en")
    told: list[str] = []
    for month in range(0, 18, 2):
        choice = choose(map(facts_of, STORIES), profile, told, date(2027 + month // 12, month % 12 + 1, 1))
        if choice:
            told.append(choice.story.name)
    assert len(told) == len(set(told)) >= 8


def test_every_story_says_that_it_is_made_up() -> None:
    assert all(story.example for story in STORIES)


def test_a_story_names_no_client() -> None:
    """A client can be recognized only with consent; shipped ones are told without a name."""
    for story in STORIES:
        text = (TEMPLATES / "stories" / f"{story.name}.md.j2").read_text(encoding="utf-8")
        assert not re.search(r"\b(Ltd|Inc|GmbH|LLC|S\.A\.)\b", text)


@pytest.mark.parametrize("language", ["en", *TRANSLATED])
@pytest.mark.parametrize("name", NAMES)
def test_where_readers_cannot_reach_us_by_http_the_footer_asks_for_a_reply(name: str, language: str) -> None:
    sample = CONTENT[name].samples[0]
    context = sample.context | {"links": {"unsubscribe": None}}
    first = CONTENT[name].sequence.steps[0].name
    mail = CONTENT[name].render(first, context, language=language)
    footer = mail.text.splitlines()[-1]
    assert re.search(r"stop", footer, re.I) and footer.endswith(".")
    assert "None" not in mail.text + mail.html and "<a href" not in mail.html.rpartition("footer")[2]

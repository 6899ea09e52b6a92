"""What holds for every mail that is shipped, whoever reads it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
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
WITH_TRANSLATIONS = ("closed-lost", "former-client")
LOST = ("closed-lost", "no-decision", "price", "missing-feature", "lost-to-incumbent")
KEEP_IN_TOUCH = (*LOST, "former-client")

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


def sample_has_date(sample: Sample) -> Callable[[Step], bool]:
    """Whether a step at a date of the deal would be sent to a sample at all."""
    return lambda step: (
        step.at is None or bool((sample.context["deal"] or {}).get(step.at.field.removeprefix("deal.")))
    )


def mails() -> Iterator[tuple[str, Step, Story | None, Sample, str]]:
    """Every mail for every sample, in every language that it is written in."""
    for name, content in CONTENT.items():
        for sample in content.samples:
            for step in filter(sample_has_date(sample), content.sequence.steps):
                if step.pool and name not in WITH_TRANSLATIONS:
                    continue  # the same stories as in the others
                for story in content.stories if step.pool else (None,):
                    written = story.languages if story else content.languages(step)
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
    told = any(step.pool for step in CONTENT[name].sequence.steps)
    assert len(findings) == told, "\n".join(findings)
    assert all("stories are examples" in finding for finding in findings)


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
        links = mail[3].context["links"]
        followed = set(re.findall(r'href="([^"]*)"', out.html))
        assert links["unsubscribe"] in followed
        assert followed <= {links["unsubscribe"], links.get("answer")}


def test_who_is_asked_why_may_answer_on_a_page(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        if mail[1].name in ("feedback", "exit-interview"):
            page = mail[3].context["links"].get("answer")
            assert bool(page) == (f"({page})" in out.text) == (f'href="{page}"' in out.html)


def test_both_parts_say_the_same(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        for line in words_of(out, mail[1], mail[3]).splitlines():
            plain = (
                line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
            )
            plain = re.sub(r" \(https://[^)]*\)", "", plain)  # where a link of the HTML leads
            words = re.sub(r"</?a[^>]*>", "", out.html.replace("&#39;", "'").replace("&#34;", "&quot;"))
            assert plain.strip() in words, f"{label(*mail)}: {line}"


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
    for name in WITH_TRANSLATIONS:
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


# What the sequences must do.


def step_of(name: str, step: str) -> Step:
    found = CONTENT[name].sequence.step(step)
    assert found
    return found


def test_every_reason_to_lose_has_its_sequence() -> None:
    assert set(NAMES) == {*LOST, "former-client", "referral"}


def test_no_two_sequences_for_a_lost_deal_say_the_same() -> None:
    """But for the few lines that are as good in one as in the other, such as who congratulates."""
    said = Counter(
        sentence.strip()
        for name in LOST
        for step in CONTENT[name].sequence.steps
        if not step.pool
        for sentence in (TEMPLATES / name / f"{step.name}.md.j2")
        .read_text(encoding="utf-8")
        .split("\n\n")[1:-1]
        if len(sentence.split()) > 30
    )
    assert [words for words, times in said.items() if times > 1] == []


@pytest.mark.parametrize("name", LOST)
def test_a_thank_you_leaves_within_a_day_or_not_at_all(name: str) -> None:
    first = CONTENT[name].sequence.chain[0]
    assert (first.name, first.sender, str(first.within)) == ("thank-you", From.REP, "24 hours")


def test_the_thank_you_congratulates_apologizes_and_offers_help(rendered: list[Any]) -> None:
    for *mail, out in rendered:
        if mail[0] == "closed-lost" and mail[1].name == "thank-you" and mail[4] == "en":
            for words in (
                "Congratulations",
                "thank you",
                "I'm sorry",
                "every success",
                "help you get started",
            ):
                assert words in out.text


@pytest.mark.parametrize(
    ("name", "step"), [*((name, "feedback") for name in LOST), ("former-client", "exit-interview")]
)
def test_why_is_asked_by_someone_other_than_the_rep(name: str, step: str) -> None:
    assert step_of(name, step).sender is From.EXECUTIVE


@pytest.mark.parametrize("name", KEEP_IN_TOUCH)
def test_a_refusal_gets_one_explanation_and_no_second_request(name: str) -> None:
    (explanation,) = CONTENT[name].sequence.branch(Category.FEEDBACK_DECLINED)
    for sample in CONTENT[name].samples:
        assert "?" not in words_of(render(name, explanation, None, sample, "en"), explanation, sample)


@pytest.mark.parametrize("name", KEEP_IN_TOUCH)
def test_silence_gets_one_explanation_and_no_second_request(name: str) -> None:
    explanation = step_of(name, "what-it-was-for")
    assert (explanation.sender, explanation.repeat) == (From.EXECUTIVE, None)
    assert explanation.unless == {Category.FEEDBACK, Category.FEEDBACK_DECLINED}
    assert step_of(name, "why-we-ask").unless_sent == explanation.name, "who is silent, and then declines"
    for sample in CONTENT[name].samples:
        assert "?" not in words_of(render(name, explanation, None, sample, "en"), explanation, sample)


@pytest.mark.parametrize("name", NAMES)
def test_a_person_who_answered_is_never_answered_without_a_persons_yes(name: str) -> None:
    sequence = CONTENT[name].sequence
    assert sequence.branch(Category.FEEDBACK)
    assert all(step.review for step in sequence.steps if step.on)


def test_nobody_is_asked_again_what_they_have_answered_or_declined() -> None:
    declined, given = Category.FEEDBACK_DECLINED, Category.FEEDBACK
    assert all(step_of(name, "feedback").unless == {given, declined} for name in LOST)
    assert declined in step_of("closed-lost", "heartbeat-signed").unless
    assert Category.KEEP_IN_TOUCH in step_of("closed-lost", "backup-vendor").unless
    assert Category.REFERRAL in step_of("closed-lost", "referral").unless


@pytest.mark.parametrize("name", KEEP_IN_TOUCH)
def test_stories_come_every_45_to_60_days_for_18_months_and_longer(name: str) -> None:
    story = CONTENT[name].sequence.stay_in_touch
    assert story
    assert story.pool == "stories"
    assert story.repeat
    assert story.after
    assert story.times is None
    assert story.repeat.unit is story.after.unit is Unit.DAYS
    assert 45 <= story.after.amount <= 60
    assert 45 <= story.repeat.amount <= 60
    assert CONTENT[name].sequence.ends in {Duration(18, Unit.MONTHS), Duration(2, Unit.YEARS)}


@pytest.mark.parametrize("name", [name for name in KEEP_IN_TOUCH if name != "no-decision"])
def test_a_note_comes_before_the_other_agreement_ends(name: str) -> None:
    early = 120 if name == "lost-to-incumbent" else 90
    ends = Anchor("deal.competitor_contract_end", -1, Duration(early, Unit.DAYS))
    assert step_of(name, "renewal").at == ends


@pytest.mark.parametrize(
    ("name", "step"),
    [("closed-lost", "still-your-backup"), ("lost-to-incumbent", "still-your-second-source")],
)
def test_the_offer_to_be_the_backup_is_renewed_after_a_year(name: str, step: str) -> None:
    assert step_of(name, step).at == Anchor("deal.lost_at", 1, Duration(1, Unit.YEARS))


def english(rendered: list[Any], name: str, step: str) -> Iterator[tuple[Sample, str]]:
    """What one mail says to each sample, in English."""
    for *mail, out in rendered:
        if (mail[0], mail[1].name, mail[4]) == (name, step, "en"):
            yield mail[3], words_of(out, mail[1], mail[3])


def test_another_supplier_is_named_where_the_rep_knows_one(rendered: list[Any]) -> None:
    for name in LOST:
        for sample, words in english(rendered, name, "thank-you"):
            other = (sample.context["deal"] or {}).get("alternative")
            assert bool(other) == ("worth a call" in words)
            assert not other or str(other) in words


def test_a_missing_feature_is_said_to_ship_when_that_is_known_and_nothing_is_promised_else(
    rendered: list[Any],
) -> None:
    for sample, words in english(rendered, "missing-feature", "where-it-stands"):
        ships = (sample.context["deal"] or {}).get("missing_ships")
        assert ("we expect to have it in" in words) == bool(ships)
        assert ("There is no date for it" in words) == (not ships)
    shipped = step_of("missing-feature", "it-is-there")
    assert shipped.at == Anchor("deal.missing_ships", 1, Duration(1, Unit.WEEKS))
    assert shipped.review, "dates slip"


def test_a_referrer_is_named_only_with_consent(rendered: list[Any]) -> None:
    for step in CONTENT["referral"].sequence.chain:
        for sample, words in english(rendered, "referral", step.name):
            referrer = (sample.context["deal"] or {}).get("referred_by")
            assert bool(referrer) == (str(referrer) in words)
    assert len(CONTENT["referral"].sequence.chain) <= 3, (
        "whoever named them was promised that we leave it there"
    )


def test_nobody_who_left_for_the_price_is_asked_to_talk_about_it(rendered: list[Any]) -> None:
    offers = re.compile(r"\b(cheaper|lower|match|reduce|save|discount)\b", re.IGNORECASE)
    for step in CONTENT["price"].sequence.steps:
        if not step.pool:
            for _, words in english(rendered, "price", step.name):
                assert not offers.search(words.replace("save you some time", "")), words
    assert not any(step.name.startswith("heartbeat-signed") for step in CONTENT["price"].sequence.steps)


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

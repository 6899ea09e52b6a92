"""Which story is worth a prospect's time."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.relevance import Profile, StoryFacts, choose
from cadence.core.replies import LossReason

TODAY = date(2026, 2, 2)
BAKERY = StoryFacts("bakery", ("food", "retail"), 5, 50, ("price",), ("en",), date(2028, 1, 1))
DEPOT = StoryFacts("depot", ("logistics",), 50, 500, ("trust", "integration"), ("en",), date(2028, 1, 1))
ANYONE = StoryFacts("anyone")
READER = Profile("retail", 20, ("price",), "en")

INDUSTRIES = st.sampled_from(["food", "retail", "logistics", "food and beverage", "public sector"])
REASONS = st.sampled_from([reason.value for reason in LossReason])
STORIES = st.builds(
    StoryFacts,
    name=st.text("abcdef", min_size=1, max_size=4),
    industries=st.lists(INDUSTRIES, max_size=3, unique=True).map(tuple),
    size_min=st.none() | st.integers(1, 100),
    size_max=st.none() | st.integers(100, 10_000),
    loss_reasons=st.lists(REASONS, max_size=3, unique=True).map(tuple),
    languages=st.lists(st.sampled_from(["en", "de"]), max_size=2, unique=True).map(tuple),
    fresh_until=st.none() | st.dates(date(2025, 1, 1), date(2029, 1, 1)),
)
PROFILES = st.builds(
    Profile,
    industry=st.none() | INDUSTRIES,
    size=st.none() | st.integers(1, 100_000),
    loss_reasons=st.lists(REASONS, max_size=3, unique=True).map(tuple),
    language=st.none() | st.sampled_from(["en", "de", "fr"]),
)
POOLS = st.lists(STORIES, max_size=8, unique_by=lambda story: story.name)


def chosen(*stories, profile=READER, sent=()):
    choice = choose(stories, profile, sent, TODAY)
    return choice and choice.story.name


def test_the_story_most_like_their_case_is_chosen_and_says_why():
    choice = choose([DEPOT, ANYONE, BAKERY], READER, set(), TODAY)
    assert choice is not None
    assert choice.story is BAKERY
    assert choice.why == (
        "same industry (retail), answers why we lost (price), "
        "a company of their size, in their language, fresh"
    )


def test_nothing_relevant_is_nothing():
    assert chosen(DEPOT) is None
    assert chosen() is None


def test_a_reader_of_whom_nothing_is_known_gets_no_story_but_one_for_anyone():
    assert chosen(BAKERY, DEPOT, profile=Profile(language="en")) is None
    assert chosen(BAKERY, DEPOT, ANYONE, profile=Profile(language="en")) == "anyone"


def test_a_doubt_answered_carries_over_to_another_industry():
    assert chosen(DEPOT, profile=Profile("retail", 100, ("trust",), "en")) == "depot"


def test_size_alone_is_not_relevance():
    assert chosen(DEPOT, profile=Profile(None, 100, (), "en")) is None


def test_the_same_doubt_at_quite_another_kind_of_company_is_not_relevant():
    far = Profile("retail", 100_000, ("trust",), "de")
    assert chosen(DEPOT, profile=far) is None


def test_a_story_goes_out_once_per_account():
    assert chosen(BAKERY, replace(BAKERY, name="other"), sent={"bakery"}) == "other"
    assert chosen(BAKERY, sent={"bakery"}) is None


@pytest.mark.parametrize(("until", "name"), [(date(2026, 2, 2), "bakery"), (date(2026, 2, 1), None)])
def test_a_story_is_told_up_to_its_last_day(until, name):
    assert chosen(replace(BAKERY, fresh_until=until)) == name


def test_nobody_gets_a_story_in_a_language_they_are_not_written_to_in():
    assert chosen(replace(BAKERY, languages=("en",)), profile=replace(READER, language="de")) is None


def test_the_readers_language_is_preferred():
    german = replace(BAKERY, name="on-german", languages=("de",))
    assert chosen(BAKERY, german, profile=replace(READER, language="de")) == "on-german"


def test_the_fresher_of_two_equals_is_preferred():
    assert chosen(replace(BAKERY, name="a-old", fresh_until=date(2026, 3, 1)), BAKERY) == "bakery"


@pytest.mark.parametrize("industry", ["Retail", " retail ", "RETAIL", "retail sector"])
def test_industries_are_compared_as_people_write_them(industry):
    assert chosen(BAKERY, profile=Profile(industry)) == "bakery"


def test_a_part_of_an_industry_is_near_it_but_the_same_one_wins():
    near = StoryFacts("a-near", ("food and beverage",))
    same = StoryFacts("same", ("food",))
    assert chosen(near, profile=Profile("food")) == "a-near"
    assert chosen(near, same, profile=Profile("food")) == "same"
    assert chosen(StoryFacts("x", ("private sector",)), profile=Profile("public sector")) is None


@given(POOLS, PROFILES, st.randoms())
def test_the_choice_does_not_depend_on_the_order_of_the_files(stories, profile, random):
    before = choose(stories, profile, (), TODAY)
    random.shuffle(stories)
    assert choose(stories, profile, (), TODAY) == before


@given(POOLS, PROFILES)
def test_a_pool_is_told_without_repeats_until_nothing_relevant_is_left(stories, profile):
    sent, scores = [], []
    while (choice := choose(stories, profile, sent, TODAY)) is not None:
        assert choice.story.name not in sent
        assert choice.why
        assert choice.story.fresh_until is None or choice.story.fresh_until >= TODAY
        sent.append(choice.story.name)
        scores.append(choice.score)
    assert scores == sorted(scores, reverse=True)
    assert all(score > 0 for score in scores)

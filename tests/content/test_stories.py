"""Stories: their facts are read, and what is wrong with them is found."""

from datetime import date

import pytest

from cadence.core.replies import LossReason

POOL = '[[step]]\nname = "hello"\nafter = "1 day"\npool = "stories"\n'
FULL = """\
+++
title = "How one was helped"
industries = ["Retail", "food"]
sizes = { min = 10, max = 500 }
loss_reasons = ["price"]
languages = ["en"]
fresh_until = 2030-06-30
+++
Hello.
"""


def files(story: str, name: str = "one.md.j2") -> dict[str, str | None]:
    return {f"stories/{name}": story, "demo/hello.md.j2": None}


def test_the_facts_of_a_story_are_read(bench):
    content = bench.load({**files(FULL), "stories/one.de.md.j2": "Hallo."}, steps=POOL)
    (story,) = content.stories
    assert (story.name, story.title) == ("one", "How one was helped")
    assert story.industries == {"retail", "food"}
    assert story.sizes == (10, 500)
    assert story.loss_reasons == {LossReason.PRICE}
    assert story.languages == {"en", "de"}
    assert story.fresh_until == date(2030, 6, 30)


def test_only_a_title_is_needed(bench):
    (story,) = bench.load(files('+++\ntitle = "One"\n+++\nHello'), steps=POOL).stories
    assert (story.sizes, story.fresh_until, story.languages) == ((None, None), None, {"en"})


@pytest.mark.parametrize(
    ("was", "becomes", "line", "words"),
    [
        ('title = "How one was helped"', "", 2, "needs a `title`"),
        ('title = "How one was helped"', "title = 3", 2, "needs a `title`"),
        ("industries", "industry", 3, 'did you mean "industries"?'),
        ('["Retail", "food"]', '"retail"', 3, "a list of texts"),
        ("{ min = 10, max = 500 }", '"10-500"', 4, "{ min = 10, max = 500 }"),
        ("{ min = 10, max = 500 }", "{ min = 10, max = 5 }", 4, "{ min = 10, max = 500 }"),
        ("{ min = 10, max = 500 }", "{ from = 10 }", 4, "{ min = 10, max = 500 }"),
        ('["price"]', '["prize"]', 5, 'did you mean "price"?'),
        ('loss_reasons = ["price"]', 'loss_reasons = [\n"price",\n"prize",\n]', 7, "no reason for a loss"),
        ("2030-06-30", '"2030-06-30"', 7, "a day without quotes"),
        ("2030-06-30", "2030-06-31", 7, ""),
        ("fresh_until = 2030-06-30", 'example = "yes"', 7, "`example` takes true or false"),
        ("Hello.", "Hello\n{{ prospect.compnay }}", 10, "no `prospect.compnay`"),
        ("+++\nHello", "Hello", 1, "between two lines of +++"),
    ],
)
def test_a_fault_is_found_at_its_line(was, becomes, line, words, bench):
    found = bench.lint(files(FULL.replace(was, becomes)), steps=POOL)
    assert found[-1].startswith(f"stories/one.md.j2:{line}: error: "), found
    assert words in found[-1]


def test_a_fault_in_rendering_a_story_is_placed_in_its_file(bench):
    found = bench.lint(files(FULL.replace("Hello.", "Hello\n{{ deal.competitor }}")), steps=POOL)
    assert found == [
        "stories/one.md.j2:10: error: `deal.competitor` is not known for this person; write "
        '{{ deal.competitor or "…" }}, or ask {% if deal.competitor %} first (for Ada)'
    ]


def test_a_translation_has_a_title_of_its_own(bench):
    german = '+++\ntitle = "Wie einem geholfen wurde"\n+++\nHallo'
    content = bench.load({**files(FULL), "stories/one.de.md.j2": german}, steps=POOL)
    assert (
        content.render("hello", bench.context, story="one", language="de").subject
        == "Wie einem geholfen wurde"
    )
    assert content.render("hello", bench.context, story="one", language="fr").subject == "How one was helped"


def test_a_translation_without_a_title_is_warned_of(finds):
    finds(
        "stories/one.de.md.j2:1: warning",
        'not in "de"',
        files={**files(FULL), "stories/one.de.md.j2": "Hallo"},
        steps=POOL,
    )


def test_a_translation_says_nothing_about_for_whom_it_is(finds):
    german = '+++\ntitle = "Eins"\nsizes = { min = 1 }\n+++\nHallo'
    finds(
        "stories/one.de.md.j2:3: error",
        "for all its languages",
        files={**files(FULL), "stories/one.de.md.j2": german},
        steps=POOL,
    )


def test_the_language_of_a_story_is_the_first_it_names(bench):
    german = FULL.replace('["en"]', '["de"]').replace("Hello.", "{{ deal.lost_at | day }}")
    content = bench.load(files(german), steps=POOL)
    context = bench.known(deal={"lost_at": date(2026, 3, 2)})
    assert "2. März" in content.render("hello", context, story="one").text


def test_a_translation_needs_its_story(finds):
    finds("stories/two.de.md.j2:1", "stories/two.md.j2", files={"stories/two.de.md.j2": "Hallo"})


def test_a_misnamed_story_is_found(finds):
    finds("stories/Two.md.j2:1", "a-good-story", files={"stories/Two.md.j2": FULL})


def test_something_else_among_the_stories_is_only_a_warning(finds):
    finds("stories/notes.toml:1: warning", "no story", files={"stories/notes.toml": "a = 1"})


@pytest.mark.parametrize(
    ("name", "words"),
    [("hello.md.j2", "{{ story.body }} where it goes"), ("hello.txt.j2", "are Markdown")],
)
def test_words_around_stories_hold_the_story(name, words, finds):
    finds(f"demo/{name}:1: error", words, files={**files(FULL), f"demo/{name}": "Hello"}, steps=POOL)


def test_a_pool_without_stories_is_an_error(finds):
    finds("demo/sequence.toml:8", "there is none in stories/", files={"demo/hello.md.j2": None}, steps=POOL)


def test_example_stories_are_warned_of_once_a_sequence(bench):
    made_up = FULL.replace("+++\nHello", "example = true\n+++\nHello")
    stories = {f"stories/{name}.md.j2": made_up for name in ("one", "two", "three")}
    found = bench.lint({**files(FULL, "four.md.j2"), **stories}, steps=POOL)
    assert found == [
        "demo/sequence.toml:5: warning: 3 of its 4 stories are examples (one, three …): write your own"
    ]
    assert bench.lint(stories) == []  # a sequence that tells no story

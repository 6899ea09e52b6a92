"""Rendering: which words, which language, which subject; and what stops a mail that would be wrong."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from cadence.content.stories import Story
from cadence.core.errors import ContentError, InvalidInput, NotFound
from cadence.core.relevance import StoryFacts

REPLY = """\
[[step]]
name = "hello"
after = "1 day"
subject = "First"
[[step]]
name = "two"
after = "1 day"
"""
POOL = '[[step]]\nname = "hello"\nafter = "1 day"\npool = "stories"\n'
STORIES = {
    "stories/one.md.j2": (
        '+++\ntitle = "How *one* was helped"\n+++\nDear {{ account.name }},\n\nread **this**.\n'
    ),
    "stories/one.de.md.j2": "Guten Tag,\n\nlesen Sie.\n",
    "demo/hello.md.j2": None,
}


def test_text_and_html_come_from_the_same_words(bench):
    mail = bench.load(words="Hello *you* at [our site](https://ours.example).").render("hello", bench.context)
    assert "Hello you at our site (https://ours.example)." in mail.text
    assert '<p>Hello <em>you</em> at <a href="https://ours.example">our site</a>.</p>' in mail.html


def test_the_layout_carries_the_language_of_the_words(bench):
    content = bench.load({"demo/hello.de.md.j2": "Guten Tag"})
    assert '<html lang="de">' in content.render("hello", bench.context, language="de").html
    assert '<html lang="de">' in content.render("hello", bench.context, language="de-AT").html
    assert '<html lang="en">' in content.render("hello", bench.context, language="fr").html


def test_the_subject_follows_the_words_into_their_language(bench):
    steps = bench.sequence.partition("\n\n")[2] + 'subjects = { de = "Danke" }\n'
    content = bench.load({"demo/hello.de.md.j2": "Guten Tag"}, steps=steps)
    assert content.render("hello", bench.context, language="de").subject == "Danke"
    assert content.render("hello", bench.context, language="es").subject == "Thank you"


def test_a_pair_of_files_gives_each_part_its_own_words(bench):
    pair = {
        "demo/hello.txt.j2": "Text for {{ account.name }}",
        "demo/hello.html.j2": "<p>Html {{ account.name }}</p>",
    }
    mail = bench.load({"demo/hello.md.j2": None, **pair}).render(
        "hello", bench.known(account={"name": "A & B"})
    )
    assert "Text for A & B" in mail.text
    assert "<p>Html A &amp; B</p>" in mail.html


def test_the_sender_follows_from_the_step(bench):
    steps = bench.sequence.partition("\n\n")[2] + 'from = "executive"\n'
    content = bench.load(steps=steps, files={"demo/hello.md.j2": "From {{ sender.name }} for {{ rep.name }}"})
    assert "From Alex Sample for Robin Sample" in content.render("hello", bench.context).text


def test_a_file_in_the_steps_folder_is_attached(bench):
    content = bench.load({"demo/hello/plan.pdf": b"%PDF", "demo/hello/notes.data": b"?", "demo/other/x": b""})
    found = content.render("hello", bench.context).attachments
    assert [(file.filename, file.content_type) for file in found] == [
        ("notes.data", "application/octet-stream"),
        ("plan.pdf", "application/pdf"),
    ]
    assert found[1].content == b"%PDF"


def test_a_reply_takes_the_subject_of_its_conversation(bench):
    content = bench.load({"demo/two.md.j2": "Hi"}, steps=REPLY + 'thread = "reply"\n')
    for subject in ("Our offer", "Re: Our offer", "RE: Our offer"):
        mail = content.render("two", bench.known(thread={"subject": subject}))
        assert mail.subject.lower() == "re: our offer"


def test_a_reply_without_a_conversation_needs_a_subject(bench):
    content = bench.load({"demo/two.md.j2": "Hi"}, steps=REPLY + 'thread = "reply"\n')
    with pytest.raises(ContentError, match="no conversation"):
        content.render("two", bench.known(thread={"subject": None}))
    content = bench.load({"demo/two.md.j2": "Hi"}, steps=REPLY + 'thread = "reply"\nsubject = "Own"\n')
    assert content.render("two", bench.known(thread={"subject": None})).subject == "Own"


def test_a_story_is_the_mail(bench):
    content = bench.load(STORIES, steps=POOL)
    (story,) = content.stories
    mail = content.render("hello", bench.context, story=story)
    assert mail.subject == "How *one* was helped"
    assert "Dear Theirsample,\n\nread this." in mail.text
    assert mail == content.render("hello", bench.context, story="one")
    assert "lesen Sie" in content.render("hello", bench.context, story=story, language="de").text


def test_a_step_may_put_words_around_its_stories(bench):
    around = "A story, *{{ story.title }}*:\n\n{{ story.body }}\n\nWith best wishes"
    content = bench.load({**STORIES, "demo/hello.md.j2": around}, steps=POOL)
    mail = content.render("hello", bench.context, story=content.stories[0])
    assert (
        "A story, How *one* was helped:\n\nDear Theirsample,\n\nread this.\n\nWith best wishes" in mail.text
    )


def test_a_step_takes_a_story_only_where_it_has_a_pool(bench):
    story = Story("one", "One")
    with pytest.raises(InvalidInput):
        bench.load().render("hello", bench.context, story=story)
    with pytest.raises(InvalidInput):
        bench.load(STORIES, steps=POOL).render("hello", bench.context)
    with pytest.raises(NotFound, match='did you mean "one"'):
        bench.load(STORIES, steps=POOL).render("hello", bench.context, story="onee")


def test_a_step_that_does_not_exist_is_not_found(bench):
    with pytest.raises(NotFound):
        bench.load().render("helo", bench.context)


@pytest.mark.parametrize(
    ("words", "line", "message"),
    [
        ("a\n{{ deal.competitor }}", 2, "`deal.competitor` is not known"),
        ("a\n{{ deal.competitor | upper }}", 2, "`deal.competitor` is not known"),
        ('{{ "with " ~ deal.competitor }}', 1, "`deal.competitor` is not known"),
        ("{{ deal.competitor or deal.product }}", 1, "`deal.competitor or deal.product` is not known"),
        ("{% if account.size > 5 %}a{% endif %}", 1, "ask {% if account.size %} first"),
        ("{{ deal.competitor_contract_end.year }}", 1, "`deal.competitor_contract_end` is not known"),
        ("{% for x in sender.signature | lines %}a{% endfor %}", 1, "`sender.signature` is not known"),
        ("{{ deal.lost_at }}", 1, "| date"),
        ("{{ prospect }}", 1, "the group `prospect`"),
        ('{{ ["a", "b"] }}', 1, "| words"),
        ("{{ account.name == 1 }}", 1, "yes or no"),
        ("{% for x in account.name %}a{% endfor %}", 1, "| lines"),
        ("{{ account.name + 1 }}", 1, "~"),
        ("{{ 1 / 0 }}", 1, "division by zero"),
        ('{{ "a".split("") }}', 1, "empty separator"),
        ("{{ account.name | day }}", 1, "takes a date, not text"),
        ("{{ deal.lost_at | upper }}", 1, "takes text, not a date"),
        ("{{ account.name.title }}", 1, "cannot be used"),
        ("[x]({{ account.name }})", 1, "no link"),
        ("[x](javascript:alert)", 1, "begin it with https://"),
    ],
)
def test_a_mail_that_would_be_wrong_is_not_written(words, line, message, bench):
    with pytest.raises(ContentError) as raised:
        bench.text(words, deal={"lost_at": date(2026, 3, 2)})
    assert message in raised.value.message
    assert (raised.value.path, raised.value.line) == ("demo/hello.md.j2", line)


def test_a_fault_in_a_macro_is_placed_in_the_macro(bench):
    macros = "{% macro vendor() %}\n{{ deal.competitor }}\n{% endmacro %}"
    words = '{% from "_shared/macros.md.j2" import vendor %}{{ vendor() }}'
    content = bench.load({"_shared/macros.md.j2": macros}, words=words)
    with pytest.raises(ContentError) as raised:
        content.render("hello", bench.context)
    assert (raised.value.path, raised.value.line) == ("_shared/macros.md.j2", 2)


@pytest.mark.parametrize(
    "name", ["Ada\r\nBcc: all@them.example", "Ada\nX", "Ada\x00", "Ada\u2028X", "Ada\u202eX", "A\ud800"]
)
def test_control_characters_are_refused(name, bench):
    content = bench.load(subject="For {{ prospect.first_name }}")
    with pytest.raises(InvalidInput, match=r"prospect\.first_name holds a control character \(U\+"):
        content.render("hello", bench.known(prospect={"first_name": name}))


@pytest.mark.parametrize("name", ["=?utf-8?q?Bcc=3A?=", "x" * 300])
def test_a_subject_that_would_be_wrong_is_not_written(name, bench):
    content = bench.load(subject="For {{ prospect.first_name }}")
    with pytest.raises(ContentError, match=r"^demo/sequence.toml:8: the subject"):
        content.render("hello", bench.known(prospect={"first_name": name}))


def test_a_subject_of_nothing_is_not_written(bench):
    with pytest.raises(ContentError, match="the subject is empty"):
        bench.load(subject="{% if false %}x{% endif %}").render("hello", bench.context)


def test_a_wrong_conversation_is_not_continued(bench):
    content = bench.load({"demo/two.md.j2": "Hi"}, steps=REPLY + 'thread = "reply"\n')
    with pytest.raises(InvalidInput, match="thread"):
        content.render("two", bench.known(thread={"subject": "a\nb"}))


def test_facts_of_a_story_are_those_that_relevance_asks_for():
    story = Story("one", "One", frozenset({"b", "a"}), (5, None), languages=frozenset({"en"}))
    assert story.facts == StoryFacts("one", ("a", "b"), 5, None, (), ("en",), None)
    assert replace(story, fresh_until=date(2027, 1, 1)).facts.fresh_until == date(2027, 1, 1)


def test_text_has_single_blank_lines_and_clean_ends(bench):
    layout = "\n{{ body }}  \n\n\n\n-- \nx  {{ company.postal_address }} {{ links.unsubscribe }}\n\n"
    mail = bench.load({"_shared/layout.txt.j2": layout}, words="a\n\n\n\nb").render("hello", bench.context)
    assert mail.text.startswith("a\n\nb\n\n-- \nx  1 Sample")
    assert mail.text.endswith("sample\n")


def test_a_company_that_ends_in_a_full_stop_ends_the_sentence(bench):
    inc = {"name": "Acme Inc."}
    assert bench.text("At {{ account.name }}. Yes", account=inc) == "At Acme Inc. Yes"
    assert bench.text("At {{ account.name }}... yes", account=inc) == "At Acme Inc.... yes"
    assert bench.text("At {{ account.name }}. Yes") == "At Theirsample. Yes"


def test_a_moment_can_stand_for_a_day(bench):
    lost = {"lost_at": datetime(2026, 3, 2, 9, tzinfo=UTC)}
    assert bench.text("{{ deal.lost_at | date }}", deal=lost) == "2 March 2026"


@pytest.mark.parametrize("words", ["", "\n \n", "{# soon #}", "{% if deal.competitor %}They won.{% endif %}"])
def test_a_mail_without_words_is_held(words, bench):
    with pytest.raises(ContentError, match="the mail would be empty") as raised:
        bench.load(words=words).render("hello", bench.known(deal={"competitor": None}))
    assert raised.value.path == "demo/hello.md.j2"

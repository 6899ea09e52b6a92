"""A step written in two ways: which file a reader gets, what lint says, what a page and a preview show."""

from datetime import date

import pytest

from cadence.content import drafts
from cadence.content.files import template_file
from cadence.content.outline import outline
from cadence.content.samples import STAND_IN
from cadence.content.skeleton import variant_files
from cadence.core.errors import NotFound
from cadence.service import previewing

OTHER = {"demo/hello~b.md.j2": "Dear {{ account.name }},\n\nmany thanks.\n"}
GERMAN = {"demo/hello.de.md.j2": "Guten Tag,\n\ndanke.\n"}
OTHER_GERMAN = {"demo/hello~b.de.md.j2": "Guten Tag,\n\nvielen Dank.\n"}
SAME = {"demo/hello~b.md.j2": "Hello {{ account.name }},\n\nthank you.\n"}
TODAY = date(2026, 3, 2)
PAIR = {"demo/hello.md.j2": None, "demo/hello.txt.j2": "Hello.\n", "demo/hello.html.j2": "<p>Hello.</p>\n"}


def text(content, variant, language="en"):
    return content.render("hello", STAND_IN, language=language, variant=variant).text


def ways(content, language="en"):
    return content.variants(content.sequence.steps[0], language)


# --- which file a reader gets ---


def test_the_name_of_a_file_says_which_variant_in_which_language_it_is():
    file = template_file("demo/thank-you~b.de.md.j2")
    assert (file.name, file.variant, file.language) == ("thank-you", "b", "de")
    assert template_file("demo/thank-you.md.j2").variant is None


def test_a_step_with_one_file_is_written_in_one_way(bench):
    assert ways(bench.load()) == ()
    assert bench.load().trials() == {}


def test_a_file_beside_it_is_another_way(bench):
    content = bench.load(OTHER)
    assert ways(content) == ("a", "b")
    assert "thank you." in text(content, "a")
    assert "many thanks." in text(content, "b")
    assert text(content, None) == text(content, "a")
    assert content.render("hello", bench.context, variant="b").source == "demo/hello~b.md.j2"


def test_who_reads_a_translation_without_a_variant_takes_no_part(bench):
    content = bench.load(OTHER | GERMAN)
    assert ways(content, "de") == ()
    assert "danke." in text(content, "b", "de")


def test_who_reads_the_file_without_a_language_takes_part(bench):
    content = bench.load(OTHER | GERMAN)
    assert ways(content, "fr") == ("a", "b")
    assert "many thanks." in text(content, "b", "fr")


def test_a_translation_may_be_tried_alone(bench):
    content = bench.load(GERMAN | OTHER_GERMAN)
    assert ways(content) == ()
    assert ways(content, "de") == ways(content, "de-AT") == ("a", "b")
    assert "vielen Dank." in text(content, "b", "de-AT")


def test_both_parts_of_a_mail_are_of_the_same_variant(bench):
    other = {"demo/hello~b.txt.j2": "Dear you.\n", "demo/hello~b.html.j2": "<p>Dear you.</p>\n"}
    mail = bench.load(PAIR | other).render("hello", bench.context, variant="b")
    assert "Dear you." in mail.text
    assert "Dear you." in mail.html


def test_what_stands_around_stories_may_be_tried(bench):
    files = {
        "demo/hello.md.j2": "One:\n\n{{ story.body }}\n",
        "demo/hello~b.md.j2": "Two:\n\n{{ story.body }}\n",
        "stories/one.md.j2": '+++\ntitle = "One"\n+++\nA story.\n',
    }
    steps = '[[step]]\nname = "hello"\nafter = "2 hours"\npool = "stories"\n'
    mail = bench.load(files, steps=steps).render("hello", bench.context, story="one", variant="b")
    assert "Two:\n\nA story." in mail.text


def test_the_key_of_a_trial_changes_with_the_words_of_either_and_with_nothing_else(bench):
    key = bench.load(OTHER).trials()["hello"]
    assert bench.load(OTHER, subject="Many thanks").trials()["hello"] == key
    assert bench.load(OTHER | GERMAN).trials()["hello"] == key
    assert bench.load(OTHER, words="Hello, you.\n").trials()["hello"] != key
    assert bench.load({"demo/hello~b.md.j2": "Dear you.\n"}).trials()["hello"] != key
    assert bench.load(OTHER | GERMAN | OTHER_GERMAN).trials()["hello"] != key


# --- lint ---


def test_a_good_variant_is_no_finding(bench):
    assert bench.lint(OTHER) == []


def test_a_variant_is_examined_and_tried_on_everybody(finds):
    finds(
        "demo/hello~b.md.j2:1", "prospect.compnay", files={"demo/hello~b.md.j2": "{{ prospect.compnay }}\n"}
    )
    finds(
        "demo/hello~b.md.j2:1",
        "deal.product",
        "held for some",
        files={
            "demo/hello~b.md.j2": "About {{ deal.product }}.\n",
            "demo/sample.toml": '[[sample]]\n[sample.deal]\nproduct = "it"\nlost_at = 2026-03-02\n',
        },
    )


def test_the_tone_of_a_variant_is_heard(finds):
    finds("demo/hello~b.md.j2:1", "just", files={"demo/hello~b.md.j2": "I am just checking in.\n"})


@pytest.mark.parametrize(
    ("files", "where", "words"),
    [
        ({"demo/hello~c.md.j2": "x\n"}, "demo/hello~c.md.j2:1: error", "two ways at most"),
        (OTHER_GERMAN, "demo/hello~b.de.md.j2:1: error", "there is no demo/hello.de.md.j2"),
        (PAIR | {"demo/hello~b.txt.j2": "x\n"}, "demo/hello~b.txt.j2:1: error", "other part"),
        ({"demo/layout~b.txt.j2": "{{ body }}\n"}, "demo/layout~b.txt.j2:1: error", "a layout has no"),
        ({"demo/other~b.md.j2": "x\n"}, "demo/other~b.md.j2:1: warning", "no step uses this file"),
        (SAME, "demo/hello~b.md.j2:1", "word for word"),
    ],
)  # fmt: skip
def test_a_variant_that_nobody_would_get_is_found(bench, files, where, words):
    found = [one for one in bench.lint(files) if words in one]
    assert [one.startswith(where) for one in found] == [True], bench.lint(files)


def test_it_is_told_who_takes_no_part(bench):
    found = [one for one in bench.lint(OTHER | GERMAN) if "take no part" in one]
    assert found[0].startswith("demo/hello.de.md.j2:1: warning")
    assert "demo/hello~b.de.md.j2 is missing" in found[0]


# --- what authors see ---


def test_an_outline_says_which_steps_are_written_in_two_ways(bench):
    assert outline(bench.snapshot(OTHER), "demo").tried == ("hello",)
    assert outline(bench.snapshot(), "demo").tried == ()


def test_a_preview_shows_both(bench):
    made = previewing.of_files(bench.snapshot(OTHER), "demo", None, TODAY)
    assert [mail.name for mail in made] == ["hello", "hello~b"]
    assert "many thanks." in made[1].text
    shown = previewing.every(bench.snapshot(OTHER), "demo", "", TODAY)
    assert [name for name, _ in shown.mails] == ["hello", "hello~b"]


def test_a_preview_shows_the_one_that_is_asked_for(bench):
    (mail,) = previewing.of_files(bench.snapshot(OTHER), "demo", None, TODAY, "hello~b")
    assert "many thanks." in mail.text
    with pytest.raises(NotFound, match="one way only"):
        previewing.of_files(bench.snapshot(), "demo", None, TODAY, "hello~b")


def test_a_variant_can_be_edited_on_the_page():
    assert drafts.is_editable("demo/hello~b.de.md.j2", "demo")
    assert not drafts.is_editable("demo/hello~b/../x.md.j2", "demo")


def test_a_variant_begins_as_a_copy_in_every_language(bench):
    snapshot = bench.snapshot(OTHER | GERMAN)
    assert variant_files(bench.snapshot(GERMAN), "demo", "hello") == {
        "demo/hello~b.md.j2": snapshot["demo/hello.md.j2"].decode(),
        "demo/hello~b.de.md.j2": snapshot["demo/hello.de.md.j2"].decode(),
    }
    with pytest.raises(NotFound):
        variant_files(bench.snapshot(), "demo", "nothing")

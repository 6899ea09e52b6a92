"""Who took over says so once, after the greeting, in the reader's language."""

import pytest

from cadence.content.handover import introduced, sentence
from cadence.content.render import Rendered


def mail(
    text="Hello Ann,\n\nhow are you?\n", page="<html><body><p>Hello Ann,</p><p>how are you?</p></body></html>"
):
    return Rendered("A subject", text, page)


def test_the_sentence_follows_the_greeting():
    found = introduced(mail(), "Robin Rep", "en")
    said = sentence("Robin Rep", "en")
    assert found.text == f"Hello Ann,\n\n{said}\n\nhow are you?\n"
    assert found.html == f"<html><body><p>Hello Ann,</p>\n<p>{said}</p><p>how are you?</p></body></html>"
    assert found.subject == "A subject"


def test_without_a_greeting_it_comes_first():
    plain = mail("We are your backup.\n\nBest\n", "<body><p>We are your backup.</p></body>")
    found = introduced(plain, "Robin Rep", "en")
    assert found.text.startswith("I have taken over from Robin Rep")
    assert found.html.startswith("<body>\n<p>I have taken over from Robin Rep")


def test_a_page_without_paragraphs_has_it_at_its_end():
    assert introduced(mail(page="<body>Hi</body>"), "Robin", "en").html.count("Robin") == 1


def test_an_author_who_names_the_predecessor_needs_no_sentence():
    written = mail("Hello Ann,\n\nRobin Rep has left us.\n")
    assert introduced(written, "Robin Rep", "en") is written


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", "Nachfolge von"),
        ("de-AT", "Nachfolge von"),
        ("fr", "suite de"),
        ("es", "relevo de"),
        ("fi", "taken over"),
    ],
)
def test_it_is_written_in_the_readers_language(language, words):
    assert words in sentence("Robin", language)


def test_a_name_is_no_markup():
    assert "<b>" not in introduced(mail(), "Robin <b>", "en").html

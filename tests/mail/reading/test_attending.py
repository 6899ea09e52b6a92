"""Whether somebody says that they come to an event, in their own words."""

import pytest

from cadence.core.occasions import Rsvp
from cadence.mail.intent.attending import attending

WORDS = {
    Rsvp.ACCEPTED: """I'll be there!
Thanks Robin, count me in.
I'd love to come. See you on Thursday.
I will attend with two colleagues.
Wir kommen gerne!
Ich bin dabei.
Gerne, ich nehme teil.
Je viendrai avec plaisir.
Nous serons présents.
Allí estaré.
Ik kom graag.""",
    Rsvp.TENTATIVE: """Might be able to come.
I'm not sure I'll be there.
Vielleicht schaffe ich es.""",
    Rsvp.DECLINED: """Sorry, can't make it this time.
Unfortunately I won't be able to attend.
I'm afraid I have to decline, I am away that week.
We will not come.
Leider kann ich nicht teilnehmen.
Ich muss leider absagen.
Je ne pourrai pas venir.
No podré asistir, lo siento.
Non potrò esserci.""",
}


@pytest.mark.parametrize(
    ("words", "rsvp"), [(words, rsvp) for rsvp, lines in WORDS.items() for words in lines.splitlines()]
)
def test_an_answer_is_heard(words: str, rsvp: Rsvp) -> None:
    assert attending(words) == (rsvp, "")


@pytest.mark.parametrize(
    "words",
    [
        "Is it possible to bring a colleague?",
        "Can I come later?",
        "We chose them because of the price.",
        "Please take me off your list.",
        "Ich komme auf Sie zurück.",
        "I'll be there in the morning. But I can't make it in the afternoon.",
    ],
)
def test_other_words_and_two_answers_are_none(words: str) -> None:
    assert attending(words) is None


def test_what_is_said_besides_is_kept() -> None:
    assert attending("Hello,\nI'll be there. Could you send a quote?") == (
        Rsvp.ACCEPTED,
        "Hello,\nCould you send a quote?",
    )

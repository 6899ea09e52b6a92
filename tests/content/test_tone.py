"""What the tone of a text is taken for: the kinds, what comes close to them, and where a finding stands."""

import time

import pytest

from cadence.content.tone.judge import tone_of
from cadence.content.tone.kinds import ADVICE, Kind
from cadence.content.tone.passages import passages

BAD = {
    Kind.DISPARAGE: "Ask them how many of their customers are still there after a year.",
    Kind.PLEAD: "I beg you, please give us one more chance.",
    Kind.GUILT: "After the eleven hours I put into your proposal I had expected at least a call.",
    Kind.PRESSURE: "I need a decision from you today, or I will go to your managing director.",
    Kind.FALSE_URGENCY: "This offer expires at midnight.",
    Kind.MIND_REMARK: "You must be regretting it by now.",
    Kind.JUST_CHECKING: "Just checking in to see if there is any news.",
    Kind.FLATTERY: "You are clearly one of the most visionary leaders in the industry.",
    Kind.MULTI_QUESTION: "Who did you choose? What did they charge?",
    Kind.SHOUTING: "We want you BACK, and we want you NOW.",
    Kind.SPAM: "Click here for your free gift.",
    Kind.WHINE: "It is so unfair, we always lose to the big ones.",
}
GOOD = (
    "There is no hurry: your offer stands whenever it suits you.",
    "Congratulations on your choice.",
    "You chose well.",
    "We fell short.",
    "Is this the guide: https://ours.example/find?topic=start&lang=en?",
    "It was our football team's last chance of promotion, and they took it.",
    "Thank you for your honest feedback.",
    '"Never again, I beg you," said the cook about the first training.',
    "The API is ISO 27001 audited, and the docs are in PDF and HTML.",
    "Why do I tell you this? Because it may be of use to you.",
)


@pytest.mark.parametrize("kind", BAD)
def test_a_plain_fault_of_each_kind_is_found(kind: Kind) -> None:
    assert kind in {one.kind for one in tone_of(BAD[kind])}


@pytest.mark.parametrize("text", GOOD)
def test_what_comes_close_is_left_alone(text: str) -> None:
    assert tone_of(text) == ()


@pytest.mark.parametrize(
    ("language", "text", "kind"),
    [
        ("de", "Ich wollte nur mal nachfragen.", Kind.JUST_CHECKING),
        ("de", "Nicht einmal eine Absage war Ihnen die Mühe wert, das ist also der Dank.", Kind.GUILT),
        ("de", "Wenn ich nichts höre, wende ich mich an Ihren Vorstand.", Kind.PRESSURE),
        ("de", "Zugreifen, bevor es zu spät ist.", Kind.FALSE_URGENCY),
        ("fr", "Ce logiciel est une usine à gaz.", Kind.DISPARAGE),
        ("fr", "Où en êtes-vous de votre réflexion ?", Kind.JUST_CHECKING),
        ("fr", "Un dirigeant de votre trempe comprendra.", Kind.FLATTERY),
        ("es", "Su soporte es una vergüenza.", Kind.DISPARAGE),
        ("es", "Ni siquiera se ha dignado contestar.", Kind.GUILT),
        ("es", "Siempre ganan los mismos.", Kind.WHINE),
        ("de", "Nach all der Arbeit hätte ich wenigstens einen Anruf erwartet.", Kind.GUILT),
        ("fr", "Cliquez ici !", Kind.SPAM),
        ("fr", "Après tout ce que nous avons fait pour vous !", Kind.GUILT),
        ("es", "Le ruego que nos dé otra oportunidad.", Kind.PLEAD),
    ],
)
def test_set_phrases_of_other_languages_are_found(language: str, text: str, kind: Kind) -> None:
    assert kind in {one.kind for one in tone_of(text, language)}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Die Frist Ihrer Ausschreibung endet am Freitag; lassen Sie sich ruhig Zeit."),
        ("de", "Ich werde nicht noch einmal nachfragen."),
        ("fr", "Rien ne presse, et l'aide de la région se termine en octobre."),
        ("fr", "Nous n'étions pas le bon choix pour vous."),
        ("es", "No tiene que firmar nada, y no hay prisa."),
        ("es", "Ha pasado un tiempo desde su decisión."),
    ],
)
def test_what_comes_close_in_other_languages_is_left_alone(language: str, text: str) -> None:
    assert tone_of(text, language) == ()


def test_a_finding_tells_its_line_the_sentence_and_a_better_way() -> None:
    text = "Hello Marta,\n\nthank you for the sample. It is on my desk.\nThis offer expires at midnight."
    (found,) = tone_of(text)
    assert (found.line, found.kind, found.text) == (4, Kind.FALSE_URGENCY, "This offer expires at midnight.")
    assert (found.why, found.better) == ADVICE[Kind.FALSE_URGENCY]


def test_every_kind_says_why_and_what_is_better() -> None:
    assert set(ADVICE) == set(Kind)


def test_a_short_text_needs_no_way_to_opt_out_and_a_whole_mail_does() -> None:
    mail = "From: ivo@ours.example\nTo: marta@theirs.example\nSubject: Spare parts\n\nThe part is in stock.\n"
    assert tone_of("The part is in stock.") == ()
    assert [one.kind for one in tone_of(mail)] == [Kind.NO_OPT_OUT]
    assert tone_of(mail + "If you would rather not hear from me, tell me and I'll stop.\n") == ()


def test_a_long_mail_and_a_long_sentence_are_found() -> None:
    many = "The pump is on the shelf in the hall. " * 30
    assert [one.kind for one in tone_of(many)] == [Kind.TOO_LONG]
    wide = "The pump " + "and the valve and the belt " * 9 + "are on the shelf."
    assert Kind.HARD_TO_READ in {one.kind for one in tone_of(wide)}
    assert not tone_of("The list: " + "a belt; " * 30 + "that is all.")


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Dr. Hale came at 3 p.m. on the 31. of May. She left early.", [1, 1]),
        ("Just checking in\nAny news?", [1, 2]),
        ("a line that goes on and on until it is\nwrapped. And one more.\n\n- one\n- two", [1, 2, 4, 5]),
        ("Hello Marta,\n> You wrote this.\nI answer.\n-- \nIvo Brandt", [3]),
    ],
)
def test_sentences_begin_where_they_begin(text: str, lines: list[int]) -> None:
    assert [one.line for one in passages(text)] == lines


@pytest.mark.parametrize(
    "piece",
    [
        "you ",
        '"',
        "[a](",
        "a@",
        "last chance to ",
        "From: a\n",
        "{#",
        ". ",
        "!",
        "After all the ",
        "“a",
        "X ",
        "<http://",
    ],
)
def test_crafted_text_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = (piece * length)[:length]
        began = time.process_time()
        tone_of(text)
        return time.process_time() - began

    tone_of("The first one reads the model.")
    assert seconds(20_000) < 40 * seconds(2_000) + 0.2

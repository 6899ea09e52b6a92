"""Decides which faults of tone there are, why each one costs goodwill, and what to write instead."""

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a finding is about."""

    DISPARAGE = "disparage"
    PLEAD = "plead"
    GUILT = "guilt"
    PRESSURE = "pressure"
    FALSE_URGENCY = "false_urgency"
    MIND_REMARK = "mind_remark"
    JUST_CHECKING = "just_checking"
    FLATTERY = "flattery"
    MULTI_QUESTION = "multi_question"
    SHOUTING = "shouting"
    SPAM = "spam"
    WHINE = "whine"
    TOO_LONG = "too_long"
    HARD_TO_READ = "hard_to_read"
    NO_OPT_OUT = "no_opt_out"


LEARNT = (
    Kind.DISPARAGE,
    Kind.PLEAD,
    Kind.GUILT,
    Kind.PRESSURE,
    Kind.FALSE_URGENCY,
    Kind.MIND_REMARK,
    Kind.JUST_CHECKING,
    Kind.FLATTERY,
    Kind.SPAM,
    Kind.WHINE,
)
"""The kinds that lie in what a sentence says; the others can be counted."""


class Advice(NamedTuple):
    """What an author is told: why it costs goodwill, and a better way."""

    why: str
    better: str


ADVICE = {
    Kind.DISPARAGE: Advice(
        "speaking badly of the vendor they chose calls them foolish for choosing it",
        "wish them well with their choice, and offer to be there if something is missing",
    ),
    Kind.PLEAD: Advice(
        "begging makes it about our need, and hard to answer kindly",
        "offer something that they can easily decline, once",
    ),
    Kind.GUILT: Advice(
        "counting up what we did makes them owe us something, and people avoid those they owe",
        "thank them for their time, and ask for nothing in return",
    ),
    Kind.PRESSURE: Advice(
        "pushing someone who said no turns the no into a never",
        "leave the decision and its time to them, and say so",
    ),
    Kind.FALSE_URGENCY: Advice(
        "a deadline that we made up is seen through, and trust goes with it",
        "let the offer stand; name a date only where it is somebody else's, and say whose",
    ),
    Kind.MIND_REMARK: Advice(
        "nobody likes to be told what they think, feel or failed to understand",
        "say what you did or saw, and ask them for the rest",
    ),
    Kind.JUST_CHECKING: Advice(
        "a mail that brings nothing only asks for attention",
        "write when you have something of use to them: an answer, a change, a story",
    ),
    Kind.FLATTERY: Advice(
        "praise without a reason reads as a sales trick",
        "name the one thing they did that helped you, or leave it out",
    ),
    Kind.MULTI_QUESTION: Advice(
        "several questions are work, so none of them is answered",
        "ask the one that matters most, and keep the others for the reply",
    ),
    Kind.SHOUTING: Advice(
        "capitals and rows of exclamation marks read as shouting, to people and to spam filters",
        "write it in small letters with a full stop",
    ),
    Kind.SPAM: Advice(
        "these words are what advertising is made of, and filters and readers treat it so",
        "say in plain words what it is and for whom",
    ),
    Kind.WHINE: Advice(
        "complaining about the loss makes them glad that they chose somebody else",
        "say what you learned from it, or nothing",
    ),
    Kind.TOO_LONG: Advice(
        "a long mail is put off, and then forgotten",
        "keep what they need to answer, and move the rest behind a link or into another mail",
    ),
    Kind.HARD_TO_READ: Advice(
        "a sentence that has to be read twice is not read once",
        "make two or three short sentences of it",
    ),
    Kind.NO_OPT_OUT: Advice(
        "the law asks for a way to stop these mails in each of them, and courtesy does too",
        "close with a line such as: If you would rather not hear from me, tell me and I'll stop.",
    ),
}

"""Every key of sequence.toml, what it takes and what it means: the one table that the reader,
the JSON Schema and the documentation's test share.
"""

from dataclasses import dataclass
from enum import Enum, auto

from cadence.core.replies import Category
from cadence.core.sequence import Audience, From, Thread


class Kind(Enum):
    """What a key takes."""

    TEXT = auto()
    TEMPLATE = auto()
    TEMPLATES = auto()
    NAME = auto()
    LANGUAGE = auto()
    CHOICE = auto()
    DURATION = auto()
    LIMIT = auto()
    ANCHOR = auto()
    CATEGORY = auto()
    CATEGORIES = auto()
    DAYS = auto()
    HOURS = auto()
    YES_NO = auto()
    COUNT = auto()
    TABLE = auto()
    STEPS = auto()


@dataclass(frozen=True, slots=True)
class Key:
    """One key. default: what holds where it is absent, in an author's words; choices: for CHOICE."""

    name: str
    kind: Kind
    meaning: str
    required: bool = False
    default: str = ""
    choices: tuple[str, ...] = ()


DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ANCHORS = ("deal.lost_at", "deal.competitor_contract_end", "deal.missing_ships")
NAME_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
LANGUAGE_PATTERN = r"[a-z]{2}(-[A-Za-z]{2,4})?"
VARIANT_PATTERN = r"[a-z]"

BRANCHES = (Category.FEEDBACK, Category.FEEDBACK_DECLINED)
"""The replies that a branch can follow. After every other one the enrollment stops, pauses until a
person acts, or simply goes on (core/reactions.py)."""

WINDOW = (
    Key("days", Kind.DAYS, "weekdays on which mails may leave", default="Monday to Friday"),
    Key(
        "hours",
        Kind.HOURS,
        'hours of the prospect\'s local time, "00:00-24:00" is all day',
        default="09:00-16:30",
    ),
    Key(
        "holidays",
        Kind.CHOICE,
        "whether public holidays of the prospect's country are skipped",
        default="skip",
        choices=("skip", "send"),
    ),
)

SPACING = (
    Key("prospect", Kind.LIMIT, "least distance between two mails to one person", default="3 business days"),
    Key("account", Kind.LIMIT, "least distance between two mails to one company", default="1 business day"),
)

REPLIES = (
    Key("not_now", Kind.DURATION, "how long a reply 'not now' without a date waits", default="90 days"),
    Key("out_of_office", Kind.DURATION, "how long an absence without a date waits", default="7 days"),
)

STEP = (
    Key("name", Kind.NAME, "by which everything refers to the step, and its files are named", required=True),
    Key("after", Kind.DURATION, "how long after the previous step (or after the reply, in a branch)"),
    Key("within", Kind.DURATION, "skipped when it would leave later than this after what it counts from"),
    Key("at", Kind.ANCHOR, 'a date of the deal, such as "deal.competitor_contract_end - 90 days"'),
    Key(
        "on",
        Kind.CATEGORY,
        "the category of reply that the step follows",
        choices=tuple(c.value for c in BRANCHES),
    ),
    Key("repeat", Kind.DURATION, "sent again and again at this interval, at least 7 days"),
    Key("times", Kind.COUNT, "how often it is sent in all", default="until the sequence ends"),
    Key("pool", Kind.CHOICE, "the mail is the most relevant story not yet sent", choices=("stories",)),
    Key("review", Kind.YES_NO, "drafted, and waits for the rep's yes", default="false"),
    Key("from", Kind.CHOICE, "who signs", default="rep", choices=tuple(f.value for f in From)),
    Key(
        "thread",
        Kind.CHOICE,
        "a new conversation, or a reply in the latest one of the same sender",
        default="new",
        choices=tuple(t.value for t in Thread),
    ),
    Key("subject", Kind.TEMPLATE, "the subject line; a reply takes that of its conversation"),
    Key("subjects", Kind.TEMPLATES, 'the subject in other languages: { de = "…" }'),
    Key("unless", Kind.CATEGORIES, "not sent once such a reply came: one category or a list"),
    Key("unless_sent", Kind.NAME, "of a branch: it does not begin once the step of that name left"),
    Key("window", Kind.TABLE, "hours of its own, with the keys of [window]", default="those of the sequence"),
)

SEQUENCE = (
    Key("name", Kind.TEXT, "what people call the sequence", required=True),
    Key(
        "audience",
        Kind.CHOICE,
        "whom it is written for",
        required=True,
        choices=tuple(a.value for a in Audience),
    ),
    Key("ends", Kind.DURATION, "how long an enrollment lasts", required=True),
    Key("language", Kind.LANGUAGE, "the language of the files that name none", default="en"),
    Key("window", Kind.TABLE, "when mails may leave, in the prospect's local time"),
    Key("spacing", Kind.TABLE, "the least distance between mails, across all sequences"),
    Key("replies", Kind.TABLE, "how long to wait after a reply that names no date"),
    Key("step", Kind.STEPS, "one mail; [[step]] is written once for each", required=True),
)

TABLES = {"window": WINDOW, "spacing": SPACING, "replies": REPLIES}

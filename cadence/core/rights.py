"""Decides who may do what: the roles, the rights, and the one table between them.

A right is one use case, or a few that nobody would want apart. A role holds rights; an API token holds
those of its user that were picked as its scopes. Over whose prospects and mailboxes a right may be used
is a second question, which `REACH` and `reaches` answer.
"""

from dataclasses import dataclass
from enum import StrEnum

from cadence.core.people import Actor, Owner, Role, User


class Right(StrEnum):
    """What somebody may do; the values are the scopes of API tokens."""

    IDENTITY = "identity"
    ACCOUNT = "account"
    READ_TASKS = "tasks:read"
    ANSWER_TASKS = "tasks:answer"
    READ_PROSPECTS = "prospects:read"
    ENROLL = "prospects:enroll"
    CHANGE_PROSPECTS = "prospects:change"
    EXPORT_PROSPECTS = "prospects:export"
    READ_REPLIES = "replies:read"
    CORRECT_REPLIES = "replies:correct"
    WRITE_REPLIES = "replies:write"
    READ_SEQUENCES = "sequences:read"
    EDIT_SEQUENCES = "sequences:edit"
    PUBLISH_SEQUENCES = "sequences:publish"
    SIMULATE = "simulate"
    READ_REPORTS = "reports:read"
    READ_MAILBOXES = "mailboxes:read"
    CHANGE_MAILBOXES = "mailboxes:change"
    HAND_OVER = "mailboxes:hand-over"
    READ_SUPPRESSIONS = "suppressions:read"
    CHANGE_SUPPRESSIONS = "suppressions:change"
    WEBHOOKS = "webhooks"
    CHATS = "chats"
    CRM = "crm"
    PEOPLE = "people"
    AUDIT = "audit"
    PRIVACY = "privacy"


MEANINGS = {
    Right.IDENTITY: "see who one is",
    Right.ACCOUNT: "change one's own password, second factor, sessions and tokens",
    Right.READ_TASKS: "see what needs a person",
    Right.ANSWER_TASKS: "answer what needs a person, and undo it",
    Right.READ_PROSPECTS: "see prospects and deals, and every mail to them",
    Right.ENROLL: "enroll prospects, one by one or from a file",
    Right.CHANGE_PROSPECTS: "pause, resume, stop and remove prospects",
    Right.EXPORT_PROSPECTS: "download lists of prospects",
    Right.READ_REPLIES: "read replies",
    Right.CORRECT_REPLIES: "correct how a reply was understood",
    Right.WRITE_REPLIES: "answer a reply from here",
    Right.READ_SEQUENCES: "see sequences and stories",
    Right.EDIT_SEQUENCES: "edit sequences and stories, and send oneself a test mail",
    Right.PUBLISH_SEQUENCES: "publish sequences, so that mails are sent from them",
    Right.SIMULATE: "see the calendar that would follow",
    Right.READ_REPORTS: "see what is learned from lost deals",
    Right.READ_MAILBOXES: "see mailboxes and how they do",
    Right.CHANGE_MAILBOXES: "connect, change, pause and remove mailboxes",
    Right.HAND_OVER: "hand a mailbox's people over to another rep",
    Right.READ_SUPPRESSIONS: "see who is never written to",
    Right.CHANGE_SUPPRESSIONS: "add to those who are never written to",
    Right.WEBHOOKS: "send events to other software",
    Right.CHATS: "connect chats that are told what calls for one's team",
    Right.CRM: "connect a CRM, and say what follows from its lost deals",
    Right.PEOPLE: "invite people, and change what they may do",
    Right.AUDIT: "see who did what",
    Right.PRIVACY: "hand out everything kept about a person, and erase it",
}

_EVERYBODY = frozenset({Right.IDENTITY, Right.ACCOUNT})
_REP = _EVERYBODY | {
    Right.READ_TASKS,
    Right.ANSWER_TASKS,
    Right.READ_PROSPECTS,
    Right.ENROLL,
    Right.CHANGE_PROSPECTS,
    Right.EXPORT_PROSPECTS,
    Right.READ_REPLIES,
    Right.CORRECT_REPLIES,
    Right.WRITE_REPLIES,
    Right.READ_SEQUENCES,
    Right.SIMULATE,
    Right.READ_REPORTS,
    Right.READ_MAILBOXES,
    Right.CHANGE_MAILBOXES,
    Right.READ_SUPPRESSIONS,
    Right.CHANGE_SUPPRESSIONS,
}

RIGHTS: dict[Role, frozenset[Right]] = {
    Role.REP: _REP,
    Role.MANAGER: _REP | {Right.HAND_OVER, Right.CHATS, Right.CRM},
    Role.AUTHOR: _EVERYBODY
    | {Right.READ_SEQUENCES, Right.EDIT_SEQUENCES, Right.PUBLISH_SEQUENCES, Right.SIMULATE},
    Role.ADMINISTRATOR: frozenset(Right),
}
"""Role → what it may do."""

SCOPES = frozenset(Right) - {Right.IDENTITY, Right.ACCOUNT, Right.PEOPLE, Right.CHATS, Right.CRM}
"""What an API token can be given; whoever steals one can neither keep its owner out nor let others in."""

OF_EVERY_TOKEN = frozenset({Right.IDENTITY})

READING = OF_EVERY_TOKEN | {
    Right.READ_TASKS,
    Right.READ_PROSPECTS,
    Right.READ_REPLIES,
    Right.READ_SEQUENCES,
    Right.SIMULATE,
    Right.READ_REPORTS,
}
"""What an assistant may: whoever has these only can read and draft, and neither send, publish nor change."""


class Reach(StrEnum):
    """Over whose mailboxes, and so over which prospects, deals and replies, rights may be used."""

    NONE = "none"
    OWN = "own"
    TEAM = "team"
    ALL = "all"


REACH: dict[Role, Reach] = {
    Role.REP: Reach.OWN,
    Role.MANAGER: Reach.TEAM,
    Role.AUTHOR: Reach.NONE,  # samples only: no prospect's words
    Role.ADMINISTRATOR: Reach.ALL,
}


def reaches(user: User, owner: Owner | None) -> bool:
    """Whether a user's rights hold for what this owner's mailbox writes; owner: None where nobody owns it."""
    match REACH[user.role]:
        case Reach.ALL:
            return True
        case Reach.TEAM:
            return owner is not None and owner.team == user.team
        case Reach.OWN:
            return owner is not None and owner.user_id == user.id
        case Reach.NONE:
            return False


def rights_of_token(role: Role, scopes: frozenset[Right]) -> frozenset[Right]:
    """What an API token may do: never more than its user may now, whatever it was given once."""
    return RIGHTS[role] & ((scopes & SCOPES) | OF_EVERY_TOKEN)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, from where, and what they may do now. session_id: None for other software, with a token."""

    user: User
    rights: frozenset[Right]
    address: str
    session_id: int | None = None

    @property
    def actor(self) -> Actor:
        """Their hand, for the audit trail."""
        return Actor(self.user.id, self.user.email, self.address)

"""Which pages the bar beside every page leads to, each for those who have its right."""

from dataclasses import dataclass

from cadence.core.rights import Right, Visitor


@dataclass(frozen=True, slots=True)
class Entry:
    """One page in the bar."""

    path: str
    title: str
    right: Right


ENTRIES = (
    Entry("/today", "Today", Right.READ_TASKS),
    Entry("/replies", "Replies", Right.READ_REPLIES),
    Entry("/suggestions", "Suggestions", Right.READ_REPLIES),
    Entry("/prospects", "Prospects", Right.READ_PROSPECTS),
    Entry("/deals", "Deals", Right.READ_PROSPECTS),
    Entry("/whats-new", "What’s new", Right.READ_PROSPECTS),
    Entry("/sequences", "Sequences", Right.READ_SEQUENCES),
    Entry("/simulate", "Simulate", Right.SIMULATE),
    Entry("/learn", "What we learn", Right.READ_REPORTS),
    Entry("/mailboxes", "Mailboxes", Right.READ_MAILBOXES),
    Entry("/people", "People", Right.PEOPLE),
    Entry("/crm", "CRM", Right.CRM),
    Entry("/channels", "Chats", Right.CHATS),
    Entry("/webhooks", "Webhooks", Right.WEBHOOKS),
    Entry("/audit", "Audit trail", Right.AUDIT),
    Entry("/account", "Your account", Right.ACCOUNT),
)
"""In the order in which they stand; the first that somebody may see is where a log-in leads."""


def entries(visitor: Visitor | None) -> list[Entry]:
    """The pages that a visitor may see."""
    return [entry for entry in ENTRIES if visitor is not None and entry.right in visitor.rights]

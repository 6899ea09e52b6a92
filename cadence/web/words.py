"""How pages call what the product names: tasks, answers, categories."""

from cadence.core.chat import Format
from cadence.core.model import TaskKind
from cadence.core.notices import Topic
from cadence.core.replies import Category
from cadence.core.webhooks import WebhookEvent

TASKS: dict[TaskKind, tuple[str, str]] = {
    TaskKind.DECISION_OPEN: ("Decision still open", "good"),
    TaskKind.INTERESTED: ("Wants to talk", "good"),
    TaskKind.QUESTION: ("Asked something", "warn"),
    TaskKind.APPROVE_DRAFT: ("Draft waits for a yes", "warn"),
    TaskKind.CONFIRM_ENROLLMENT: ("Write to them at all?", "warn"),
    TaskKind.REVIEW_REPLY: ("What does this mean?", "warn"),
    TaskKind.IN_DOUBT: ("Did this leave?", "bad"),
    TaskKind.MAILBOX_FAULT: ("Mailbox does not work", "bad"),
    TaskKind.HELD: ("Held back", "warn"),
    TaskKind.NOT_READ: ("Mailbox not read", "bad"),
    TaskKind.TOO_LATE: ("Came too late", "warn"),
    TaskKind.EVENT_GUEST: ("Comes to an event", "good"),
    TaskKind.REFERRAL: ("Named somebody", ""),
    TaskKind.SUCCESSOR: ("Has moved on", ""),
    TaskKind.THANK_REFERRER: ("Say thank you", "good"),
    TaskKind.COLLEAGUES: ("Colleagues wait", ""),
    TaskKind.TOOK_OVER: ("You took over", ""),
    TaskKind.UNREADABLE: ("Could not be read", "warn"),
    TaskKind.WEBHOOK_DISABLED: ("Webhook switched off", "warn"),
    TaskKind.CRM_FAULT: ("CRM at fault", "warn"),
}
"""Kind → what it is called, and its color."""

ANSWERS: dict[str, str] = {
    "done": "Done",
    "resume": "Go on with the sequence",
    "stop": "Stop the sequence",
    "yes": "Send it",
    "no": "Leave it out",
    "sent": "It left",
    "not-sent": "It did not leave",
    "retry": "Try again",
    "skip": "Leave it out",
}
"""What an answer is called on its button."""

CRM_FIELDS: dict[str, str] = {
    "reason": "Reason, as the rep says",
    "competitor": "Competitor",
    "competitor_contract_end": "End of their contract",
    "product": "Product",
    "missing": "What we could not do",
    "missing_ships": "When we will",
    "amount": "Amount",
    "status": "How it stands",
    "told_reason": "Reason, as they say",
    "told_words": "The words that prove it",
    "next_touch": "Next mail",
    "last_reply": "Last answer",
}
"""What the fields of a deal are called that a CRM is read for, or told."""

CRM_STARTS: dict[str, str] = {
    "draft": "a draft",
    "enroll": "it begins",
    "skip": "nothing",
}
"""What a rule lets follow from a lost deal."""

CATEGORIES: dict[Category, tuple[str, str]] = {
    Category.DECISION_OPEN: ("decision still open", "good"),
    Category.INTERESTED: ("wants to talk", "good"),
    Category.FEEDBACK: ("says why", "good"),
    Category.FEEDBACK_DECLINED: ("would rather not say why", ""),
    Category.KEEP_IN_TOUCH: ("glad to stay in touch", "good"),
    Category.NOT_NOW: ("not now, later", "warn"),
    Category.NOT_INTERESTED: ("not interested", "bad"),
    Category.UNSUBSCRIBE: ("no more mail, for good", "bad"),
    Category.REFERRAL: ("names somebody else", "good"),
    Category.WRONG_PERSON: ("not the right person", "warn"),
    Category.QUESTION: ("asks a question", "warn"),
    Category.ACKNOWLEDGEMENT: ("thanks, nothing else", ""),
    Category.OTHER: ("something else", ""),
    Category.OUT_OF_OFFICE: ("away from the office", ""),
    Category.AUTO_REPLY: ("automatic answer", ""),
    Category.BOUNCE_HARD: ("undeliverable", "bad"),
    Category.BOUNCE_SOFT: ("undeliverable for now", "warn"),
    Category.COMPLAINT: ("called our mail spam", "bad"),
}
"""Category → what it is called, and its color."""

EVENTS: dict[WebhookEvent, str] = {
    WebhookEvent.REPLY_RECEIVED: "a reply came",
    WebhookEvent.PROSPECT_STATUS_CHANGED: "what is known of somebody changed",
    WebhookEvent.ENROLLMENT_ENDED: "nothing more is sent to somebody",
    WebhookEvent.MESSAGE_SENT: "a mail left",
    WebhookEvent.DECISION_OPEN: "somebody says that nothing is decided yet",
    WebhookEvent.TASK_OPENED: "something needs a person",
    WebhookEvent.MAILBOX_FAULT: "a mailbox does not work",
}
"""What a webhook can hear of, in words."""

FORMATS: dict[Format, str] = {
    Format.SLACK: "Slack",
    Format.TEAMS: "Microsoft Teams",
    Format.JSON: "something else, by JSON",
}
"""The chats that can be connected, in words."""

TOPICS: dict[Topic, str] = {
    Topic.DECISION_OPEN: "somebody says that nothing is decided yet",
    Topic.INTERESTED: "somebody would like to talk",
    Topic.MAILBOX_FAULT: "a mailbox does not work",
    Topic.DIGEST: "a week has taught something: on Mondays at 9",
}
"""What a channel can hear of, in words."""

_SUGGESTIONS: dict[str, tuple[str, str]] = {
    "referral": ("Recommended to us", "good"),
    "successor": ("Took over", "warn"),
    "moved": ("Has a new place", "good"),
    "old_seat": ("Whoever sits there now", "warn"),
}


def suggestion(kind: str) -> tuple[str, str]:
    """What a kind of suggestion is called, and its color."""
    return _SUGGESTIONS.get(kind, (kind.replace("_", " ").capitalize(), ""))

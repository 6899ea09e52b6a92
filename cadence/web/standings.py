"""How pages call where people and mails stand: name → what it is called, and its color."""

from cadence.core.model import EnrollmentState, MessageState, ProspectStatus

STATES: dict[EnrollmentState, tuple[str, str]] = {
    EnrollmentState.ACTIVE: ("active", "good"),
    EnrollmentState.PAUSED: ("paused", "warn"),
    EnrollmentState.REOPENED: ("reopened", "good"),
    EnrollmentState.REPLIED: ("replied", "good"),
    EnrollmentState.FINISHED: ("finished", ""),
    EnrollmentState.STOPPED: ("stopped", ""),
    EnrollmentState.BOUNCED: ("bounced", "bad"),
    EnrollmentState.OPTED_OUT: ("opted out", "bad"),
    EnrollmentState.FAILED: ("failed", "bad"),
    EnrollmentState.REMOVED: ("removed", ""),
}

STATUSES: dict[ProspectStatus, tuple[str, str]] = {
    ProspectStatus.NEW: ("new", ""),
    ProspectStatus.CONTACTED: ("written to", ""),
    ProspectStatus.REOPENED: ("reopened", "good"),
    ProspectStatus.FEEDBACK_GIVEN: ("said why", "good"),
    ProspectStatus.FEEDBACK_DECLINED: ("would not say why", ""),
    ProspectStatus.IN_TOUCH: ("in touch", "good"),
    ProspectStatus.SNOOZED: ("not now", "warn"),
    ProspectStatus.NOT_INTERESTED: ("not interested", "bad"),
    ProspectStatus.UNSUBSCRIBED: ("unsubscribed", "bad"),
    ProspectStatus.REFERRED: ("referred us", "good"),
    ProspectStatus.LEFT: ("has left", "warn"),
    ProspectStatus.QUESTION: ("asked something", "warn"),
    ProspectStatus.REPLIED: ("replied", "good"),
    ProspectStatus.BOUNCED: ("bounced", "bad"),
    ProspectStatus.COMPLAINED: ("complained", "bad"),
    ProspectStatus.FORGOTTEN: ("forgotten", ""),
}

MAILS: dict[MessageState, tuple[str, str]] = {
    MessageState.PLANNED: ("planned", ""),
    MessageState.SENDING: ("leaving", "warn"),
    MessageState.SENT: ("sent", "good"),
    MessageState.REFUSED: ("refused", "bad"),
    MessageState.DEFERRED: ("put off", "warn"),
    MessageState.IN_DOUBT: ("in doubt", "bad"),
    MessageState.HELD: ("held", "warn"),
    MessageState.SKIPPED: ("left out", ""),
    MessageState.CANCELLED: ("cancelled", ""),
}

CHANGES: dict[str, tuple[str, str]] = {
    "pause": ("Pause", "No mail leaves to them until then, or until somebody lets them go on."),
    "resume": ("Go on", "Their mails get dates again, never several at once."),
    "stop": ("Stop", "Nothing more is sent. This cannot be undone; they can be enrolled anew."),
    "remove": (
        "Remove",
        "As if they had been enrolled by mistake: nothing more is sent. This cannot be undone.",
    ),
}
"""What a person may do to an enrollment: the button, and what it means."""

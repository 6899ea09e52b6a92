"""How pages call where people, mails and work stand: name → what it is called, and its color."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from cadence.core.jobs import JobState
from cadence.core.model import EnrollmentState, MessageState, ProspectStatus

_Kind = TypeVar("_Kind", bound=StrEnum)


def _shown(
    kind: type[_Kind],
    *,
    good: str = "",
    warn: str = "",
    bad: str = "",
    called: Mapping[_Kind, str] | None = None,
) -> dict[_Kind, tuple[str, str]]:
    """Each of a kind by its own name, unless it is called otherwise, in the color that it is listed under."""
    colors = {
        name: color
        for color, names in (("good", good), ("warn", warn), ("bad", bad))
        for name in names.split()
    }
    assert colors.keys() <= {one.value for one in kind}
    names = called or {}
    return {one: (names.get(one, one.replace("_", " ")), colors.get(one.value, "")) for one in kind}


STATES = _shown(
    EnrollmentState, good="active reopened replied", warn="paused", bad="bounced opted_out failed"
)

STATUSES = _shown(
    ProspectStatus,
    good="reopened feedback_given in_touch referred replied",
    warn="snoozed left question",
    bad="not_interested unsubscribed bounced complained",
    called={
        ProspectStatus.CONTACTED: "written to",
        ProspectStatus.FEEDBACK_GIVEN: "said why",
        ProspectStatus.FEEDBACK_DECLINED: "would not say why",
        ProspectStatus.SNOOZED: "not now",
        ProspectStatus.REFERRED: "referred us",
        ProspectStatus.LEFT: "has left",
        ProspectStatus.QUESTION: "asked something",
    },
)

MAILS = _shown(
    MessageState,
    good="sent",
    warn="sending deferred held",
    bad="refused in_doubt",
    called={
        MessageState.SENDING: "leaving",
        MessageState.DEFERRED: "put off",
        MessageState.SKIPPED: "left out",
    },
)

JOBS = _shown(
    JobState,
    good="done",
    warn="draft checking ready running",
    bad="failed",
    called={
        JobState.DRAFT: "waits for its columns",
        JobState.CHECKING: "being looked through",
        JobState.READY: "waits for your yes",
    },
)

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

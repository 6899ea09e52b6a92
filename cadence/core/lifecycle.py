"""How an enrollment and its mails change state.

Two tables hold every allowed transition: TRANSITIONS for enrollments, MESSAGE_MOVES for mails.
"""

from datetime import datetime
from enum import StrEnum

from cadence.core.model import EnrollmentState, MessageState

S = EnrollmentState
M = MessageState


class Fact(StrEnum):
    """Something that happened to an enrollment."""

    PAUSE = "pause"
    RESUME = "resume"
    REOPEN = "reopen"
    REPLY = "reply"
    FINISH = "finish"
    STOP = "stop"
    BOUNCE = "bounce"
    OPT_OUT = "opt_out"
    FAIL = "fail"
    REMOVE = "remove"


LIVE = frozenset({S.ACTIVE, S.PAUSED})

ENDS: dict[Fact, EnrollmentState] = {
    # Weakest first. Late facts still land: a stronger end replaces a weaker one, never the reverse.
    Fact.FINISH: S.FINISHED,
    Fact.FAIL: S.FAILED,
    Fact.REMOVE: S.REMOVED,
    Fact.STOP: S.STOPPED,
    Fact.BOUNCE: S.BOUNCED,
    Fact.REPLY: S.REPLIED,
    Fact.REOPEN: S.REOPENED,
    Fact.OPT_OUT: S.OPTED_OUT,  # wins from every state and has no way out
}
_STRENGTH = {state: rank for rank, state in enumerate(ENDS.values())}

TRANSITIONS: dict[tuple[EnrollmentState, Fact], EnrollmentState] = {
    (S.ACTIVE, Fact.PAUSE): S.PAUSED,
    (S.PAUSED, Fact.RESUME): S.ACTIVE,
    **{(live, fact): end for live in LIVE for fact, end in ENDS.items()},
    **{
        (ended, fact): end
        for ended in _STRENGTH
        for fact, end in ENDS.items()
        if _STRENGTH[end] > _STRENGTH[ended]
    },
}

MESSAGE_MOVES: dict[MessageState, frozenset[MessageState]] = {
    # sent: found in Sent, since the database was restored from before it left; or heard of it late
    M.PLANNED: frozenset({M.SENDING, M.HELD, M.SKIPPED, M.CANCELLED, M.SENT}),
    M.DEFERRED: frozenset({M.SENDING, M.HELD, M.SKIPPED, M.CANCELLED, M.REFUSED, M.SENT}),
    M.HELD: frozenset({M.PLANNED, M.SKIPPED, M.CANCELLED}),
    # planned: the mail server never heard of it
    M.SENDING: frozenset({M.SENT, M.REFUSED, M.DEFERRED, M.IN_DOUBT, M.PLANNED}),
    M.IN_DOUBT: frozenset({M.SENT, M.DEFERRED, M.REFUSED, M.CANCELLED}),
    M.SENT: frozenset({M.DEFERRED}),  # a soft bounce: the same mail is tried again
    M.REFUSED: frozenset(),
    M.SKIPPED: frozenset(),
    M.CANCELLED: frozenset(),
}


def transition(state: EnrollmentState, fact: Fact) -> EnrollmentState | None:
    """The state that follows, or None where the fact changes nothing."""
    return TRANSITIONS.get((state, fact))


def later_pause(now_until: datetime | None, also_until: datetime | None) -> datetime | None:
    """Until when two pauses together last; None, until a person says so, outlasts every date."""
    if now_until is None or also_until is None:
        return None
    return max(now_until, also_until)

"""Trials of two ways of writing a step: begun and ended by publishing, counted by the hour, decided once."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent
from cadence.core.intervals import Share
from cadence.core.model import OutboundMessage
from cadence.core.sequence import Step
from cadence.core.trials import LOOKS, OTHER, PLAIN, TIME_TO_ANSWER, VARIANTS, State, Verdict, drawn, judge
from cadence.service.app import App
from cadence.store import events
from cadence.store import trials as store
from cadence.store.trials import Trial

EVERY = timedelta(hours=1)
"""How often a trial is counted; what a mail came to is known to the day."""


# --- what publishing does ---


async def changes(tx: AsyncConnection, sequence: str, content: SequenceContent) -> dict[str, str]:
    """Step → what becomes of its trial once these words are published: it begins, begins anew, or ends."""
    known, keys = await store.of_sequence(tx, sequence), content.trials()
    found = {}
    for step in sorted({*known, *keys}):
        if step not in keys:
            found[step] = "ends"
        elif step not in known:
            found[step] = "begins"
        elif known[step].key != keys[step]:
            found[step] = "begins anew"
    return found


async def published(
    tx: AsyncConnection, sequence: str, content: SequenceContent, *, revision_id: int, now: datetime
) -> None:
    """Begin and end trials as the words of a new revision say; where they stayed, a trial goes on."""
    known, keys = await store.of_sequence(tx, sequence), content.trials()
    for step in await changes(tx, sequence, content):
        if step in known:
            await store.end(tx, known[step].id, revision_id=revision_id, now=now)
        if step in keys:
            await store.begin(tx, sequence, step, key=keys[step], revision_id=revision_id, now=now)


# --- which one a mail is ---


async def variant_of(
    tx: AsyncConnection,
    message: OutboundMessage,
    content: SequenceContent,
    step: Step,
    language: str,
) -> str | None:
    """In which way a mail is written; None where its reader's language knows only one.

    A mail that was tried before stays what it was, whatever was decided meanwhile.
    """
    if not content.variants(step, language):
        return None
    trial = await store.of_step(tx, content.sequence.name, step.name)
    if trial is None:  # it was ended a moment ago: the mail is written again before it leaves
        return PLAIN
    if message.variant and (message.revision_id or 0) >= trial.revision_id:
        return message.variant
    if trial.decided_at:
        return trial.winner or PLAIN
    return drawn(message.enrollment_id, step.name, trial.key)


# --- counting, and what follows ---


async def look_after(app: App) -> Counter[str]:
    """Count the trials that were not counted for an hour, and record what the rule says; counts decisions."""
    now, done = app.clock(), Counter[str]()
    async with app.db.read() as tx:
        waiting = await store.to_count(tx, now - EVERY)
    for trial in waiting:
        async with app.db.read() as tx:
            verdict = judge(*[await store.answered(tx, trial, variant, now) for variant in VARIANTS])
            counts = _counts(verdict, await store.sent(tx, trial))
        decided = verdict.state is not State.RUNNING
        async with app.db.write() as tx:
            is_ours = await store.keep(tx, trial.id, counts, now=now, decided=decided, winner=verdict.winner)
            if is_ours and decided:
                about = {"sequence": trial.sequence, "step": trial.step, "winner": verdict.winner, **counts}
                why = f"{trial.sequence}, {trial.step}: {_words(verdict)}"
                await events.add(tx, "trial.decided", why, at=now, data=about)
                done["decided"] += 1
    return done


def _counts(verdict: Verdict, sent: dict[str, int]) -> dict[str, Any]:
    each = {
        variant: {"sent": sent.get(variant, 0), "counted": share.of, "answered": share.count}
        for variant, share in zip(VARIANTS, verdict.shares, strict=True)
    }
    return {**each, "needed": verdict.needed}


# --- what is shown of them ---


@dataclass(frozen=True, slots=True)
class Shown:
    """A trial as pages tell it. shares: by variant, people who answered of those who had time to; sent: of
    each; state: "running", "won", "no_difference" or "ended"; says: what the rule says, in words.
    """

    sequence: str
    step: str
    begun_at: datetime
    ended_at: datetime | None
    decided_at: datetime | None
    state: str
    winner: str | None
    shares: dict[str, Share]
    sent: dict[str, int]
    says: str


async def shown(app: App) -> list[Shown]:
    """Every trial, as it was counted last."""
    async with app.db.read() as tx:
        return [_shown(trial) for trial in await store.every(tx)]


def _shown(trial: Trial) -> Shown:
    counts = trial.counts or {}
    each = {variant: counts.get(variant, {}) for variant in VARIANTS}
    shares = {name: Share(one.get("answered", 0), one.get("counted", 0)) for name, one in each.items()}
    plain, other = shares.values()
    state = State.RUNNING if not trial.decided_at else State.WON if trial.winner else State.NO_DIFFERENCE
    verdict = Verdict(state, trial.winner, (plain, other), counts.get("needed", LOOKS[0]))
    is_broken_off = trial.ended_at is not None and trial.decided_at is None
    return Shown(
        sequence=trial.sequence,
        step=trial.step,
        begun_at=trial.begun_at,
        ended_at=trial.ended_at,
        decided_at=trial.decided_at,
        state="ended" if is_broken_off else state.value,
        winner=trial.winner,
        shares=shares,
        sent={name: one.get("sent", 0) for name, one in each.items()},
        says="ended by its author before it was decided" if is_broken_off else _says(trial, verdict),
    )


def _says(trial: Trial, verdict: Verdict) -> str:
    is_used = trial.decided_at is not None and trial.ended_at is None
    return _words(verdict) + (f"; {trial.winner or PLAIN} is used from now on" if is_used else "")


def _words(verdict: Verdict) -> str:
    plain, other = verdict.shares
    if verdict.state is State.WON:
        best, worst = (other, plain) if verdict.winner == OTHER else (plain, other)
        found = f"{best.count} of {best.of} answered, {worst.count} of {worst.of} with the other"
        return f"{verdict.winner} is better: {found}"
    if verdict.state is State.NO_DIFFERENCE:
        return f"no difference found: {plain.count} and {other.count} of {plain.of} answered"
    earlier = "no difference yet" if verdict.needed > LOOKS[0] else "not enough yet"
    had_time = min(plain.of, other.of)
    return f"{earlier}: {had_time} of {verdict.needed} of each had {TIME_TO_ANSWER.days} days to be answered"

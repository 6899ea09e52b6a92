"""The scheduler, simulated: years of it with everything that can go wrong, and a judge after each event.

The decisions are those of the real core; the database, the processes and the world around them are small
models in memory. A run is many worlds, each drawn from a seed of its own, so whatever fails can be replayed
alone: FAULTS_SEED is the seed of the first world.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest

from cadence.core import dispatch, windows
from cadence.core.model import MessageState
from tests.faults.scale import LONG, scaled
from tests.faults.simulation import looking, sending
from tests.faults.simulation.book import Book, Row
from tests.faults.simulation.judge import Broken
from tests.faults.simulation.office import Office
from tests.faults.simulation.world import World

M = MessageState
EVENTS = scaled(100_000, 10_000_000)
A_WORLD = 2_000
"""Events of one world: about a month of it."""
ENOUGH = 150
"""Worlds within which a missing guard must be noticed; most are in the first."""
RARE = {
    "a step that is gone is not sent": 13,
    "one mail of an enrollment at a time": 13,
    "only an active enrollment sends": 8,
}
"""Guards that few worlds need: where to begin to look."""


def first_seed() -> int:
    return int(os.environ.get("FAULTS_SEED", SystemRandom().randrange(10**9)))


def live_through(seed: int, events: int = A_WORLD) -> tuple[int, int]:
    """Run one world; gives how much happened in it, and how many mails left. Raises Broken, with the seed."""
    one = World(Random(seed))
    try:
        one.run(events)
    except Exception as fault:
        replay = f'replay with FAULTS_SEED={seed} make faults ARGS="-k simulation"'
        raise Broken(f"event {one.events}, {one.now:%Y-%m-%d %H:%M:%S}: {fault!r}; {replay}") from fault
    return one.events, sum(one.judge.taken.values())


def worlds(seed: int) -> Iterator[tuple[int, int]]:
    """World after world, on every processor in the long form."""
    seeds = range(seed, seed + EVENTS // A_WORLD)
    if not LONG:
        yield from map(live_through, seeds)
        return
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        yield from pool.map(live_through, seeds, chunksize=10)


def test_in_the_simulation_nothing_is_doubled_lost_or_wrong() -> None:
    seed, done = first_seed(), Counter[str]()
    print(f"simulation: FAULTS_SEED={seed}")  # noqa: T201 - a failure shows it
    for events, mails in worlds(seed):
        done += Counter(events=events, mails=mails)
    print(f"simulation: {done['events']:,} events, {done['mails']:,} mails left")  # noqa: T201
    assert done["events"] >= EVENTS
    assert done["mails"] > EVENTS / 100, "a world in which nothing happens proves nothing"


_DIGEST = """
from random import Random
from tests.faults.simulation.world import World
world = World(Random(7))
world.run(3000)
print(world.digest())
"""


def test_a_simulated_world_is_the_same_wherever_it_runs() -> None:
    root = Path(__file__).parents[2]
    told = {
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": str(root)},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(told) == 1


# --- the judge is awake: without any one guard it finds something ---


def without(reason: str) -> Callable[[pytest.MonkeyPatch], None]:
    """`decide` without one of its reasons."""

    def take_out(patch: pytest.MonkeyPatch) -> None:
        rest = tuple(each for each in dispatch._REASONS if each.__name__ != reason)
        assert len(rest) == len(dispatch._REASONS) - 1
        patch.setattr(dispatch, "_REASONS", rest)

    return take_out


def instead(owner: Any, name: str, other: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """Something else in the place of a guard."""
    return lambda patch: patch.setattr(owner, name, other)


def _begin_whatever(book: Book, message: Any, *, now: Any, until: Any, mailbox: int, by: str) -> bool:
    """`begin` that does not look whether the mail is as it was claimed."""
    row = book.rows[message.id]
    row.state, row.wake_at, row.sent_by, row.sent_at = M.SENDING, until, by, now
    row.attempts += 1
    book.touched[row] = None
    return True


def _send_again(office: Office, row: Row) -> None:
    """A mail in doubt is sent again blindly."""
    office.book.move(row, M.DEFERRED, wake_at=row.due_at)


def _plan_again(book: Book, plan: Any, **about: Any) -> Row | None:
    """`plan` that does not look whether a step was planned before."""
    known, book.of_enrollment[about["enrollment"].id] = book.of_enrollment[about["enrollment"].id], []
    row = _plan(book, plan, **about)
    book.of_enrollment[about["enrollment"].id] = [*known, *([row] if row else [])]
    return row


_plan = Book.plan

GUARDS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "whoever opted out or bounced is left alone": without("_nobody_may_write"),
    "only an active enrollment sends": without("_not_active"),
    "a sequence has an end": without("_over"),
    "a step that is gone is not sent": without("_dropped"),
    "who answered is not asked": without("_already_answered"),
    "a late thank-you is not sent": without("_too_late"),
    "a mailbox at rest does not send": without("_no_sender"),
    "one mail of an enrollment at a time": without("_earlier_one_open"),
    "a draft waits for the rep's yes": without("_unapproved"),
    "mails leave in the window": instead(windows, "is_open", lambda *_: True),
    "mails keep their distance": without("_too_soon"),
    "a mailbox keeps its pace": without("_mailbox_busy"),
    "the mailboxes are read first": instead(dispatch, "_unread_mailbox", lambda *_: None),
    "the mails of a batch keep their distance": instead(dispatch.Convoy, "join", lambda *_: None),
    "the reasons are looked at once more": instead(sending, "last_look", lambda *_: dispatch.SendNow()),
    "a mail is marked only as it was claimed": instead(Book, "begin", _begin_whatever),
    "a doubt is not sent again": instead(Office, "in_doubt", _send_again),
    "an occurrence is planned once": instead(Book, "plan", _plan_again),
    "the dead are noticed": instead(Book, "abandoned", lambda *_: []),
    "a pause that is over ends": instead(Book, "due_to_resume", lambda *_: []),
    "an end cancels what is open": instead(Book, "cancel_open", lambda *_: None),
    "a mark that is old is not acted upon": instead(sending, "HAND_OVER_WITHIN", timedelta(days=9)),
    "absence proves nothing at first": instead(looking, "FILED_WITHIN", timedelta(0)),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_the_simulation_notices_a_missing_guard(guard: str, monkeypatch: pytest.MonkeyPatch) -> None:
    GUARDS[guard](monkeypatch)
    with pytest.raises(Broken):
        for seed in range(RARE.get(guard, 0), ENOUGH):
            live_through(seed)

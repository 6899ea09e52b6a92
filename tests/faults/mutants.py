"""Takes each guard out of a copy of Cadence, one at a time: the tests must notice (`make faults-mutants`).

A mutant is a textual patch. It is run against the part of the fault suite that is to notice it, for the
sake of time; one that survives, or a patch that does not fit the code any more, ends this in a failure.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLAIMS = "tests/faults/test_claims.py"
SEAMS = "tests/faults/test_seams.py"
KILL = "tests/faults/test_kill.py"
GUARDS = "tests/faults/test_guards.py"
RACES = "tests/faults/test_races.py"
SMTP = "tests/faults/test_smtp.py"
IMAP = "tests/faults/test_imap.py"


@dataclass(frozen=True)
class Mutant:
    """One guard taken out. tests: which must fail then; only: a filter of theirs (pytest -k)."""

    guard: str
    path: str
    old: str
    new: str
    tests: str
    only: str = ""


MUTANTS = (
    Mutant(
        "a mail is marked only in the state in which it was claimed",
        "cadence/store/flight.py",
        "known.get(one.message.id) == _as_claimed(one.message)",
        "known[one.message.id][1:] == _as_claimed(one.message)[1:]",
        CLAIMS,
    ),
    Mutant(
        "a mail is marked only if nobody tried it since it was claimed",
        "cadence/store/flight.py",
        "known.get(one.message.id) == _as_claimed(one.message)",
        "known[one.message.id][::2] == _as_claimed(one.message)[::2]",
        CLAIMS,
    ),
    Mutant(
        "a mail is marked only at the date for which it was claimed",
        "cadence/store/flight.py",
        "known.get(one.message.id) == _as_claimed(one.message)",
        "known[one.message.id][:2] == _as_claimed(one.message)[:2]",
        "tests/service/test_deal_dates.py",
        "meanwhile",
    ),
    Mutant(
        "the reasons are looked at once more in the transaction that marks the mail",
        "cadence/service/departing.py",
        "        if isinstance(decision, SendNow) and not _still_right(",
        "        decision = SendNow()\n        if not _still_right(",
        RACES,
        "pause",
    ),
    Mutant(
        "the mark is committed before the mail server hears of the mail",
        "cadence/store/flight.py",
        '        state=MessageState.SENDING,\n        wake_at=sa.bindparam("until"),',
        '        wake_at=sa.bindparam("until"),',
        KILL,
        "SQLite",
    ),
    Mutant(
        "the mailboxes are read before a mail leaves",
        "cadence/core/dispatch.py",
        "    return _unread_mailbox(facts, now, barrier) or SendNow()",
        "    return SendNow()",
        SEAMS,
    ),
    Mutant(
        "a look that lies in the future does not count",
        "cadence/core/dispatch.py",
        "abs(now - synced_at) <= barrier",
        "now - synced_at <= barrier",
        SEAMS,
    ),
    Mutant(
        "whoever marks a mail holds the company",
        "cadence/service/departing.py",
        "        await locks.companies_of_mails(tx, [message.id for message in claimed])\n",
        "",
        RACES,
        "PostgreSQL and pause",
    ),
    Mutant(
        "whoever changes where somebody stands holds the company",
        "cadence/store/locks.py",
        "    await tx.execute(held.with_for_update(key_share=True))",
        "    held.with_for_update(key_share=True)",
        RACES,
        "PostgreSQL and pause",
    ),
    Mutant(
        "the locks let rows be referred to meanwhile",
        "cadence/store/locks.py",
        "row.with_for_update(key_share=True)",
        "row.with_for_update()",
        "tests/faults/test_guards.py",
    ),
    Mutant(
        "a claimed mail belongs to one worker",
        "cadence/store/messages.py",
        '    taken = {"wake_at": until, "sent_by": by}',
        '    taken = {"wake_at": now, "sent_by": by}',
        CLAIMS,
    ),
    Mutant(
        "what a dead worker was sending is in doubt, not sent again",
        "cadence/service/upkeep.py",
        '        await outcomes.in_doubt(app, tx, message, "the worker that sent it died before it knew")',
        "        await messages.move(tx, message.id, MessageState.DEFERRED, wake_at=app.clock())",
        KILL,
        "SQLite",
    ),
    Mutant(
        "what a dead worker was sending is noticed",
        "cadence/service/upkeep.py",
        "        abandoned = await messages.abandoned(tx, now, app.process)",
        "        abandoned: list[OutboundMessage] = []",
        KILL,
        "SQLite",
    ),
    Mutant(
        "what a dead worker had claimed comes back within a minute",
        "cadence/service/upkeep.py",
        '        done["taken_back"] += await messages.take_back(tx, now, app.process)',
        "        pass",
        CLAIMS,
    ),
    Mutant(
        "an occurrence of a step is planned once",
        "cadence/store/messages.py",
        " not in known]",
        "]",
        "tests/faults/test_guards.py",
    ),
    Mutant(
        "the database itself refuses a second one",
        "cadence/store/migrations/versions/0001_the_first_schema.py",
        "    sa.UniqueConstraint('enrollment_id', 'step', 'occurrence', "
        "name=op.f('uq_messages_enrollment_id_step_occurrence'))",
        "",
        "tests/faults/test_guards.py",
    ),
    Mutant(
        "a mail that was kept is known again",
        "cadence/service/intake.py",
        "        if mail.key not in keys and mail.uid not in uids:\n",
        "        if True:\n",
        IMAP,
        "whatever_the_server_does",
    ),
    Mutant(
        "the cursor moves in the transaction that keeps the mail",
        "cadence/service/intake.py",
        "    async with app.db.write() as tx:\n"
        "        await locks.intake_of(tx, place.mailbox.id)\n        found",
        "    async with app.db.write() as tx:\n"
        "        await mailboxes.move_cursor(\n"
        "            tx, place.mailbox.id, place.folder, Cursor(place.uidvalidity, last_uid)\n"
        "        )\n"
        "    async with app.db.write() as tx:\n"
        "        await locks.intake_of(tx, place.mailbox.id)\n        found",
        "tests/faults/test_guards.py",
    ),
    Mutant(
        "readers of one mailbox take turns",
        "cadence/service/intake.py",
        "        await locks.intake_of(tx, place.mailbox.id)\n        found =",
        "        found =",
        GUARDS,
        "PostgreSQL and turns",
    ),
    Mutant(
        "an end cancels what is still open",
        "cadence/service/transitions.py",
        "        await messages.cancel_open(tx, enrollment_id, why)\n",
        "        pass\n",
        "tests/faults/test_guards.py",
    ),
    Mutant(
        "a pause takes mails out of the queue",
        "cadence/service/transitions.py",
        "        await messages.park(tx, enrollment_id)\n",
        "        pass\n",
        "tests/faults/test_guards.py",
    ),
    Mutant(
        "silence after the final dot is a doubt",
        "cadence/core/delivery.py",
        "    return Outcome(OutcomeKind.IN_DOUBT if phase is Phase.DOT else OutcomeKind.DEFERRED, text=text)",
        "    return Outcome(OutcomeKind.DEFERRED, text=text)",
        SMTP,
    ),
    Mutant(
        "an outcome outlives a database that restarts",
        "cadence/service/departing.py",
        "    for wait in (*AGAIN, None):",
        "    for wait in (None,):",
        SEAMS,
    ),
    Mutant(
        "a mark of which nobody knows is taken off again",
        "cadence/service/departing.py",
        "        await insist(app, lambda tx: _unsay(tx, [one.situation.claimed for one in written], now))\n",
        "",
        SEAMS,
    ),
    Mutant(
        "an outcome is of one attempt",
        "cadence/service/outcomes.py",
        " and message.attempts == by_id[message.id].number",
        "",
        "tests/service/test_departing.py",
    ),
    Mutant(
        "news that a mail left keep it from being sent again",
        "cadence/service/outcomes.py",
        "        if not (late or in_flight):",
        "        if not in_flight:",
        "tests/service/test_departing.py",
    ),
    Mutant(
        "a mark that is old is not acted upon",
        "cadence/service/departing.py",
        " or slept > STALE",
        "",
        "tests/service/test_departing.py",
    ),
    Mutant(
        "what was not handed over follows its enrollment",
        "cadence/service/departing.py",
        "        await transitions.settle_down(tx, await enrollments.of_ids(tx, ids))\n",
        "",
        "tests/service/test_departing.py",
    ),
    Mutant(
        "of mails that leave together each is seen as if those before it had left",
        "cadence/core/dispatch.py",
        "            self._sent[facts.mailbox.id] += 1\n",
        "            pass\n",
        "tests/service/test_departing.py",
    ),
    Mutant(
        "a server that fails gets no further mail",
        "cadence/service/departing.py",
        "        if said and not _goes_on(said[-1][1]):\n            break\n",
        "",
        "tests/service/test_departing.py",
    ),
    Mutant(
        "only the mark of one's own is taken off",
        "cadence/store/flight.py",
        ', messages.c.sent_at == sa.bindparam("marked"))',
        ")",
        "tests/store/test_messages.py",
    ),
    Mutant(
        "what a worker puts off is not looked at while its enrollment is paused",
        "cadence/store/messages.py",
        "sa.case((is_paused, None), else_=until)",
        "until",
        "tests/faults/test_races.py",
    ),
)


def copy_of_the_package(folder: Path) -> None:
    """What the tests need, in a place of its own."""
    for name in ("cadence", "tests", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)


def fails(folder: Path, mutant: Mutant) -> bool:
    """Whether the tests notice that the guard is gone."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", mutant.tests]
    if mutant.only:
        words += ["-k", mutant.only]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    environment.pop("FAULTS", None)
    pipe = subprocess.PIPE
    trial = subprocess.Popen(words, cwd=folder, env=environment, stdout=pipe, start_new_session=True)
    try:
        said, _ = trial.communicate(timeout=300)
    except subprocess.TimeoutExpired:
        os.killpg(trial.pid, signal.SIGKILL)  # with the children that it started
        trial.wait()
        return True  # it waits for what never comes
    if trial.returncode not in (0, 1):
        raise RuntimeError(said.decode()[-3000:])
    return trial.returncode == 1


def main() -> int:
    """Try every mutant, or those whose guard or tests contain the given words; 1 if any survives."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "words", nargs="?", default="", help="only guards, or tests, that contain these words"
    )
    wanted = parser.parse_args().words
    survivors = 0
    with tempfile.TemporaryDirectory(prefix="cadence-mutants-") as place:
        folder = Path(place)
        copy_of_the_package(folder)
        for mutant in (each for each in MUTANTS if wanted in each.guard or wanted in each.tests):
            target = folder / mutant.path
            whole = target.read_text(encoding="utf-8")
            assert whole.count(mutant.old) == 1, f"{mutant.guard}: the patch does not fit {mutant.path}"
            target.write_text(whole.replace(mutant.old, mutant.new), encoding="utf-8")
            began = time.monotonic()
            noticed = fails(folder, mutant)
            target.write_text(whole, encoding="utf-8")
            survivors += not noticed
            word = "noticed " if noticed else "SURVIVED"
            print(f"{word} {time.monotonic() - began:6.1f} s  {mutant.guard}", flush=True)  # noqa: T201
    return int(survivors > 0)


if __name__ == "__main__":
    sys.exit(main())

"""What happens from outside: people who enroll, pause, answer and opt out, and what breaks."""

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

from cadence.core.lifecycle import Fact
from cadence.core.model import EnrollmentState, MailboxState, MessageState, TaskKind
from tests.faults.simulation import town
from tests.faults.simulation.book import Task

if TYPE_CHECKING:
    from tests.faults.simulation.world import Process, World

M = MessageState
_TIME_TO_LOOK = timedelta(minutes=15)
"""A rep who looks into the Sent folder at once cannot see what is still on its way."""


# --- life ---


def enroll(world: "World") -> None:
    """Somebody enters a sequence; now and then just as they opt out, so that admission does not know yet."""
    if world.chance.random() < 0.5:
        number = len(world.people) + 1
        world.people[number] = town.person(number, world.chance.randint(1, town.DEALS), world.chance)
    person = world.people[world.chance.choice(list(world.people)[-town.NEIGHBORS :])]
    new = town.enrollment(len(world.book.enrollments) + 1, person, world.now, world.chance)
    live = [one for one in world.book.live() if one.prospect_id == person.id]
    is_barred = person.id in world.book.suppressed or person.id in world.book.unreachable
    if is_barred and world.chance.random() < 0.7:
        return
    if all(one.sequence != new.sequence for one in live):
        person.lost_at = world.now - timedelta(hours=world.chance.randrange(20))
        person.contract_end = world.now + timedelta(days=world.chance.randint(20, 200))
        world.office.enroll(new)


def pause(world: "World") -> None:
    """The rep pauses somebody, until a date or until they say so."""
    if live := world.book.live():
        enrollment = world.chance.choice(live)
        until = world.now + timedelta(hours=world.chance.randrange(1, 300))
        resume_at = until if world.chance.random() < 0.8 else None
        world.office.apply(enrollment.id, Fact.PAUSE, "the rep", world.now, resume_at=resume_at)
        world.judge.resting.add(enrollment.id)


def resume(world: "World") -> None:
    """The rep lets somebody go on."""
    if paused := [one for one in world.book.live() if one.state is EnrollmentState.PAUSED]:
        world.resume(world.chance.choice(paused).id, world.now)


def end(world: "World") -> None:
    """The rep takes somebody out."""
    if live := world.book.live():
        enrollment = world.chance.choice(live)
        fact = world.chance.choice((Fact.STOP, Fact.REMOVE))
        world.office.apply(enrollment.id, fact, "the rep", world.now)
        world.judge.over.add(enrollment.id)


def opt_out(world: "World") -> None:
    """Somebody uses the link in a mail."""
    if left := list(world.judge.left_at):
        prospect = world.book.rows[world.chance.choice(left)].prospect
        world.office.opt_out(prospect, "a link", world.now)
        world.judge.silent.add(prospect)


def publish(world: "World") -> None:
    """The author publishes the next revision."""
    world.office.publish(next(world.author), world.now)


def rest(world: "World") -> None:
    """The rep lets a mailbox rest for some hours."""
    mailbox = world.chance.choice(list(world.book.mailboxes))
    world.office.set_mailbox(mailbox, MailboxState.PAUSED)


def answer(world: "World") -> None:
    """The rep deals with a task."""
    if not world.book.tasks:
        return
    task = world.book.tasks.pop(world.chance.randrange(len(world.book.tasks)))
    match task.kind:
        case TaskKind.IN_DOUBT:
            _resolve(world, task)
        case TaskKind.HELD | TaskKind.APPROVE_DRAFT:
            _release(world, task)
        case TaskKind.QUESTION | TaskKind.REVIEW_REPLY:
            world.resume(task.about, world.now)
        case TaskKind.COLLEAGUES:
            for other in world.office.waiting_for(task.about):
                world.resume(other, world.now)


def _resolve(world: "World", task: Task) -> None:
    """The rep knows whether it left: what the mail server took is in Sent."""
    row = world.book.rows[task.about]
    if row.state is not M.IN_DOUBT:
        return
    if world.now - world.doubtful.setdefault((row.id, row.attempts), world.now) < _TIME_TO_LOOK:
        world.book.tasks.append(task)
    elif world.judge.taken[row.id] > world.judge.again[row.id]:
        world.office.accepted(row, world.now)
    else:
        row.sent_at = None
        world.office.try_again(row, world.now, world.now)


def _release(world: "World", task: Task) -> None:
    row = world.book.rows[task.about]
    if row.state is not M.HELD:
        return
    if world.chance.random() < 0.2:
        world.office.skip(row, world.now)
        if world.book.enrollments[row.enrollment].state is EnrollmentState.PAUSED:
            world.book.park(row.enrollment)
    elif world.book.move(row, M.PLANNED, wake_at=world.now):
        row.due_at, row.approved = world.now, True
        world.office.back_in_the_queue(row)


LIFE: tuple[Callable[["World"], None], ...] = (
    *(enroll,) * 16,
    *(pause,) * 2,
    *(resume,) * 4,
    end,
    opt_out,
    publish,
    rest,
    *(answer,) * 8,
)


# --- trouble ---


def _anybody(world: "World") -> "Process":
    """A process, rather one that is in the middle of something."""
    busy = [process for process in world.running if not process.is_idle]
    return world.chance.choice(busy or world.running)


def kill(world: "World") -> None:
    """A process dies."""
    world.kill(_anybody(world))


def stall(world: "World") -> None:
    """A process stands still, for seconds or for hours."""
    longest = world.chance.choice((30, 600, 7200))
    world.stall(_anybody(world), timedelta(seconds=world.chance.randrange(longest)))


def restart_database(world: "World") -> None:
    """Nobody can use the database for a while."""
    world.excuse()
    world.away_until = world.now + timedelta(seconds=world.chance.randrange(1, 60))


def jump(world: "World") -> None:
    """A clock jumps, or is set right. Where it goes back in the middle of something, the process dies."""
    world.excuse()
    process = _anybody(world)
    wrong = timedelta(seconds=world.chance.randrange(-7200, 7200))
    skew = wrong if world.chance.random() < 0.5 else timedelta()
    if skew < process.skew and not process.is_idle:
        world.kill(process)
        process = world.running[-1]
    process.skew = skew
    world.has_news = True


TROUBLE: tuple[Callable[["World"], None], ...] = (kill, kill, stall, stall, restart_database, jump)

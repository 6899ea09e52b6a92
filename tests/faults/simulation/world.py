"""One simulated world: who runs when, what goes wrong in between, and the replay of it all from one seed."""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import DatabaseAway
from cadence.core.model import EnrollmentState, MailboxState, MessageState
from cadence.core.sequence import Sequence
from tests.faults.simulation import life, looking, sending, town
from tests.faults.simulation.book import Book, Use
from tests.faults.simulation.judge import Broken, Judge
from tests.faults.simulation.looking import Course
from tests.faults.simulation.office import Office, Person

M = MessageState
PAUSED = EnrollmentState.PAUSED
ALIVE_FOR = timedelta(seconds=40)
QUIET = timedelta(days=5)
"""How long nothing happens from outside at the end, before the judge looks whether all is done."""
PATIENCE = sending.LEASE + timedelta(minutes=16)
"""How overdue a mail may be then: a lease, and the wait after a mailbox that rested."""


@dataclass(slots=True, eq=False)
class Process:
    """A running process.

    skew: how wrong its clock is; is_idle: it waits for something to do; turn: the number of its latest
    plan to go on, since a stall or a death takes older ones back.
    """

    name: str
    kind: str
    world: "World"
    course: Course
    skew: timedelta = timedelta()
    is_idle: bool = False
    turn: int = 0

    @property
    def now(self) -> datetime:
        """What its own clock says."""
        return self.world.now + self.skew


@dataclass(slots=True)
class World:
    """Everything there is. trouble: how likely each misfortune is, 0 for none; has_news: the
    idle are to think again when to wake; resting: mailboxes at rest, and until when; doubtful: since when the
    rep knows of a doubt."""

    chance: Random
    trouble: float = 0.01
    now: datetime = town.EPOCH
    events: int = 0
    book: Book = field(default_factory=Book)
    post: town.Post = field(default_factory=town.Post)
    running: list[Process] = field(default_factory=list)
    queue: list[tuple[datetime, float, int, Process, int]] = field(default_factory=list)
    away_until: datetime = town.EPOCH
    names: int = 0
    has_news: bool = True
    doubtful: dict[tuple[int, int], datetime] = field(default_factory=dict)
    resting: dict[int, datetime] = field(default_factory=dict)
    people: dict[int, Person] = field(init=False)
    author: Iterator[Sequence] = field(init=False)
    office: Office = field(init=False)
    judge: Judge = field(init=False)

    def __post_init__(self) -> None:
        self.people = town.people(self.chance)
        self.office = Office(self.book, self.people)
        self.judge = Judge(self.book, self.people)
        self.author = town.revisions()
        self.book.mailboxes = town.mailboxes()
        for number in self.book.mailboxes:
            self.book.uses[number] = Use(files_sent=number != town.OTHER_REP)
            self.post.letters[number] = []
        self.book.revisions = {each.name: (1, each) for each in (town.lost(), town.brief())}
        for _ in range(town.NEIGHBORS):
            life.enroll(self)
        for kind in ("worker", "worker", "watcher", "upkeep", "upkeep"):
            self._start(kind)

    # --- what processes use ---

    def moment(self) -> float:
        """Seconds that a step takes: mostly few."""
        return self.chance.random() * self.chance.choice((0.1, 1.0, 10.0))

    def need_database(self) -> None:
        """Raise DatabaseAway while it restarts."""
        if self.now < self.away_until:
            raise DatabaseAway("the database restarts")

    @contextmanager
    def commit(self) -> Iterator[bool]:
        """A transaction whose end may stay unknown: false where nothing of it will be kept."""
        self.need_database()
        is_lost = self.chance.random() < self.trouble / 4
        is_kept = not is_lost or self.chance.random() < 0.5
        yield is_kept
        if is_lost:
            raise DatabaseAway("the connection ended during the commit")

    def server_takes(self, message_id: int) -> Outcome:
        """Hand a mail over."""
        outcome, is_taken = town.answer_of_server(self.chance)
        row = self.book.rows[message_id]
        if is_taken:
            self.judge.accepted(row)
            self.post.sent_folder[row.id] = self.now + timedelta(seconds=self.chance.randrange(600))
            if self.chance.random() < 0.25:
                self._answer(row.id, row.mailbox)
        if outcome.kind is OutcomeKind.IN_DOUBT:
            self.judge.excused.add(row.id)
        return outcome

    def _answer(self, row: int, mailbox: int | None) -> None:
        assert mailbox is not None
        after = timedelta(seconds=self.chance.randrange(60 if self.chance.random() < 0.3 else 5 * 86400))
        verdict = town.reply_of(self.chance, self.now)
        self.post.letters[mailbox].append(town.Letter(row, verdict, self.now + after))

    def resume(self, enrollment: int, now: datetime) -> None:
        """Somebody's pause ends."""
        others = self.office.waiting_for(enrollment)
        if self.office.resume(enrollment, "the pause is over", now):
            for each in (enrollment, *others):
                self.judge.went_on(each)

    # --- the run ---

    def run(self, events: int) -> None:
        """Let so many things happen, then give the world time to come to rest, and judge it."""
        while self.events < events:
            ahead = self._next() - self.now
            if ahead > _LULL:
                self.now += min(ahead, _DAYS) * self.chance.random()
            if ahead > _LULL or self.chance.random() < 0.02:
                self.happens(self.chance.choice(life.LIFE))
            elif self.chance.random() < self.trouble:
                self.happens(self.chance.choice(life.TROUBLE))
            self._step()
        self._calm_down()
        until = self.now + QUIET
        while self._next() <= until:
            self._step()
            if self.events > events + _RESTLESS:
                raise Broken("it does not come to rest")
        self.now = until
        self.judge.at_rest(self.now, PATIENCE)

    def happens(self, what: Callable[["World"], None]) -> None:
        """Something from outside: an event as well."""
        self.events += 1
        what(self)
        self._look()

    def _step(self) -> None:
        """One event: the next process goes on until its next yield, and the judge looks."""
        self.now = max(self.now, self._next())
        process = heapq.heappop(self.queue)[3]
        self.events += 1
        process.is_idle = False
        self.book.alive_until[process.name] = _FOR_EVER
        passed = next(process.course)
        if passed is None:
            process.is_idle = self.has_news = True
        else:
            self.go_on(process, timedelta(seconds=passed))
        self._look()

    def _look(self) -> None:
        for mailbox in self.book.mailboxes.values():
            if mailbox.state is not MailboxState.ACTIVE:
                until = self.resting.setdefault(mailbox.id, self.now + self.chance.random() * _LULL)
                if self.now >= until:
                    del self.resting[mailbox.id]
                    self.office.set_mailbox(mailbox.id, MailboxState.ACTIVE)
        self.has_news = self.has_news or bool(self.book.touched or self.book.moved)
        self.judge.look()

    def _next(self) -> datetime:
        """When the next process goes on; those without work are woken for what there is to do."""
        if self.has_news:
            self.has_news = False
            for process in self.running:
                if process.is_idle:
                    at = _WAKES[process.kind](self) - process.skew
                    self.go_on(process, max(at - self.now, timedelta()) + timedelta(seconds=self.moment()))
        while self.queue[0][4] != self.queue[0][3].turn:
            heapq.heappop(self.queue)
        return self.queue[0][0]

    def go_on(self, process: Process, after: timedelta) -> None:
        """Let a process go on after a while; whatever was planned for it before is off."""
        process.turn += 1
        heapq.heappush(
            self.queue, (self.now + after, self.chance.random(), self.events, process, process.turn)
        )

    def _start(self, kind: str, skew: timedelta = timedelta()) -> None:
        self.names += 1
        process = Process(f"{kind}-{self.names}", kind, self, iter(()), skew)  # type: ignore[arg-type]
        process.course = _KINDS[kind](self, process)
        self.running.append(process)
        self.book.alive_until[process.name] = _FOR_EVER
        self.go_on(process, timedelta(seconds=self.chance.random()))

    def digest(self) -> str:
        """What became of everything, in short: the same for the same seed, wherever it runs."""
        told = [(row.id, row.step, row.state.value, str(row.sent_at)) for row in self.book.rows.values()]
        return sha256(repr((told, str(self.now), self.events)).encode()).hexdigest()

    # --- coming to rest ---

    def _calm_down(self) -> None:
        """No more misfortune and nothing new: clocks are right, mailboxes mended, everybody is at work."""
        self.trouble = 0.0
        self.away_until = self.now
        for process in [each for each in self.running if each.skew]:
            self.kill(process)
        for number in self.book.mailboxes:
            self.office.set_mailbox(number, MailboxState.ACTIVE)

    def kill(self, process: Process) -> None:
        """kill -9: what it held stays as it is, and another one starts."""
        self.excuse(process)
        self.running.remove(process)
        process.turn += 1
        self.book.alive_until[process.name] = self.now + ALIVE_FOR
        self.has_news = True
        self._start(process.kind)

    def stall(self, process: Process, span: timedelta) -> None:
        """A process stands still, and gives no sign of life meanwhile."""
        self.excuse(process)
        self.book.alive_until[process.name] = self.now + ALIVE_FOR
        self.has_news, process.is_idle = True, False
        self.go_on(process, span)

    def excuse(self, process: Process | None = None) -> None:
        """What this process was sending may be in doubt; None: what any was."""
        for row in self.book.rows.values():
            if row.state is M.SENDING and (process is None or row.sent_by == process.name):
                self.judge.excused.add(row.id)


# --- when there is something to do ---

_FAR = timedelta(days=400)
_LULL, _DAYS = timedelta(hours=3), timedelta(days=1)
_PAUSE = timedelta(seconds=5)
_RESTLESS = 20_000
"""Events of the last days of a world: each mail that waits behind a doubt is looked at 480 times."""
_FOR_EVER = datetime.max.replace(tzinfo=UTC)


def _work(world: World) -> datetime:
    return world.book.next_wake() or world.now + _FAR


def _letters(world: World) -> datetime:
    arrivals = (letter.arrives_at for letters in world.post.letters.values() for letter in letters)
    return min(arrivals, default=world.now + _FAR)


def _upkeep(world: World) -> datetime:
    book = world.book
    at = [one.resume_at for one in book.enrollments.values() if one.state is PAUSED and one.resume_at]
    for row in book.rows.values():
        if row.wake_at is not None:
            is_sending = row.state is M.SENDING
            if is_sending:
                at.append(row.wake_at)
            if row.sent_by is not None and (is_sending or row.wake_at != row.due_at):
                at.append(book.alive_until[row.sent_by])
        elif row.state is M.IN_DOUBT and row.mailbox and book.uses[row.mailbox].files_sent:
            at.append(world.now + timedelta(minutes=10))
    return max(min([*at, world.now + _FAR]), world.now + _PAUSE)


_KINDS: dict[str, Callable[[World, Process], Course]] = {
    "worker": sending.worker,
    "watcher": looking.watcher,
    "upkeep": looking.upkeep,
}
_WAKES: dict[str, Callable[[World], datetime]] = {
    "worker": _work,
    "watcher": _letters,
    "upkeep": _upkeep,
}

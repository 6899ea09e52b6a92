"""What would follow from here on, and why: planning and dispatch, run on a virtual clock.

The rules are those of the live path, none is restated: planning.py says what comes next, dispatch.py has
the last word, reactions.py says what an answer does. Only the mail servers and other people's mails are
missing, so a busy mailbox may be later than a forecast by its own pace.
"""

import heapq
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from cadence.core import planning, schedule
from cadence.core.dispatch import NOTHING_TO_SAY, Decision, End, Facts, Hold, SendNow, Skip, Wait, decide
from cadence.core.lifecycle import LIVE, Fact, later_pause, transition
from cadence.core.model import EnrollmentState, MessageState, OutboundMessage, TaskKind
from cadence.core.outlook import Answer, Case, Entry, Happening
from cadence.core.planning import Plan, delayed
from cadence.core.reactions import Reaction, react
from cadence.core.replies import AUTOMATIC, Verdict
from cadence.core.sequence import From

_BARRIER = timedelta(seconds=60)
_INSTANT = timedelta(minutes=1)
_HELD = (MessageState.HELD,)


def forecast(case: Case, *, now: datetime, until: datetime, answers: Iterable[Answer] = ()) -> list[Entry]:
    """The calendar from `now` to `until` if nobody answers, or if just these answers come."""
    return _Run(case, now, until, answers).entries()


class _Run:
    """One forecast under way: the clock, the queue, and what was seen so far."""

    def __init__(self, case: Case, now: datetime, until: datetime, answers: Iterable[Answer]) -> None:
        self._case, self._course, self._sequence = case, case.course, case.course.sequence
        self._enrollment = case.enrollment
        self._now, self._until = now, until
        self._ends_at = case.ends_at or case.course.ends_at
        self._answers = sorted((a for a in answers if a.at >= now), key=lambda a: a.at, reverse=True)
        self._last = (case.last_to_prospect, case.last_to_account)
        self._stories, self._left = case.stories_sent, set(case.left)
        self._entries: list[Entry] = []
        self._queue: list[tuple[datetime, int, OutboundMessage]] = []
        self._seen: set[tuple[str, int]] = set()
        self._ids = 0
        if case.waiting is None:
            for plan in planning.opening(case.course):
                self._plan(plan)
        for message in case.waiting or ():
            self._wait_for(message)

    def entries(self) -> list[Entry]:
        """Run until the enrollment ends, nothing is left, or the time is over."""
        while self._enrollment.state in LIVE and (self._queue or self._answers):
            due = self._next_due()
            if self._answers and (due is None or self._answers[-1].at <= due):
                answer = self._answers.pop()
                if answer.at > self._until:
                    break
                self._now = max(self._now, answer.at)
                self._answered(answer)
            elif due is None or due > self._until:
                break
            else:
                self._now = max(self._now, due)
                self._go_on()
        return self._entries

    def _next_due(self) -> datetime | None:
        """When something happens by itself; None: only an answer or a person changes anything."""
        if self._enrollment.state is EnrollmentState.PAUSED:
            return self._enrollment.resume_at
        return self._queue[0][0] if self._queue else None

    def _go_on(self) -> None:
        if self._enrollment.state is EnrollmentState.PAUSED:
            self._resume()
            return
        _, _, message = heapq.heappop(self._queue)
        self._deal_with(message)
        if self._enrollment.state in LIVE and not self._queue and not self._is_held():
            self._end(Fact.FINISH, "the sequence is at its end")

    def _is_held(self) -> bool:
        return bool(self._entries) and self._entries[-1].what is Happening.HELD

    # --- mails ---

    def _plan(self, plan: Plan | None) -> None:
        if plan is None or (plan.step, plan.occurrence) in self._seen:
            return
        self._ids += 1
        self._wait_for(
            OutboundMessage(
                id=self._ids,
                enrollment_id=self._enrollment.id,
                step=plan.step,
                occurrence=plan.occurrence,
                state=MessageState.PLANNED,
                due_at=plan.due_at,
                base_at=plan.base_at,
                message_id="",
                why=plan.why,
            )
        )

    def _wait_for(self, message: OutboundMessage) -> None:
        self._seen.add((message.step, message.occurrence))
        if message.state in _HELD:
            self._note(Happening.HELD, message.outcome or message.why, message)
            return
        self._ids += 1
        heapq.heappush(self._queue, (message.due_at, self._ids, message))

    def _deal_with(self, message: OutboundMessage) -> None:
        decision = self._decide(message)
        match decision:
            case SendNow():
                self._send(message)
            case Wait(until, why):
                later = max(until, self._now + _INSTANT)
                self._wait_for(replace(message, due_at=later, why=delayed(message.why, why)))
            case Skip(why):
                self._note(Happening.SKIPPED, why, message)
                self._plan_following(message)
            case Hold(_, TaskKind.APPROVE_DRAFT):
                why = f"{message.why}; a draft first, so as soon as the rep says yes"
                self._wait_for(replace(message, approved=True, due_at=self._now, why=why))
            case Hold(why):
                self._note(Happening.HELD, f"{why}; what comes after it waits", message)
            case End(fact, why):
                self._end(fact, why)

    def _decide(self, message: OutboundMessage) -> Decision:
        step = self._sequence.step(message.step)
        by_executive = step is not None and step.sender is From.EXECUTIVE
        facts = Facts(
            enrollment=self._enrollment,
            message=message,
            sequence=self._sequence,
            place=self._course.place,
            mailbox=self._case.executive if by_executive else self._case.rep,
            ends_at=self._ends_at,
            suppressed=self._case.suppressed,
            unreachable=self._case.unreachable,
            synced_at=self._now,
            last_to_prospect=self._last[0],
            last_to_account=self._last[1],
            ground=self._case.ground,
        )
        return decide(facts, self._now, _BARRIER)

    def _send(self, message: OutboundMessage) -> None:
        step = self._sequence.step(message.step)
        assert step is not None
        story = None
        why = message.why
        if step.pool:
            choice = self._case.shelf.choose(self._case.profile, self._stories, self._now.date())
            if choice is None:
                self._note(Happening.SKIPPED, NOTHING_TO_SAY, message)
                self._plan_following(message)
                return
            story = choice.story.name
            self._stories |= {story}
            why = f"{why}; {choice.why}"
        self._note(Happening.SENT, why, message, story)
        self._left.add(message.step)
        self._last = (self._now, self._now)
        self._plan_following(message)

    def _plan_following(self, message: OutboundMessage) -> None:
        step = self._sequence.step(message.step)
        plan = planning.following(self._course, message.step, message.occurrence, self._now)
        self._plan(plan)
        if step is not None and step.on is not None:
            self._keep_distance(*((plan.due_at, plan.step) if plan else (self._now, step.name)))

    # --- the enrollment ---

    def _end(self, fact: Fact, why: str) -> None:
        state = transition(self._enrollment.state, fact)
        if state is not None:
            self._enrollment = replace(self._enrollment, state=state)
            self._note(Happening.ENDED, f"{state}: {why}")
        self._queue.clear()

    def _pause(self, until: datetime | None, why: str) -> None:
        if self._enrollment.state is EnrollmentState.PAUSED:
            until = later_pause(self._enrollment.resume_at, until)
        paused = EnrollmentState.PAUSED
        self._enrollment = replace(self._enrollment, state=paused, resume_at=until, state_reason=why)
        self._note(Happening.PAUSED, why if until else f"{why}; until a person says so")

    def _resume(self) -> None:
        self._enrollment = replace(self._enrollment, state=EnrollmentState.ACTIVE, resume_at=None)
        self._note(Happening.RESUMED, "the pause is over")
        waiting = [message for _, _, message in sorted(self._queue)]
        self._queue.clear()
        slots = schedule.resumed(
            [message.due_at for message in waiting],
            now=self._now,
            last_to_prospect=self._last[0],
            last_to_account=self._last[1],
            spacing=self._sequence.spacing,
            window=self._sequence.window,
            place=self._course.place,
        )
        for message, slot in zip(waiting, slots, strict=True):
            why = message.why if slot.at == message.due_at else delayed(message.why, slot.why)
            self._wait_for(replace(message, due_at=slot.at, why=why))

    # --- answers ---

    def _answered(self, answer: Answer) -> None:
        reaction = react(
            Verdict(answer.category, 1.0, ("supposed",)),
            sequence=self._sequence,
            place=self._course.place,
            received_at=self._now,
        )
        self._note(Happening.REPLY, f"{answer.category}: {reaction.reason}")
        if answer.category not in AUTOMATIC:
            heard = self._enrollment.heard | {answer.category}
            self._enrollment = replace(self._enrollment, heard=heard)
        if reaction.fact is Fact.PAUSE:
            self._pause(reaction.resume_at, reaction.reason)
        elif reaction.fact is not None:
            self._end(reaction.fact, reaction.reason)
        if self._enrollment.state in LIVE:
            self._replan(reaction)

    def _replan(self, reaction: Reaction) -> None:
        at, of = self._now, "their reply"
        if reaction.stay_in_touch:
            self._go_to_stay_in_touch()
        elif reaction.branch is not None:
            branch = planning.on_reply(self._course, reaction.branch, self._now, self._left)
            self._plan(branch)
            at, of = (branch.due_at, branch.step) if branch else (at, of)
        if reaction.reply and reaction.fact is None:
            self._keep_distance(at, of)

    def _go_to_stay_in_touch(self) -> None:
        step = self._sequence.stay_in_touch
        if step is None:
            return
        chain = {s.name for s in self._sequence.chain}
        for message in [m for _, _, m in sorted(self._queue) if m.step in chain and m.step != step.name]:
            self._note(Happening.SKIPPED, planning.GLAD_TO_STAY_IN_TOUCH, message)
        self._queue = [q for q in self._queue if q[2].step not in chain or q[2].step == step.name]
        heapq.heapify(self._queue)
        last = max((n for name, n in self._seen if name == step.name), default=0)
        if any(message.step == step.name for _, _, message in self._queue):
            last -= 1
        self._plan(planning.stay_in_touch(self._course, last + 1, self._now))

    def _keep_distance(self, at: datetime, of: str) -> None:
        waiting, self._queue = sorted(self._queue), []
        for _, _, message in waiting:
            plan = Plan(message.step, message.occurrence, message.due_at, message.base_at, message.why)
            moved = planning.after_a_reply(self._course, plan, at, of)
            self._wait_for(replace(message, due_at=moved.due_at, why=moved.why))

    def _note(
        self, what: Happening, why: str, message: OutboundMessage | None = None, story: str | None = None
    ) -> None:
        if message is None:
            self._entries.append(Entry(self._now, what, why))
            return
        step = self._sequence.step(message.step)
        sender = step.sender if step else None
        self._entries.append(Entry(self._now, what, why, message.step, message.occurrence, sender, story))

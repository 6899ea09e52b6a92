"""Which mail of a sequence comes next, and when: the course of one enrollment through its steps.

A plan is a promise to decide at `due_at`, not to send: dispatch.py has the last word then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from cadence.core.model import Place
from cadence.core.replies import Category
from cadence.core.schedule import add, anchored_at, due
from cadence.core.sequence import MAX_OCCURRENCES, Sequence, Step


@dataclass(frozen=True, slots=True)
class Plan:
    """One mail to come. base_at: what its delay counts from; why: the reason for the date."""

    step: str
    occurrence: int
    due_at: datetime
    base_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Course:
    """What planning needs to know of an enrollment.

    dates: values of the fields a step can be anchored to ("deal.lost_at" ...), None where unknown;
    ends_at: when the enrollment is over, however much is left.
    """

    sequence: Sequence
    place: Place
    started_at: datetime
    dates: Mapping[str, date | datetime | None]
    ends_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "ends_at", ends(self.started_at, self.sequence, self.place))


def ends(started_at: datetime, sequence: Sequence, place: Place) -> datetime:
    """When an enrollment that started at this instant is over."""
    return add(started_at, sequence.ends, place)


def opening(course: Course) -> list[Plan]:
    """The first plans of a new enrollment: the chain's first step and every anchored one."""
    plans = []
    if course.sequence.chain:
        first = course.sequence.chain[0]
        lost_at = course.dates.get("deal.lost_at")
        base = lost_at if isinstance(lost_at, datetime) else course.started_at
        plans.append(_after(course, first, base, base, "after the deal was lost"))
    anchored = (anchored_plan(course, step) for step in course.sequence.anchored)
    return plans + [plan for plan in anchored if plan is not None]


def anchored_plan(course: Course, step: Step) -> Plan | None:
    """The plan of a step that hangs on a date, or None while the date is unknown or out of range."""
    assert step.at is not None
    value = course.dates.get(step.at.field)
    if value is None:
        return None
    at = anchored_at(value, step.at, course.sequence.window_of(step), course.place)
    if at > course.ends_at:
        return None
    return Plan(step.name, 1, at, at, f"{step.at}")


def following(course: Course, step_name: str, occurrence: int, at: datetime) -> Plan | None:
    """What comes after a step of the chain or of a branch was sent or skipped at `at`; None: nothing."""
    step = course.sequence.step(step_name)
    if step is None or step.at is not None:
        return None
    if step.repeat and occurrence < (step.times or MAX_OCCURRENCES):
        slot = due(at, step.repeat, course.sequence.window_of(step), course.place)
        again = Plan(
            step.name, occurrence + 1, slot.at, at, f"{step.repeat} after the last one{_also(slot.why)}"
        )
        return _within_end(course, again)
    siblings = course.sequence.branch(step.on) if step.on else course.sequence.chain
    rest = siblings[siblings.index(step) + 1 :]
    return _within_end(course, _after(course, rest[0], at, at, f"after {step.name}")) if rest else None


def entering(course: Course, step_name: str, at: datetime) -> Plan | None:
    """The plan of a step that somebody enters from the side at `at`, because the one before it is gone."""
    step = course.sequence.step(step_name)
    if step is None or step.after is None:
        return None
    return Plan(step.name, 1, at, at, "the step before it is gone")


def on_reply(
    course: Course, category: Category, at: datetime, left: Collection[str] = frozenset()
) -> Plan | None:
    """The first step of the branch for this category, or None where the sequence has none.

    left: the steps of which a mail left before; one that stands for the branch spares it.
    """
    branch = course.sequence.branch(category)
    if branch and branch[0].unless_sent in left:
        return None
    return _after(course, branch[0], at, at, f"after the reply ({category})") if branch else None


def stay_in_touch(course: Course, occurrence: int, at: datetime) -> Plan | None:
    """The step that keeps in touch, an interval from now; occurrence: the next of that step."""
    step = course.sequence.stay_in_touch
    if step is None or step.repeat is None:
        return None
    slot = due(at, step.repeat, course.sequence.window_of(step), course.place)
    why = f"{step.repeat} after they agreed to stay in touch{_also(slot.why)}"
    return _within_end(course, Plan(step.name, occurrence, slot.at, at, why))


def after_a_reply(course: Course, plan: Plan, at: datetime, of: str = "their reply") -> Plan:
    """A plan of the chain, moved so that it keeps its distance from a reply as from a step.

    at, of: the reply's instant, or that of the mail which answers it and the name of its step.
    """
    step = course.sequence.step(plan.step)
    if step is None or step.at is not None or step.on is not None:
        return plan
    distance = step.repeat if plan.occurrence > 1 and step.repeat else step.after
    if distance is None:
        return plan
    slot = due(at, distance, course.sequence.window_of(step), course.place)
    if slot.at <= plan.due_at:
        return plan
    return Plan(plan.step, plan.occurrence, slot.at, at, f"{distance} after {of}{_also(slot.why)}")


GLAD_TO_STAY_IN_TOUCH = "not needed: they are glad to stay in touch"
AT_ITS_END = "the sequence is at its end"
_THEN = "; then "


def delayed(why: str, reason: str) -> str:
    """Why a mail is due when it was put off once more: the reason for its date, and the latest delay."""
    planned = why.partition(_THEN)[0]
    return f"{planned}{_THEN}{reason}" if reason else why


def _after(course: Course, step: Step, base: datetime, count_from: datetime, what: str) -> Plan:
    assert step.after is not None
    slot = due(count_from, step.after, course.sequence.window_of(step), course.place)
    return Plan(step.name, 1, slot.at, base, f"{step.after} {what}{_also(slot.why)}")


def _within_end(course: Course, plan: Plan) -> Plan | None:
    return plan if plan.due_at <= course.ends_at else None


def _also(why: str) -> str:
    return f"; {why}" if why else ""

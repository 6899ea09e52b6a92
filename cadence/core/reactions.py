"""What a reply does: `react` turns what was understood of it into everything that follows from it."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from cadence.core.lifecycle import Fact
from cadence.core.model import Place, ProspectStatus, TaskKind
from cadence.core.replies import AUTOMATIC, Action, Category, Person, Verdict, action
from cadence.core.schedule import add, start_of
from cadence.core.sequence import Duration, Sequence, Unit


@dataclass(frozen=True, slots=True)
class NewTask:
    """Something a person must do because of a reply."""

    kind: TaskKind
    text: str


@dataclass(frozen=True, slots=True)
class Reaction:
    """Everything that follows from one message from outside.

    fact: what happens to the enrollment, None: it goes on; resume_at: when a pause ends by itself;
    address: what happens to every other enrollment of the same address; deal: to the other people of
    the deal, until deal_resume_at; account: to every other enrollment of the company; suppress: nobody
    writes to this address again; branch: the steps of this category follow; stay_in_touch: go on at
    the step that keeps in touch; retry: the bounced mail is tried again; reply: a person answered; moved:
    where they can be written to now, since nobody reads the old address any more.
    """

    reason: str
    fact: Fact | None = None
    resume_at: datetime | None = None
    status: ProspectStatus | None = None
    address: Fact | None = None
    suppress: bool = False
    deal: Fact | None = None
    deal_resume_at: datetime | None = None
    account: Fact | None = None
    branch: Category | None = None
    stay_in_touch: bool = False
    retry: bool = False
    reply: bool = False
    moved: Person | None = None
    tasks: tuple[NewTask, ...] = ()
    suggestions: tuple[Person, ...] = ()


SOFT_BOUNCES_THAT_COUNT_AS_HARD = 3
COLLEAGUES_WAIT = Duration(5, Unit.BUSINESS_DAYS)
"""When one contact of a deal answers, the others are left alone for a week."""

_STATUS = {
    Category.DECISION_OPEN: ProspectStatus.REOPENED,
    Category.INTERESTED: ProspectStatus.REOPENED,
    Category.FEEDBACK: ProspectStatus.FEEDBACK_GIVEN,
    Category.FEEDBACK_DECLINED: ProspectStatus.FEEDBACK_DECLINED,
    Category.KEEP_IN_TOUCH: ProspectStatus.IN_TOUCH,
    Category.NOT_NOW: ProspectStatus.SNOOZED,
    Category.NOT_INTERESTED: ProspectStatus.NOT_INTERESTED,
    Category.UNSUBSCRIBE: ProspectStatus.UNSUBSCRIBED,
    Category.REFERRAL: ProspectStatus.REFERRED,
    Category.WRONG_PERSON: ProspectStatus.LEFT,
    Category.QUESTION: ProspectStatus.QUESTION,
    Category.OTHER: ProspectStatus.REPLIED,
    Category.BOUNCE_HARD: ProspectStatus.BOUNCED,
    Category.COMPLAINT: ProspectStatus.COMPLAINED,
}


def status_after(category: Category) -> ProspectStatus | None:
    """What a reply of this category says of the person; None where it leaves the status as it was."""
    return _STATUS.get(category)


def react(
    verdict: Verdict,
    *,
    sequence: Sequence,
    place: Place,
    received_at: datetime,
    soft_bounces: int = 0,
) -> Reaction:
    """Decide what a message does to its enrollment (the table of docs/replies.md).

    soft_bounces: how many soft bounces in a row this address had before this one.
    """
    if verdict.category in AUTOMATIC:
        return _react_to_machine(verdict, sequence, place, received_at, soft_bounces)
    if action(verdict) is Action.ASK:
        return _ask(verdict)
    reaction = _react_to_person(verdict, sequence, place, received_at)
    reaction = _heed_attributes(reaction, verdict, sequence, place, received_at)
    reaction = _follow(reaction, verdict)
    return _spare_colleagues(reaction, place, received_at)


def _ask(verdict: Verdict) -> Reaction:
    """A person answered, and we are not sure what they said: nothing more leaves until the rep says."""
    text = f"Looks like {verdict.category} ({verdict.confidence:.0%} sure): say what it is"
    return Reaction(
        reason="a reply that needs a person to read it",
        fact=Fact.PAUSE,
        status=ProspectStatus.REPLIED,
        deal=Fact.PAUSE,
        reply=True,
        tasks=(NewTask(TaskKind.REVIEW_REPLY, text),),
    )


def _react_to_machine(
    verdict: Verdict, sequence: Sequence, place: Place, received_at: datetime, soft_bounces: int
) -> Reaction:
    match verdict.category:
        case Category.COMPLAINT:
            return Reaction(
                reason="reported our mail as unwanted",
                fact=Fact.OPT_OUT,
                address=Fact.OPT_OUT,
                suppress=True,
                status=ProspectStatus.COMPLAINED,
            )
        case Category.OUT_OF_OFFICE:
            back = _back_at(verdict.resume_on, sequence.away, place, received_at)
            return Reaction(reason="away from the office", fact=Fact.PAUSE, resume_at=back)
        case Category.BOUNCE_HARD | Category.BOUNCE_SOFT:
            return _react_to_bounce(verdict, soft_bounces)
        case _:
            return Reaction(reason="an automatic answer; nothing changes")


def _react_to_bounce(verdict: Verdict, soft_bounces: int) -> Reaction:
    bounce = verdict.bounce
    if bounce is not None and bounce.sender_fault:
        text = f"A mail server objects to this mailbox, not to the recipient: {bounce.diagnostic}"
        return Reaction(
            reason="the fault is with our mailbox, not with the recipient",
            tasks=(NewTask(TaskKind.MAILBOX_FAULT, text.rstrip(": ")),),
        )
    if verdict.category is Category.BOUNCE_SOFT:
        if bounce is not None and bounce.delayed:
            return Reaction(reason="delivery is delayed; their server keeps trying")
        if soft_bounces + 1 < SOFT_BOUNCES_THAT_COUNT_AS_HARD:
            return Reaction(reason="could not be delivered for now; tried again later", retry=True)
    return Reaction(
        reason="the address cannot be reached",
        fact=Fact.BOUNCE,
        address=Fact.BOUNCE,
        status=ProspectStatus.BOUNCED,
    )


_ANSWERS: dict[Category, Reaction] = {
    Category.DECISION_OPEN: Reaction(
        "their decision is still open",
        fact=Fact.REOPEN,
        account=Fact.STOP,
        tasks=(NewTask(TaskKind.DECISION_OPEN, "The decision is still open: answer today"),),
    ),
    Category.INTERESTED: Reaction(
        "wants to talk",
        fact=Fact.REOPEN,
        account=Fact.STOP,
        tasks=(NewTask(TaskKind.INTERESTED, "Wants to talk: answer today"),),
    ),
    Category.FEEDBACK: Reaction("told us why", branch=Category.FEEDBACK),
    Category.FEEDBACK_DECLINED: Reaction("would rather not say why", branch=Category.FEEDBACK_DECLINED),
    Category.KEEP_IN_TOUCH: Reaction("is glad to stay in touch", stay_in_touch=True),
    Category.NOT_NOW: Reaction("asked us to come back later", fact=Fact.PAUSE),
    Category.NOT_INTERESTED: Reaction("said no", fact=Fact.REPLY),
    Category.UNSUBSCRIBE: Reaction(
        "asked not to be written to", fact=Fact.OPT_OUT, address=Fact.OPT_OUT, suppress=True
    ),
    Category.REFERRAL: Reaction("named someone else"),
    Category.WRONG_PERSON: Reaction("is not the right person any more", fact=Fact.REPLY),
    Category.QUESTION: Reaction(
        "asked a question",
        fact=Fact.PAUSE,
        tasks=(NewTask(TaskKind.QUESTION, "Asked something that a person must answer"),),
    ),
    Category.ACKNOWLEDGEMENT: Reaction("said thanks; nothing changes"),
    Category.OTHER: Reaction(
        "a reply that needs a person to read it",
        fact=Fact.PAUSE,
        tasks=(NewTask(TaskKind.REVIEW_REPLY, "A reply that fits no category: say what follows"),),
    ),
}

_NAMED = {
    Category.REFERRAL: (TaskKind.REFERRAL, "Named someone who may need us"),
    Category.WRONG_PERSON: (TaskKind.SUCCESSOR, "Has moved on; named as successor"),
}


def _react_to_person(verdict: Verdict, sequence: Sequence, place: Place, received_at: datetime) -> Reaction:
    category, people = verdict.category, verdict.people
    reaction = replace(_ANSWERS[category], status=_STATUS.get(category), reply=True)
    if category is Category.NOT_NOW:
        resume_at = _back_at(verdict.resume_on, sequence.snooze, place, received_at)
        return replace(reaction, resume_at=resume_at)
    if category in _NAMED and (people or category is Category.REFERRAL):
        kind, text = _NAMED[category]
        task = NewTask(kind, text + _names(people))
        return replace(reaction, tasks=(task,), suggestions=people or (Person(),))
    return reaction


def _heed_attributes(
    reaction: Reaction, verdict: Verdict, sequence: Sequence, place: Place, received_at: datetime
) -> Reaction:
    """A date or a firm no acts whatever the category is, on an enrollment that would go on."""
    if reaction.fact is not None:
        return reaction
    if verdict.firm_no:
        return replace(
            reaction, reason=reaction.reason + ", and ruled out any future business", fact=Fact.REPLY
        )
    if verdict.resume_on not in (None, verdict.contract_end):  # the mail before its end would come too late
        later = _back_at(verdict.resume_on, sequence.snooze, place, received_at)
        reason = f"{reaction.reason}, and asked to wait until {verdict.resume_on}"
        return replace(reaction, reason=reason, fact=Fact.PAUSE, resume_at=later)
    return reaction


def _follow(reaction: Reaction, verdict: Verdict) -> Reaction:
    """Whoever has moved is written to there only after a yes, and at the old address no more."""
    moved = verdict.moved
    if moved is None:
        return reaction
    goes_on = reaction.fact in (None, Fact.PAUSE)
    reaction = replace(reaction, moved=moved, fact=Fact.REPLY if goes_on else reaction.fact)
    if reaction.suppress:
        return reaction
    named = _names(verdict.people)
    text = f"Has moved{_names((moved,))}. Write to them there? Who follows them{named or ' is not said'}"
    others = tuple(task for task in reaction.tasks if task.kind is not TaskKind.SUCCESSOR)
    address = reaction.address or Fact.STOP
    return replace(reaction, address=address, tasks=(*others, NewTask(TaskKind.SUCCESSOR, text)))


def _spare_colleagues(reaction: Reaction, place: Place, received_at: datetime) -> Reaction:
    """When one contact answers, the other people of the deal are not written to as if nobody had."""
    match reaction.fact:
        case None:
            until = add(received_at, COLLEAGUES_WAIT, place)
            return replace(reaction, deal=Fact.PAUSE, deal_resume_at=until)
        case Fact.PAUSE:
            return replace(reaction, deal=Fact.PAUSE, deal_resume_at=reaction.resume_at)
        case _:
            return replace(reaction, deal=Fact.PAUSE)


def _back_at(on: date | None, default: Duration, place: Place, received_at: datetime) -> datetime:
    if on is not None:
        at = start_of(on, place)
        if at > received_at:
            return at
    return add(received_at, default, place)


def _names(people: tuple[Person, ...]) -> str:
    named = [" ".join(p for p in (x.name, x.email and f"<{x.email}>", x.company) if p) for x in people]
    return ": " + ", ".join(named) if any(named) else ""

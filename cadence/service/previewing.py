"""The mails of a sequence as one person would get them, rendered but not sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from cadence.content.catalogue import SequenceContent, Snapshot, load
from cadence.content.samples import STAND_IN, Sample
from cadence.core.address import normalize
from cadence.core.errors import ContentError, InvalidInput, NotFound
from cadence.core.relevance import choose
from cadence.core.rights import Visitor
from cadence.core.sequence import From, Sequence, Step, Thread
from cadence.core.trials import PLAIN
from cadence.service import forecasting, users, writing
from cadence.service.app import App
from cadence.store import enrollments, prospects


@dataclass(frozen=True, slots=True)
class Preview:
    """One mail. sender: "Robin Sample <robin@oursample.example>"; when: how the step is placed in words;
    variant: which one, of a step that is written in two ways.
    """

    step: str
    when: str
    sender: str
    subject: str
    text: str
    html: str
    story: str | None
    attachments: tuple[str, ...]
    variant: str | None = None

    @property
    def name(self) -> str:
        """The step, marked as its files are."""
        return _name(self.step, self.variant)


def _name(step: str, variant: str | None) -> str:
    return step if variant in (None, PLAIN) else f"{step}~{variant}"


def mails(
    content: SequenceContent,
    person: Sample,
    *,
    today: date,
    step: str | None = None,
    story: str | None = None,
) -> list[Preview]:
    """Render every mail, or that of one step. story: for the steps with a pool, instead of the best one.

    step: its name; of a step that is written in two ways both, or the one that is marked ("hello~b"). Raises
    NotFound for a step or story that does not exist, ContentError for a mail that would be held.
    """
    named, _, marked = (step or "").partition("~")
    wanted = content.sequence.step(named) if step else None
    if step and wanted is None:
        names = ", ".join(s.name for s in content.sequence.steps)
        raise NotFound(f"{content.sequence.name} has no step {step!r}; there is: {names}")
    subjects: dict[From, str] = {}
    shown = []
    for each in content.sequence.steps:
        for variant in _ways(content, each, person):
            made = _mail(content, each, variant, person, subjects, today, story)
            if wanted in (None, each) and marked in ("", variant):
                shown.append(made)
    if step and not shown:
        raise NotFound(f"{named} is written in one way only for {person.name}, who reads {person.language}")
    return shown


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page of all mails shows. samples: names to choose from; who: the one shown; mails: each as it
    would be, or why it would not.
    """

    samples: tuple[str, ...]
    who: str
    mails: tuple[tuple[str, Preview | str], ...]


def every(snapshot: Snapshot, name: str, who: str, today: date) -> Shown:
    """Every mail of a draft for one sample, whatever is wrong with some; who: else the first one.

    Raises ContentError where the files cannot be read at all.
    """
    content = load(snapshot, name)
    samples = content.samples or (Sample("somebody", STAND_IN),)
    person = next((sample for sample in samples if sample.name == who), samples[0])
    subjects: dict[From, str] = {}
    found: list[tuple[str, Preview | str]] = []
    for step in content.sequence.steps:
        for variant in _ways(content, step, person):
            try:
                mail = _mail(content, step, variant, person, subjects, today, None)
                found.append((mail.name, mail))
            except (ContentError, InvalidInput) as fault:
                found.append((_name(step.name, variant), str(fault)))
    return Shown(tuple(sample.name for sample in samples), person.name, tuple(found))


def of_files(
    snapshot: Snapshot,
    name: str,
    who: Sample | str | None,
    today: date,
    step: str | None = None,
    story: str | None = None,
) -> list[Preview]:
    """The same, from files that may be nobody's but their author's. who: a person, or a sample's name."""
    content = load(snapshot, name)
    if isinstance(who, Sample):
        return mails(content, who, today=today, step=step, story=story)
    found = forecasting.sample_of(content, who) if who else None
    if who and found is None:
        raise forecasting.nobody(content, who, database=False)
    first = content.samples[0] if content.samples else Sample("somebody", STAND_IN)
    return mails(content, found or first, today=today, step=step, story=story)


def _ways(content: SequenceContent, step: Step, person: Sample) -> tuple[str | None, ...]:
    return content.variants(step, person.language) or (None,)


def _mail(
    content: SequenceContent,
    step: Step,
    variant: str | None,
    person: Sample,
    subjects: dict[From, str],
    today: date,
    story: str | None,
) -> Preview:
    context: dict[str, Any] = dict(person.context)
    if step.thread is Thread.REPLY and step.sender in subjects:
        context["thread"] = {"subject": subjects[step.sender]}
    told = (story or _best_story(content, person, today)) if step.pool else None
    rendered = content.render(step.name, context, story=told, language=person.language, variant=variant)
    subjects.setdefault(step.sender, rendered.subject)
    signer: Mapping[str, Any] = context.get(step.sender.value) or {}
    return Preview(
        step=step.name,
        when=placed(step, content.sequence),
        sender=f"{signer.get('name')} <{signer.get('email')}>",
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        story=told,
        attachments=tuple(attachment.filename for attachment in rendered.attachments),
        variant=variant,
    )


def _best_story(content: SequenceContent, person: Sample, today: date) -> str:
    stories = [story.facts for story in content.stories]
    choice = choose(stories, forecasting.profile_of_sample(content, person), (), today)
    if choice is None:
        raise InvalidInput(f"no story fits {person.name}: the step would be skipped; choose one with --story")
    return choice.story.name


def placed(step: Step, sequence: Sequence) -> str:
    """Where a step stands in its sequence, in words."""
    if step.at is not None:
        return str(step.at)
    before = "the deal was lost" if step == sequence.chain[0] else "the one before"
    after = f"{step.after} after {f'the reply ({step.on})' if step.on else before}"
    again = f", then every {step.repeat}" if step.repeat else ""
    return after + again + (", a draft first" if step.review else "")


async def person(app: App | None, content: SequenceContent, name: str | None) -> Sample:
    """Whom to preview for: somebody in the database, a sample, or the first sample; raises NotFound."""
    if name is None:
        return content.samples[0] if content.samples else Sample("somebody", STAND_IN)
    sample = forecasting.sample_of(content, name)
    found = await _in_database(app, name) if app is not None and "@" in name else None
    if found is None and sample is None:
        raise forecasting.nobody(content, name, database=app is not None)
    return found or sample  # type: ignore[return-value]


async def prospect(app: App, visitor: Visitor, email: str) -> Sample:
    """Somebody in the database for whom a visitor may see mails; raises NotFound or Forbidden."""
    key = normalize(email)
    async with app.db.read() as tx:
        known = await prospects.find(tx, key)
        enrolled = await enrollments.of_prospect(tx, known.id) if known else []
    if not enrolled:
        raise NotFound(f"{email} was never enrolled.")
    await users.may_reach(app, visitor, enrolled[-1].mailbox_id)
    found = await _in_database(app, email)
    assert found is not None
    return found


async def _in_database(app: App, email: str) -> Sample | None:
    async with app.db.read() as tx:
        prospect = await prospects.find(tx, normalize(email))
        known = await enrollments.of_prospect(tx, prospect.id) if prospect else []
        if not known:
            return None
        case = await enrollments.case(tx, known[-1].id)
        url = app.unsubscribe_url(case.enrollment.id)
        answer = app.answer_url(case.enrollment.id)
        context = writing.context_of(case, case.mailbox, app.policy.company, unsubscribe=url, answer=answer)
    del context["sender"]
    return Sample(case.prospect.email, context, case.prospect.language)

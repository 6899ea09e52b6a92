"""From an author's files to a revision that mails are sent from, and whom that touches."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content import drafts
from cadence.content.catalogue import SequenceContent, Snapshot, load
from cadence.content.files import digest, read_snapshot, sequence_names
from cadence.content.findings import Finding, Severity
from cadence.content.lint import lint
from cadence.content.samples import Sample
from cadence.core.errors import ContentError, InvalidInput
from cadence.core.planning import entering
from cadence.service import courses, settling, trials, writing
from cadence.service.app import App, Company
from cadence.store import correspondence, enrollments, events, messages, revisions
from cadence.store.enrollments import Case

PEOPLE_TO_TRY = 2000
"""For how many enrolled people every mail is rendered before a revision goes out."""
PORTION = 50
"""Of them, at once."""

Tries = Callable[[App, Snapshot, str], Awaitable[tuple[Finding, ...]]]
"""Tries the mails of a sequence's files, on its samples and on who is enrolled, and gives all findings."""


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing a sequence does, or would do.

    number: of the new revision, None if nothing changed; enrolled: live enrollments, which take the new
    revision from their next step on; moved: of how many people the next step is gone, and to which step
    each such step's people go (None: the sequence ends for them); trials: step → what becomes of the trial of
    its two ways of writing; changed: the files differ from what is published.
    """

    sequence: str
    number: int | None
    enrolled: int
    moved: dict[str, tuple[int, str | None]]
    warnings: tuple[Finding, ...] = ()
    changed: bool = True
    trials: dict[str, str] = field(default_factory=dict)


async def check(app: App, folder: Path, name: str) -> tuple[Finding, ...]:
    """Lint a sequence's files, for its samples and for everyone who is enrolled."""
    return await _in_a_thread(app, read_snapshot(folder, name), name)


async def _in_a_thread(app: App, snapshot: Snapshot, name: str) -> tuple[Finding, ...]:
    people = [one async for portion, _ in enrolled_people(app, name) for one in portion]
    return await asyncio.to_thread(lint, snapshot, name, people=people)


async def enrolled_people(app: App, name: str) -> AsyncIterator[tuple[list[Sample], int]]:
    """Those whom the next mails of a sequence will reach, as lint wants them: in portions, each with how many
    they are in all.
    """
    company = _known(app.policy.company)
    async with app.db.read() as tx:
        ids = [one.id for one in await enrollments.of_sequence(tx, name, limit=PEOPLE_TO_TRY)]
    for start in range(0, len(ids), PORTION):
        async with app.db.read() as tx:
            cases = await enrollments.cases(tx, ids[start : start + PORTION])
        yield [_sample(case, company) for case in cases.values()], len(ids)


def _sample(case: Case, company: Company) -> Sample:
    context = writing.context_of(case, case.mailbox, company, unsubscribe="https://example.test/u/x")
    return Sample(case.prospect.email, context, case.prospect.language)


def _known(company: Company) -> Company:
    """Us, with words where a setting is missing: that is no fault of a template, and is told elsewhere."""
    return replace(
        company,
        name=company.name or "our company",
        postal_address=company.postal_address or "our postal address",
    )


async def publish(
    app: App,
    folder: Path,
    name: str,
    *,
    drop_to_next: bool = False,
    dry_run: bool = False,
    tries: Tries = _in_a_thread,
) -> Publication:
    """Publish a sequence's files as a new revision.

    drop_to_next: people who wait on a step that is gone go on to the next one; without it such a
    revision is refused; tries: finds what is wrong with the mails. Raises ContentError for the first fault
    in the files, InvalidInput for steps that people wait on.
    """
    snapshot = read_snapshot(folder, name)
    findings = await tries(app, snapshot, name)
    for finding in findings:
        if finding.severity is Severity.ERROR:
            raise ContentError(finding.message, finding.path, finding.line)
    content = load(snapshot, name)
    async with app.db.write() as tx:
        head = (await revisions.heads(tx)).get(name)
        enrolled = await enrollments.count_in(tx, name)
        if head is not None and head[1] == digest(snapshot):
            if not dry_run:
                drafts.published(folder, name, head[1])
            return Publication(name, None, enrolled, {}, findings, changed=False)
        moved = await _moved(app, tx, name, content)
        if moved and not (drop_to_next or dry_run):
            raise InvalidInput(_refusal(name, moved))
        tried = await trials.changes(tx, name, content)
        if dry_run:
            return Publication(name, None, enrolled, moved, findings, trials=tried)
        number = await revisions.add(
            tx, sequence=name, digest=digest(snapshot), files=snapshot, now=app.clock()
        )
        why = f"revision {number} of {name}, {enrolled} enrolled"
        await events.add(tx, "sequence.published", why, at=app.clock(), data={"sequence": name})
        revision_id, _ = (await revisions.heads(tx))[name]
        await trials.published(tx, name, content, revision_id=revision_id, now=app.clock())
        await _let_go(app, tx, name, moved)
    drafts.published(folder, name, digest(snapshot))
    return Publication(name, number, enrolled, moved, findings, trials=tried)


async def publish_clean(app: App, folder: Path) -> list[Publication | ContentError | InvalidInput]:
    """Publish every sequence of a folder whose files are clean; the faults of the others come back.

    What was saved in the browser waits until somebody publishes it.
    """
    results: list[Publication | ContentError | InvalidInput] = []
    waiting = drafts.held_back(folder)
    for name in (name for name in sequence_names(folder) if name not in waiting):
        try:
            results.append(await publish(app, folder, name))
        except (ContentError, InvalidInput) as fault:
            results.append(fault)
    return results


async def _moved(
    app: App, tx: AsyncConnection, name: str, content: SequenceContent
) -> dict[str, tuple[int, str | None]]:
    """The steps that people wait on and that the new files do not have: how many, and where they go."""
    moved = {}
    for step, count in (await correspondence.waiting_on(tx, name)).items():
        if content.sequence.step(step) is None:
            old = (await app.library.published(tx, name)).content.sequence
            after = [s.name for s in old.chain]
            later = after[after.index(step) + 1 :] if step in after else []
            target = next((s for s in later if content.sequence.step(s)), None)
            moved[step] = (count, target)
    return moved


def _refusal(name: str, moved: dict[str, tuple[int, str | None]]) -> str:
    parts = [
        f"{count} people wait on {step!r}, which is gone (they would "
        + (f"go on with {target!r})" if target else "be done)")
        for step, (count, target) in moved.items()
    ]
    return f"{name}: {'; '.join(parts)}. Publish with --drop to let them, or bring the step back."


async def _let_go(app: App, tx: AsyncConnection, name: str, moved: dict[str, tuple[int, str | None]]) -> None:
    """Move people on from steps that are gone."""
    if not moved:
        return
    for enrollment in await enrollments.of_sequence(tx, name):
        for message in await messages.open_of(tx, enrollment.id):
            if message.step in moved:
                await _go_on(app, tx, enrollment.id, message.id, moved[message.step][1])


async def _go_on(
    app: App, tx: AsyncConnection, enrollment_id: int, message_id: int, target: str | None
) -> None:
    message = await messages.get(tx, message_id)
    case = await enrollments.case(tx, enrollment_id)
    sequence = (await app.library.published(tx, case.enrollment.sequence)).content.sequence
    if target is not None:
        plan = entering(courses.course_of(case, sequence), target, message.due_at)
        await courses.put_plans(tx, case, sequence, [plan])
    await settling.skip(app, tx, message, "the step is gone from the sequence")

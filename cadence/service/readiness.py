"""What an installation is about to do, and what it lacks for that: with it `cadence run` begins."""

import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cadence.core.errors import CadenceError
from cadence.core.model import EnrollmentState, Mailbox, MailboxState
from cadence.core.sequence import From
from cadence.service.app import App
from cadence.service.checks import Check, Level, fault, warning
from cadence.service.publishing import Publication
from cadence.store import enrollments, mailboxes, messages, revisions, tasks


@dataclass(frozen=True, slots=True)
class Readiness:
    """What is there: mailboxes, published sequences, people by state, the next date, open tasks.

    need_executive: the sequences that want an executive's mailbox; example_stories: how many of the
    stories that they tell are made up.
    """

    mailboxes: tuple[Mailbox, ...]
    sequences: tuple[str, ...]
    need_executive: tuple[str, ...]
    example_stories: int
    people: dict[EnrollmentState, int]
    next_at: datetime | None
    open_tasks: int


async def look(app: App) -> Readiness:
    """Gather what is there."""
    async with app.db.read() as tx:
        sequences = tuple(await revisions.heads(tx))
        need_executive, examples = [], set()
        for name in sequences:
            content = (await app.library.published(tx, name)).content
            if any(step.sender is From.EXECUTIVE for step in content.sequence.steps):
                need_executive.append(name)
            if any(step.pool for step in content.sequence.steps):
                examples |= {story.name for story in content.stories if story.example}
        people: dict[EnrollmentState, int] = {}
        for (_, state), count in (await enrollments.counts(tx)).items():
            people[EnrollmentState(state)] = people.get(EnrollmentState(state), 0) + count
        return Readiness(
            mailboxes=tuple(await mailboxes.all_of(tx)),
            sequences=sequences,
            need_executive=tuple(need_executive),
            example_stories=len(examples),
            people=people,
            next_at=await messages.next_wake(tx),
            open_tasks=len(await tasks.opened(tx)),
        )


def lacks(
    app: App, ready: Readiness, published: Sequence[Publication | CadenceError], key_file: Path | None
) -> list[Check]:
    """What is missing or wrong, gravest first. key_file: where the key is, None where a setting gives it."""
    found = [*_of_sequences(ready, published), *_of_mailboxes(ready), *_of_settings(app)]
    if key_file is not None:
        found += _of_key(key_file)
    return sorted(found, key=lambda check: not check.is_fault)


def _of_sequences(ready: Readiness, published: Sequence[Publication | CadenceError]) -> list[Check]:
    found = [
        fault("sequence", str(result), "Mend it and save; until then the revision before stays in use.")
        for result in published
        if not isinstance(result, Publication)
    ]
    if not ready.sequences:
        clean = any(isinstance(result, Publication) for result in published)
        remedy = "`cadence run` publishes what is clean on start, `cadence publish` at once."
        if not clean:
            remedy = "Set CADENCE_TEMPLATES to a folder of sequences, or mend those that are there."
        found.append(fault("sequences", "no sequence is published", remedy))
    if count := ready.example_stories:
        stories = "example story: replace it" if count == 1 else "example stories: replace them"
        text = f"{count} {stories} by your own before you write to real people"
        found.append(Check("stories", Level.WARNING, text))
    return found


def _of_mailboxes(ready: Readiness) -> list[Check]:
    if not ready.mailboxes:
        return [fault("mailbox", "no mailbox is connected", "`cadence mailbox add ADDRESS …` connects one.")]
    found = []
    for mailbox in ready.mailboxes:
        if mailbox.state is MailboxState.FAULT:
            why = f"{mailbox.address} cannot be used: {mailbox.state_reason}"
            found.append(fault("mailbox", why, f"`cadence doctor {mailbox.address}` looks closer."))
        elif mailbox.state is MailboxState.PAUSED:
            found.append(
                warning(
                    "mailbox",
                    f"{mailbox.address} is paused and does not send",
                    f"`cadence mailbox resume {mailbox.address}` lets it.",
                )
            )
    if ready.need_executive and not any(m.role is From.EXECUTIVE for m in ready.mailboxes):
        names = ", ".join(ready.need_executive)
        found.append(
            warning(
                "executive",
                f"no executive's mailbox is connected; the mails that one signs are held, in {names}",
                "`cadence mailbox add ADDRESS --executive …` before enrolling.",
            )
        )
    return found


def _of_settings(app: App) -> list[Check]:
    company = app.policy.company
    wanted = {
        "CADENCE_COMPANY_NAME": company.name,
        "CADENCE_COMPANY_POSTAL_ADDRESS": company.postal_address,
    }
    found = [
        fault("company", f"{name} is not set, and the footer needs it: mails are held", "Set it in .env.")
        for name, value in wanted.items()
        if not value
    ]
    if app.policy.public_url is None:
        found.append(
            warning(
                "public address",
                "CADENCE_PUBLIC_URL is not set: mails have no unsubscribe link, readers opt out by mail",
                "Set it once this server can be reached over https.",
            )
        )
    return found


def _of_key(key_file: Path) -> list[Check]:
    try:
        mode = stat.S_IMODE(key_file.stat().st_mode)
    except OSError:
        return []
    if not mode & 0o077:
        return []
    return [warning("key file", f"{key_file} can be read by others", f"`chmod 600 {key_file}`")]

"""What is known at the end of the demo, gathered from outside: what the server took, what people wrote."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from cadence.core.model import TaskKind
from cadence.demo.cast import Character, LostDeal
from cadence.demo.people import Reply, message_id_of, read
from cadence.demo.play import Play
from cadence.service import occasions, trials
from cadence.store import correspondence, inbound

Answered = tuple[datetime, str, TaskKind, str]
"""When the rep answered a task about which person, of which kind, with which words."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One mail that the server took; step, occurrence and story: what its Message-ID stands for."""

    at: datetime
    person: Character
    deal: LostDeal
    message_id: str
    text: str
    step: str
    occurrence: int
    story: str | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything the invariants are checked on.

    lost_at: when whose deal was lost; ingested: how often the product kept which Message-ID; boxes: of
    each of our mailboxes the Message-IDs in INBOX and in Sent, and the flags of INBOX; refused: how often
    the server turned which address away; wrote: mails the rep wrote by hand; faults: tasks left over;
    invited: when whom a mail with a calendar's invitation reached; guests: who stands on the list of the
    event, with their answer; starts: when the event begins; tried: how many got which way of writing, by
    what the product says; winner: the one that it calls better.
    """

    mails: tuple[Delivered, ...]
    replies: tuple[Reply, ...]
    answered: tuple[Answered, ...]
    lost_at: Mapping[str, datetime]
    ingested: Counter[str]
    inboxes: Counter[str]
    flags: frozenset[str]
    filed: Counter[str]
    wrote: int
    refused: Counter[str]
    faults: tuple[str, ...]
    understood: Mapping[str, str]
    invited: tuple[tuple[datetime, str], ...]
    guests: Mapping[str, str | None]
    starts: datetime
    tried: Mapping[str, int]
    winner: str | None

    @property
    def misread(self) -> tuple[Reply, ...]:
        """Answers that count as something else than any person would understand."""
        return tuple(one for one in self.replies if self.understood.get(one.message_id) != one.means)

    @property
    def returned(self) -> frozenset[str]:
        """Message-IDs of mails that came back undelivered, so that they may leave again."""
        return frozenset(reply.answers for reply in self.replies if reply.came_back)


async def gather(play: Play, deals: tuple[LostDeal, ...]) -> Evidence:
    """Collect what the demo left behind."""
    stage = play.stage
    async with stage.app.db.read() as tx:
        labels = await correspondence.labels(tx)
        kept = [
            (message_id_of(await inbound.raw(tx, row.id)), str(row.corrected or row.category))
            for row in await inbound.latest(tx, 100_000)
        ]
    known = {person.email: (person, deal) for deal in deals for person in deal.people}
    mails = []
    for mail in stage.box.accepted:
        original = read(mail)
        person, deal = known[original.recipient]
        label = labels.get(original.message_id, ("unknown", 0, None))
        mails.append(Delivered(mail.at, person, deal, original.message_id, original.text, *label))
    (event,), (trial,) = await occasions.every(stage.app), await trials.shown(stage.app)
    flags: frozenset[str] = frozenset()
    inboxes: Counter[str] = Counter()
    filed: Counter[str] = Counter()
    for address in stage.mailboxes:
        flags = flags.union(*await stage.box.flags(address))
        inboxes.update(map(message_id_of, await stage.box.mails(address)))
        filed.update(map(message_id_of, await stage.box.mails(address, "Sent")))
    return Evidence(
        mails=tuple(mails),
        replies=tuple(play.people.sent),
        answered=tuple(play.rep.answered),
        lost_at=play.lost_at,
        ingested=Counter(message_id for message_id, _ in kept),
        inboxes=inboxes,
        flags=flags,
        filed=filed,
        wrote=play.rep.wrote,
        refused=Counter(stage.box.turned_away),
        faults=tuple(f"{task.email}: {task.text}" for task in await play.rep.left_over()),
        understood=dict(kept),
        invited=tuple(
            (mail.at, original.recipient)
            for mail in stage.box.accepted
            if (original := read(mail)).event is not None
        ),
        guests={guest.email: guest.answer for guest in event.guests},
        starts=event.occasion.starts,
        tried=trial.sent,
        winner=trial.winner,
    )

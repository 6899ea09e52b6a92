"""What must always hold, checked from outside: on what the mail server took, not on what the product says."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from cadence.core import calendar
from cadence.core.model import TaskKind
from cadence.core.replies import AUTOMATIC, Category
from cadence.core.sequence import Duration, Unit
from cadence.demo.evidence import Delivered, Evidence
from cadence.demo.people import Reply

THANKS_FROM, THANKS_UNTIL = time(8), time(20)
OPENS, CLOSES = time(9), time(16, 30)
BETWEEN_MAILS = Duration(3, Unit.BUSINESS_DAYS)
BETWEEN_COLLEAGUES = Duration(1, Unit.BUSINESS_DAYS)
COLLEAGUES_WAIT = Duration(5, Unit.BUSINESS_DAYS)
ANSWERS = frozenset({"feedback-thanks", "why-we-ask", "thanks-for-telling"})
THANKS_WITHIN = timedelta(hours=24)
"""What the shipped sequences and the table of replies promise, said again in the demo's own words."""

_WEEKEND = (5, 6)
_STOPS = frozenset(
    {
        Category.DECISION_OPEN,
        Category.INTERESTED,
        Category.NOT_INTERESTED,
        Category.UNSUBSCRIBE,
        Category.WRONG_PERSON,
        Category.BOUNCE_HARD,
        Category.COMPLAINT,
    }
)
_STOPS_COMPANY = frozenset({Category.DECISION_OPEN, Category.INTERESTED})
_REP_RESUMES = {Category.QUESTION: TaskKind.QUESTION, Category.OTHER: TaskKind.REVIEW_REPLY}


@dataclass(frozen=True, slots=True)
class Finding:
    """One invariant: what it says, and each case in which it did not hold."""

    says: str
    broken: tuple[str, ...]


def duplicates(seen: Evidence) -> Iterator[str]:
    """Mails that somebody got twice: the same step, the same Message-ID, or the same words."""
    keys: set[tuple[str, ...]] = set()
    back = seen.returned
    tries = Counter(mail.message_id for mail in seen.mails)
    for mail in seen.mails:
        if mail.message_id in back and tries[mail.message_id] > 1:
            tries[mail.message_id] -= 1
            continue  # it came back undelivered: the try that follows counts
        email = mail.person.email
        own = {
            (email, "id", mail.message_id),
            (email, "step", f"{mail.step} {mail.occurrence}"),
            (email, "text", mail.text),
        }
        if own & keys:
            yield _line(mail, "the same mail again")
        keys |= own


def after_reply(seen: Evidence) -> Iterator[str]:
    """Mails that left after the person's own answer had stopped or paused that person's sequence."""
    for mail in seen.mails:
        for reply in seen.replies:
            if reply.person.email == mail.person.email and reply.at <= mail.at:
                if reply.means in _STOPS:
                    yield _line(mail, f"after {reply.means} on {reply.at:%d %b %Y}")
                elif mail.at < _goes_on(reply, seen):
                    yield _line(mail, f"inside the pause after {reply.means} on {reply.at:%d %b %Y}")


def _goes_on(reply: Reply, seen: Evidence) -> datetime:
    """When the sequence of somebody who answered goes on."""
    until = [reply.at]
    if reply.until is not None:
        until.append(calendar.start_of(reply.until, reply.person.place))
    asked = TaskKind.REVIEW_REPLY if reply.act.odd else _REP_RESUMES.get(reply.means)
    if asked is not None:
        until += [at for at, email, kind, _ in seen.answered if (email, kind) == (reply.person.email, asked)]
    return max(until)


def _colleagues(seen: Evidence) -> Iterator[str]:
    for mail in seen.mails:
        for reply in seen.replies:
            if reply.at > mail.at or reply.means in AUTOMATIC or reply.person.email == mail.person.email:
                continue
            if reply.person.company != mail.person.company:
                continue
            waits = calendar.add(reply.at, COLLEAGUES_WAIT, mail.person.place)
            if reply.means in _STOPS_COMPANY or mail.at < waits:
                yield _line(mail, f"although {reply.person.name} answered on {reply.at:%d %b %Y}")


def _window(seen: Evidence) -> Iterator[str]:
    for mail in seen.mails:
        here = calendar.local(mail.at, mail.person.place)
        if mail.step == "thank-you":  # it cannot wait for Monday, only for the morning
            if not THANKS_FROM <= here.time() <= THANKS_UNTIL:
                yield _line(mail, f"at {here:%A %H:%M} there")
            continue
        rest = here.weekday() in _WEEKEND or calendar.holiday(here.date(), mail.person.place)
        if rest or not OPENS <= here.time() <= CLOSES:
            yield _line(mail, f"at {here:%A %H:%M} there")


def _spacing(seen: Evidence) -> Iterator[str]:
    by_person: dict[str, Delivered] = {}
    by_company: dict[str, Delivered] = {}
    for mail in seen.mails:
        place = mail.person.place
        for last, least in (
            (by_person.get(mail.person.email), BETWEEN_MAILS),
            (by_company.get(mail.person.company), BETWEEN_COLLEAGUES),
        ):
            if last is None or last.message_id == mail.message_id or _is_answer(mail, last.at, seen):
                continue
            if mail.at < calendar.add(last.at, least, place):
                yield _line(mail, f"less than {least} after {last.step} to {last.person.name}")
        by_person[mail.person.email] = by_company[mail.person.company] = mail


def _is_answer(mail: Delivered, last: datetime, seen: Evidence) -> bool:
    """Whether a mail answers what was written since the last one, for which that one need not be long ago."""
    wrote = (one.at for one in seen.replies if one.person == mail.person)
    return mail.step in ANSWERS and any(last < at < mail.at for at in wrote)


def _thanks(seen: Evidence) -> Iterator[str]:
    for mail in seen.mails:
        late = mail.at - seen.lost_at[mail.person.email]
        if mail.step == "thank-you" and late > THANKS_WITHIN:
            yield _line(mail, f"{late} after the loss")


def _stories(seen: Evidence) -> Iterator[str]:
    told: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for mail in seen.mails:
        if mail.step != "story":
            continue
        paragraphs = max(mail.text.split("\n\n"), key=len)
        known = told[mail.person.company]
        for key in (mail.story or "", paragraphs):
            if known.setdefault(key, mail.message_id) != mail.message_id:
                yield _line(mail, f"{mail.story} again at {mail.person.company}")
                break


def _unreachable(seen: Evidence) -> Iterator[str]:
    for mail in seen.mails:
        if mail.person.refuses:
            yield _line(mail, "their server refuses them")
    for email, times in seen.refused.items():
        if times > 1:
            yield f"{email}: tried {times} times although refused"


def _ingested(seen: Evidence) -> Iterator[str]:
    sent = Counter(reply.message_id for reply in seen.replies)
    for message_id in sent | seen.ingested:
        if sent[message_id] != seen.ingested[message_id]:
            yield f"{message_id}: written {sent[message_id]} times, kept {seen.ingested[message_id]} times"


def _untouched(seen: Evidence) -> Iterator[str]:
    yield from (f"a mail in INBOX bears {flag}" for flag in sorted(seen.flags))
    written = Counter(reply.message_id for reply in seen.replies if not reply.page)
    if seen.inboxes != written:
        yield f"INBOX holds {seen.inboxes.total()} mails of {written.total()} that arrived"


def _filed(seen: Evidence) -> Iterator[str]:
    for message_id in {mail.message_id for mail in seen.mails}:
        if seen.filed[message_id] != 1:
            yield f"{message_id}: {seen.filed[message_id]} copies in Sent"
    if len(seen.filed) != len({mail.message_id for mail in seen.mails}) + seen.wrote:
        yield "Sent holds mails that never left"


def _guests(seen: Evidence) -> Iterator[str]:
    times = Counter(email for _, email in seen.invited)
    yield from (f"{email} was invited {count} times" for email, count in times.items() if count > 1)
    yield from (f"{email} was invited when it had begun" for at, email in seen.invited if at >= seen.starts)
    if set(times) != set(seen.guests):
        yield f"the list names {sorted(seen.guests)}, invited were {sorted(times)}"
    said = {reply.person.email: reply.act.rsvp for reply in seen.replies if reply.act.rsvp}
    for email, answer in seen.guests.items():
        if answer != said.get(email):
            yield f"{email} answered {said.get(email)}, and stands there with {answer}"


def _ways(seen: Evidence) -> Iterator[str]:
    thanked = [mail for mail in seen.mails if mail.step == "thank-you" and mail.person.language == "en"]
    if sum(seen.tried.values()) != len(thanked):
        yield f"{len(thanked)} got it in English, {sum(seen.tried.values())} are in the trial"
    if seen.winner is not None:
        yield f"{seen.winner} won, of a few dozen mails"


def _faults(seen: Evidence) -> Iterator[str]:
    yield from seen.faults


_ALL: tuple[tuple[str, Callable[[Evidence], Iterator[str]]], ...] = (
    ("nobody got a mail twice", duplicates),
    ("nobody whose answer stopped or paused the sequence got the next mail", after_reply),
    ("when one answered, colleagues were left alone", _colleagues),
    ("every mail left in its reader's working hours, on no holiday, a thank-you by day", _window),
    ("mails kept their distance, to a person and to a company", _spacing),
    ("no thank-you came later than 24 hours after the loss", _thanks),
    ("no company was told a story twice", _stories),
    ("nobody was tried again whose server said no", _unreachable),
    ("every answer was taken in, exactly once", _ingested),
    ("no mail in the mailboxes was marked, moved or removed", _untouched),
    ("every mail that left is in Sent, once", _filed),
    ("whoever was invited to the event is on its list once, with the answer they gave", _guests),
    ("the two ways of writing were tried fairly, and no winner called of so few", _ways),
    ("nothing was held back, in doubt or unreadable", _faults),
)


def check(seen: Evidence) -> tuple[Finding, ...]:
    """Check every invariant."""
    return tuple(Finding(says, tuple(rule(seen))) for says, rule in _ALL)


def _line(mail: Delivered, what: str) -> str:
    return f"{mail.person.email}: {mail.step} on {mail.at:%d %b %Y %H:%M} UTC, {what}"

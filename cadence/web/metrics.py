"""What Prometheus is told: the names, meanings and units of the figures, in its text format or OpenMetrics.

All of it comes from the database, so it survives restarts, and every process tells the same. Mailboxes
are named by their numbers; nobody's address is in it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.metrics_core import Metric

from cadence.core.model import EnrollmentState, MailboxState, MessageState, TaskKind
from cadence.core.replies import Category
from cadence.store import schema
from cadence.store.figures import Figures, Reading

_OUTCOMES = ("sent", "refused", "deferred", "in_doubt", "held", "skipped")
_ROLES = ("worker", "watcher")
_UNREADABLE = "unreadable"


def exposition(figures: Figures, barrier: timedelta, accept: str = "") -> tuple[bytes, str]:
    """The figures as a body and its content type; accept: the request's header, which chooses the format."""
    encode, content_type = choose_encoder(accept)
    return encode(_Families(tuple(_families(figures, barrier)))), content_type


@dataclass(frozen=True, slots=True)
class _Families:
    """What prometheus_client asks of a collector."""

    families: Sequence[Metric]

    def collect(self) -> Iterable[Metric]:
        """The metrics with their values."""
        return self.families


def _families(figures: Figures, barrier: timedelta) -> Iterator[Metric]:
    known = {"database": figures.revision, "code": schema.newest(), "version": version("cadence-winback")}
    yield InfoMetricFamily(
        "cadence_installation",
        "This process's version, and the schema revisions of the database and of its code.",
        known,
    )
    yield from _of_events(figures.events)
    yield from _of_queue(figures)
    yield from _of_mailboxes(figures, barrier)
    yield from _of_people(figures)


def _of_events(events: Mapping[str, int]) -> Iterator[Metric]:
    replies = _below(events, "reply.", Category)
    unreadable = replies.pop(_UNREADABLE, 0)
    yield _counter(
        "cadence_mails",
        "Times a mail came to an outcome; one that is deferred may come to several.",
        "outcome",
        _below(events, "message.", _OUTCOMES),
    )
    yield _counter(
        "cadence_replies", "Mails received about a prospect, by what they say.", "category", replies
    )
    yield CounterMetricFamily(
        "cadence_replies_unreadable", "Mails received that nobody but a person can read.", unreadable
    )
    yield _counter(
        "cadence_enrollments",
        "Times an enrollment came into a state.",
        "state",
        _below(events, "enrollment.", EnrollmentState),
    )
    yield CounterMetricFamily(
        "cadence_mailbox_faults",
        "Times a mail server refused one of our mailboxes in earnest.",
        events.get("mailbox.fault", 0),
    )


def _of_queue(figures: Figures) -> Iterator[Metric]:
    waiting = figures.waiting
    yield _gauge(
        "cadence_mails_open",
        "Mails that may still leave, or may have left; planned ones of paused people do not count.",
        "state",
        {state.value: figures.unfinished.get(state, 0) for state in _UNFINISHED},
    )
    yield GaugeMetricFamily(
        "cadence_queue_due_mails", "Mails that are due and not dealt with yet.", waiting.due
    )
    yield GaugeMetricFamily(
        "cadence_queue_oldest_due_seconds",
        "For how long the first of the due mails has been due; 0 where none is.",
        _seconds(figures.at, waiting.oldest),
    )


_UNFINISHED = (
    MessageState.PLANNED,
    MessageState.DEFERRED,
    MessageState.SENDING,
    MessageState.HELD,
    MessageState.IN_DOUBT,
)


def _of_mailboxes(figures: Figures, barrier: timedelta) -> Iterator[Metric]:
    by_state: dict[str, list[Reading]] = {state.value: [] for state in MailboxState}
    for reading in figures.mailboxes:
        by_state[reading.state].append(reading)
    ages = {state: [figures.at - each.read_at for each in group] for state, group in by_state.items()}
    yield _gauge(
        "cadence_mailboxes",
        "Mailboxes by state; fault: a mail server refuses it.",
        "state",
        {state: len(group) for state, group in by_state.items()},
    )
    yield _gauge(
        "cadence_mailbox_unread_seconds",
        "How long ago the mailbox that waits longest for it was last read whole.",
        "state",
        {state: max(group, default=timedelta()).total_seconds() for state, group in ages.items()},
    )
    yield _gauge(
        "cadence_mailboxes_beyond_barrier",
        "Mailboxes last read longer ago than CADENCE_BARRIER_SECONDS: none sends before it is read again.",
        "state",
        {state: sum(age > barrier for age in group) for state, group in ages.items()},
    )
    yield _gauge(
        "cadence_mailbox_read_timestamp_seconds",
        "When a mailbox, by its number, was last read whole, in Unix time.",
        "mailbox_id",
        {str(each.mailbox_id): each.read_at.timestamp() for each in figures.mailboxes},
    )


def _of_people(figures: Figures) -> Iterator[Metric]:
    tasks = {kind.value: figures.tasks.get(kind) for kind in TaskKind}
    yield _gauge(
        "cadence_tasks_open",
        "Tasks that wait for a person.",
        "kind",
        {kind: found.count if found else 0 for kind, found in tasks.items()},
    )
    yield _gauge(
        "cadence_task_oldest_seconds",
        "For how long the oldest open task of a kind has waited; 0 where none is.",
        "kind",
        {kind: _seconds(figures.at, found.oldest if found else None) for kind, found in tasks.items()},
    )
    yield _gauge(
        "cadence_processes",
        "Processes that gave a sign of life within 40 seconds; `cadence run` is a worker that also watches.",
        "role",
        {**dict.fromkeys(_ROLES, 0), **figures.processes},
    )


def _below(events: Mapping[str, int], prefix: str, known: Iterable[str]) -> dict[str, int]:
    """The totals of the kinds that begin so, by the rest of their names; 0 for those that never happened."""
    found = {kind.removeprefix(prefix): n for kind, n in events.items() if kind.startswith(prefix)}
    return {**{str(name): 0 for name in known}, **found}


def _counter(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, meaning, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family


def _gauge(name: str, meaning: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _seconds(now: datetime, since: datetime | None) -> float:
    return max((now - since).total_seconds(), 0.0) if since is not None else 0.0

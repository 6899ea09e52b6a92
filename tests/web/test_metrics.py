"""The figures tell what really happened, in a form that Prometheus reads, and name nobody."""

import asyncio
import shutil
from asyncio.subprocess import PIPE
from datetime import timedelta

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families as prometheus

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.lifecycle import Fact
from cadence.core.model import MailboxState, TaskKind
from cadence.core.replies import Category
from cadence.service import connecting, enrolling, presence
from cadence.store import figures
from cadence.web.service import FRESH, WebService
from tests.service.fakes import ACCEPTED, reply

REFUSED = Outcome(OutcomeKind.REFUSED, 550, "5.7.1", "we do not take this")
HIDDEN = Outcome(OutcomeKind.IN_DOUBT, 0, None, "the connection ended after the mail was handed over")
LATER = Outcome(OutcomeKind.DEFERRED, 450, "4.2.0", "greylisted")


async def scrape(world, accept=""):
    body, _ = await WebService(world.app).metrics(accept)
    return body.decode()


async def samples(world):
    """What is told, by name and label."""
    families = prometheus(await scrape(world))
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


async def test_what_happened_is_counted(world):
    for name in ("dana", "erin", "finn", "gail"):
        await world.enroll(f"{name}@{name}.example", company=name)
    world.servers.outcomes = [REFUSED, LATER, ACCEPTED, HIDDEN]
    await world.after(hours=2)
    answered = world.sent[0]
    words = "Please remove me from your list."
    answer = reply(words, to=answered.raw, sender=answered.recipient, at=world.now)
    await world.arrives(answer)
    world.app.process = "worker-1"
    await presence.beat(world.app, presence.WORKER)
    told = await samples(world)
    for outcome in ("sent", "refused", "in_doubt", "deferred"):
        assert told["cadence_mails_total", outcome] == 1, outcome
    assert told["cadence_mails_total", "skipped"] == 0
    assert told["cadence_mails_open", "in_doubt"] == 1
    assert told["cadence_mails_open", "deferred"] == 1
    assert told["cadence_mails_open", "sending"] == 0
    assert told["cadence_replies_total", "unsubscribe"] == 1
    assert told["cadence_enrollments_total", "active"] == 4
    assert told["cadence_enrollments_total", "failed"] == 1
    assert told["cadence_tasks_open", "in_doubt"] == 1
    assert told["cadence_enrollments_total", "opted_out"] == 1
    assert told["cadence_mailboxes", "active"] == 1
    assert told["cadence_processes", "worker"] == 1
    assert told["cadence_processes", "watcher"] == 0


async def test_the_queue_has_an_age_only_while_something_is_due(world):
    await world.enroll()
    told = await samples(world)
    assert told["cadence_mails_open", "planned"] == 1
    assert told[("cadence_queue_due_mails",)] == told[("cadence_queue_oldest_due_seconds",)] == 0
    world.now += timedelta(hours=2, minutes=5)
    told = await samples(world)
    assert told[("cadence_queue_due_mails",)] == 1
    assert told[("cadence_queue_oldest_due_seconds",)] == 300
    await world.after(minutes=0)
    assert (await samples(world))[("cadence_queue_due_mails",)] == 0


async def test_a_paused_person_is_no_queue(world):
    await world.enroll()
    await enrolling.change(world.app, "dana@lost.example", Fact.PAUSE, "a test")
    told = await samples(world)
    assert told["cadence_mails_open", "planned"] == 0


async def test_a_mailbox_that_is_not_read_shows(world):
    await world.read()
    told = await samples(world)
    assert told["cadence_mailbox_unread_seconds", "active"] == 0
    assert told["cadence_mailboxes_beyond_barrier", "active"] == 0
    read_at = world.now.timestamp()
    world.now += timedelta(minutes=3)
    async with world.app.db.write() as tx:
        await connecting.mailboxes.change(tx, 1, state=MailboxState.FAULT)
    told = await samples(world)
    assert told["cadence_mailbox_unread_seconds", "fault"] == 180
    assert told["cadence_mailboxes_beyond_barrier", "fault"] == 1
    assert told["cadence_mailboxes", "fault"] == 1
    assert told["cadence_mailbox_read_timestamp_seconds", "1"] == read_at


async def test_what_may_happen_is_told_before_it_happens(world):
    """A counter that begins at 1 hides the first event from rate()."""
    told = await samples(world)
    for category in Category:
        assert told["cadence_replies_total", category] == 0
    for kind in TaskKind:
        assert told["cadence_tasks_open", kind] == told["cadence_task_oldest_seconds", kind] == 0
    assert told[("cadence_replies_unreadable_total",)] == told[("cadence_mailbox_faults_total",)] == 0


async def test_every_metric_is_named_and_explained_as_prometheus_wants_it(world):
    families = list(prometheus(await scrape(world)))
    assert len({family.name for family in families}) == len(families)
    for family in families:
        assert family.name.startswith("cadence_")
        assert family.documentation.endswith(".")
        assert len(family.documentation) > 20
        assert family.type in {"counter", "gauge"}
        for sample in family.samples:
            assert sample.name.endswith("_total") == (family.type == "counter"), sample.name
            assert all(label not in sample.labels for label in ("address", "email"))


async def test_openmetrics_is_spoken_where_it_is_asked_for(world):
    body, content_type = await WebService(world.app).metrics("application/openmetrics-text; version=1.0.0")
    assert content_type.startswith("application/openmetrics-text")
    assert {"cadence_mails", "cadence_tasks_open"} <= {f.name for f in openmetrics(body.decode())}


async def test_promtool_finds_nothing_to_say(world):
    if shutil.which("promtool") is None:
        pytest.skip("promtool is not installed")
    checking = await asyncio.create_subprocess_exec("promtool", "check", "metrics", stdin=PIPE, stderr=PIPE)
    _, said = await checking.communicate((await scrape(world)).encode())
    assert (checking.returncode, said) == (0, b"")


async def test_nobody_is_named(world):
    await world.enroll()
    await world.after(hours=2)
    assert "@" not in await scrape(world)
    assert "dana" not in await scrape(world)


async def test_many_who_ask_at_once_cost_one_look(world, monkeypatch):
    looks = []
    gather = figures.gather

    async def counted(tx, now):
        looks.append(now)
        return await gather(tx, now)

    monkeypatch.setattr(figures, "gather", counted)
    web = WebService(world.app)
    for _ in range(3):
        await web.metrics("")
    assert len(looks) == 1
    world.now += FRESH
    await web.metrics("")
    assert len(looks) == 2

"""What relays report acts as a report by mail does, once, and only where they prove to be the relay."""

from base64 import b64encode
from dataclasses import replace

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.relays import RelayKind
from cadence.service import relaying, relays
from cadence.service.relay_proofs import USER
from cadence.service.relays import NewRelay
from cadence.store import inbound, letters, messages, prospects, tasks
from tests.servers.relays import (
    REGION,
    TOPIC,
    Sns,
    mailgun,
    mailgun_event,
    packed,
    postmark,
    sendgrid,
    sendgrid_event,
    sendgrid_key,
    ses,
)
from tests.service.fakes import reply
from tests.service.test_relays import through

KEY = "a signing key of tests"
DANA = "dana@lost.example"
GONE = {"status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 no such user"}
IN_DOUBT = Outcome(OutcomeKind.IN_DOUBT, text="the connection ended after the mail was handed over")


class Relayed:
    """A relay that carried a mail to Dana, and reports on it."""

    def __init__(self, world, kind, relay, enrollment, secret):
        self.world, self.kind, self.relay, self.enrollment = world, kind, relay, enrollment
        self.secret, self.tokens = secret, 0
        self.sns = Sns(world.now)
        world.app.outside = self.sns

    @property
    def message_id(self):
        head = self.world.sent[-1].raw.decode()
        return head.lower().partition("\r\nmessage-id: ")[2].partition("\r\n")[0]

    def bounced(self, message_id="", email=DANA):
        """A request that says that a mail bounced for good."""
        of = message_id or self.message_id
        match self.kind:
            case RelayKind.SES:
                return self.sns.tells(ses("Bounce", of, email, bounceType="Permanent", person=GONE))
            case RelayKind.POSTMARK:
                said = packed(postmark("HardBounce", of, email, Details="550 5.1.1 no such user"))
                shown = b64encode(f"{USER}:{self.secret}".encode()).decode()
                return {"authorization": f"Basic {shown}"}, said
            case RelayKind.MAILGUN:
                status = {"delivery-status": {"message": "550 5.1.1 no such user"}}
                return self.gun(mailgun_event("failed", of, email, severity="permanent", **status))
            case _:
                return sendgrid([sendgrid_event("bounce", of, email, status="5.1.1")])

    def gun(self, event):
        self.tokens += 1
        return mailgun(KEY, self.world.now, f"token-{self.tokens}", event)

    async def hears(self, request):
        await relaying.take_in(self.world.app, self.relay.id, *request)

    async def state(self):
        return await self.world.state(self.enrollment)


KEYS = {
    RelayKind.SES: TOPIC,
    RelayKind.MAILGUN: KEY,
    RelayKind.SENDGRID: sendgrid_key(),
    RelayKind.POSTMARK: None,
}


async def relayed(world, kind, **outcome):
    """The rep sends through a relay of this kind, which is heard; a mail to Dana has left, or as told."""
    world.app.policy = replace(world.app.policy, public_url="https://cadence.vendor.example")
    relay = await through(world, NewRelay("relay", kind, "smtp://relay.example:587", "u", "p"))
    hook = await relays.hear(world.app, "relay", KEYS[kind])
    assert hook.url == f"https://cadence.vendor.example/hooks/relay/{relay.id}"
    enrollment = await world.enroll(DANA)
    world.servers.outcomes = list(outcome.values())
    await world.after(hours=3)
    return Relayed(world, kind, relay, enrollment, hook.secret)


@pytest.fixture(params=KEYS)
async def known(world, request):
    return await relayed(world, request.param)


async def received(world):
    async with world.app.db.read() as tx:
        return await inbound.latest(tx, 10)


async def test_a_bounce_acts_as_its_report_by_mail_does_and_once(known):
    await known.hears(known.bounced())
    assert await known.state() == "bounced"
    async with known.world.app.db.read() as tx:
        person = await prospects.find(tx, DANA)
    assert person.status == "bounced"
    await known.hears(known.bounced())
    (report,) = await received(known.world)
    assert (report.category, report.folder, report.matched_by) == (
        "bounce_hard",
        "the relay",
        "the report names our mail",
    )


async def test_a_report_on_a_mail_of_somebody_else_is_passed_over(known):
    await known.hears(known.bounced("<another-application@vendor.test>"))
    assert await known.state() == "active"
    assert await received(known.world) == []


async def test_the_mail_is_known_though_the_address_in_the_report_is_not(known):
    await known.hears(known.bounced(email="forwarded@elsewhere.example"))
    assert await known.state() == "bounced"


# --- what happens ---


async def test_a_complaint_opts_out(world):
    known = await relayed(world, RelayKind.SES)
    await known.hears(known.sns.tells(ses("Complaint", known.message_id, DANA), version="1"))
    assert await known.state() == "opted_out"


async def test_who_unsubscribes_at_the_relay_is_not_written_to_again(world):
    known = await relayed(world, RelayKind.SENDGRID)
    away = sendgrid_event("unsubscribe", known.message_id, DANA)
    for _ in range(2):
        await known.hears(sendgrid([away]))
    assert await known.state() == "opted_out"
    assert await world.after(days=30) == {}


async def test_a_soft_bounce_is_tried_again_and_a_delay_is_not(world):
    known = await relayed(world, RelayKind.MAILGUN)
    await known.hears(known.gun(mailgun_event("failed", known.message_id, DANA, severity="temporary")))
    assert (await world.mails(known.enrollment))["thank-you"] == "sent"
    old = mailgun_event("failed", known.message_id, DANA, severity="permanent", reason="old", id="another")
    await known.hears(known.gun(old))
    assert (await world.mails(known.enrollment))["thank-you"] == "deferred"


async def test_what_is_our_fault_is_said_to_a_person_and_blames_nobody(world):
    known = await relayed(world, RelayKind.MAILGUN)
    blocked = mailgun_event("failed", known.message_id, DANA, severity="permanent", reason="espblock")
    await known.hears(known.gun(blocked))
    assert await known.state() == "active"
    async with world.app.db.read() as tx:
        assert [task.kind for task in await tasks.opened(tx)] == ["mailbox_fault"]


async def test_a_mail_in_doubt_left_where_its_relay_reports_on_it(world):
    known = await relayed(world, RelayKind.SES, first=IN_DOUBT)
    mail = (await world.mails(known.enrollment))["thank-you"]
    assert mail == "in_doubt"
    async with world.app.db.read() as tx:
        assert [task.kind for task in await tasks.opened(tx)] == ["in_doubt"]
        (planned,) = [one for one in await messages.of_enrollment(tx, known.enrollment.id) if one.sent_at]
    await known.hears(known.sns.tells(ses("Delivery", planned.message_id, DANA)))
    assert (await world.mails(known.enrollment))["thank-you"] == "sent"
    async with world.app.db.read() as tx:
        assert await tasks.opened(tx) == []
        left = await messages.get(tx, planned.id)
    assert left.readers_id == f"<0107-a-000000@{REGION}.amazonses.com>"


async def test_a_letter_that_a_person_wrote_bounces_as_a_mail_does(world):
    known = await relayed(world, RelayKind.SES)
    given = f"Message-ID: {known.message_id}".encode()
    await world.arrives(reply("Who will look after us?", to=given, sender=f"Dana <{DANA}>", at=world.now))
    async with world.app.db.write() as tx:
        (answered,) = await inbound.latest(tx, 1)
        letter = {"message_id": "<letter@vendor.test>", "key": "k", "actor": "Robin", "recipient": DANA}
        await letters.add(
            tx,
            **letter,
            inbound_id=answered.id,
            enrollment_id=known.enrollment.id,
            mailbox_id=answered.mailbox_id,
            subject="Re: Thank you",
            text="Robin will.",
            at=world.now,
        )
    await known.hears(known.bounced("<letter@vendor.test>"))
    async with world.app.db.read() as tx:
        assert (await letters.of_key(tx, "k")).state == "sent"
        assert (await inbound.latest(tx, 1))[0].category == "bounce_hard"
    assert await known.state() == "bounced"

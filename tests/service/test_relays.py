"""Mailboxes that send through a relay: by which way, signed with what, and how they are still answered."""

from dataclasses import replace

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.errors import Conflict, InvalidInput, MailboxError, NotFound
from cadence.core.relays import RelayKind
from cadence.mail.dkim import Algorithm
from cadence.service import connecting, dkim, relays
from cadence.service.dkim import Published
from cadence.service.relays import NewRelay
from cadence.store import correspondence
from tests.mail.test_relay_sender import GIVEN
from tests.service.conftest import mailbox
from tests.service.fakes import ACCEPTED, reply

REP = "rep@vendor.test"
POST = NewRelay("post", RelayKind.POSTFIX, "smtp://post.vendor.test:587", "cadence", "secret")
SES = NewRelay("aws", RelayKind.SES, "smtp://email-smtp.eu-central-1.amazonaws.com:587", "AKIA", "secret")
TOOK = replace(ACCEPTED, text=f"Ok {GIVEN}")


class Dns:
    """Whatever a domain publishes; None: no resolver answers."""

    def __init__(self, *records: str) -> None:
        self.records: list[str] | None = list(records)

    async def texts(self, name: str) -> list[str] | None:
        return self.records


async def through(world, new=POST, **values):
    """The rep sends through this relay."""
    relay = await relays.add(world.app, new)
    await connecting.change(world.app, REP, {"relay": relay.name, **values})
    return relay


async def thread(world, enrollment):
    async with world.app.db.read() as tx:
        box = await connecting.find(world.app, REP)
        return await correspondence.thread(tx, enrollment.id, box.id)


async def test_mail_leaves_through_the_relay(world):
    await through(world)
    await world.enroll()
    await world.after(hours=3)
    assert [one.mailbox for one in world.sent] == ["post"]
    assert (await connecting.find(world.app, REP)).smtp == POST.smtp


async def test_a_new_mailbox_may_begin_with_a_relay_and_files_its_copies_itself(world):
    relay = await relays.add(world.app, POST)
    new = replace(mailbox("kim@vendor.test"), smtp=relay.smtp, relay_id=relay.id)
    added = await connecting.add(world.app, new)
    assert (added.relay_id, added.files_sent) == (relay.id, False)


async def test_what_is_changed_of_a_relay_holds_at_once_for_whoever_sends_through_it(world):
    await through(world)
    box = await connecting.find(world.app, REP)
    before = await world.app.connections.sender(box)
    assert await world.app.connections.sender(box) is before
    await relays.change(world.app, "post", {"smtp": "smtps://post.vendor.test:465"})
    assert await world.app.connections.sender(box) is not before
    assert (await connecting.find(world.app, REP)).smtp == "smtps://post.vendor.test:465"


async def test_another_server_ends_the_way_through_a_relay(world):
    await through(world)
    with pytest.raises(InvalidInput, match="by which server"):
        await connecting.change(world.app, REP, {"relay": ""})
    left = await connecting.change(world.app, REP, {"smtp": "smtp://localhost:2525", "relay": ""})
    assert (left.relay_id, left.files_sent) == (None, None)
    await world.enroll()
    await world.after(hours=3)
    assert [one.mailbox for one in world.sent] == [REP]


async def test_a_relay_in_use_is_not_forgotten(world):
    await through(world)
    with pytest.raises(Conflict, match="1 mailboxes send through post"):
        await relays.remove(world.app, "post")
    await connecting.remove(world.app, REP)
    await relays.remove(world.app, "post")
    assert await relays.overview(world.app) == []


async def test_a_mailbox_that_is_removed_forgets_its_way_out(world):
    await through(world, return_path="vendor.test")
    await connecting.remove(world.app, REP)
    back = await connecting.add(world.app, mailbox(REP))
    assert (back.relay_id, back.return_path, back.files_sent) == (None, None, None)


async def test_a_mailbox_whose_relay_is_gone_sends_nothing_by_another_way(world):
    box = replace(await connecting.find(world.app, REP), relay_id=99)
    with pytest.raises(MailboxError, match="was removed"):
        await world.app.connections.trial(box, "secret")


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(POST, name=" "), "1 to 40 characters"),
        (replace(POST, smtp="imaps://post:993"), "smtp://"),
        (replace(POST, password=None), "or neither"),
        (replace(POST, username="a\nb"), "control characters"),
    ],
)
async def test_a_relay_that_cannot_be_used_is_not_stored(world, wrong, why):
    with pytest.raises(InvalidInput, match=why):
        await relays.add(world.app, wrong)
    assert await relays.overview(world.app) == []


async def test_a_name_stands_for_one_relay(world):
    await relays.add(world.app, POST)
    with pytest.raises(Conflict):
        await relays.add(world.app, POST)
    with pytest.raises(NotFound):
        await relays.change(world.app, "other", {"signs": True})


async def test_a_relay_that_lets_us_in_with_a_log_in_is_tried_out(world):
    await relays.add(world.app, POST)
    await relays.try_out(world.app, "post")
    world.servers.outcomes = [Outcome(OutcomeKind.MAILBOX_FAULT, 535, "5.7.8", "who are you?")]
    with pytest.raises(MailboxError, match="who are you"):
        await relays.try_out(world.app, "post")


# --- a relay that writes over the Message-ID ---


async def test_an_answer_to_the_id_that_the_relay_gave_is_an_answer_to_our_mail(world):
    await through(world, SES)
    enrollment = await world.enroll()
    world.servers.outcomes = [TOOK]
    await world.after(hours=3)
    (sent,) = await thread(world, enrollment)
    assert sent.readers_id == f"<{GIVEN}@email.amazonses.com>"
    given = f"Message-ID: {sent.readers_id}".encode()
    raw = reply("Please stop writing to me.", to=given, sender="Kim <kim@other.example>", at=world.now)
    assert await world.arrives(raw) == 1
    assert await world.state(enrollment) == "opted_out"


async def test_what_follows_stands_below_the_id_that_the_relay_gave(world):
    await through(world, SES)
    await world.enroll()
    for span in ({"hours": 3}, {"days": 5}, {"days": 10}):
        world.servers.outcomes = [TOOK]
        await world.after(**span)
    assert f"\r\nIn-Reply-To: <{GIVEN}@email.amazonses.com>".encode() in world.sent[-1].raw


# --- signing ---


async def signed(world):
    """With which keys the next mail is signed, by selector."""
    await world.enroll()
    await world.after(hours=3)
    head = world.sent[-1].raw.partition(b"\r\n\r\n")[0].decode()
    return [part.partition(";")[0] for part in head.split(" s=")[1:]]


async def test_nothing_is_signed_before_the_record_was_seen(world):
    await through(world)
    key = await dkim.add(world.app, "Vendor.TEST", Algorithm.RSA)
    for dns in (Dns(), Dns("v=DKIM1; k=rsa; p=AAAA")):
        (seen,) = await dkim.check(world.app, dns)
        assert seen.published in (Published.NOT, Published.OTHERWISE)
    silent = Dns()
    silent.records = None
    assert [one.published for one in await dkim.check(world.app, silent)] == [Published.UNKNOWN]
    assert key.used_since is None
    assert await signed(world) == []


async def test_a_mail_is_signed_with_each_kind_of_key_whose_record_was_seen(world):
    await through(world)
    made = [await dkim.add(world.app, "vendor.test", kind) for kind in Algorithm]
    await dkim.check(world.app, Dns(*[key.record for key in made]))
    assert await signed(world) == [key.selector for key in made]


async def test_the_newest_key_of_a_kind_signs_and_a_removed_one_does_not(world):
    await through(world)
    await dkim.add(world.app, "vendor.test", Algorithm.RSA, "old")
    await dkim.add(world.app, "vendor.test", Algorithm.RSA, "new")
    await dkim.check(world.app, Dns(), force=True)
    assert await signed(world) == ["new"]
    await dkim.remove(world.app, "vendor.test", "new")
    await world.after(days=5)
    assert b" s=old;" in world.sent[-1].raw


async def test_a_relay_that_signs_by_itself_is_left_to_it(world):
    await through(world, SES)
    await dkim.add(world.app, "vendor.test", Algorithm.ED25519)
    await dkim.check(world.app, Dns(), force=True)
    assert await signed(world) == []


async def test_a_key_of_another_domain_signs_nothing(world):
    await through(world)
    await dkim.add(world.app, "elsewhere.test", Algorithm.ED25519)
    await dkim.check(world.app, Dns(), force=True)
    assert await signed(world) == []


async def test_a_selector_is_taken_once(world):
    await dkim.add(world.app, "vendor.test", Algorithm.RSA)
    with pytest.raises(Conflict, match="--selector"):
        await dkim.add(world.app, "vendor.test", Algorithm.RSA)
    with pytest.raises(NotFound):
        await dkim.remove(world.app, "vendor.test", "other")
    with pytest.raises(NotFound):
        await dkim.check(world.app, Dns(), "other.test")


async def test_a_record_is_printed_in_strings_that_fit(world):
    key = await dkim.add(world.app, "vendor.test", Algorithm.RSA)
    strings = dkim.zone_line(key).split('"')[1::2]
    assert "".join(strings) == key.record
    assert max(map(len, strings)) <= 255

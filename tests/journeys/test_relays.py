"""A relay of one's own over the wire: what leaves is signed for its domain, and a bounce finds its mail."""

import pytest

from cadence.core.relays import RelayKind
from cadence.core.sequence import From
from cadence.mail.dkim import Algorithm, name_of
from cadence.mail.endpoint import Endpoint
from cadence.mail.presets import RELAYS
from cadence.mail.relay_sender import RelaySender
from cadence.mail.smtp import SmtpSender
from cadence.service import connecting, dkim, relays
from cadence.service.relays import NewRelay
from cadence.store import inbound
from tests.mail.dkim_verifier import verdicts
from tests.servers.fixtures import Account


class Unasked:
    """A DNS that nobody is asked: the keys are used because a person says so."""

    async def texts(self, name):
        return None


@pytest.fixture
async def relayed(office, running_postfix, ports_of_postfix):
    """The rep sends through the Postfix of the house, which asks nobody who they are and signs nothing."""
    if running_postfix is None:
        pytest.skip("Postfix is not installed")

    def relay(way):
        outlet = SmtpSender(Endpoint.parse(way.relay.smtp, kind="smtp"), None, timeout=20.0)
        return RelaySender(outlet, RELAYS[way.relay.kind], "localhost", way.signers)

    office.servers.relay = relay
    where = f"smtp://127.0.0.1:{ports_of_postfix[1]}"
    await relays.add(office.app, NewRelay("house", RelayKind.POSTFIX, where))
    await connecting.change(office.app, office.rep.address, {"relay": "house"})
    return office


async def test_what_leaves_is_signed_with_both_keys_and_arrives_so(relayed):
    made = [await dkim.add(relayed.app, "vendor.test", kind) for kind in Algorithm]
    await dkim.check(relayed.app, Unasked(), force=True)
    dana = await relayed.prospect()
    await relayed.enroll(dana.address)
    await relayed.after(hours=3)
    await relayed.received(dana)
    inbox = relayed.server.inbox(dana)
    await inbox.connect()
    await inbox.examine("INBOX")
    (raw,) = (await inbox.fetch(await inbox.uids_after(0))).values()
    await inbox.close()
    records = {name_of(key.domain, key.selector): key.record for key in made}
    assert list(verdicts(raw, records)) == [True, True]


async def test_a_bounce_comes_back_to_the_address_of_its_mail(relayed):
    bounces = Account("bounce@vendor.test", "a password for bounces")
    relayed.server.backend.add_user(bounces.address, bounces.password)
    relayed.servers.accounts[bounces.address] = bounces
    where = (relayed.server.smtp_url, relayed.server.url, bounces.address, bounces.password)
    await connecting.add(
        relayed.app, connecting.NewMailbox(bounces.address, "Bounces", *where, role=From.EXECUTIVE)
    )
    await connecting.change(relayed.app, relayed.rep.address, {"return_path": "vendor.test"})
    before = len(await relayed.server.flags(bounces.address))
    enrollment = await relayed.enroll("nobody-of-this-name@buyer.test")
    await relayed.after(hours=3)
    await relayed.arrival(before + 1, bounces.address)
    await relayed.read()
    assert await relayed.state(enrollment) == "bounced"
    async with relayed.app.db.read() as tx:
        (report,) = await inbound.latest(tx, 5)
    assert report.matched_by == "sent to the return path of our mail"

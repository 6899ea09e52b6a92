"""What the doctor says of a relay: does it let us in, does it report, and is what leaves by it signed?"""

from dataclasses import replace

import pytest

from cadence.core.errors import CadenceError
from cadence.core.relays import RelayKind
from cadence.mail.dkim import Algorithm
from cadence.service import connecting, dkim, relay_checks, relays, way_out
from cadence.service.checks import Level
from cadence.service.relays import NewRelay
from tests.service.test_doctor import PASSWORD, REP, Names, add, app, box, found

__all__ = ["app", "box"]


async def through(app, box, kind=RelayKind.MAILGUN, password=PASSWORD):
    """The rep sends through a relay that is the same server."""
    await add(app, box)
    await relays.add(app, NewRelay("gun", kind, box.smtp_url, REP, password))
    return await connecting.change(app, REP, {"relay": "gun"})


async def test_a_relay_in_order_has_no_fault_and_is_to_report(app, box):
    await through(app, box)
    checks = await found(app)
    assert checks["sending"].text == f"{box.smtp_url} lets us in as {REP}"
    assert checks["copies"].text == "the provider files no copy in Sent: Cadence will"
    assert {name for name, check in checks.items() if check.level is not Level.OK} == {"reports"}
    assert "cadence relay hook gun" in checks["reports"].remedy


async def test_a_relay_that_reports_is_fine(app, box):
    app.policy = replace(app.policy, public_url="https://cadence.vendor.example")
    await through(app, box)
    await relays.hear(app, "gun", "a key of sixteen letters")
    assert (await found(app))["reports"].level is Level.OK


async def test_a_relay_that_lets_nobody_in_is_a_fault_that_names_it(app, box):
    await through(app, box, password="wrong")
    sending = (await found(app))["sending"]
    assert sending.level is Level.FAULT
    assert "cadence relay change gun" in sending.remedy


@pytest.mark.parametrize(
    ("kind", "words"), [(RelayKind.SES, "learns them from its answers"), (RelayKind.MAILGUN, None)]
)
async def test_a_message_id_that_changes_is_followed_where_that_is_possible(app, box, kind, words):
    mailbox = await through(app, box, kind)
    said = relay_checks.follows(mailbox, await way_out.of(app.db, mailbox))
    assert said is None if words is None else said.endswith(words)


async def key_level(app, records, *, used=False):
    key = await dkim.add(app, "vendor.com", Algorithm.ED25519)
    if used:
        await dkim.check(app, Names(), force=True)
    published = {f"{key.selector}._domainkey.vendor.com": [key.record] if records == "ours" else records}
    keys = await dkim.keys(app, "vendor.com")
    (check,) = [one async for one in relay_checks.on_keys(Names(published), "post", "vendor.com", keys)]
    assert check.remedy or check.level is Level.OK
    return check.level


@pytest.mark.parametrize(
    ("records", "used", "level"),
    [
        ("ours", True, Level.OK),
        ("ours", False, Level.WARNING),
        ([], True, Level.FAULT),
        ([], False, Level.WARNING),
        (["v=DKIM1; k=ed25519; p=AAAA"], True, Level.FAULT),
        (None, True, Level.WARNING),
    ],
)
async def test_the_record_of_a_key_must_be_the_key(app, records, used, level):
    assert await key_level(app, records, used=used) is level


async def test_where_nobody_signs_a_key_is_missing(app):
    (check,) = [one async for one in relay_checks.on_keys(Names(), "post", "vendor.com", [])]
    assert check.remedy == "`cadence dkim add vendor.com --rsa` makes one."


async def test_a_relay_cannot_carry_a_mailbox_that_an_api_reads(app, box):
    mailbox = await through(app, box)
    with pytest.raises(CadenceError, match="read by an API"):
        await relays.chosen(app, replace(mailbox, imap="gmail://gmail.googleapis.com"), {"relay": "gun"})


@pytest.mark.parametrize(
    ("returned", "records", "level"),
    [
        ("bounces.vendor.com", ["v=spf1 ip4:192.0.2.1 -all"], Level.OK),
        ("vendor.com", ["v=spf1 -all"], Level.OK),
        ("bounces.vendor.com", [], Level.WARNING),
        ("bounces.vendor.com", None, Level.WARNING),
        ("othervendor.com", ["v=spf1 -all"], Level.WARNING),
    ],
)
async def test_the_domain_of_bounces_names_its_servers_and_is_the_senders(returned, records, level):
    names = Names({returned: records})
    assert (await relay_checks.on_return_path(names, "vendor.com", returned)).level is level

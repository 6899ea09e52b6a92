"""Bounces that come back to an address of their own mail are known by it, and nobody else can use it."""

from dataclasses import replace

import pytest

from cadence.core.errors import InvalidInput
from cadence.core.sequence import From
from cadence.mail.return_path import LONGEST_LOCAL_PART
from cadence.service import connecting, return_paths
from cadence.service.vault import Vault
from tests.core import factories
from tests.service.conftest import SECRET, mailbox
from tests.service.test_relays import REP, SES, through

OTHER = "another secret of tests, with more than thirty-two characters"
NAMELESS = (
    b"From: MAILER-DAEMON@mx.lost.example\r\nTo: <%s>\r\nSubject: Undelivered mail\r\nReturn-Path: <>\r\n"
    b"Date: Tue, 03 Mar 2026 14:00:00 +0000\r\nMessage-ID: <%d@mx.lost.example>\r\n\r\n%s\r\n"
)
GONE = b"Your mail could not be delivered: the user is unknown here."
"""Names neither a mail nor an address."""


@pytest.fixture
async def bounces(world):
    """The rep's mails name themselves in their envelope, and a mailbox takes what comes back."""
    await connecting.add(world.app, mailbox("bounce@vendor.test", From.EXECUTIVE))
    await connecting.change(world.app, REP, {"return_path": "Vendor.Test."})
    return world


async def sent_to(world, *people):
    """The envelope senders of a mail to each."""
    for email in people:
        await world.enroll(email, company=email)
    await world.after(hours=3)
    return {one.recipient: one.sender for one in world.sent}


async def test_each_mail_has_an_envelope_sender_of_its_own(bounces):
    paths = await sent_to(bounces, "dana@lost.example", "kim@other.example")
    assert len(set(paths.values())) == 2
    for path in paths.values():
        local, _, domain = path.partition("@")
        assert domain == "vendor.test"
        assert len(local) <= LONGEST_LOCAL_PART
        assert path == path.lower()


async def test_without_a_return_path_bounces_go_to_the_rep(world):
    assert await sent_to(world, "dana@lost.example") == {"dana@lost.example": REP}


async def test_a_bounce_that_names_nothing_is_known_by_where_it_went(bounces):
    enrollment = await bounces.enroll()
    others = await bounces.enroll("kim@other.example", company="Other")
    await bounces.after(hours=3)
    path = next(one.sender for one in bounces.sent if one.recipient == "dana@lost.example")
    assert await bounces.arrives(NAMELESS % (path.encode(), 1, GONE), "bounce@vendor.test") == 1
    assert await bounces.state(enrollment) == "bounced"
    assert await bounces.state(others) == "active"


async def test_servers_on_the_way_may_write_it_in_capitals(bounces):
    enrollment = await bounces.enroll()
    path = (await sent_to(bounces))["dana@lost.example"]
    await bounces.arrives(NAMELESS % (path.upper().encode(), 1, GONE), "bounce@vendor.test")
    assert await bounces.state(enrollment) == "bounced"


async def test_nobody_can_report_on_a_mail_that_they_did_not_get(bounces):
    """A path that was tampered with names no mail, and the address in the report is not believed either."""
    enrollment = await bounces.enroll()
    path = (await sent_to(bounces))["dana@lost.example"]
    said = b"<dana@lost.example>: 550 5.1.1 user unknown"
    for number, place in enumerate((8, 20, 38)):
        letter = "b" if path[place] != "b" else "c"
        forged = path[:place] + letter + path[place + 1 :]
        mail = NAMELESS % (forged.encode(), number, said)
        assert await bounces.arrives(mail, "bounce@vendor.test") == 0
    assert await bounces.state(enrollment) == "active"


async def test_who_is_away_answers_to_the_return_path_and_is_known_by_it(bounces):
    """RFC 3834 §4: an automatic answer goes to the envelope sender."""
    enrollment = await bounces.enroll()
    path = (await sent_to(bounces))["dana@lost.example"]
    away = (
        f"From: Dana <d.buyer@elsewhere.example>\r\nTo: {path}\r\nSubject: Automatic reply: out of office\r\n"
        "Auto-Submitted: auto-replied\r\nDate: Tue, 03 Mar 2026 14:00:00 +0000\r\n"
        "Message-ID: <away@elsewhere.example>\r\n\r\nI am out of the office until 16 March 2026.\r\n"
    )
    assert await bounces.arrives(away.encode(), "bounce@vendor.test") == 1
    assert await bounces.state(enrollment) == "paused"


async def test_an_older_key_of_the_installation_is_still_known(world):
    box = replace(await connecting.find(world.app, REP), return_path="vendor.test")
    path = return_paths.sender_of(Vault([OTHER]), box, 7)
    assert return_paths.message_of(Vault([SECRET, OTHER]), path) == 7
    assert return_paths.message_of(Vault([SECRET]), path) is None


@pytest.mark.parametrize(
    "email", ["rep@vendor.test", "bounce@vendor.test", "bounce+@vendor.test", "bounce+a1"]
)
def test_what_has_not_its_shape_is_no_return_path(email):
    assert return_paths.message_of(Vault([SECRET]), email) is None


def test_the_largest_id_fits():
    box = factories.mailbox(return_path="vendor.test")
    path = return_paths.sender_of(Vault([SECRET]), box, 2**63 - 1)
    assert return_paths.message_of(Vault([SECRET]), path) == 2**63 - 1
    assert len(path.partition("@")[0]) <= LONGEST_LOCAL_PART


async def test_a_relay_that_takes_bounces_itself_has_no_return_path(world):
    await through(world, SES)
    with pytest.raises(InvalidInput, match="reports by webhook"):
        await connecting.change(world.app, REP, {"return_path": "vendor.test"})


@pytest.mark.parametrize("wrong", ["a b", "<x>", "x@y\n"])
async def test_a_return_path_is_a_domain(world, wrong):
    with pytest.raises(InvalidInput):
        await connecting.change(world.app, REP, {"return_path": wrong})

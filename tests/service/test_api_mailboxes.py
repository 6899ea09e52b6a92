"""Mailboxes at an API: the whole way out and back over real HTTP, for Gmail's and for Microsoft's."""

from collections.abc import AsyncIterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from cadence.core.errors import InvalidInput, MailboxError
from cadence.core.model import Enrollment, Mailbox, MailboxState, OutboundMessage, TaskKind
from cadence.core.oauth import Grant, tokens_of
from cadence.mail.parse import Received, parse
from cadence.service import connecting, consenting, doctor, doubts, trying_out, upkeep
from cadence.service.app import Connections
from cadence.service.grants import Grants
from cadence.store import feeds, mailboxes, messages, tasks
from cadence.wiring import MailServers
from tests.servers.authority import Authority
from tests.servers.gmail_api import GmailApi
from tests.servers.graph_api import GraphApi
from tests.servers.mail_api import DROP
from tests.service.conftest import World, furnished
from tests.service.test_doctor import Names

REP = "api@vendor.test"
DANA = "dana@lost.example"


class Office:
    """A world whose mailbox is at an API, which takes the tokens of an authority."""

    def __init__(self, world: World, server: Any, authority: Authority) -> None:
        self.world, self.server, self.authority = world, server, authority
        self.app = world.app
        self.enrollment: Enrollment | None = None
        server.whose = authority.whose

    def grant(self, address: str = REP) -> Grant:
        """Somebody signs in."""
        return Grant("oauth", tokens_of(self.authority.grant(address), self.world.now))

    async def connect(self) -> None:
        """Try the mailbox out, and store it."""
        app, url = self.app, self.server.url
        grants = Grants(app.db, app.vault, self.authority.signing_in, app.clock)
        app.connections = Connections(app.db, app.vault, MailServers(db=app.db), grants)
        new = connecting.NewMailbox(REP, "Robin Rep", url, url, REP, "", grant=self.grant())
        await trying_out.try_out(app, connecting.checked(app, new), new.secret)
        await connecting.add(app, new)

    async def mailbox(self) -> Mailbox:
        return await connecting.find(self.app, REP)

    async def write_to(self, email: str = DANA) -> Enrollment:
        """Enroll somebody, and let the first mail leave."""
        self.enrollment = await self.world.enroll(email, mailbox=REP)
        await self.world.read(REP)
        await self.world.after(hours=3)
        return self.enrollment

    async def first(self) -> OutboundMessage:
        assert self.enrollment
        async with self.app.db.read() as tx:
            return next(m for m in await messages.of_enrollment(tx, self.enrollment.id) if m.attempts)

    def answer(self, text: str, to: str, sender: str = DANA, number: int = 1) -> None:
        """Somebody answers the mail that they have under this Message-ID."""
        self.server.deliver(
            (
                f"From: <{sender}>\r\nTo: <{REP}>\r\nSubject: Re: Thank you\r\n"
                f"Date: {format_datetime(self.world.now)}\r\nMessage-ID: <reply{number}@lost.example>\r\n"
                f"In-Reply-To: {to}\r\nReferences: {to}\r\n\r\n{text}\r\n"
            ).encode()
        )

    @property
    def left(self) -> list[Received]:
        """What the API took."""
        return [parse(raw) for raw in self.server.taken]


@pytest.fixture(params=[GmailApi, GraphApi], ids=["Gmail", "Graph"])
async def office(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> AsyncIterator[Office]:
    async with (
        Authority().listening() as authority,
        request.param(REP).listening() as server,
        furnished(sqlite_url, tmp_path / "t") as world,
    ):
        office = Office(world, server, authority)
        await office.connect()
        yield office


@pytest.mark.parametrize("renames", [False, True])
async def test_somebody_is_written_to_answers_and_is_heard_once(office: Office, renames: bool) -> None:
    office.server.renames = renames
    enrollment = await office.write_to()
    (mail,) = office.left
    assert (mail.to[0].email, mail.sender and mail.sender.email) == (DANA, REP)
    under = office.server.in_sent()[0].message_id
    assert (under != mail.message_id) is renames
    office.answer("Please take me off your list.", under, sender="d.else@lost.example")
    assert await office.world.read(REP) == 1
    assert await office.world.state(enrollment) == "opted_out"
    assert await office.world.read(REP) == 0
    assert (await office.first()).left_as == (under if renames else None)


async def test_what_follows_stands_below_the_id_that_its_reader_has(office: Office) -> None:
    office.server.renames = True
    await office.write_to()
    under = office.server.in_sent()[0].message_id
    for _ in range(3):
        await office.world.after(days=6)
    follows = next(mail for mail in office.left if mail.in_reply_to)
    known = [copy.message_id for copy in office.server.in_sent()]
    assert follows.in_reply_to[0] in known
    assert under in known


async def test_a_bounce_that_names_the_id_of_the_provider_is_understood(office: Office) -> None:
    office.server.renames = True
    enrollment = await office.write_to()
    under = office.server.in_sent()[0].message_id
    office.server.deliver(
        (
            f"From: <mailer-daemon@provider.example>\r\nTo: <{REP}>\r\nSubject: Delivery failed\r\n"
            f"Date: {format_datetime(office.world.now)}\r\nMessage-ID: <dsn@provider.example>\r\n"
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: text/plain\r\n\r\nIt failed.\r\n"
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; provider.example\r\n\r\n"
            "Final-Recipient: rfc822; elsewhere@lost.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
            f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {under}\r\nSubject: Thank you\r\n\r\n"
            "Hello\r\n--b--\r\n"
        ).encode()
    )
    assert await office.world.read(REP) == 1
    assert await office.world.state(enrollment) == "bounced"


@pytest.mark.parametrize("renames", [False, True])
async def test_a_mail_in_doubt_that_left_is_found_in_sent(office: Office, renames: bool) -> None:
    office.server.renames = renames
    office.server.moods.append(DROP)
    await office.write_to()
    assert (await office.first()).state == "in_doubt"
    await office.world.read(REP)
    assert (await office.first()).state == "sent"
    assert len(office.server.taken) == 1


async def test_a_mail_in_doubt_is_found_where_all_that_we_marked_was_dropped(office: Office) -> None:
    if not isinstance(office.server, GraphApi):
        pytest.skip("Gmail keeps the fields of a mail")
    office.server.renames = office.server.strips = True
    office.server.moods.append(DROP)
    enrollment = await office.write_to()
    await office.world.read(REP)
    assert ((await office.first()).state, (await office.first()).left_as is None) == ("sent", False)
    under = office.server.in_sent()[0].message_id
    office.answer("Please take me off your list.", under, sender="d.else@lost.example")
    await office.world.read(REP)
    assert await office.world.state(enrollment) == "opted_out"


async def test_a_mail_in_doubt_that_never_left_is_sent_once_the_provider_is_known_to_file_copies(
    office: Office,
) -> None:
    await office.write_to("ann@ann.example")
    await upkeep.file_copies(office.app, await office.mailbox())
    assert (await office.mailbox()).files_sent
    office.server.moods.append(office.server.refusal(503, "backendError", "nobody knows"))
    await office.write_to()
    assert (await office.first()).state == "in_doubt"
    assert await doubts.resolve(office.app, await office.mailbox()) == 0
    office.world.now += timedelta(minutes=16)
    assert await doubts.resolve(office.app, await office.mailbox()) == 1
    await office.world.read(REP)
    await office.world.after(minutes=1)
    assert (await office.first()).state == "sent"
    assert len(office.server.taken) == 2


async def test_no_copy_is_filed_by_us_and_a_missing_one_proves_nothing(office: Office) -> None:
    await office.write_to()
    del office.server.mails[:]
    with pytest.raises(MailboxError, match="copy is not in"):
        await upkeep.file_copies(office.app, await office.mailbox())
    assert (await office.mailbox()).files_sent is None


async def test_what_the_rep_writes_in_person_pauses_the_sequence(office: Office) -> None:
    office.server.renames = True
    enrollment = await office.write_to()
    await office.world.read(REP)
    assert await office.world.state(enrollment) == "active"
    in_person = office.server.in_sent()[0].raw.replace(b"Subject: Thank you", b"Subject: By the way")
    in_person = in_person.replace(b"X-Original-Message-ID", b"X-Nothing").replace(b"provider-", b"typed-")
    folder = "SENT" if isinstance(office.server, GmailApi) else "sentitems"
    office.server.deliver(in_person, folder)
    await office.world.read(REP)
    assert await office.world.state(enrollment) == "paused"


async def test_a_history_that_the_provider_forgot_is_read_again_and_nothing_is_taken_in_twice(
    office: Office,
) -> None:
    enrollment = await office.write_to()
    under = office.server.in_sent()[0].message_id
    office.answer("We are happy with what we have.", under)
    assert await office.world.read(REP) == 1
    office.server.forgets = 10_000
    office.answer("Please take me off your list.", under, number=2)
    assert await office.world.read(REP) == 1
    assert await office.world.state(enrollment) == "opted_out"


async def test_what_was_dealt_with_is_not_remembered(office: Office) -> None:
    await office.write_to()
    for number in range(9):
        office.answer("Thank you.", office.server.in_sent()[0].message_id, number=number)
    await office.world.read(REP)
    office.answer("Thank you.", office.server.in_sent()[0].message_id, number=10)
    await office.world.read(REP)
    async with office.app.db.read() as tx:
        kept = await feeds.waiting(tx, (await office.mailbox()).id, "INBOX", 0)
    assert list(kept) == [10]


async def test_a_rate_limit_holds_up_the_mails_and_nobody_is_blamed(office: Office) -> None:
    office.server.moods.append(office.server.refusal(429, "rateLimitExceeded", "slower", Retry_After="600"))
    await office.write_to()
    assert (await office.first()).state == "deferred"
    assert (await office.mailbox()).state is MailboxState.ACTIVE
    await office.world.after(minutes=5)
    assert office.server.taken == []


async def test_a_withdrawn_token_stops_the_mailbox_and_loses_no_mail(office: Office) -> None:
    office.enrollment = await office.world.enroll(DANA, mailbox=REP)
    await office.world.read(REP)
    office.server.moods.append(office.server.refusal(401, "authError", "Invalid Credentials"))
    await office.world.after(hours=3)
    assert (await office.mailbox()).state is MailboxState.FAULT
    async with office.app.db.read() as tx:
        assert TaskKind.MAILBOX_FAULT in {task.kind for task in await tasks.opened(tx)}
    assert await trying_out.probe(office.app, await office.mailbox())
    await office.world.read(REP)
    await office.world.after(hours=1)
    assert (await office.first()).state == "sent"


async def test_the_doctor_finds_a_healthy_mailbox_healthy(office: Office) -> None:
    found = {
        check.name: check
        async for check in doctor.examine(office.app, await office.mailbox(), patience=5, lookup=Names())
    }
    assert not [check for check in found.values() if check.is_fault]
    assert "arrived in INBOX" in found["delivery"].text
    assert "files a copy" in found["copies"].text


async def test_an_api_takes_no_password(office: Office) -> None:
    at_password = connecting.NewMailbox(
        "x@vendor.test", "X", office.server.url, office.server.url, "x", "secret"
    )
    with pytest.raises(InvalidInput, match="takes no password"):
        connecting.checked(office.app, at_password)
    with pytest.raises(InvalidInput, match="takes no password"):
        await connecting.change(office.app, REP, {}, "secret")
    with pytest.raises(InvalidInput, match="takes no password"):
        urls = {"smtp": office.server.url, "imap": office.server.url}
        await connecting.change(office.app, "rep@vendor.test", urls)


async def test_a_mailbox_goes_over_to_the_api_by_signing_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, url = ("google-api", office.server.url) if office.server.kind == "gmail" else ("microsoft-api", "")
    url = url or office.server.url
    monkeypatch.setattr("cadence.mail.presets.servers_of", lambda _: (url, url))
    office.server.address = "rep@vendor.test"
    before = await connecting.change(office.app, "rep@vendor.test", {"username": "rep@vendor.test"})
    await consenting.sign_in(office.app, before, Grant(key, office.grant(before.address).tokens))
    after = await connecting.find(office.app, "rep@vendor.test")
    assert (after.smtp, after.imap, after.oauth) == (url, url, key)
    await office.world.read("rep@vendor.test")


async def test_the_doctor_says_what_to_do_where_the_api_lets_nobody_in(office: Office) -> None:
    office.server.answers += [office.server.refusal(403, "accessNotConfigured", "not enabled")] * 2
    found = [
        check
        async for check in doctor.examine(office.app, await office.mailbox(), patience=5, lookup=Names())
        if check.is_fault
    ]
    assert [check.name for check in found] == ["sending", "reading"]
    assert all("HTTP 403 accessNotConfigured" in check.text for check in found)
    assert all("docs/connecting.md" in (check.remedy or "") for check in found)


async def test_where_the_api_is_the_folder_of_what_was_sent_is_found_anew(office: Office) -> None:
    async with office.app.db.write() as tx:
        await mailboxes.change(tx, (await office.mailbox()).id, sent_folder="Sent", files_sent=True)
    urls = {"smtp": "smtp://mail.test", "imap": "imap://mail.test"}
    moved = await connecting.change(office.app, REP, urls)
    assert (moved.imap, moved.sent_folder, moved.files_sent) == ("imap://mail.test:143", None, None)

"""A mailbox is read without a trace, whatever is in it; against Dovecot where it is installed."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime

import pytest

from cadence.core.errors import MailboxError
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.mail.imap_text import SpecialUse
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import Account, ImapServer
from tests.servers.tls import Certificate


def mail(number: int, body: str = "Hello.") -> bytes:
    return (
        f"From: pat@buyer.test\r\nTo: rep@vendor.test\r\nSubject: Re: (number) {number} *\r\n"
        f"Message-ID: <{number}@buyer.test>\r\n\r\n{body}\r\n"
    ).encode()


@pytest.fixture
async def account(imap_server: ImapServer) -> Account:
    return await imap_server.account()


@pytest.fixture
async def inbox(imap_server: ImapServer, account: Account) -> AsyncIterator[ImapInbox]:
    client = imap_server.inbox(account)
    await client.connect()
    yield client
    await client.close()


async def test_a_mail_that_arrived_is_found_and_read(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    state = await inbox.examine("INBOX")
    assert (state.exists, state.uidvalidity > 0) == (0, True)
    await imap_server.deliver(account.address, mail(1))
    uids = await inbox.uids_after(0)
    assert len(uids) == 1
    assert uids[0] >= state.uidnext
    whole = (await inbox.fetch(uids))[uids[0]]
    assert whole.endswith(mail(1))
    (head,) = await inbox.headers(uids)
    assert (head.uid, head.size) == (uids[0], len(whole))
    assert head.raw == whole[: -len("Hello.\r\n")]


async def test_only_what_came_later_is_listed(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    await inbox.examine("INBOX")
    for number in range(3):
        await imap_server.deliver(account.address, mail(number))
    uids = await inbox.uids_after(0)
    assert await inbox.uids_after(uids[0]) == uids[1:]
    assert await inbox.uids_after(uids[-1]) == []
    assert await inbox.uids_after(uids[-1] + 1000) == []


async def test_what_came_and_was_written_before_a_day_is_left_out(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    await inbox.examine("INBOX")
    await imap_server.deliver(account.address, mail(0))
    ahead = b"Date: Tue, 01 Mar 2101 10:00:00 +0000\r\n" + mail(1)
    await imap_server.deliver(account.address, ahead)
    uids = await inbox.uids_after(0)
    assert await inbox.uids_after(0, date(1990, 1, 31)) == uids
    assert await inbox.uids_after(0, date(2100, 1, 1)) == uids[1:]
    assert await inbox.uids_after(0, date(2102, 12, 1)) == []


async def test_nothing_that_is_read_changes_a_flag(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    for number in range(3):
        await imap_server.deliver(account.address, mail(number))
    before = await imap_server.flags(account.address)
    await inbox.folders()
    await inbox.examine("INBOX")
    uids = await inbox.uids_after(0)
    await inbox.headers(uids)
    for uid in uids:
        await inbox.fetch([uid])
        await inbox.fetch([uid], 20)
    await inbox.find("INBOX", "<1@buyer.test>")
    await inbox.idle(0.1)
    await inbox.close()
    assert len(before) == 3
    assert not any(flags & {r"\Seen", r"\Answered", r"\Deleted", r"\Flagged"} for flags in before)
    assert await imap_server.flags(account.address) == before


async def test_only_the_beginning_is_fetched_where_that_is_enough(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    await imap_server.deliver(account.address, mail(1))
    await inbox.examine("INBOX")
    (uid,) = await inbox.uids_after(0)
    assert (await inbox.fetch([uid], 20))[uid] == (await inbox.fetch([uid]))[uid][:20]


async def test_several_mails_are_fetched_at_once(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    for number in range(4):
        await imap_server.deliver(account.address, mail(number))
    await inbox.examine("INBOX")
    uids = await inbox.uids_after(0)
    found = await inbox.fetch([uids[0], uids[1], uids[3], 4711])
    assert list(found) == [uids[0], uids[1], uids[3]]
    assert all(raw.endswith(mail(number)) for number, raw in zip((0, 1, 3), found.values(), strict=True))


async def test_a_mail_that_vanished_is_not_found(inbox: ImapInbox) -> None:
    await inbox.examine("INBOX")
    assert await inbox.fetch([4711, 4712]) == {}
    assert await inbox.headers([4711, 4712]) == []
    assert inbox.is_connected


async def test_idling_wakes_when_a_mail_arrives(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    await inbox.examine("INBOX")
    for number in range(3):
        waiting = asyncio.create_task(inbox.idle(20))
        await asyncio.sleep(0.05)
        await imap_server.deliver(account.address, mail(number))
        assert await waiting is True
        assert len(await inbox.uids_after(0)) == number + 1


async def test_idling_ends_when_the_time_is_over(inbox: ImapInbox) -> None:
    await inbox.examine("INBOX")
    assert await inbox.idle(0.2) is False
    assert await inbox.uids_after(0) == []


async def test_idling_is_renewed_and_still_wakes(imap_server: ImapServer, account: Account) -> None:
    client = imap_server.inbox(account, renew=0.1)
    await client.connect()
    await client.examine("INBOX")
    waiting = asyncio.create_task(client.idle(20))
    await asyncio.sleep(0.5)
    await imap_server.deliver(account.address, mail(1))
    assert await waiting is True
    await client.close()


async def test_a_cancelled_idle_ends_the_connection_and_a_new_one_works(
    imap_server: ImapServer, inbox: ImapInbox
) -> None:
    await inbox.examine("INBOX")
    waiting = asyncio.create_task(inbox.idle(20))
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not inbox.is_connected
    await inbox.connect()
    await inbox.examine("INBOX")


async def test_a_copy_is_filed_as_read_and_found_by_its_id(
    imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    sent = next(folder.name for folder in await inbox.folders() if folder.special_use is SpecialUse.SENT)
    assert await inbox.find(sent, "<7@buyer.test>") == []
    await inbox.append(sent, mail(7), datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
    (uid,) = await inbox.find(sent, "<7@buyer.test>")
    assert inbox.selected == sent
    assert await inbox.fetch([uid]) == {uid: mail(7)}
    assert [flags - {r"\Recent"} for flags in await imap_server.flags(account.address, sent)] == [{r"\Seen"}]
    assert await inbox.find(sent, "<8@buyer.test>") == []


async def test_a_folder_that_is_not_there_needs_a_person(inbox: ImapInbox) -> None:
    with pytest.raises(MailboxError) as fault:
        await inbox.examine('no such "folder"')
    assert fault.value.temporary is False
    assert inbox.is_connected
    assert inbox.selected is None
    await inbox.examine("INBOX")


async def test_a_wrong_password_needs_a_person(imap_server: ImapServer, account: Account) -> None:
    wrong = Account(account.address, "guess")
    client = imap_server.inbox(wrong)
    with pytest.raises(MailboxError) as fault:
        await client.connect()
    assert fault.value.temporary is False
    assert "guess" not in str(fault.value)
    assert not client.is_connected


async def test_a_password_may_hold_any_characters(real_dovecot: Dovecot, imap_server: ImapServer) -> None:
    odd = Account("odd@vendor.test", 'p"a\\s s€ {5} (x)')
    real_dovecot.add_user(odd.address, odd.password)
    client = imap_server.inbox(odd)
    await client.connect()
    await client.close()


@pytest.mark.parametrize(
    "name", ['He said "no"', "Entwürfe & Gesendetes", "日本語/内", "Tom & Jerry", "a\\b * c", "&"]
)
async def test_folder_names_may_hold_any_characters(
    name: str, real_dovecot: Dovecot, imap_server: ImapServer
) -> None:
    account = await imap_server.account()
    real_dovecot.doveadm("mailbox", "create", "-u", account.address, name)
    client = imap_server.inbox(account)
    await client.connect()
    assert name in [folder.name for folder in await client.folders()]
    await client.append(name, mail(1), datetime(2026, 3, 1, tzinfo=UTC))
    assert (await client.examine(name)).exists == 1
    assert len(await client.find(name, "<1@buyer.test>")) == 1
    await client.close()


async def test_special_folders_are_recognized(real_dovecot: Dovecot, inbox: ImapInbox) -> None:
    uses = {folder.special_use: folder.name for folder in await inbox.folders()}
    assert uses[SpecialUse.SENT] == "Gesendet"
    assert uses[SpecialUse.JUNK] == "Spam"


async def test_a_folder_that_was_reset_shows_it(
    real_dovecot: Dovecot, imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    await imap_server.deliver(account.address, mail(1))
    before = await inbox.examine("INBOX")
    real_dovecot.doveadm("mailbox", "update", "-u", account.address, "--uid-validity", "4711", "INBOX")
    await inbox.close()
    await inbox.connect()
    after = await inbox.examine("INBOX")
    assert (before.uidvalidity != after.uidvalidity, after.uidvalidity, after.exists) == (True, 4711, 1)


async def test_a_mailbox_of_20000_mails_is_searched_and_its_heads_read(
    real_dovecot: Dovecot, imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    real_dovecot.fill(account.address, [mail(number) for number in range(20_000)])
    assert (await inbox.examine("INBOX")).exists == 20_000
    uids = await inbox.uids_after(0)
    assert len(uids) == 20_000
    heads = await inbox.headers(uids)
    assert [head.uid for head in heads] == uids
    assert b"Message-ID: <19999@buyer.test>\r\n" in heads[-1].raw
    assert len(await inbox.find("INBOX", "<12345@buyer.test>")) == 1


async def test_a_mail_of_25_megabytes_is_fetched_whole(
    real_dovecot: Dovecot, imap_server: ImapServer, account: Account, inbox: ImapInbox
) -> None:
    big = mail(1, ("0123456789 (unbalanced {99}\r\n" * 900_000)[:25_000_000])
    real_dovecot.fill(account.address, [big])
    await inbox.examine("INBOX")
    (uid,) = await inbox.uids_after(0)
    assert (await inbox.headers([uid]))[0].size == len(big)
    assert await inbox.fetch([uid]) == {uid: big}
    assert await inbox.fetch([uid], 1000) == {uid: big[:1000]}


async def test_a_server_that_dies_is_an_error_at_once_and_a_new_connection_works(
    real_dovecot: Dovecot,
) -> None:
    server = Dovecot()
    try:
        server.start()
        server.add_user("rep@vendor.test", "pw")
        endpoint = Endpoint.parse(server.imap_url, kind="imap")
        trusted = server.certificate.for_client()
        client = ImapInbox(endpoint, Credentials("rep@vendor.test", password="pw"), ssl_context=trusted)
        await client.connect()
        await client.examine("INBOX")
        waiting = asyncio.create_task(client.idle(60))
        await asyncio.sleep(0.2)
        started = time.monotonic()
        server.kill()
        with pytest.raises(MailboxError) as fault:
            await waiting
        assert fault.value.temporary is True
        assert time.monotonic() - started < 30
        with pytest.raises(MailboxError):
            await client.connect()
        await asyncio.to_thread(server.start)
        await client.connect()
        assert (await client.examine("INBOX")).exists == 0
        await client.close()
    finally:
        server.remove()


async def test_tls_from_the_first_byte(
    real_dovecot: Dovecot, imap_server: ImapServer, account: Account
) -> None:
    endpoint = Endpoint.parse(real_dovecot.imaps_url, kind="imap")
    client = ImapInbox(endpoint, account.credentials, ssl_context=imap_server.ssl_context)
    await client.connect()
    await client.examine("INBOX")
    await client.close()


@pytest.mark.parametrize("scheme", ["imap", "imaps"])
async def test_a_certificate_that_does_not_verify_needs_a_person(
    scheme: str, real_dovecot: Dovecot, account: Account, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = {"imap": real_dovecot.imap_url, "imaps": real_dovecot.imaps_url}[scheme]
    other = Certificate.make(tmp_path_factory.mktemp("other")).for_client()
    client = ImapInbox(Endpoint.parse(url, kind="imap"), account.credentials, ssl_context=other)
    with pytest.raises(MailboxError) as fault:
        await client.connect()
    assert fault.value.temporary is False
    assert "certificate" in str(fault.value)


async def test_without_a_connection_everything_is_a_passing_fault(
    imap_server: ImapServer, account: Account
) -> None:
    client = imap_server.inbox(account)
    for attempt in (client.folders(), client.examine("INBOX"), client.uids_after(0), client.idle(1)):
        with pytest.raises(MailboxError) as fault:
            await attempt
        assert fault.value.temporary is True
    await client.close()

"""Tokens shown to Dovecot and, where it can run, to Postfix; a local authority says what they are worth."""

import pytest

from cadence.core.delivery import OutcomeKind
from cadence.core.errors import MailboxError
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.mail.smtp import SmtpSender
from tests.servers.authority import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

REP = "signed.in@vendor.test"


def inbox(dovecot: Dovecot, token: str) -> ImapInbox:
    trusted = dovecot.certificate.for_client()
    endpoint = Endpoint.parse(dovecot.imap_url, kind="imap")
    return ImapInbox(endpoint, Credentials(REP, token=token), ssl_context=trusted, timeout=5)


async def test_a_token_opens_both_ways_and_a_withdrawn_one_is_refused_at_once(
    real_dovecot: Dovecot, running_postfix: Postfix | None
) -> None:
    real_dovecot.add_user(REP, "never used")
    async with Authority().listening(real_dovecot.ports["authority"]) as authority:
        token = authority.grant(REP)["access_token"]
        client = inbox(real_dovecot, token)
        await client.connect()
        assert (await client.examine("INBOX")).exists == 0
        await client.close()
        if running_postfix:
            endpoint = Endpoint.parse(running_postfix.smtp_url, kind="smtp")
            trusted = running_postfix.certificate.for_client()
            sender = SmtpSender(endpoint, Credentials(REP, token=token), ssl_context=trusted, timeout=5)
            outcome = await sender.send(b"Subject: hello\r\n\r\nhello\r\n", REP, REP)
            assert outcome.kind is OutcomeKind.ACCEPTED
            await sender.close()
        authority.withdraw(REP)
        client = inbox(real_dovecot, token)
        with pytest.raises(MailboxError) as fault:
            await client.connect()
        assert not fault.value.temporary
        if running_postfix:
            sender = SmtpSender(endpoint, Credentials(REP, token="made up"), ssl_context=trusted, timeout=5)
            against = await sender.check()
            assert against
            assert against.kind is OutcomeKind.MAILBOX_FAULT

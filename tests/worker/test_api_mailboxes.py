"""The embedded loops over the APIs of mail: what is due leaves, and an answer acts within a poll."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from cadence.core.oauth import Grant, Tokens
from cadence.store import messages
from tests.servers.gmail_api import GmailApi
from tests.servers.graph_api import GraphApi
from tests.worker.conftest import REP, Site, until

LASTS = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("kind", [GmailApi, GraphApi], ids=["Gmail", "Graph"])
async def test_a_mail_leaves_and_its_answer_acts(site: Site, kind: type[GmailApi | GraphApi]) -> None:
    async with kind(REP, renames=True).listening() as server:
        grant = Grant("oauth", Tokens("token", "refresh", LASTS))
        await site.add(password="", smtp=server.url, imap=server.url, grant=grant)
        enrollment = await site.enroll()

        async def left() -> bool:
            """And it is known under which Message-ID: an answer from another address names that one."""
            async with site.app.db.read() as tx:
                return any(one.left_as for one in await messages.of_enrollment(tx, enrollment.id))

        async def answered() -> bool:
            return await site.state(enrollment) == "opted_out"

        async with site.at_work(poll=0.1):
            await until(left)
            server.deliver(
                (
                    f"From: <else@lost.example>\r\nTo: <{REP}>\r\nSubject: Re: Thank you\r\n"
                    f"Date: {format_datetime(site.app.clock())}\r\nMessage-ID: <reply@lost.example>\r\n"
                    f"In-Reply-To: {server.in_sent()[0].message_id}\r\n\r\nPlease take me off your list.\r\n"
                ).encode()
            )
            await until(answered)
        assert len(server.taken) == 1
        assert {request.method for request in server.asked} == {"GET", "POST"}
        assert sum(request.method == "POST" for request in server.asked) == 1

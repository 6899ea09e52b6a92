"""What a secured connection costs."""

from pathlib import Path

from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from tests.servers.scripted_imap import ScriptedImap
from tests.servers.tls import Certificate


async def test_a_secured_connection_keeps_no_large_buffer(tmp_path: Path) -> None:
    certificate = Certificate.make(tmp_path)
    async with ScriptedImap({}, tls=certificate.for_server()).listening() as server:
        endpoint = Endpoint.parse(f"imaps://localhost:{server.port}", kind="imap")
        inbox = ImapInbox(endpoint, Credentials("rep", "secret"), ssl_context=certificate.for_client())
        await inbox.connect()
        kept = inbox._session.connection.transport._ssl_protocol._ssl_buffer
        assert 16 * 1024 < len(kept) < 20 * 1024
        await inbox.close()

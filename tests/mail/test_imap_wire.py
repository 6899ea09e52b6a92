"""However an IMAP server's words arrive, and wherever they end, they mean the same or nothing."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from cadence.core.errors import MailboxError
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.imap import ImapInbox
from cadence.mail.imap_protocol import Connection
from cadence.mail.imap_text import HeaderBlock
from cadence.mail.sandbox import Sandbox
from tests.servers.cut import CutWire

REP = "rep@vendor.test"
RAW = b"Subject: Hi\r\nMessage-ID: <%d@buyer.test>\r\n\r\nHello.\r\n"

ANSWERS: list[list[bytes]] = [
    [b"* OK ready"],
    [b"* CAPABILITY IMAP4rev1"],
    [b"* 3 EXISTS"],
    [b"* 1 FETCH (UID 7 BODY[] ", b"a {3}\r\nb\r\n* OK (", b" X ", b"", b")"],
    [b"* LIST () NIL ", b'q"', b""],
    [b"* OK text that ends oddly {12}"],
    [b"* SEARCH 1 2 3"],
]


def written(pieces: list[bytes]) -> bytes:
    if pieces[0].endswith(b"{12}"):
        return pieces[0] + b"\r\n"
    out = pieces[0]
    for literal, text in zip(pieces[1::2], pieces[2::2], strict=True):
        out += b"{%d}\r\n" % len(literal) + literal + text
    return out + b"\r\n"


class Listener(Connection):
    """A connection that only notes what it read."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self.read: list[list[bytes]] = []

    def _answer(self, pieces: list[bytes]) -> None:
        self.read.append(pieces)


@given(st.lists(st.sampled_from(ANSWERS), max_size=6), st.lists(st.integers(1, 9), min_size=1))
def test_it_does_not_matter_how_the_bytes_are_cut_into_packets(
    answers: list[list[bytes]], sizes: list[int]
) -> None:
    async def listen() -> list[list[bytes]]:
        listener = Listener(asyncio.get_running_loop())
        stream, turn = b"".join(map(written, answers)), 0
        while stream:
            size = sizes[turn % len(sizes)]
            listener.data_received(stream[:size])
            stream, turn = stream[size:], turn + 1
        assert not listener._buffer
        return listener.read

    assert asyncio.run(listen()) == answers


@settings(max_examples=200)
@given(st.lists(st.binary(max_size=40), max_size=20))
def test_no_bytes_break_more_than_their_own_connection(packets: list[bytes]) -> None:
    async def listen() -> None:
        connection = Connection(asyncio.get_running_loop())
        for packet in packets:
            connection.data_received(packet)
        await asyncio.sleep(0)
        connection.connection_lost(None)

    asyncio.run(listen())


async def read_all(box: Sandbox, wire: CutWire) -> list[HeaderBlock] | None:
    """What a whole visit reads; None where the wire was cut meanwhile."""
    async with wire.laid():
        endpoint = Endpoint.parse(f"imap://127.0.0.1:{wire.port}", kind="imap")
        inbox = ImapInbox(endpoint, Credentials(REP, password="pw"), timeout=5)
        try:
            await inbox.connect()
            await inbox.folders()
            await inbox.examine("INBOX")
            uids = await inbox.uids_after(0)
            heads = await inbox.headers(uids)
            for uid, head in zip(uids, heads, strict=True):
                assert (await inbox.fetch([uid]))[uid].startswith(head.raw)
            await inbox.idle(0.0)
        except MailboxError as fault:
            assert fault.temporary is True
            assert not inbox.is_connected
            return None
        finally:
            await inbox.close()
        return heads


async def test_wherever_the_wire_is_cut_a_visit_ends_at_once_with_a_passing_fault() -> None:
    async with Sandbox({REP: "pw"}) as box, asyncio.timeout(60):
        for number in range(3):
            await box.deliver(REP, RAW % number)
        whole = CutWire(int(box.imap_url.rpartition(":")[2]))
        heads = await read_all(box, whole)
        assert heads is not None
        assert len(heads) == 3
        for cut in range(1, whole.passed_down - 200, 13):
            assert await read_all(box, CutWire(int(box.imap_url.rpartition(":")[2]), down=cut)) is None

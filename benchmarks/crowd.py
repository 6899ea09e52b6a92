"""An IMAP server of many mailboxes that says when it told of a mail: `python -m benchmarks.crowd FOLDER`.

It speaks TLS with a certificate that it puts into the folder, lets everybody in, and takes orders from its
input, one line of JSON each: {"user": …, "mail": …}. It answers with when the mailbox was told, by the clock
of time.monotonic, which all processes of a machine share.
"""

import asyncio
import base64
import contextlib
import json
import re
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers.tls import Certificate

_BACKLOG = 4096
_GREETING = b"* OK [CAPABILITY IMAP4rev1 IDLE SASL-IR AUTH=PLAIN] here\r\n"
_FOLDERS = b'* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\n* LIST (\\Junk) "/" Junk\r\n'


@dataclass(eq=False)
class Box:
    """One user's INBOX, and who waits on it."""

    mails: list[bytes] = field(default_factory=list)
    waiting: set[asyncio.StreamWriter] = field(default_factory=set)

    def deliver(self, raw: bytes) -> float:
        """Take in a mail and tell of it; gives when that was."""
        self.mails.append(raw)
        for writer in self.waiting:
            writer.write(b"* %d EXISTS\r\n" % len(self.mails))
        return time.monotonic()


class Crowd:
    """All mailboxes, each made when its user first comes."""

    def __init__(self) -> None:
        self._boxes: defaultdict[str, Box] = defaultdict(Box)

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await self._serve(reader, writer)
        writer.close()

    async def obey(self, orders: asyncio.StreamReader) -> None:
        while line := await orders.readline():
            order = json.loads(line)
            told = self._boxes[order["user"]].deliver(order["mail"].encode())
            print(json.dumps({"told": told}), flush=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        box, is_inbox = Box(), False
        writer.write(_GREETING)
        while line := (await reader.readline()).decode().rstrip():
            tag, _, command = line.partition(" ")
            verb = command.upper().removeprefix("UID ").split(" ")[0]
            if verb == "AUTHENTICATE":
                user = base64.b64decode(command.split(" ")[2]).decode().split("\0")[1]
                box = self._boxes[user]
            elif verb == "EXAMINE":
                is_inbox = command.split(" ")[1].strip('"').upper() == "INBOX"
            elif verb == "IDLE":
                await self._idle(box, reader, writer)
            elif verb == "LOGOUT":
                return
            else:
                mails = box.mails if is_inbox else []
                writer.write(_answer(verb, command, mails))
            if verb == "EXAMINE":
                writer.write(_opened(box.mails if is_inbox else []))
            writer.write(f"{tag} OK done\r\n".encode())
            await writer.drain()

    async def _idle(self, box: Box, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        box.waiting.add(writer)
        writer.write(b"+ idling\r\n")
        try:
            await reader.readline()
        finally:
            box.waiting.discard(writer)


def _opened(mails: list[bytes]) -> bytes:
    said = f"* {len(mails)} EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT {len(mails) + 1}] ok\r\n"
    return said.encode()


def _answer(verb: str, command: str, mails: list[bytes]) -> bytes:
    match verb:
        case "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 IDLE SASL-IR AUTH=PLAIN\r\n"
        case "LIST":
            return _FOLDERS
        case "SEARCH":
            found = re.search(r"UID (\d+):\*", command)
            first = int(found[1]) if found else 1
            return f"* SEARCH {' '.join(str(uid) for uid in range(first, len(mails) + 1))}\r\n".encode()
        case "FETCH":
            return b"".join(_fetched(uid, command, mails[uid - 1]) for uid in _uids(command))
    return b""


def _uids(command: str) -> list[int]:
    spans = (part.partition(":") for part in command.split(" ")[2].split(","))
    return [uid for first, _, last in spans for uid in range(int(first), int(last or first) + 1)]


def _fetched(uid: int, command: str, raw: bytes) -> bytes:
    what, body = "BODY[]<0>", raw
    if "HEADER" in command:
        what, body = "BODY[HEADER]<0>", raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
    head = f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)} {what} {{{len(body)}}}\r\n"
    return head.encode() + body + b")\r\n"


async def _main(folder: Path) -> None:
    loop, crowd = asyncio.get_running_loop(), Crowd()
    tls = Certificate.make(folder).for_server()
    server = await asyncio.start_server(crowd.accept, "127.0.0.1", 0, ssl=tls, backlog=_BACKLOG)
    print(json.dumps({"port": server.sockets[0].getsockname()[1]}), flush=True)
    orders = asyncio.StreamReader(limit=2**20)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    await crowd.obey(orders)


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))

"""An IMAP server with real folders that dies, cuts, renumbers and falls silent when told to."""

import asyncio
import re
from dataclasses import dataclass, field
from enum import StrEnum

from tests.servers.scripted import Over, ScriptedServer


class Trouble(StrEnum):
    """What goes wrong with one connection."""

    NONE = "none"
    DROP = "drop"
    """It ends before a command is answered."""
    RESET = "reset"
    CUT = "cut"
    """It ends in the middle of an answer: between two lines or within a literal."""
    NO = "no"
    """A command is refused for now."""
    SILENT = "silent"
    """It says nothing any more."""


@dataclass
class Box:
    """A folder. mails: by UID."""

    validity: int = 1
    mails: dict[int, bytes] = field(default_factory=dict)
    next_uid: int = 1

    def add(self, raw: bytes) -> None:
        self.mails[self.next_uid] = raw
        self.next_uid += 1

    def renumber(self) -> None:
        """What a server does whose index was lost (RFC 3501 §2.3.1.1)."""
        self.validity += 1
        mails, self.mails, self.next_uid = list(self.mails.values()), {}, 1
        for raw in mails:
            self.add(raw)


class MailboxServer(ScriptedServer):
    """boxes: the folders, by name; trouble: what the next connection will meet at its nth command, `at`."""

    def __init__(self) -> None:
        super().__init__({})
        self.boxes = {"INBOX": Box(), "Spam": Box()}
        self.trouble = Trouble.NONE
        self.at = 0

    def rename(self, old: str, new: str) -> None:
        self.boxes[new] = self.boxes.pop(old)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        trouble, left, box = self.trouble, self.at, Box()
        writer.write(b"* OK here\r\n")
        while line := (await reader.readline()).decode().strip():
            self.commands.append(line)
            tag, _, command = line.partition(" ")
            verb = command.upper().removeprefix("UID ").split(" ")[0]
            if verb == "EXAMINE":
                box = self.boxes.get(command.split(" ", 1)[1].strip('"'), box)
            answer = self._answer(verb, command, box) + f"{tag} OK done\r\n".encode()
            left -= 1
            if trouble is not Trouble.NONE and left < 0 and verb not in ("CAPABILITY", "LOGOUT"):
                answer = await self._spoil(trouble, tag, answer, writer)
            if verb == "IDLE":
                writer.write(b"+ idling\r\n")
                await reader.readline()
                answer = f"{tag} OK idled\r\n".encode()
            writer.write(answer)
            await writer.drain()

    async def _spoil(self, trouble: Trouble, tag: str, answer: bytes, writer: asyncio.StreamWriter) -> bytes:
        match trouble:
            case Trouble.NO:
                return f"{tag} NO [UNAVAILABLE] try again later\r\n".encode()
            case Trouble.SILENT:
                await asyncio.sleep(3600)
            case Trouble.CUT:
                writer.write(answer[: len(answer) // 2])
                await writer.drain()
            case Trouble.RESET:
                writer.transport.abort()
        raise Over

    def _answer(self, verb: str, command: str, box: Box) -> bytes:
        match verb:
            case "CAPABILITY":
                return b"* CAPABILITY IMAP4rev1 IDLE SASL-IR AUTH=PLAIN\r\n"
            case "LIST":
                uses = {"Spam": "\\Junk", "Junk": "\\Junk"}
                lines = (f'* LIST ({uses.get(name, "")}) "/" "{name}"\r\n' for name in self.boxes)
                return "".join(lines).encode()
            case "EXAMINE":
                count = f"* {len(box.mails)} EXISTS\r\n* OK [UIDVALIDITY {box.validity}] ok\r\n"
                return f"{count}* OK [UIDNEXT {box.next_uid}] ok\r\n".encode()
            case "SEARCH":
                first = int((re.search(r"UID (\d+):\*", command) or ["", "1"])[1])
                found = [uid for uid in box.mails if uid >= first]
                return f"* SEARCH {' '.join(map(str, found))}\r\n".encode()
            case "FETCH":
                return self._fetched(command, box)
        return b""

    def _fetched(self, command: str, box: Box) -> bytes:
        lines = []
        for number, (uid, raw) in enumerate(box.mails.items(), 1):
            if not any(first <= uid <= last for first, last in _ranges(command.split(" ")[2])):
                continue
            what, body = "BODY[]<0>", raw
            if "HEADER" in command:
                what, body = "BODY[HEADER]<0>", raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            head = f"* {number} FETCH (UID {uid} RFC822.SIZE {len(raw)} {what} {{{len(body)}}}\r\n"
            lines.append(head.encode() + body + b")\r\n")
        return b"".join(lines)


def _ranges(words: str) -> list[tuple[int, int]]:
    pairs = (part.partition(":") for part in words.split(","))
    return [(int(first), int(last or first)) for first, _, last in pairs]

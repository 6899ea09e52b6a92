"""An IMAP server that says what it is told to.

`{tag}` in its script is the command's tag; `{drip}` keeps it talking without ever coming to the point.
"""

import asyncio
import ssl

from tests.servers.scripted import Script, ScriptedServer

POLITE: Script = {
    "greeting": "* OK scripted",
    "CAPABILITY": "* CAPABILITY IMAP4rev1 IDLE SASL-IR AUTH=PLAIN\r\n{tag} OK done",
    "AUTHENTICATE": "{tag} OK welcome",
    "LOGIN": "{tag} OK welcome",
    "EXAMINE": "* 3 EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n* OK [UIDNEXT 4] ok\r\n{tag} OK [READ-ONLY] done",
    "SEARCH": "* SEARCH 1 2 3\r\n{tag} OK done",
    "NOOP": "{tag} OK done",
    "IDLE": "+ idling",
    "DONE": "{tag} OK idled",
    "LIST": '* LIST () "/" INBOX\r\n{tag} OK done',
    "FETCH": "{tag} OK done",
    "APPEND": "{tag} NO no room",
    "STARTTLS": "{tag} OK go ahead",
    "LOGOUT": "* BYE\r\n{tag} OK bye",
}


class ScriptedImap(ScriptedServer):
    """Lines that continue a command (DONE, answers to a challenge) carry the tag of that command."""

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, upgrade: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(POLITE | script, tls, upgrade)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._say("greeting", "*", writer)
        tag = "*"
        while line := await reader.readline():
            command = line.decode().rstrip("\r\n")
            self.commands.append(command)
            words = command.upper().split() or [""]
            if len(words) > 1:
                tag = command.split()[0]
                verb = words[2] if words[1] == "UID" else words[1]
            else:
                verb = "DONE" if words[0] == "DONE" else "AUTHENTICATE"
            await self._say(verb, tag, writer)
            if verb == "STARTTLS" and self._upgrade:
                await writer.start_tls(self._upgrade)
            if verb == "LOGOUT":
                return

    async def _say(self, verb: str, tag: str, writer: asyncio.StreamWriter) -> None:
        line = await self.next_line(verb, writer)
        while "{drip}" in line:
            writer.write(b"* OK one moment\r\n")
            await asyncio.sleep(0.05)
        writer.write(line.replace("{tag}", tag).encode("utf-8", "surrogateescape") + b"\r\n")
        await writer.drain()

"""An SMTP server that refuses, stalls, drops or talks nonsense at the moment it is told to."""

import asyncio
import ssl

from tests.servers.scripted import Over, Script, ScriptedServer

EHLO = (
    "250-scripted\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE 35000000\r\n250-8BITMIME\r\n"
    "250-ENHANCEDSTATUSCODES\r\n250-PIPELINING\r\n"
)
POLITE: Script = {
    "greeting": "220 scripted ESMTP",
    "EHLO": EHLO + "250 HELP",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "dot": "250 2.0.0 queued",
    "RSET": "250 2.0.0 forgotten",
    "NOOP": "250 2.0.0 ok",
    "STARTTLS": "220 2.0.0 go ahead",
    "QUIT": "221 2.0.0 bye",
}


class ScriptedSmtp(ScriptedServer):
    """mails: every content it read to the dot; "content" happens while that arrives, "dot" after it.

    pipelining: whether it offers that commands come together (RFC 2920); gullible: whether it asks for
    content although it refused what came before.
    """

    pipelining = True
    gullible = False

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, upgrade: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(POLITE | script, tls, upgrade)
        self.mails: list[bytes] = []
        self.read_a_mail = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer("greeting", writer)
        refused = False
        while line := await reader.readline():
            command = line.decode().rstrip("\r\n")
            self.commands.append(command)
            verb = command.partition(" ")[0].upper()
            if verb == "DATA" and refused and not self.gullible:
                await self._say("503 5.5.1 no valid recipients", writer)
                continue
            said = await self._answer(verb if verb in self._script else "AUTH", writer)
            if verb in ("MAIL", "RCPT", "RSET"):
                refused = (refused and verb == "RCPT") or not said.startswith("2")
            if verb == "STARTTLS" and self._upgrade:
                await writer.start_tls(self._upgrade)
            if verb == "DATA" and said.startswith("354"):
                await self._content(reader, writer)
            if verb == "QUIT":
                return

    async def _content(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if "content" in self._script:
            await reader.readline()
            await self.next_line("content", writer)
        content = await reader.readuntil(b"\r\n.\r\n")
        self.mails.append(content[:-3])
        self.read_a_mail.set()
        await self._answer("dot", writer)

    async def _answer(self, verb: str, writer: asyncio.StreamWriter) -> str:
        line = await self.next_line(verb, writer)
        if verb == "EHLO" and not self.pipelining:
            line = line.replace("250-PIPELINING\r\n", "")
        await self._say(line, writer)
        if line.startswith("421"):
            raise Over
        return line

    async def _say(self, line: str, writer: asyncio.StreamWriter) -> None:
        writer.write(line.encode() + b"\r\n")
        await writer.drain()

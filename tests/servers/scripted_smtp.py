"""An SMTP server that refuses, stalls, drops or talks nonsense at the moment it is told to."""

import asyncio
import ssl

from tests.servers.scripted import Over, Script, ScriptedServer

EHLO = (
    "250-scripted\r\n250-AUTH PLAIN LOGIN\r\n250-SIZE 35000000\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n"
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
    """mails: every content it read to the dot; "content" happens while that arrives, "dot" after it."""

    def __init__(
        self, script: Script, tls: ssl.SSLContext | None = None, upgrade: ssl.SSLContext | None = None
    ) -> None:
        super().__init__(POLITE | script, tls, upgrade)
        self.mails: list[bytes] = []
        self.read_a_mail = asyncio.Event()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._answer("greeting", writer)
        while line := await reader.readline():
            command = line.decode().rstrip("\r\n")
            self.commands.append(command)
            verb = command.partition(" ")[0].upper()
            said = await self._answer(verb if verb in self._script else "AUTH", writer)
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
        writer.write(line.encode() + b"\r\n")
        await writer.drain()
        if line.startswith("421"):
            raise Over
        return line

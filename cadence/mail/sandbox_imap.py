"""The sandbox's mailboxes: pymap, in this process and in memory, wired without its command line.

Everything that is particular to pymap is here: it has no public way to be embedded, so its parts are
put together as its own `main` does.
"""

import asyncio
import contextlib
from argparse import Namespace
from datetime import datetime

from proxyprotocol.sock import SocketInfoLocal
from pymap.backend.dict import Config, Identity, Login
from pymap.backend.dict.mailbox import MailboxData
from pymap.exceptions import CloseConnection
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials.fetchattr import FetchRequirement
from pymap.parsing.specials.flag import Flag
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext

FOLDERS = ("Sent", "Drafts", "Junk", "Trash")
_TURNS = 5
"""Of the loop, within which whoever was let in last is served, and so can be told to go."""


class ImapSide:
    """Mailboxes of a few users and the server that shows them; port is 0 until it listens."""

    def __init__(self) -> None:
        self._config = Config(
            Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None),
            host="127.0.0.1",
            port=0,
            tls_enabled=False,
            secure_auth=False,
            reject_dnsbl=False,
            invalid_user_sleep=0.0,
            hash_context=Cleartext(),
            demo_data=False,
            demo_user="",
            demo_password="",
        )
        self._login = Login(self._config)
        self._serve = IMAPServer(self._login, self._config)
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self.port = 0

    async def open(self, users: dict[str, str], port: int = 0) -> None:
        """Make the users' folders and listen on a port of this machine, 0: on a free one."""
        self._config.apply_context()
        for address, password in users.items():
            await self.add(address, password)
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Stop listening and end every connection."""
        if self._server:
            self._server.close()
            for _ in range(_TURNS):
                await asyncio.sleep(0)
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    async def add(self, address: str, password: str) -> None:
        """Make one user with INBOX and the usual folders."""
        self._config.apply_context()
        identity = self._identity(address)
        await identity.set(UserMetadata(self._config, address, password=password))
        async with identity.new_session() as session:
            for name in FOLDERS:
                await session.mailbox_set.add_mailbox(name)

    async def deliver(self, address: str, raw: bytes, at: datetime, folder: str = "INBOX") -> None:
        """File a mail as unseen; whoever idles on the folder is woken."""
        folder_data = await self._folder(address, folder)
        await folder_data.append(AppendMessage(raw, at, frozenset()), recent=True)

    async def mails(self, address: str, folder: str) -> list[bytes]:
        """Return what a folder holds, in order of arrival."""
        found = []
        async for message in (await self._folder(address, folder)).messages():
            loaded = await message.load_content(FetchRequirement.CONTENT)
            found.append(bytes(loaded.get_body(None)))
        return found

    async def flags(self, address: str, folder: str) -> list[frozenset[str]]:
        """Return the flags of every mail in a folder, in order of arrival."""
        folder_data = await self._folder(address, folder)
        return [frozenset(map(_name, m.permanent_flags)) async for m in folder_data.messages()]

    def _identity(self, address: str) -> Identity:
        return Identity(address, self._login, None, frozenset())

    async def _folder(self, address: str, folder: str) -> MailboxData:
        self._config.apply_context()
        async with self._identity(address).new_session() as session:
            return await session.mailbox_set.get_mailbox(folder)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)
        self._config.apply_context()
        try:
            with contextlib.suppress(CloseConnection, ConnectionError, asyncio.CancelledError):
                await self._serve(reader, writer, SocketInfoLocal(writer))
        finally:
            writer.transport.abort()


def _name(flag: Flag) -> str:
    return bytes(flag).decode("ascii")

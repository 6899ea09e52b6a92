"""The embedded installation: one process that sends what is due, watches every mailbox and looks after the rest.

Each loop does one thing and survives every fault of the world; `stop` lets what is in flight finish.
"""

import asyncio
from contextlib import suppress

import structlog

from cadence.core.errors import CadenceError, MailboxError
from cadence.core.model import Mailbox
from cadence.service import reading, sending, upkeep
from cadence.service.app import App, Inbox
from cadence.store import mailboxes, messages

log = structlog.get_logger()

TICK = 1.0
"""Seconds between two looks into the queue."""
LONGEST_BACKOFF = 300.0
IDLE_FOR = 25 * 60.0
"""A server may forget a client that is silent for half an hour (RFC 2177)."""


class Loops:
    """All loops of one process. poll: seconds between two looks into each mailbox, IDLE or not."""

    def __init__(self, app: App, *, poll: float) -> None:
        self._app = app
        self._poll = poll
        self._stopping = asyncio.Event()
        self._watchers: dict[int, asyncio.Task[None]] = {}

    def stop(self) -> None:
        """Begin nothing more; `run` returns once what is in flight is settled."""
        self._stopping.set()

    async def run(self) -> None:
        """Run until `stop`."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._sending())
                group.create_task(self._upkeep())
                group.create_task(self._watching(group))
        finally:
            for watcher in self._watchers.values():
                watcher.cancel()

    async def _sending(self) -> None:
        busy: dict[int | None, asyncio.Task[None]] = {}
        while not self._stopping.is_set():
            async with self._app.db.read() as tx:
                due = await messages.mailboxes_with_work(tx, self._app.clock())
            for mailbox_id in due:
                if mailbox_id not in busy or busy[mailbox_id].done():
                    busy[mailbox_id] = asyncio.create_task(self._send_from(mailbox_id))
            await self._sleep(TICK)
        await asyncio.gather(*busy.values())

    async def _send_from(self, mailbox_id: int | None) -> None:
        try:
            results = await sending.send_due(self._app, mailbox_id)
            if results.get("accepted") and mailbox_id is not None:
                await self._file_copies(mailbox_id)
        except CadenceError as fault:
            log.warning("sending was interrupted", mailbox_id=mailbox_id, fault=str(fault))
        except Exception:
            log.exception("sending failed; it is tried again", mailbox_id=mailbox_id)

    async def _file_copies(self, mailbox_id: int) -> None:
        async with self._app.db.read() as tx:
            mailbox = await mailboxes.get(tx, mailbox_id)
        await upkeep.file_copies(self._app, mailbox)

    async def _upkeep(self) -> None:
        while not self._stopping.is_set():
            try:
                await upkeep.look_after(self._app)
            except Exception:
                log.exception("upkeep failed; it is tried again")
            await self._sleep(self._poll)

    async def _watching(self, group: asyncio.TaskGroup) -> None:
        """Keep one watcher a mailbox, for mailboxes added later as well."""
        while not self._stopping.is_set():
            async with self._app.db.read() as tx:
                known = {mailbox.id: mailbox for mailbox in await mailboxes.all_of(tx)}
            for mailbox_id in self._watchers.keys() - known.keys():
                self._watchers.pop(mailbox_id).cancel()
            for mailbox_id in known.keys() - self._watchers.keys():
                self._watchers[mailbox_id] = group.create_task(self._watch(known[mailbox_id]))
            await self._sleep(self._poll)
        for watcher in self._watchers.values():
            watcher.cancel()

    async def _watch(self, mailbox: Mailbox) -> None:
        """Wait on one mailbox and read what arrives; start over, ever more patiently, after a fault."""
        backoff = 1.0
        while not self._stopping.is_set():
            inbox: Inbox | None = None
            try:
                inbox = await self._app.connections.new_inbox(mailbox)
                await inbox.connect()
                await inbox.examine("INBOX")
                while not self._stopping.is_set():
                    await reading.sync(self._app, mailbox.id)
                    await upkeep.file_copies(self._app, mailbox)
                    backoff = 1.0
                    await inbox.idle(min(self._poll, IDLE_FOR))
            except MailboxError as fault:
                log.warning(
                    "mailbox cannot be read", mailbox_id=mailbox.id, fault=str(fault), again_in=backoff
                )
            except Exception:
                log.exception("watching failed; it is tried again", mailbox_id=mailbox.id)
            finally:
                if inbox is not None:
                    await inbox.close()
            await self._sleep(backoff)
            backoff = min(backoff * 2, LONGEST_BACKOFF)

    async def _sleep(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

"""Watches the mailboxes: one watcher each, that waits for news, reads it, and starts over after a fault.

A mailbox that is added, changed, mended or removed by anybody is noticed at the next look at the list. Of the
many mailboxes of one server a few are connected and first read at a time, so that neither a start nor its
return floods it, the database, or us.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext, suppress

import structlog

from cadence.core.errors import CadenceError, MailboxError
from cadence.core.model import Mailbox, MailboxState
from cadence.service import doubts, outages, reading, second_opinion, trying_out, upkeep
from cadence.service.app import App, Inbox
from cadence.service.understanding import understand
from cadence.store import mailboxes
from cadence.store.mailboxes import Access
from cadence.worker.rhythm import Rhythm
from cadence.worker.stopping import Stop, ended

log = structlog.get_logger()

AT_ONCE = 20
"""Mailboxes of one server that are being connected, or read for the first time since."""
LOOKS = 8
"""Mailboxes that are looked into without news, so that news finds a connection to the database free."""
_PRACTICE = b"From: dana@buyer.example\r\n\r\nThank you, but we are happy with what we have.\r\n"


class Watchers:
    """One watcher a mailbox.

    poll: seconds between two looks into each mailbox, news or not; mine: says which mailboxes are this
    process's to watch, None: all.
    """

    def __init__(
        self,
        app: App,
        stop: Stop,
        poll: float,
        rhythm: Rhythm,
        mine: Callable[[], Awaitable[set[int]]] | None = None,
    ) -> None:
        self._app, self._stop, self._poll, self._rhythm, self._mine = app, stop, poll, rhythm, mine
        self._watchers: dict[int, Watcher] = {}
        self._gates: defaultdict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
        self._looks = asyncio.Semaphore(LOOKS)

    async def prepare(self) -> None:
        """Read what it takes to understand words, so that the first reply need not wait for it."""
        await asyncio.to_thread(understand, _PRACTICE)

    async def tend(self) -> None:
        """Begin to watch what is new, end what is gone, begin anew what changed or died."""
        async with self._app.db.read() as tx:
            known = await mailboxes.accesses(tx)
        if self._mine is not None:
            mine = await self._mine()
            known = {mailbox_id: access for mailbox_id, access in known.items() if mailbox_id in mine}
        for mailbox_id, watcher in list(self._watchers.items()):
            access = known.get(mailbox_id)
            if access is None or access.key != watcher.access.key or watcher.task.done():
                del self._watchers[mailbox_id]
                await ended([watcher.task])
            else:
                watcher.notice(access)
        for mailbox_id in known.keys() - self._watchers.keys():
            if not self._stop.is_said():
                access = known[mailbox_id]
                gate = self._gates[access.mailbox.imap]
                self._watchers[mailbox_id] = Watcher(
                    self._app, self._stop, self._poll, self._rhythm, access, gate, self._looks
                )

    @property
    def tasks(self) -> list[asyncio.Task[None]]:
        """Every watch; each ends by itself once stop is said."""
        return [watcher.task for watcher in self._watchers.values()]


class Watcher:
    """Waits on one mailbox.

    access: as it was when the watch began or was last noticed; gate: lets it connect; looks: lets it look
    whether there is anything new; task: the watch.
    """

    def __init__(
        self,
        app: App,
        stop: Stop,
        poll: float,
        rhythm: Rhythm,
        access: Access,
        gate: asyncio.Semaphore,
        looks: asyncio.Semaphore,
    ) -> None:
        self._app, self._stop, self._poll, self._rhythm = app, stop, poll, rhythm
        self._gate, self._looks = gate, looks
        self.access = access
        self._mended = asyncio.Event()
        self._again = rhythm.again
        self._probe_wait = rhythm.probe
        self._probe_at: float | None = 0.0  # one that was at fault before we began is tried at once
        self.task = asyncio.create_task(self._watch())

    @property
    def _id(self) -> int:
        return self.access.mailbox.id

    def notice(self, access: Access) -> None:
        """Take in the mailbox's row as it is now; whoever mended it need not wait for the next try."""
        before, after = self.access.mailbox.state, access.mailbox.state
        if before is MailboxState.FAULT and after is not MailboxState.FAULT:
            self._again = self._rhythm.again
            self._mended.set()
        self.access = access

    async def _watch(self) -> None:
        while not self._stop.is_said():
            wait = self._again
            try:
                await self._read_until_lost()
                continue
            except MailboxError as fault:
                wait = await self._on_fault(fault)
            except CadenceError as fault:
                log.warning("watching was interrupted", mailbox_id=self._id, fault=str(fault), again_in=wait)
            except Exception:
                log.exception("watching failed; it is tried again", mailbox_id=self._id, again_in=wait)
            self._mended.clear()
            await self._stop.sleep(wait, poke=self._mended)

    async def _read_until_lost(self) -> None:
        """Read what is there, then whatever arrives, until the connection is lost or stop is said."""
        inbox = await self._stop.or_result(self._open())
        if inbox is None:
            return
        try:
            has_news = await self._read_and_wait(inbox, self._gate)
            while not self._stop.is_said():
                has_news = await self._read_and_wait(inbox, nullcontext() if has_news else self._looks)
        finally:
            await inbox.close()

    async def _open(self) -> Inbox:
        async with self._gate:
            inbox: Inbox = await self._app.connections.new_inbox(self.access.mailbox)
            try:
                await inbox.connect()
                await inbox.examine("INBOX")
            except BaseException:
                await inbox.close()
                raise
            return inbox

    async def _read_and_wait(self, inbox: Inbox, turn: AbstractAsyncContextManager[None]) -> bool:
        """Read everything new, when it is our turn, and wait for more; False where nothing was told of.

        The wait begins first, on a connection of its own: what arrives while we read ends it at once, and
        not every server tells of what arrived just before (RFC 2177 leaves that open).
        """
        waiting = asyncio.ensure_future(self._stop.or_result(inbox.idle(min(self._poll, self._rhythm.idle))))
        try:
            async with turn:
                found = await reading.sync(self._app, self._id)
            if found:
                await self._app.wake()
            self._again = self._rhythm.again
            await self._look_after()
            if await second_opinion.consult(self._app, self._id):
                await self._app.wake()
            return bool(await waiting)
        finally:
            await ended([waiting])

    async def _look_after(self) -> None:
        """What is owed to a mailbox that can be read: copies, and another try if it is at fault."""
        async with self._app.db.read() as tx:
            mailbox = await mailboxes.get(tx, self._id)
        await outages.end(self._app, mailbox)
        try:
            await upkeep.file_copies(self._app, mailbox)
            await doubts.resolve(self._app, mailbox)
        except MailboxError as fault:  # a full Sent folder must not keep replies from being read
            log.warning("the Sent folder cannot be used", mailbox_id=self._id, fault=str(fault))
        await self._probe(mailbox)

    async def _probe(self, mailbox: Mailbox) -> None:
        """Try a mailbox at fault now and then, ever more patiently; one that works again goes on."""
        now = asyncio.get_running_loop().time()
        if mailbox.state is not MailboxState.FAULT:
            self._probe_at = None
        elif self._probe_at is None:
            self._probe_at = now + self._probe_wait
        elif now >= self._probe_at:
            self._probe_wait = min(self._probe_wait * 2, self._rhythm.longest_probe)
            self._probe_at = now + self._probe_wait
            if await trying_out.probe(self._app, mailbox):
                log.info("mailbox works again", mailbox_id=self._id)

    async def _on_fault(self, fault: MailboxError) -> float:
        """Say what happened; gives how long to wait before the next try."""
        if fault.temporary:
            wait = self._again
            self._again = min(wait * 2, self._rhythm.longest_again)
            with suppress(CadenceError):
                await outages.report(self._app, self._id, str(fault))
        else:
            wait = max(self._again, self._rhythm.refused)
            self._again = min(wait * 2, self._rhythm.longest_refused)
            self._probe_at = 0.0  # once it can be read again, nothing need be waited for
            with suppress(CadenceError):  # a database that is gone as well has its own line
                await trying_out.report_fault(self._app, self._id, str(fault))
        log.warning("mailbox cannot be read", mailbox_id=self._id, fault=str(fault), again_in=wait)
        return wait

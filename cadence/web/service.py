"""What the pages may ask of the application: the use cases behind them, under the names that pages use."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from cadence.core.errors import CadenceError
from cadence.crm.connector import Notice
from cadence.service import crm_connecting, enrolling, one_question, presence, relaying
from cadence.service.app import App
from cadence.service.links import Purpose
from cadence.store import enrollments, figures, processes, schema
from cadence.store.figures import Figures
from cadence.web.metrics import exposition

FRESH = timedelta(seconds=5)
"""For how long figures are told again: however many ask, the database is asked no more often."""
ANSWERS_WITHIN = 4.0
"""Seconds; whoever asks whether we are ready does not wait for a database that hangs."""


class WebService:
    """The application as the web sees it. works: mail is sent and read in this process as well."""

    def __init__(self, app: App, *, works: bool = False) -> None:
        self._app = app
        self._works = works
        self._figures: Figures | None = None
        self._gathering = asyncio.Lock()

    async def unsubscribe(self, token: str) -> None:
        """Stop every mail to the reader of that link; raises InvalidInput or NotFound for a bad one."""
        link = self._app.links.read(token)
        await enrolling.opt_out(self._app, link.enrollment_id, "an unsubscribe link")

    async def put_off(self, token: str, months: int) -> None:
        """Leave the reader of that link alone for a while; raises InvalidInput, NotFound or Conflict."""
        await one_question.put_off(self._app, token, months)

    async def answer(self, token: str, text: str) -> None:
        """Take in what somebody answered on the page; raises InvalidInput, NotFound or Conflict."""
        await one_question.take_in(self._app, token, text)

    async def hear(self, relay_id: int, headers: Mapping[str, str], body: bytes) -> None:
        """Take in what a relay reports; raises NotFound, Unauthenticated, InvalidInput, or our faults."""
        await relaying.take_in(self._app, relay_id, headers, body)

    async def notice(self, connection_id: int, path: str, headers: Mapping[str, str], body: bytes) -> None:
        """Keep which deals a CRM names; raises NotFound, Unauthenticated, CrmError, or our faults."""
        public = (self._app.policy.public_url or "").rstrip("/")
        url = public + path  # what was signed, whichever proxies are before us
        await crm_connecting.take_notice(self._app, connection_id, Notice(url, headers, body))

    async def language(self, token: str) -> str:
        """The language of our mails to the reader of a link; empty for English, which may not be a choice."""
        try:
            link = self._app.links.read(token, *Purpose)
            async with self._app.db.read() as tx:
                language = (await enrollments.case(tx, link.enrollment_id)).prospect.language
        except CadenceError:
            return ""  # whatever is wrong with it is said when somebody acts
        return "" if language == "en" else language

    async def fault(self) -> str | None:
        """What keeps the installation from working; None: nothing.

        A mailbox at fault is not among it: it has a task of its own, and no restart mends it.
        """
        try:
            async with asyncio.timeout(ANSWERS_WITHIN), self._app.db.read() as tx:
                await schema.revision(tx)
        except CadenceError as fault:
            return str(fault)
        except TimeoutError:
            return f"the database does not answer within {ANSWERS_WITHIN:.0f} s"
        return None

    async def lacking(self) -> dict[str, str]:
        """The parts that this process needs and does not have, each with why."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN), self._app.db.read() as tx:
                revision = await schema.revision(tx)
                alive = await processes.alive(tx, presence.WORKER, self._app.clock())
        except CadenceError as fault:
            return {"database": str(fault)}
        except TimeoutError:
            return {"database": f"it does not answer within {ANSWERS_WITHIN:.0f} s"}
        missing = {}
        if revision != schema.newest():
            missing["schema"] = f"the database is at {revision}, and this process knows {schema.newest()}"
        if self._works and self._app.process not in alive:
            missing["worker"] = f"it gave no sign of life for {presence.ALIVE_FOR.total_seconds():.0f} s"
        return missing

    async def metrics(self, accept: str) -> tuple[bytes, str]:
        """The figures, a few seconds old at most; raises CadenceError."""
        async with self._gathering:
            now, kept = self._app.clock(), self._figures
            if kept is None or not kept.at <= now < kept.at + FRESH:
                async with self._app.db.read() as tx:
                    kept = self._figures = await figures.gather(tx, now)
        return exposition(kept, self._app.policy.barrier, accept)

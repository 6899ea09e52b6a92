"""Shows the mails of a sequence in its author's browser, anew within a blink of every save.

It needs no installation and no login: it serves a folder of drafts, for made-up people, to this machine only.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, StreamingResponse
from jinja2 import Environment, PackageLoader

from cadence.content.files import read_snapshot, state_of
from cadence.content.lint import lint
from cadence.core.errors import CadenceError
from cadence.service import previewing
from cadence.service.authoring import LINT_SECONDS
from cadence.service.confined import confined

EVERY = 0.05
"""Seconds between two looks at the folder, each of some milliseconds."""
SIGN_OF_LIFE = 15.0
"""Seconds of silence after which a comment is sent, so that a connection that is gone is noticed."""
HERE = frozenset({"127.0.0.1", "localhost", "::1"})
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; "
        "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_templates = Environment(loader=PackageLoader("cadence.web", "html"), autoescape=True)


class Saves:
    """Notices every save below a folder, for all pages that are open."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen = state_of(folder)
        self._count = 0
        self._closed = False
        self._news = asyncio.Condition()

    async def watch(self) -> None:
        """Look until `close`."""
        while not self._closed:
            await asyncio.sleep(EVERY)
            now = await asyncio.to_thread(state_of, self._folder)
            if now != self._seen:
                self._seen, self._count = now, self._count + 1
                async with self._news:
                    self._news.notify_all()

    async def listen(self) -> AsyncIterator[str]:
        """What to send to one page: an event for each save."""
        yield "retry: 500\n\n"
        told = self._count
        while not self._closed:
            try:
                async with asyncio.timeout(SIGN_OF_LIFE), self._news:
                    while self._count == told and not self._closed:
                        await self._news.wait()
            except TimeoutError:
                yield ": still here\n\n"
                continue
            told = self._count
            if not self._closed:
                yield f"data: {told}\n\n"

    async def close(self) -> None:
        """Let go of everybody."""
        self._closed = True
        async with self._news:
            self._news.notify_all()


def drafts_app(folder: Path, name: str, saves: Saves) -> FastAPI:
    """The pages of one sequence's drafts."""
    web = FastAPI(title="Drafts", docs_url=None, redoc_url=None, openapi_url=None)
    script = _templates.get_template("drafts.js.j2").render()

    @web.middleware("http")
    async def only_here(request: Request, call_next):  # type: ignore[no-untyped-def]
        # Another site cannot read drafts by giving its own name this machine's address.
        if request.url.hostname not in HERE:
            return HTMLResponse("This serves 127.0.0.1 only.", status_code=421)
        answer = await call_next(request)
        answer.headers.update(_HEADERS)
        return answer

    @web.get("/")
    async def page() -> HTMLResponse:
        return HTMLResponse(_templates.get_template("drafts.html.j2").render(name=name))

    @web.get("/drafts.js")
    async def code() -> HTMLResponse:
        return HTMLResponse(script, media_type="text/javascript")

    @web.get("/mails")
    async def mails(who: str = "") -> HTMLResponse:
        shown, fault = None, ""
        try:
            today = datetime.now(UTC).date()
            snapshot = await asyncio.to_thread(read_snapshot, folder, name)
            shown = await confined(previewing.every, snapshot, name, who, today)
        except CadenceError as error:
            fault = str(error)
        return HTMLResponse(_templates.get_template("drafts_mails.html.j2").render(shown=shown, fault=fault))

    @web.get("/findings")
    async def findings() -> HTMLResponse:
        try:
            snapshot = await asyncio.to_thread(read_snapshot, folder, name)
            found = list(map(str, await confined(lint, snapshot, name, seconds=LINT_SECONDS)))
        except CadenceError as error:
            found = [str(error)]
        return HTMLResponse(_templates.get_template("drafts_findings.html.j2").render(found=found))

    @web.get("/saves")
    async def news() -> StreamingResponse:
        return StreamingResponse(saves.listen(), media_type="text/event-stream")

    return web

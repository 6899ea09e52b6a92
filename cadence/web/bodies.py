"""Decides how long the body of a request may take to arrive; how much it may be is said where it is read."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

CHUNK_SECONDS = 10.0
"""Whoever sends nothing for that long is cut off; a slow line still gets a large file through."""
LONGEST_FORM = 64 * 1024
"""Bytes of a body, unless a route says otherwise by max_body_size."""


class BodyDeadline:
    """Middleware: a body that stops arriving looks like a browser that went away."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_complete = False

        async def in_time() -> Message:
            nonlocal is_complete
            if is_complete:
                return await receive()  # now it waits for the browser to go away, for as long as that takes
            try:
                message = await asyncio.wait_for(receive(), CHUNK_SECONDS)
            except TimeoutError:
                return {"type": "http.disconnect"}
            is_complete = not message.get("more_body", False)
            return message

        await self._app(scope, in_time, send)

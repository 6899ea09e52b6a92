"""What the pages may ask of the application: the use cases behind them, under the names that pages use."""

from cadence.core.errors import CadenceError
from cadence.service import enrolling
from cadence.service.app import App
from cadence.store import revisions


class WebService:
    """The application as the web sees it."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def unsubscribe(self, token: str) -> None:
        """Stop every mail to the reader of that link; raises InvalidInput or NotFound for a bad one."""
        link = self._app.links.read(token)
        await enrolling.opt_out(self._app, link.enrollment_id, "an unsubscribe link")

    async def fault(self) -> str | None:
        """What keeps the installation from working; None: nothing.

        A mailbox at fault is not among it: it has a task of its own, and no restart mends it.
        """
        try:
            async with self._app.db.read() as tx:
                await revisions.heads(tx)
        except CadenceError as fault:
            return str(fault)
        return None

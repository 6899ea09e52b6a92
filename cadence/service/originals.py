"""Whole mails, as they left and as they came, for who may see those they are to and from."""

from cadence.core.errors import NotFound
from cadence.core.rights import Visitor
from cadence.service import lists
from cadence.service.app import App
from cadence.store import correspondence, inbound, listing


async def sent(app: App, visitor: Visitor, message_id: int) -> bytes:
    """A mail as it left; raises NotFound, also before it did."""
    async with app.db.read() as tx:
        found = await lists.known(tx, listing.message_list(visitor.user), message_id)
        if found.sent_at is None:
            raise NotFound(f"Message {message_id} has not left.")
        return await correspondence.raw(tx, message_id)


async def received(app: App, visitor: Visitor, inbound_id: int) -> bytes:
    """A reply as it came; raises NotFound."""
    async with app.db.read() as tx:
        await lists.known(tx, listing.reply_list(visitor.user), inbound_id)
        return await inbound.raw(tx, inbound_id)

"""Lets other software tell us something by a signed message instead of a token (Standard Webhooks 1.0).

A webhook's secret signs in both directions: what we tell it, and what it tells us. It acts by the right of
whoever made the webhook, as long as that person has it.
"""

from collections.abc import Mapping

from cadence.core import webhooks as standard
from cadence.core.errors import Forbidden, NotFound
from cadence.core.rights import RIGHTS, Right, Visitor
from cadence.service.app import App
from cadence.store import webhooks


async def sender(app: App, webhook_id: int, headers: Mapping[str, str], body: bytes, right: Right) -> Visitor:
    """By whose right a message acts, and with which.

    Raises NotFound where no such webhook is in use, Unauthenticated where its secret did not sign the
    message just now, and Forbidden where its maker may not do that.
    """
    now = app.clock()
    async with app.db.read() as tx:
        found = await webhooks.targets(tx, [webhook_id])
    if not found or found[0].channel is not None:
        raise NotFound("There is no such webhook.")
    target = found[0]
    secrets = [target.secret]
    if target.old_secret and target.old_until and now < target.old_until:
        secrets.append(target.old_secret)
    standard.check(headers, body, map(app.vault.open, secrets), now)
    user = target.user
    if user.deactivated_at is not None or right not in RIGHTS[user.role]:
        raise Forbidden("Whoever made this webhook may not do that any more.")
    return Visitor(user, RIGHTS[user.role], f"webhook {webhook_id}")

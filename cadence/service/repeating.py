"""Requests that may come again, since whoever sent one did not hear the answer: carried out once.

A key is reserved before the request is carried out, and its answer kept afterwards, encrypted, since it may
hold a secret. A process that dies in between leaves a key without an answer; after a minute the request
is carried out anew, which every use case behind the API stands: it finds what was done and says so.
"""

import json
from dataclasses import asdict, dataclass
from datetime import timedelta

from cadence.core.errors import Conflict, InvalidInput
from cadence.service.app import App
from cadence.store import answers

KEPT_FOR = timedelta(days=7)
CARRIED_OUT_WITHIN = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered. headers: those that belong to what was done."""

    status: int
    media_type: str
    body: str
    headers: dict[str, str]


async def begin(app: App, user_id: int, key: str, digest: str) -> Answer | None:
    """Reserve a key for a request; gives the answer where it was carried out before.

    digest: of the whole request. Raises InvalidInput where another request came with this key, Conflict
    where this one is being carried out.
    """
    now = app.clock()
    async with app.db.write() as tx:
        await answers.forget_old(tx, now - KEPT_FOR)
        if await answers.begin(tx, user_id, key, digest, now=now):
            return None
        known = await answers.find(tx, user_id, key)
        assert known is not None
        if known.digest != digest:
            raise InvalidInput("This Idempotency-Key came with another request before: take a new one.")
        if known.answer is not None:
            return Answer(**json.loads(app.vault.open(known.answer)))
        is_dead = known.begun_at <= now - CARRIED_OUT_WITHIN
        if not is_dead or not await answers.take_over(tx, user_id, key, begun_at=known.begun_at, now=now):
            raise Conflict("The same request is being carried out: ask again in a while.")
    return None


async def keep(app: App, user_id: int, key: str, answer: Answer) -> None:
    """Keep what was answered."""
    async with app.db.write() as tx:
        await answers.keep(tx, user_id, key, app.vault.seal(json.dumps(asdict(answer))))


async def forget(app: App, user_id: int, key: str) -> None:
    """It failed by a fault of ours or of the world: the same request may come again."""
    async with app.db.write() as tx:
        await answers.forget(tx, user_id, key)

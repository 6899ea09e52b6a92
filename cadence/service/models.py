"""Which model reads the replies: the newest that was learnt from corrections, else the shipped one.

Learnt models are rows of the database, like published revisions, so that every process reads with the
same one, whatever disk it has, and takes up a new one with the next mail.
"""

import structlog

from cadence.mail.intent.model import shipped, version_of
from cadence.store import models
from cadence.store.database import Database

log = structlog.get_logger()


class Models:
    """The models of one database; a model never changes, so what is loaded stays right."""

    def __init__(self) -> None:
        self._loaded: tuple[int, bytes] | None = None
        self._outdated: int | None = None

    async def in_use(self, db: Database) -> bytes:
        """The file of the model that reads.

        One that goes on from an earlier shipped model does not fit what reads now, and waits until
        `cadence learn` makes another.
        """
        async with db.read() as tx:
            newest = await models.newest(tx)
            if newest is None:
                return shipped()
            model_id, base = newest
            if base != version_of(shipped()):
                self._warn(model_id)
                return shipped()
            if self._loaded is None or self._loaded[0] != model_id:
                self._loaded = (model_id, await models.packed(tx, model_id))
        return self._loaded[1]

    def _warn(self, model_id: int) -> None:
        if self._outdated != model_id:
            log.warning("the learnt model is of an earlier version: `cadence learn` makes it anew")
            self._outdated = model_id

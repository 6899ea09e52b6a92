"""Everything that is kept about one person, for them to have: a document, and every mail as a file."""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cadence.core.address import normalize
from cadence.core.errors import NotFound
from cadence.core.people import Actor
from cadence.service import forgotten
from cadence.service.app import App
from cadence.store import audit, prospects, theirs

DOCUMENT = "person.json"
_NAMES = {
    "inbound": "replies",
    "messages": "mails",
    "job_rejects": "left_out_of_imports",
    "accounts": "company",
}
"""How the document calls what tables of other names hold."""
_OURS = {
    "mails": ("wake_at", "sent_by", "to_file"),
    "replies": ("folder", "uidvalidity", "uid", "message_key"),
    "letters": ("key",),
    "undos": ("digest",),
}
"""What only the machinery needs."""


@dataclass(frozen=True, slots=True)
class Dossier:
    """What is kept about a person. document: fit for JSON; mails: file name → the mail as it left or came."""

    document: Mapping[str, Any]
    mails: Mapping[str, bytes]

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file, the document first."""
        yield DOCUMENT, (json.dumps(self.document, ensure_ascii=False, indent=2, default=str) + "\n").encode()
        yield from self.mails.items()

    def zipped(self) -> bytes:
        """All files in one archive."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in self.files():
                archive.writestr(name, content)
        return made.getvalue()


async def of_address(app: App, actor: Actor, email: str) -> Dossier:
    """Everything about whoever has this address; raises InvalidInput, NotFound where nothing is kept."""
    key = normalize(email)
    async with app.db.write() as tx:
        person = await prospects.find(tx, key)
        if await forgotten.among(app, tx, [key]):
            raise NotFound(f"{email} {forgotten.WHY}; nothing else is kept")
        found = await theirs.everything(tx, person.id if person else None, {key, email.strip().lower()})
        if not any(found.values()):
            raise NotFound(f"nothing is kept about {email}")
        await audit.record(tx, actor, "prospect.exported", key, at=app.clock())
    mails: dict[str, bytes] = {}
    about = {_NAMES.get(name, name): rows for name, rows in found.items()}
    plain = {name: [_plain(name, row, mails) for row in rows] for name, rows in about.items()}
    return Dossier({"email": key, "as_of": app.clock().isoformat(), **plain}, mails)


async def of_prospect(app: App, actor: Actor, prospect_id: int) -> Dossier:
    """Everything about a person whose number is known; raises NotFound."""
    async with app.db.read() as tx:
        email = await prospects.address_of(tx, prospect_id)
    if email is None:
        raise NotFound(f"There is no prospect {prospect_id}.")
    return await of_address(app, actor, email)


def _plain(kind: str, row: dict[str, Any], mails: dict[str, bytes]) -> dict[str, Any]:
    """A row as a document; a whole mail becomes a file, which the row names."""
    told = {name: value for name, value in row.items() if name not in _OURS.get(kind, ())}
    packed = told.pop("raw", None)
    if packed is not None:
        told["file"] = f"{kind}/{row['id']}.eml"
        mails[told["file"]] = zlib.decompress(packed)
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()}

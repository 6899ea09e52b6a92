"""A spreadsheet that is uploaded: which column is what, what would happen, then its people, in parts.

Otherwise than from a command line, what was let in stays where the rest is cancelled: each part is a
transaction of its own, so that nobody waits for a hundred thousand rows.
"""

import asyncio
import io
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path, PurePath
from typing import Any, BinaryIO

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.date_order import DateOrder
from cadence.core.errors import CadenceError, Conflict, InvalidInput
from cadence.core.jobs import JobKind, JobState, Reject, Step
from cadence.core.model import Mailbox
from cadence.core.rights import Visitor
from cadence.service import admission, fields, importing, spreadsheet, steering
from cadence.service.app import App
from cadence.service.importing import Candidate, Order, Reader
from cadence.service.spreadsheet import Row, Sheet
from cadence.store import jobs
from cadence.store.jobs import Job

LARGEST = 50_000_000
"""Bytes of a file that is uploaded."""
AT_ONCE = 250
SAMPLE = 5
"""Rows that are shown."""
_LONGEST_CELL = 80
_PART = 1 << 16
"""Bytes that are packed or unpacked at once."""


async def upload(app: App, visitor: Visitor, name: str, file: BinaryIO) -> int:
    """Keep a file until somebody says which column is what; gives the id of the job. Raises InvalidInput."""
    name = PurePath(name.replace("\\", "/")).name.strip()[:120] or "file.csv"
    sheet, first, packed = await asyncio.to_thread(_looked_through, name, file)
    if not sheet.count:
        raise InvalidInput(f"{name} names columns, but has no row.")
    asked = {
        "header": list(sheet.header),
        "sample": [[cell[:_LONGEST_CELL] for cell in row.cells] for row in first],
        "encoding": sheet.encoding,
    }
    about: dict[str, Any] = {"user_id": visitor.user.id, "title": name, "asked": asked}
    async with app.db.write() as tx:
        job_id = await jobs.add(
            tx, JobKind.IMPORT, JobState.DRAFT, **about, total=sheet.count, now=app.clock()
        )
        await jobs.put_file(tx, job_id, name, packed)
    return job_id


def _looked_through(name: str, file: BinaryIO) -> tuple[Sheet, list[Row], bytes]:
    """A file that is uploaded, its first rows, and all of it packed."""
    packer = zlib.compressobj(6)
    parts = [packer.compress(part) for part in iter(partial(file.read, _PART), b"")]
    packed = b"".join((*parts, packer.flush()))
    sheet = _unpacked(name, packed)
    return sheet, list(islice(sheet.rows(), SAMPLE)), packed


def _unpacked(name: str, packed: bytes) -> Sheet:
    return spreadsheet.look_through(lambda: io.BufferedReader(_Unpacking(packed)), name)


class _Unpacking(io.RawIOBase):
    """Reads what zlib packed, part by part."""

    def __init__(self, packed: bytes) -> None:
        self._packed, self._unpacker, self._rest = io.BytesIO(packed), zlib.decompressobj(), b""

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def readinto(self, buffer: Any, /) -> int:
        """The next bytes; 0 at the end."""
        while packed := self._rest or self._packed.read(_PART):
            part = self._unpacker.decompress(packed, len(buffer))
            self._rest = self._unpacker.unconsumed_tail
            if part:
                buffer[: len(part)] = part
                return len(part)
        return 0


def guessed(header: Sequence[str]) -> list[str]:
    """For each column the field that it seems to hold, each field once; empty where there is none."""
    found: list[str] = []
    for name in header:
        field = fields.guess(name) or ""
        found.append("" if field in found else field)
    return found


async def map_columns(
    app: App,
    visitor: Visitor,
    job_id: int,
    *,
    columns: Sequence[str],
    sequence: str,
    mailbox: str,
    date_order: str,
) -> None:
    """Say which column is what, so that all rows are looked through; also anew, as long as none went in.

    columns: a field for each column, empty: none; mailbox: for rows that name none, empty: the only one;
    date_order: empty where it shows. Raises NotFound, InvalidInput, Forbidden, Conflict.
    """
    now = app.clock()
    async with app.db.write() as tx:
        from_ = await jobs.get(tx, job_id)
        if from_ is None or from_.state not in (JobState.DRAFT, JobState.READY):
            raise Conflict("Its columns cannot be chosen any more.")
        header = from_.asked["header"]
        mapping = {name: field for name, field in zip(header, columns, strict=False) if name}
        picked = [field for field in mapping.values() if field]
        if "email" not in picked:
            raise InvalidInput("Say which column holds the email address.")
        twice = next((field for field in picked if picked.count(field) > 1), None)
        if twice:
            raise InvalidInput(f"Two columns cannot both be {twice.replace('_', ' ')}.")
        if date_order and date_order not in set(DateOrder):
            raise InvalidInput("Say whether the day or the month comes first.")
        importing.columns_of(header, mapping, from_.title)
        await app.library.published(tx, sequence)
        if mailbox:
            await steering.sender_for(tx, visitor, mailbox, None)
        asked = from_.asked | {"mapping": mapping, "sequence": sequence, "mailbox": mailbox}
        asked |= {"date_order": date_order}
        await jobs.forget_rejects(tx, job_id)
        values: dict[str, Any] = {"asked": asked, "found": {}, "position": None, "done": 0}
        if not await jobs.change(tx, from_, now, state=JobState.CHECKING, **values):
            raise Conflict("Somebody else has just chosen its columns.")


async def ready(app: App, visitor: Visitor, job: Job, uploaded: tuple[str, bytes] | None) -> "Import":
    """The work of a job. uploaded: the file's name, and the file packed. Raises InvalidInput for one that
    cannot be read, Conflict where it is gone.
    """
    if uploaded is None:
        raise Conflict("The file is not kept any more: upload it again.")
    sheet = await asyncio.to_thread(_unpacked, *uploaded)
    asked = job.asked
    order = Order(
        Path(job.title),
        asked["sequence"],
        asked["mapping"],
        {},
        DateOrder(asked["date_order"]) if asked["date_order"] else None,
    )
    columns = importing.columns_of(sheet.header, order.mapping, sheet.path)
    made = Import(app, visitor, sheet, sheet.rows(), Reader(app, sheet, columns, order))
    for start in range(0, job.position or 0, AT_ONCE):  # whose addresses were there before
        await asyncio.to_thread(made.reader.read, made.next(min(AT_ONCE, (job.position or 0) - start)))
    return made


@dataclass(frozen=True, slots=True)
class Import:
    """The rows of a file; a job's position is how many of them are dealt with. rest: the others."""

    app: App
    visitor: Visitor
    sheet: Sheet
    rest: Iterator[Row]
    reader: Reader

    def next(self, count: int) -> list[Row]:
        """The next rows."""
        return list(islice(self.rest, count))

    async def step(self, tx: AsyncConnection, job: Job) -> Step:
        """Deal with the next rows."""
        start = job.position or 0
        rows = await asyncio.to_thread(self.next, AT_ONCE)
        candidates, faulty = await asyncio.to_thread(self.reader.read, rows)
        rejects = [Reject(one.row, one.email[:_LONGEST_CELL], one.reason, one.cells) for one in faulty]
        allowed = await self._from_mailboxes(tx, candidates, job.asked["mailbox"])
        decide = admission.vet if job.state is JobState.CHECKING else admission.admit
        results = iter(
            await decide(self.app, tx, [one.request for one in allowed if isinstance(one, Candidate)])
        )
        for candidate, one in zip(candidates, allowed, strict=True):
            fault = next(results) if isinstance(one, Candidate) else one
            if isinstance(fault, CadenceError):
                row = candidate.row
                rejects.append(Reject(row.number, candidate.request.email, str(fault), row.cells))
        counts = Counter({"changed": len(rows) - len(rejects), "unchanged": len(rejects)})
        position, is_last = start + len(rows), start + len(rows) >= self.sheet.count
        return Step(position, len(rows), dict(counts), tuple(sorted(rejects, key=_by_row)), is_last)

    async def _from_mailboxes(
        self, tx: AsyncConnection, candidates: Sequence[Candidate], usual: str
    ) -> list[Candidate | CadenceError]:
        """Each from the mailbox that it names, else the usual one, where the visitor may use that."""
        known: dict[tuple[str | None, str | None], Mailbox | CadenceError] = {}
        allowed: list[Candidate | CadenceError] = []
        for one in candidates:
            pair = (one.request.mailbox or usual or None, one.request.executive)
            if pair not in known:
                try:
                    known[pair] = await steering.sender_for(tx, self.visitor, *pair)
                except CadenceError as fault:
                    known[pair] = fault
            box = known[pair]
            allowed.append(
                box
                if isinstance(box, CadenceError)
                else replace(one, request=replace(one.request, mailbox=box.address))
            )
        return allowed


def _by_row(one: Reject) -> int:
    return one.row


def preview(job: Job) -> list[Mapping[str, str]]:
    """The first rows as they were understood: field → words."""
    mapping, header = job.asked.get("mapping", {}), job.asked["header"]
    return [
        {mapping[name]: cell for name, cell in zip(header, cells, strict=False) if mapping.get(name)}
        for cells in job.asked["sample"]
    ]

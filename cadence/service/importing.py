"""From a spreadsheet of people to enrollments: which column is what, who is rejected and why, all or nothing.

Rejected rows are reported and left out; the others go in together, in one transaction, so that a fault
half-way leaves the database as it was. Rows are read as they go in, so a long file costs no memory.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import normalize
from cadence.core.date_order import DateOrder
from cadence.core.errors import CadenceError, ContentError, InvalidInput
from cadence.service import admission, fields, spreadsheet, worded
from cadence.service.app import App
from cadence.service.requests import Request, check
from cadence.service.spreadsheet import Row, Sheet

CHUNK = 1000
Progress = Callable[[int, int], None]
"""Told how many of how many rows are done."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was left out. row: as a spreadsheet counts; email: what stood for the address."""

    row: int
    email: str
    reason: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did, or would do.

    columns: header → field for what was used; ignored: headers of what was not; enrolled: people let
    in; rejected: by row.
    """

    path: str
    sequence: str
    rows: int
    enrolled: int
    rejected: tuple[Rejected, ...]
    header: tuple[str, ...]
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    encoding: str
    delimiter: str
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked of an import.

    mapping: header → field, an empty field ignores the column; defaults: field → words, where a row says
    nothing; date_order: of dates that can be read in two ways.
    """

    path: Path
    sequence: str
    mapping: Mapping[str, str]
    defaults: Mapping[str, str]
    date_order: DateOrder | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody to be let in, and the row that says so."""

    row: Row
    request: Request


async def import_file(app: App, order: Order, progress: Progress | None = None) -> Report:
    """Enroll the people of a CSV file.

    Raises InvalidInput for a file, a mapping or a default that cannot be used at all, NotFound for a
    sequence or mailbox that does not exist; then nothing was changed.
    """
    tell = progress or _silent
    sheet = spreadsheet.read(order.path)
    columns = columns_of(sheet.header, order.mapping, sheet.path)
    _check_defaults(order.defaults)
    reader = Reader(app, sheet, columns, order)
    transaction = app.db.read if order.dry_run else app.db.write
    async with transaction() as tx:
        await app.library.published(tx, order.sequence)
        everyone = await _admit(app, tx, sheet, reader, order.dry_run, tell)
    _refuse_if_hopeless(sheet, everyone)
    return Report(
        path=str(order.path),
        sequence=order.sequence,
        rows=sheet.count,
        enrolled=sheet.count - len(everyone),
        rejected=tuple(everyone),
        header=sheet.header,
        columns={sheet.header[index]: name for index, name in columns.items()},
        ignored=tuple(name for index, name in enumerate(sheet.header) if name and index not in columns),
        encoding=sheet.encoding,
        delimiter=sheet.delimiter,
        dry_run=order.dry_run,
    )


def write_rejected(report: Report, path: Path) -> None:
    """Write the rejected rows with their reasons, as a CSV file that is safe to open; raises InvalidInput."""
    rows = ((one.row, one.reason, *one.cells) for one in report.rejected)
    spreadsheet.write(path, ("row", "reason", *report.header), rows)


def columns_of(header: Sequence[str], mapping: Mapping[str, str], path: str) -> dict[int, str]:
    """Column → field: what the mapping says, and for the others what their headers suggest."""
    chosen = dict(_mapped(header, mapping, path))
    taken = {name: index for index, name in chosen.items() if name}
    for index, said in enumerate(header):
        name = fields.guess(said)
        if index in chosen or name is None:
            continue
        if name in taken and taken[name] in chosen:
            continue  # the mapping gave this field to another column
        if name in taken:
            both = f"{header[taken[name]]!r} and {said!r}"
            raise ContentError(f"{both} both look like {name}; say which with --map COLUMN={name}", path)
        taken[name] = index
    if "email" not in taken:
        there = ", ".join(repr(said) for said in header[:20])
        raise ContentError(
            f"no column looks like an address; say which with --map COLUMN=email. The columns are {there}",
            path,
        )
    return {index: name for name, index in sorted(taken.items(), key=lambda item: item[1])}


def _mapped(header: Sequence[str], mapping: Mapping[str, str], path: str) -> Iterator[tuple[int, str]]:
    by_header = {said.casefold(): index for index, said in enumerate(header)}
    given: set[str] = set()
    for said, name in mapping.items():
        index = by_header.get(said.strip().casefold())
        if index is None:
            near = get_close_matches(said, header, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; there is: {', '.join(header)}"
            raise InvalidInput(f"{path} has no column {said!r}{hint}")
        if name and name not in fields.BY_NAME:
            raise _no_field(name)
        if name and name in given:
            raise InvalidInput(f"two columns are mapped to {name}")
        given.add(name)
        yield index, name


def _check_defaults(defaults: Mapping[str, str]) -> None:
    for name in defaults:
        if name not in fields.BY_NAME:
            raise _no_field(name)


def _no_field(name: str) -> InvalidInput:
    near = get_close_matches(name, fields.BY_NAME, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else "."
    return InvalidInput(f"there is no field {name!r}{hint} The fields are: {', '.join(fields.BY_NAME)}")


class Reader:
    """Understands the rows of a sheet, part by part: requests of people of different addresses."""

    def __init__(self, app: App, sheet: Sheet, columns: Mapping[int, str], order: Order) -> None:
        self._app, self._sheet, self._columns, self._order = app, sheet, columns, order
        self._email = next(index for index, name in columns.items() if name == "email")
        self._seen: dict[str, int] = {}

    def read(self, rows: Iterable[Row]) -> tuple[list[Candidate], list[Rejected]]:
        """The people of some rows, and what is left out already."""
        now = self._app.clock()
        candidates: list[Candidate] = []
        rejected: list[Rejected] = []
        for row in rows:
            try:
                asked = _request(self._app, self._sheet, row, self._columns, self._order, now)
                key = normalize(asked.email)
                if key in self._seen:
                    raise InvalidInput(f"the same address as in row {self._seen[key]}")
                check(asked, now)
            except CadenceError as fault:
                rejected.append(_rejected(row, self._email, fault))
            else:
                self._seen[key] = row.number
                candidates.append(Candidate(row, asked))
        return candidates, rejected


def _request(
    app: App, sheet: Sheet, row: Row, columns: Mapping[int, str], order: Order, now: datetime
) -> Request:
    extra = [cell for cell in row.cells[len(sheet.header) :] if cell.strip()]
    if extra:
        raise InvalidInput(f"{len(row.cells)} cells, but the header names {len(sheet.header)} columns")
    if len(row.cells) < len(sheet.header) and len(row.cells) <= max(columns):
        raise InvalidInput(f"{len(row.cells)} cells only; the header names {len(sheet.header)} columns")
    said = {name: row.cells[index] for index, name in columns.items()}
    said |= {name: words for name, words in order.defaults.items() if not (said.get(name) or "").strip()}
    return worded.request_of(
        said, sequence=order.sequence, now=now, place=app.policy.place, order=order.date_order
    )


async def _admit(
    app: App, tx: AsyncConnection, sheet: Sheet, reader: Reader, dry_run: bool, tell: Progress
) -> list[Rejected]:
    """Let everyone in who may be, or only say who may not; gives the others, by row."""
    left_out: list[Rejected] = []
    decide, done, rows = admission.vet if dry_run else admission.admit, 0, sheet.rows()
    tell(0, sheet.count)
    while chunk := list(islice(rows, CHUNK)):
        candidates, rejected = reader.read(chunk)
        results = await decide(app, tx, [one.request for one in candidates])
        rejected += [
            Rejected(one.row.number, one.request.email, str(result), one.row.cells)
            for one, result in zip(candidates, results, strict=True)
            if isinstance(result, CadenceError)
        ]
        left_out += sorted(rejected, key=lambda one: one.row)
        done += len(chunk)
        tell(done, sheet.count)
    return left_out


def _refuse_if_hopeless(sheet: Sheet, everyone: Sequence[Rejected]) -> None:
    """A thousand rows with one and the same fault are one fault of the file or of the flags."""
    reasons = {one.reason for one in everyone}
    if len(everyone) == sheet.count > 1 and len(reasons) == 1:
        raise InvalidInput(f"{sheet.path}: every row is refused: {reasons.pop()}")


def _rejected(row: Row, email: int, fault: CadenceError) -> Rejected:
    address = row.cells[email].strip() if email < len(row.cells) else ""
    return Rejected(row.number, address, str(fault), row.cells)


def _silent(done: int, total: int) -> None:
    """Nobody watches."""

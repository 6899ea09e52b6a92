"""Reads a CSV file as spreadsheets write it: whatever the characters, the delimiter and the line ends.

A file that cannot be read as a whole is refused with its place; a single row that does not fit its header
is the caller's to report.
"""

import codecs
import csv
import io
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cadence.core.errors import ContentError, InvalidInput

DELIMITERS = ",;\t|"
LARGEST = 500_000_000
"""Bytes; a file beyond this is no list of people."""
_MOST_COLUMNS = 200
_LONGEST_CELL = 100_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SIGNATURES = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row. number: as a spreadsheet counts, so the header is row 1; cells: any number of them."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read: its header, its rows without the empty ones, and how it was understood."""

    path: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]
    encoding: str
    delimiter: str


def read(path: Path) -> Sheet:
    """Read a file; raises InvalidInput, with the line where there is one."""
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidInput(f"{path}: larger than {LARGEST // 1_000_000} MB")
        raw = path.read_bytes()
    except OSError as fault:
        raise InvalidInput(f"{path}: {fault.strerror}") from None
    text, encoding = decode(raw, str(path))
    return parse(text, str(path), encoding)


def decode(raw: bytes, path: str) -> tuple[str, str]:
    """The characters of a file: by its byte order mark, else UTF-8, else what Western Windows writes."""
    for signature, what in _SIGNATURES.items():
        if raw.startswith(signature):
            raise InvalidInput(f"{path} is {what}, not a CSV file: save it as CSV first")
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), None) or _without_mark(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as fault:
        if encoding != "utf-8":
            raise InvalidInput(f"{path} is damaged: it is not {encoding} after byte {fault.start}") from None
        _refuse_damaged(raw, fault.start, path)
        encoding = "cp1252"
        text = raw.decode(encoding, "replace")
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise ContentError("not a text file", path, line)
    return text, encoding


def _refuse_damaged(raw: bytes, at: int, path: str) -> None:
    """UTF-8 with a few wrong bytes is a damaged file; read as Windows writes, every umlaut would be wrong."""
    repaired = raw.decode("utf-8", "replace")
    wrong = repaired.count("\ufffd")
    right = sum(ord(character) > 127 for character in repaired) - wrong
    if right >= 3 * wrong:
        line = raw.count(b"\n", 0, at) + 1
        raise ContentError("damaged characters: the file is UTF-8, but not here", path, line)


def _without_mark(raw: bytes) -> str:
    """UTF-16 that lost its mark shows by its zeros."""
    start = raw[:2000]
    if len(start) >= 4 and start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if len(start) >= 4 and start[0::2].count(0) > len(start) // 4:
        return "utf-16-be"
    return "utf-8"


def parse(text: str, path: str, encoding: str = "utf-8") -> Sheet:
    """Cut a text into rows; raises ContentError."""
    lines = io.StringIO(text, newline="")
    first = lines.readline()
    if first.lower().startswith("sep=") and len(first.strip()) == 5:  # a hint that Excel writes and reads
        delimiter = first.strip()[4]
        skipped = 1
    else:
        lines.seek(0)
        delimiter, skipped = _delimiter(text), 0
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    rows = list(_rows(reader, path, skipped))
    if not rows:
        raise ContentError("the file is empty", path)
    header = tuple(cell.strip() for cell in rows[0].cells)
    _check_header(header, path)
    return Sheet(path, header, tuple(rows[1:]), encoding, delimiter)


def _delimiter(text: str) -> str:
    """What cuts the first line that has words into most columns, outside of quotes."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    plain = "".join(part for index, part in enumerate(first.split('"')) if index % 2 == 0)
    return max(DELIMITERS, key=lambda delimiter: (plain.count(delimiter), -DELIMITERS.index(delimiter)))


def _rows(reader: Iterator[list[str]], path: str, skipped: int) -> Iterator[Row]:
    number = skipped
    begins = 1
    try:
        for cells in reader:
            number += 1
            if any(len(cell) > _LONGEST_CELL for cell in cells):
                raise ContentError("a quotation mark is opened and never closed", path, begins + skipped)
            begins = reader.line_num + 1  # type: ignore[attr-defined]
            if any(cell.strip() for cell in cells):
                yield Row(number, tuple(cells))
    except csv.Error as fault:
        words = str(fault)
        if "end of data" in words or "field larger" in words:
            words = "a quotation mark is opened and never closed"
        raise ContentError(words, path, begins + skipped) from None


def _check_header(header: Sequence[str], path: str) -> None:
    if len(header) > _MOST_COLUMNS:
        raise ContentError(f"{len(header)} columns are too many", path)
    if any("@" in cell for cell in header):
        raise ContentError("the first line must name the columns, but it holds an address", path)
    named = [name.casefold() for name in header if name]
    twice = next((name for name in header if named.count(name.casefold()) > 1), None)
    if twice:
        raise ContentError(f"two columns are named {twice!r}", path)


def check_writable(path: Path) -> None:
    """Raise InvalidInput where `write` would, as far as that can be told without writing."""
    folder = path.parent
    if path.is_dir():
        raise InvalidInput(f"{path}: Is a directory")
    if not folder.is_dir():
        raise InvalidInput(f"{path}: there is no folder {folder}")
    if not os.access(path if path.exists() else folder, os.W_OK):
        raise InvalidInput(f"{path}: Permission denied")


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file that a spreadsheet opens and does not execute; raises InvalidInput."""
    try:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([harmless(cell) for cell in header])
            writer.writerows([harmless(cell) for cell in row] for row in rows)
    except OSError as fault:
        raise InvalidInput(f"{path}: {fault.strerror}") from None


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula: text that begins like one gets an apostrophe."""
    if isinstance(cell, str) and cell.lstrip(" ")[:1] in ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%"):
        return f"'{cell}"
    return cell

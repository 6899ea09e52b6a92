"""Reads a CSV file as spreadsheets write it: whatever the characters, the delimiter and the line ends.

A file that cannot be read as a whole is refused with its place; a single row that does not fit its header
is the caller's to report.
"""

import codecs
import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO, TextIO

from cadence.core.errors import ContentError, InvalidInput

DELIMITERS = ",;\t|"
LARGEST = 500_000_000
"""Bytes; a file beyond this is no list of people."""
_START, _PART = 2000, 1 << 16
"""Bytes that show what a file is; and that are read at once."""
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
    """A file that was looked through: its header, how many rows it has without the empty ones, and how it is
    understood. Its rows are read when they are asked for, so that it costs no memory however long it is.
    """

    path: str
    header: tuple[str, ...]
    count: int
    encoding: str
    delimiter: str
    opened: Callable[[], TextIO] = field(repr=False, compare=False)

    def rows(self) -> Iterator[Row]:
        """The rows from the first one on; raises ContentError where the file changed and cannot be cut."""
        return islice(_cut(self.opened, self.delimiter, self.path), 1, None)


def read(path: Path) -> Sheet:
    """Look through a file; raises InvalidInput, with the line where there is one."""
    try:
        if path.stat().st_size > LARGEST:
            raise InvalidInput(f"{path}: larger than {LARGEST // 1_000_000} MB")
        return look_through(lambda: path.open("rb"), str(path))
    except OSError as fault:
        raise InvalidInput(f"{path}: {fault.strerror}") from None


def look_through(opened: Callable[[], BinaryIO], path: str) -> Sheet:
    """Look through bytes, which can be opened again and again; raises InvalidInput."""
    encoding, errors = _encoding(opened, path)

    def text() -> TextIO:
        return io.TextIOWrapper(opened(), encoding, errors, newline="")

    return _sheet(text, path, encoding)


def decode(raw: bytes, path: str) -> tuple[str, str]:
    """The characters of a short file: by its byte order mark, else UTF-8, else what Windows writes."""
    encoding, errors = _encoding(partial(io.BytesIO, raw), path)
    return raw.decode(encoding, errors), encoding


def parse(text: str, path: str, encoding: str = "utf-8") -> Sheet:
    """Look through a text; raises ContentError."""
    return _sheet(partial(io.StringIO, text, newline=""), path, encoding)


# --- the characters ---


def _encoding(opened: Callable[[], BinaryIO], path: str) -> tuple[str, str]:
    """How a file is decoded, and what is done about wrong bytes; raises InvalidInput for what is no text."""
    with opened() as file:
        start = file.read(_START)
    for signature, what in _SIGNATURES.items():
        if start.startswith(signature):
            raise InvalidInput(f"{path} is {what}, not a CSV file: save it as CSV first")
    encoding = next((name for bom, name in _BOMS if start.startswith(bom)), None) or _without_mark(start)
    damaged_at = _decoded_until(opened, encoding, "strict", path)
    if damaged_at is None:
        return encoding, "strict"
    if encoding != "utf-8":
        raise InvalidInput(f"{path} is damaged: it is not {encoding} after byte {damaged_at}")
    _refuse_damaged(opened, damaged_at, path)
    _decoded_until(opened, "cp1252", "replace", path)
    return "cp1252", "replace"


def _decoded_until(opened: Callable[[], BinaryIO], encoding: str, errors: str, path: str) -> int | None:
    """The byte where a file cannot be decoded, None where all of it can; ContentError for what is no text."""
    decoder, at, line = codecs.getincrementaldecoder(encoding)(errors), 0, 1
    for part, is_last in _parts(opened):
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(part, is_last)
        except UnicodeDecodeError as fault:
            return at - pending + fault.start
        if "\0" in text:
            raise ContentError("not a text file", path, line + text.count("\n", 0, text.index("\0")))
        at, line = at + len(part), line + text.count("\n")
    return None


def _refuse_damaged(opened: Callable[[], BinaryIO], at: int, path: str) -> None:
    """UTF-8 with a few wrong bytes is a damaged file; read as Windows writes, every umlaut would be wrong."""
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    wrong, beyond_ascii, line, seen = 0, 0, 1, 0
    for part, is_last in _parts(opened):
        text = decoder.decode(part, is_last)
        wrong += text.count("\ufffd")
        beyond_ascii += len(text) - len(text.encode("ascii", "ignore"))
        line += part[: max(at - seen, 0)].count(b"\n")
        seen += len(part)
    if beyond_ascii - wrong >= 3 * wrong:
        raise ContentError("damaged characters: the file is UTF-8, but not here", path, line)


def _parts(opened: Callable[[], BinaryIO]) -> Iterator[tuple[bytes, bool]]:
    """A file in parts, and whether it was the last, which is empty."""
    with opened() as file:
        while part := file.read(_PART):
            yield part, False
    yield b"", True


def _without_mark(start: bytes) -> str:
    """UTF-16 that lost its mark shows by its zeros."""
    if len(start) >= 4 and start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if len(start) >= 4 and start[0::2].count(0) > len(start) // 4:
        return "utf-16-be"
    return "utf-8"


# --- the rows ---


def _sheet(opened: Callable[[], TextIO], path: str, encoding: str) -> Sheet:
    with opened() as lines:
        first = lines.readline()
    if _is_hint(first):
        delimiter = first.strip()[4]
    else:
        with opened() as lines:
            delimiter = _delimiter(lines)
    header, count = None, 0
    for row in _cut(opened, delimiter, path):
        if header is None:
            header = tuple(cell.strip() for cell in row.cells)
        else:
            count += 1
    if header is None:
        raise ContentError("the file is empty", path)
    _check_header(header, path)
    return Sheet(path, header, count, encoding, delimiter, opened)


def _is_hint(line: str) -> bool:
    """Whether the first line is the hint that Excel writes and reads: sep=;"""
    return line.lower().startswith("sep=") and len(line.strip()) == 5


def _cut(opened: Callable[[], TextIO], delimiter: str, path: str) -> Iterator[Row]:
    """A text cut into rows, the header first; raises ContentError."""
    with opened() as lines:
        first = lines.readline()
        skipped = int(_is_hint(first))
        every = lines if skipped else chain([first], lines)
        yield from _rows(csv.reader(every, delimiter=delimiter, strict=True), path, skipped)


def _delimiter(lines: TextIO) -> str:
    """What cuts the first line that has words into most columns, outside of quotes."""
    first = next((line for line in lines if line.strip()), "")
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

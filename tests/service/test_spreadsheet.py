"""Files as spreadsheets write them: read whatever the dialect, refused with their place where damaged."""

import csv
import io
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.errors import InvalidInput
from cadence.service import spreadsheet
from cadence.service.spreadsheet import decode, harmless, parse

TEXT = "E-Mail;Name\nköhler@x.example;Köhler\n"


def write(folder: Path, raw: bytes) -> Path:
    path = folder / "people.csv"
    path.write_bytes(raw)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_usual_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    sheet = spreadsheet.read(write(tmp_path, TEXT.encode(encoding)))
    assert sheet.header == ("E-Mail", "Name")
    assert next(sheet.rows()).cells == ("köhler@x.example", "Köhler")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_usual_delimiter_and_line_end_is_read(delimiter: str, end: str) -> None:
    text = end.join((f"email{delimiter}name", f'a@x.example{delimiter}"One{delimiter} two"', ""))
    sheet = parse(text, "f.csv")
    assert sheet.delimiter == delimiter
    assert next(sheet.rows()).cells == ("a@x.example", f"One{delimiter} two")


def test_the_hint_of_a_spreadsheet_is_heeded() -> None:
    sheet = parse("sep=;\nemail;name\na@x.example;A, B\n", "f.csv")
    assert next(sheet.rows()).number == 3
    assert next(sheet.rows()).cells == ("a@x.example", "A, B")


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    sheet = parse('email,name\na@x.example,"two\nlines"\n\n , \nb@x.example,B\n', "f.csv")
    assert [row.number for row in sheet.rows()] == [2, 5]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "f.csv:1: the file is empty"),
        (b"\n\n", "f.csv:1: the file is empty"),
        (b"PK\x03\x04rest", "a workbook or an archive"),
        (b"email\na\x00b", "f.csv:2: not a text file"),
        (b'email,name\na@x.example,"open\nb@x.example,B\n', "f.csv:2: a quotation mark is opened"),
        (b'email\n"a"b\n', "f.csv:2"),
        (b"a@x.example,A\n", "must name the columns"),
        (b"email,Email\n", "two columns are named"),
        ("email\nKöhler Müller Äh\n".encode() + b"\xff\n", "f.csv:3: damaged characters"),
    ],
)
def test_a_damaged_file_is_refused_with_its_place(raw: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        parse(decode(raw, "f.csv")[0], "f.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_long_file_is_read_in_parts_wherever_they_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    monkeypatch.setattr(spreadsheet, "_PART", 3)
    sheet = spreadsheet.read(write(tmp_path, (TEXT + "möller@x.example;Möller\n" * 9).encode(encoding)))
    assert (sheet.count, list(sheet.rows())[-1].cells) == (10, ("möller@x.example", "Möller"))
    damaged = "email\nKöhler Müller Äh\n".encode() + b"\xff\n"
    with pytest.raises(InvalidInput, match=r"people\.csv:3: damaged characters"):
        spreadsheet.read(write(tmp_path, damaged))


def test_no_more_rows_are_in_memory_than_are_asked_for(tmp_path: Path) -> None:
    sheet = spreadsheet.read(
        write(tmp_path, b"email,words\n" + (b"a@x.example," + b"w" * 1000 + b"\n") * 5000)
    )
    tracemalloc.start()
    assert sum(1 for _ in sheet.rows()) == sheet.count == 5000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500_000  # of five million bytes


def test_a_missing_file_is_a_line() -> None:
    with pytest.raises(InvalidInput, match="No such file"):
        spreadsheet.read(Path("/nowhere/f.csv"))


@given(st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_invalid_input(raw: bytes) -> None:
    try:
        assert parse(decode(raw, "f.csv")[0], "f.csv").header
    except InvalidInput as fault:
        assert "\n" not in str(fault).rstrip("\n")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " ="])
def test_no_cell_that_is_written_is_a_formula(tmp_path: Path, start: str) -> None:
    path = tmp_path / "rejects.csv"
    spreadsheet.write(path, ("row", f"{start}cmd"), [(2, f"{start}HYPERLINK()")])
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    assert all(cell[:1].isdigit() or cell[0] in "'r" for row in rows for cell in row)


def test_what_is_harmless_stays() -> None:
    assert [harmless(cell) for cell in ("Köhler", 3, "", "a=b")] == ["Köhler", 3, "", "a=b"]

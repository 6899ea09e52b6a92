"""`cadence tone` as a person and as a program use it: on files, on standard input, on templates."""

import io
import sys
from pathlib import Path

import pytest

from cadence.cli import toning

FIELDS = ["file", "line", "kind", "text", "why", "better"]


def written(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def test_each_finding_is_a_line_of_json(cadence, tmp_path):
    path = written(tmp_path, "a.txt", "Thank you.\n\nJust checking in.\nThis offer expires at midnight.\n")
    said = cadence("tone", path, "--json")
    assert said.code == 2
    assert [list(line) for line in said.lines] == [FIELDS, FIELDS]
    assert [(line["file"], line["line"], line["kind"]) for line in said.lines] == [
        (path, 3, "just_checking"),
        (path, 4, "false_urgency"),
    ]


def test_a_good_text_ends_well(cadence, tmp_path):
    said = cadence("tone", written(tmp_path, "a.txt", "Congratulations on your choice."), "--json")
    assert (said.code, said.out) == (0, "")


def test_a_person_reads_the_reason_and_a_better_way(cadence, tmp_path):
    path = written(tmp_path, "a.txt", "Just checking in.")
    said = cadence("tone", path)
    assert said.code == 2
    assert said.out.startswith(f'{path}:1: just_checking: "Just checking in.": a mail that brings nothing')
    assert "1 text: 1 finding" in said.err


def test_standard_input_is_read(cadence, monkeypatch):
    piped = io.TextIOWrapper(io.BytesIO(b"Ich wollte nur mal nachfragen."))
    monkeypatch.setattr(toning, "sys", type("piped", (), {"stdin": piped, "stdout": sys.stdout}))
    assert "-:1: just_checking" in cadence("tone", "-").out


def test_in_a_template_comments_are_followed(cadence, tmp_path):
    words = "{# tone: allow just_checking because they asked #}\n{{ rep.name }} is just checking in.\n"
    assert cadence("tone", written(tmp_path, "a.md.j2", words)).code == 0
    assert cadence("tone", written(tmp_path, "a.txt", words)).code == 2


@pytest.mark.parametrize("words", [["absent.txt"], ["."], ["-", "--language", "tlh"]])
def test_what_cannot_be_read_is_one_line(cadence, words):
    said = cadence("tone", *words)
    assert said.code != 0 and said.out == "" and len(said.err.strip().splitlines()) == 1

"""`cadence mcp` says in one line what is missing, before anything is served."""

from pathlib import Path

import pytest

from cadence.cli import assisting
from tests.cli.conftest import Cadence


def test_without_its_part_it_says_how_to_get_that(cadence: Cadence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assisting, "find_spec", lambda name: None)
    said = cadence("mcp")
    assert (said.code, said.out) == (2, "")
    assert said.err == "cadence: this needs one more part: pip install 'cadence-winback[mcp]'\n"


def test_without_a_token_it_says_where_one_goes(cadence: Cadence) -> None:
    said = cadence("mcp")
    assert (said.code, said.out) == (2, "")
    assert said.err == "cadence: say with which token: CADENCE_API_TOKEN=cadence_…\n"


def test_a_file_without_a_token_is_one_line(cadence: Cadence, folder: Path) -> None:
    said = cadence("mcp", "--token-file", "none")
    assert (said.code, said.err) == (2, "cadence: none cannot be read: No such file or directory\n")


def test_a_token_comes_from_a_file_and_is_never_shown(cadence: Cadence, folder: Path) -> None:
    (folder / "token").write_text("cadence_of-a-file\n", encoding="utf-8")
    said = cadence("mcp", "--url", "http://127.0.0.1:1", "--token-file", "token")
    assert said.code == 1
    assert said.err.startswith("cadence: Cadence does not answer")
    assert "of-a-file" not in said.err

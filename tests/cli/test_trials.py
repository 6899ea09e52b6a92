"""A second way of writing a step, from the command that lays it out to the one that says what came of it."""

import shutil
from pathlib import Path

import pytest

from tests.cli.conftest import Cadence
from tests.content.snapshot import TEMPLATES


def test_a_variant_is_laid_out_published_and_followed(
    installed: Cadence, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADENCE_TEMPLATES", str(shutil.copytree(TEMPLATES, tmp_path / "copy")))
    assert "No step is written in two ways" in installed("trials").out
    made = installed("new", "variant", "price", "thank-you")
    assert made.code == 0, made.err
    assert "thank-you~b.md.j2" in made.out
    assert installed("new", "variant", "price", "thank-you").code == 2
    assert "word for word" in installed("lint", "price").out
    shown = installed("preview", "price", "--step", "thank-you", "--json").json
    assert [one["variant"] for one in shown] == ["a", "b"]
    said = installed("publish", "price")
    assert "The trial of 'thank-you' begins." in said.out
    assert "price, thank-you: not enough yet: 0 of 200 of each had 14 days" in installed("trials").out
    (trial,) = installed("trials", "--json").json
    assert (trial["state"], trial["variants"]["b"]["sent"]) == ("running", 0)

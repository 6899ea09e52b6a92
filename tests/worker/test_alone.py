"""Only one process works on a data folder."""

from pathlib import Path

import pytest

from cadence.core.errors import CadenceError, Conflict
from cadence.worker.alone import NAME, alone


def test_a_second_one_is_refused_and_told_who_is_there(tmp_path: Path) -> None:
    with alone(tmp_path / "data"):
        with (
            pytest.raises(Conflict, match=r"another `cadence run` \(process \d+\) works on"),
            alone(tmp_path / "data"),
        ):
            pass
        with alone(tmp_path / "other"):
            pass
    with alone(tmp_path / "data"):
        pass


def test_what_a_dead_process_left_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("4711\n")
    with alone(tmp_path):
        assert (tmp_path / NAME).read_text().strip() != "4711"


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(CadenceError, match="the data folder cannot be used"),
        alone(tmp_path / "file" / "data"),
    ):
        pass

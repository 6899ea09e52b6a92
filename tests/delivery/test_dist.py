"""The wheel holds the package, all of it and nothing else; the source makes the same wheel, to the byte."""

import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

from tests.delivery.conftest import ROOT, Dist, uv

PLACES = {"cadence": "cadence", "templates": "cadence/_templates"} | {
    f"training/{part}": f"cadence/_training/{part}" for part in ("replies", "unseen")
}
"""Folder of a checkout → where the wheel has it. `cadence learn` learns from what is below training."""


def names_in(wheel: Path) -> set[str]:
    with ZipFile(wheel) as packed:
        return {name for name in packed.namelist() if ".dist-info/" not in name}


def test_the_wheel_holds_the_package_the_sequences_and_what_is_learned_from(dist: Dist) -> None:
    wanted = {
        f"{inside}/{path.relative_to(ROOT / place).as_posix()}"
        for place, inside in PLACES.items()
        for path in (ROOT / place).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert names_in(dist.wheel) == wanted


def test_whatever_is_read_at_run_time_is_in_the_wheel(dist: Dist) -> None:
    names = names_in(dist.wheel)
    for name in (
        "cadence/py.typed",
        "cadence/demo/cast.toml",
        "cadence/mail/intent/model.json.gz",
        "cadence/content/tone/model.json.gz",
        "cadence/store/migrations/versions/0001_the_first_schema.py",
        "cadence/web/static/app.js",
        "cadence/web/html/base.html.j2",
        "cadence/web/locale/de/LC_MESSAGES/cadence.mo",
        "cadence/_templates/closed-lost/sequence.toml",
    ):
        assert name in names


def test_the_wheel_says_what_the_project_says(dist: Dist) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    with ZipFile(dist.wheel) as packed:
        (about,) = (name for name in packed.namelist() if name.endswith("/METADATA"))
        said = packed.read(about).decode()
        licensed = {PurePosixPath(name).name for name in packed.namelist() if "/licenses/" in name}
    assert f"\nVersion: {project['version']}\n" in said
    assert f"\nLicense-Expression: {project['license']}\n" in said
    assert licensed == {"LICENSE"}


def test_the_source_makes_the_same_wheel_anywhere_and_at_any_time(dist: Dist, tmp_path: Path) -> None:
    with tarfile.open(dist.source) as packed:
        packed.extractall(tmp_path, filter="data")
    (unpacked,) = tmp_path.iterdir()
    for path in unpacked.rglob("*"):
        path.touch()
    uv("build", "--wheel", "--no-build-isolation", "--python", sys.executable, "-o", tmp_path, unpacked)
    same = (tmp_path / dist.wheel.name).read_bytes() == dist.wheel.read_bytes()
    assert same


def test_the_source_can_be_tested_and_holds_nothing_that_git_ignores(dist: Dist) -> None:
    with tarfile.open(dist.source) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert names >= {
        "Makefile",
        "tests/conftest.py",
        "requirements-dev.lock",
        "docs/design.md",
        ".env.example",
    }
    if (ROOT / ".git").exists():
        listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
        tracked = subprocess.run(
            listed, cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.splitlines()
        assert names - {"PKG-INFO"} <= set(tracked)

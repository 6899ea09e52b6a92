"""The wheel and the source as `make dist` makes them, and the wheel installed where no checkout is."""

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import pytest

from cadence.settings import PREFIX
from tests.servers.process import workplace

ROOT = Path(__file__).parents[2]
UV = Path(sys.executable).parent / "uv"


def uv(*words: object) -> None:
    done = subprocess.run([UV, "--offline", *map(str, words)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@dataclass(frozen=True)
class Dist:
    wheel: Path
    source: Path


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Dist:
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--no-build-isolation", "--python", sys.executable, "-o", folder, ROOT)
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return Dist(wheel, source)


@dataclass(frozen=True)
class Installation:
    """The wheel in an environment of its own; what it needs comes from the environment of the tests."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / "bin"

    @property
    def environment(self) -> dict[str, str]:
        """Of a shell in which this environment is active, and nothing is set."""
        kept = {n: v for n, v in os.environ.items() if not n.startswith((PREFIX, "PYTHON", "VIRTUAL_ENV"))}
        return {**kept, "PATH": f"{self.programs}{os.pathsep}{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}


def _interpreter() -> str:
    """This Python, preferably one that other users may run as well."""
    public = which(f"python3.{sys.version_info.minor}", path="/usr/bin:/usr/local/bin")
    return public or sys.executable


@pytest.fixture(scope="session")
def installed(dist: Dist) -> Iterator[Installation]:
    made = Installation(workplace("installed") / "venv")
    uv("venv", "--quiet", "--python", _interpreter(), made.folder)
    uv("pip", "install", "--no-deps", "--compile-bytecode", "--python", made.folder, dist.wheel)
    (packages,) = made.folder.glob("lib/python*/site-packages")
    (packages / "needed.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    yield made
    shutil.rmtree(made.folder.parent)

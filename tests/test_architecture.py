"""An import goes down or stays in its own part, siblings never meet, and each library has one home."""

import ast
import sys
from dataclasses import dataclass
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import cadence

ROOT = Path(cadence.__file__).parent
LAYERS = (
    {"core"},
    {"content", "mail", "crm", "store", "logs"},
    {"service"},
    {"setting_values"},
    {"settings"},
    {"wiring"},
    {"web", "worker", "assistant"},
    {"demo"},
    {"cli"},
    {"__main__"},
)
HEIGHT = {part: height for height, parts in enumerate(LAYERS) for part in parts}
HOMES = {
    "dateutil": "core demo",
    "holidays": "core",
    "idna": "core mail",
    "markdown_it": "content",
    "markupsafe": "content web",
    "jinja2": "content web",
    "aioimaplib aiosmtpd aiosmtplib dkim dns flufl icalendar proxyprotocol pymap pysasl": "mail",
    "aiosqlite alembic sqlalchemy": "store",
    "argon2 authlib itsdangerous pyotp": "service",
    "cryptography": "mail service",
    "httpx": "mail service assistant",
    "mcp": "assistant",
    "dotenv pydantic_core pydantic_settings": "settings",
    "pydantic": "settings setting_values web assistant",
    "fastapi nh3 prometheus_client segno starlette uvicorn": "web",
    "arq redis": "worker",
    "typer": "cli",
    "rich": "cli demo",
    "structlog": "service logs worker web demo cli",
}
PASSED_THROUGH = {"sqlalchemy.ext.asyncio.AsyncConnection"}
"""A service opens a transaction and hands it to the store; the type is all that it knows of it."""


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


@dataclass(frozen=True)
class Said:
    """What a module says, wherever in it: imports, as dotted names, and attributes, by their last name."""

    imports: frozenset[str]
    attributes: frozenset[str]


@cache  # the names only: the trees of all modules would fill the memory of every test worker
def said(module: str) -> Said:
    imports: set[str] = set()
    attributes: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_bytes())):
        if isinstance(node, ast.Import):
            imports |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            imports |= {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Attribute):
            attributes.add(node.attr)
    return Said(frozenset(imports), frozenset(attributes))


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def our_imports(module: str) -> set[str]:
    ours = (name for name in said(module).imports if name.split(".")[0] == "cadence")
    found = {name if name in MODULES else name.rpartition(".")[0] for name in ours}
    return found - {module, "cadence"}


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"cadence"}))
def test_an_import_goes_down_or_stays_in_its_own_part(module: str) -> None:
    own = part_of(module)
    for name in our_imports(module):
        part = part_of(name)
        assert part == own or HEIGHT[part] < HEIGHT[own], f"{module} imports {name}"


def test_there_is_no_circle_not_even_a_lazy_one() -> None:
    try:
        TopologicalSorter({module: our_imports(module) for module in MODULES}).prepare()
    except CycleError as circle:
        pytest.fail(" → ".join(circle.args[1]))


@pytest.mark.parametrize("module", sorted(MODULES))
def test_every_library_has_its_home(module: str) -> None:
    homes = {
        library: set(parts.split()) for libraries, parts in HOMES.items() for library in libraries.split()
    }
    for name in said(module).imports - PASSED_THROUGH:
        library = name.split(".")[0]
        if library in sys.stdlib_module_names or library == "cadence":
            continue
        assert library in homes, f"{module} imports {library}: give it a home"
        assert part_of(module) in homes[library], f"{module} imports {name}"


def test_the_core_is_pure() -> None:
    impure = {"asyncio", "os", "pathlib", "random", "secrets", "socket", "subprocess", "threading", "time"}
    for module in MODULES:
        if part_of(module) == "core":
            named = {name.split(".")[0] for name in said(module).imports}
            assert not named & impure - ({"pathlib"} if module == "cadence.core.errors" else set()), module


@pytest.mark.parametrize("part", ["core", "content", "mail", "crm", "store"])
def test_nothing_below_the_services_asks_for_the_time(part: str) -> None:
    for module in MODULES:
        if part_of(module) != part or module.startswith("cadence.mail.sandbox"):
            continue  # the sandbox stands for the outside world, which has a clock
        assert not said(module).attributes & {"now", "utcnow", "today", "time_ns"}, module

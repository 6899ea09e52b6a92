"""What is imported is declared, so that nothing works only because something else brings it along."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
BROUGHT_ALONG = {"starlette", "redis", "pydantic", "pydantic-core", "h11", "markupsafe"}
"""Parts of the interface of what is declared: of fastapi, arq, pydantic-settings, uvicorn and jinja2."""
INSIDE_PYMAP = {"proxy-protocol", "pysasl"}
"""What pymap's objects are made of; the sandbox cannot be embedded without."""


def imported() -> set[str]:
    names = set()
    for path in (ROOT / "cadence").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.partition(".")[0])
    return names - set(sys.stdlib_module_names) - {"cadence"}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_what_is_imported_is_declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lines = [*project["dependencies"], *project["optional-dependencies"]["mcp"]]
    declared = {normal(re.split(r"[\[<>=~! ]", line)[0]) for line in lines}
    brought = packages_distributions()
    needed = {name: {normal(each) for each in brought.get(name, [name])} for name in imported()}
    missing = {n for n, names in needed.items() if not names & (declared | BROUGHT_ALONG | INSIDE_PYMAP)}
    assert missing == set()

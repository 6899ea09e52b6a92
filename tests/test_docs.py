"""What can be set, run or written is documented, and what is documented exists."""

import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import typer

import cadence
from cadence.cli import directory
from cadence.cli.shell import cli
from cadence.cli.workplace import STEPS
from cadence.content.keys import SEQUENCE, STEP, TABLES
from cadence.settings import SECRETS, Settings

ROOT = Path(cadence.__file__).parent.parent
DOCS = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")}
README = (ROOT / "README.md").read_text(encoding="utf-8")
OPERATING, AUTHORS = DOCS["operating.md"], DOCS["authors.md"]
ALL = "\n".join([README, *DOCS.values()])


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_stands_in_the_table_with_its_meaning(name: str) -> None:
    meaning = Settings.model_fields[name].description
    rows = [line for line in OPERATING.splitlines() if line.startswith(f"| `CADENCE_{name.upper()}` |")]
    assert len(rows) == 1
    assert rows[0].endswith(f"| {meaning} |")


def test_no_setting_is_documented_that_does_not_exist() -> None:
    known = {f"CADENCE_{name.upper()}" for name in Settings.model_fields}
    known |= {f"CADENCE_{name.upper()}_FILE" for name in SECRETS}
    known |= {"CADENCE_API_URL", "CADENCE_API_TOKEN"}  # options of `cadence mcp`, which reads no settings
    assert set(re.findall(r"\bCADENCE_[A-Z_]+\b", ALL)) <= known


@pytest.mark.parametrize("command", directory.COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert f"| `cadence {command}` | {directory.COMMANDS[command][1]} |" in OPERATING


def test_every_command_of_a_group_is_documented() -> None:
    for module in {module for module, _ in directory.COMMANDS.values()}:
        import_module(f"cadence.cli.{module}")
    for group in cli.registered_groups:
        assert isinstance(group.typer_instance, typer.Typer)
        for command in group.typer_instance.registered_commands:
            assert command.callback is not None
            name = command.name or command.callback.__name__.rstrip("_")
            assert re.search(rf"`cadence {group.name} {name}\b|`{name}`", ALL), f"{group.name} {name}"


def test_no_command_is_documented_that_does_not_exist() -> None:
    shown = re.findall(r"^(?:\$ )?cadence ([a-z-]+)", ALL, re.MULTILINE) + re.findall(
        r"`cadence ([a-z-]+)", ALL
    )
    assert set(shown) <= set(directory.COMMANDS)


def _shown_commands() -> list[str]:
    """The command lines of the examples, those that go on in a further line made one, without comments."""
    lines = re.sub(r"\\\n\s*", "", f"{ALL}\n{STEPS}").splitlines()
    shown = [re.sub(r"^\s*(?:\$ )?(?:echo \w+ \| )?", "", line.partition("  #")[0]) for line in lines]
    shown += re.findall(r"`(cadence [^`]+)`", ALL)
    return sorted({line for line in shown if re.match(r"cadence [a-z-]+ ", line)})


@pytest.mark.parametrize("line", _shown_commands())
def test_every_option_in_an_example_exists(line: str) -> None:
    words = line.split()[1:]
    import_module(f"cadence.cli.{directory.COMMANDS[words[0]][0]}")
    command: Any = typer.main.get_command(cli)
    for word in words:
        command = getattr(command, "commands", {}).get(word, command)
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)}
    assert {word for word in words if re.match(r"--?[a-z]", word)} <= known | {"--help"}


@pytest.mark.parametrize(
    "key", sorted({key.name for keys in (SEQUENCE, STEP, *TABLES.values()) for key in keys})
)
def test_every_key_of_a_sequence_is_in_the_guide_for_authors(key: str) -> None:
    assert re.search(rf"^{key}\s+=|`{key}`|\[\[?{key}\]\]?", AUTHORS, re.MULTILINE)


@pytest.mark.parametrize("name", ["README.md", *DOCS])
def test_every_link_leads_to_a_file(name: str) -> None:
    path = ROOT / name if name == "README.md" else ROOT / "docs" / name
    for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), target


def test_every_test_that_shows_something_exists() -> None:
    files = (ROOT / "tests").rglob("test_*.py")
    known = {
        name for path in files for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))
    }
    shown = set(re.findall(r"`(test_\w+)`", ALL))
    assert shown
    assert shown <= known


def test_every_practice_of_winning_back_is_shown_by_a_journey() -> None:
    table = DOCS["winning-back.md"].partition("## What holds")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][2:]
    journeys = "".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "tests/journeys").glob("test_*.py")
    )
    assert len(rows) > 12
    for row in rows:
        named = re.findall(r"`(test_\w+)` \|$", row)
        assert named, row
        assert f"async def {named[0]}(office" in journeys, row

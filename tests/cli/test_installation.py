"""Laying out a working folder, the settings, the doctor, and the list of commands."""

import inspect
import json
import stat
from importlib import import_module
from pathlib import Path

import pytest
import typer

from cadence.cli import directory
from cadence.cli.shell import cli
from cadence.setting_values import shipped_templates
from cadence.settings import Settings, load
from tests.cli.conftest import REP, Cadence, Servers


def test_a_working_folder_holds_all_that_is_needed(cadence: Cadence, folder: Path) -> None:
    assert cadence("init", "here").code == 0
    made = folder / "here"
    assert {path.name for path in made.iterdir()} == {"templates", ".env", "FIRST-STEPS.md"}
    names = {path.relative_to(shipped_templates()) for path in shipped_templates().rglob("*")}
    assert {path.relative_to(made / "templates") for path in (made / "templates").rglob("*")} == names
    assert stat.S_IMODE((made / ".env").stat().st_mode) == 0o600


def test_the_env_file_names_every_setting_and_reads_as_it_is(
    cadence: Cadence, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cadence("init", ".")
    text = (folder / ".env").read_text()
    for name in Settings.model_fields:
        assert f"CADENCE_{name.upper()}=" in text
    assert load().warnings == ()
    assert load().templates == folder / "templates"
    lines = (
        line.removeprefix("# ") for line in text.splitlines() if "CADENCE_" in line and "_FILE" not in line
    )
    (folder / ".env").write_text("\n".join(line for line in lines if line.startswith("CADENCE_")))
    assert load().port == 8080


def test_the_example_of_a_checkout_is_what_init_lays_out(cadence: Cadence, folder: Path) -> None:
    cadence("init", ".")
    example = Path(directory.__file__).parents[2] / ".env.example"
    assert example.read_text() == (folder / ".env").read_text(), "copy there what `cadence init` writes"


@pytest.mark.parametrize("there", ["templates", ".env", "FIRST-STEPS.md"])
def test_nothing_is_ever_overwritten(cadence: Cadence, folder: Path, there: str) -> None:
    (folder / there).write_text("mine")
    said = cadence("init", ".")
    assert said.code == 2
    assert there in said.err
    assert [path.name for path in folder.iterdir()] == [there]


def test_a_file_is_no_folder_to_lay_out(cadence: Cadence, folder: Path) -> None:
    (folder / "file").write_text("mine")
    said = cadence("init", "file")
    assert (said.code, said.err.count("\n")) == (2, 1)


def test_settings_are_shown_with_value_origin_and_meaning(
    cadence: Cadence, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CADENCE_SECRET_KEY", "k" * 40)
    monkeypatch.setenv("CADENCE_PORT", "9000")
    said = cadence("config", "--data", "elsewhere")
    assert "CADENCE_PORT = 9000  (environment)\n    Port of the web server" in said.out
    assert f"CADENCE_DATA = {folder / 'elsewhere'}  (command line)" in said.out
    assert "k" * 40 not in said.out
    rows = {row["name"]: row for row in json.loads(cadence("config", "--json").out)}
    assert rows["CADENCE_PORT"]["value"] == "9000"
    assert rows["CADENCE_SECRET_KEY"]["value"] == "(hidden)"
    assert set(rows) == {f"CADENCE_{name.upper()}" for name in Settings.model_fields}


def test_a_bad_setting_is_one_line(cadence: Cadence, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADENCE_PORT", "high")
    said = cadence("config")
    assert said.code == 2
    assert said.err.startswith("cadence: CADENCE_PORT=high (environment): ")
    assert said.err.count("\n") == 1


def test_the_doctor_says_what_is_missing(cadence: Cadence) -> None:
    said = cadence("doctor", "--json")
    assert said.code == 1
    found = {check["name"]: check for check in json.loads(said.out)["installation"]}
    assert found["mailbox"]["level"] == "fault"
    assert found["database"]["level"] == "ok"
    assert all(check["remedy"] for check in found.values() if check["level"] != "ok")


def test_the_doctor_examines_one_mailbox(cadence: Cadence, connected: Servers) -> None:
    said = cadence("doctor", REP)
    assert said.code == 0, said.out
    assert "arrived in INBOX" in said.out
    assert len(connected.mails(REP)) == 1
    levels = {c["name"]: c["level"] for c in json.loads(cadence("doctor", REP, "--json").out)[REP]}
    assert levels["threading"] == "ok"


def test_the_doctor_names_a_mailbox_that_is_none(cadence: Cadence) -> None:
    said = cadence("doctor", "nobody@vendor.test")
    assert (said.code, said.err.count("\n")) == (2, 1)


def test_help_lists_every_command_and_imports_none(cadence: Cadence) -> None:
    said = cadence("--help")
    assert said.code == 0
    for name in directory.COMMANDS:
        assert f"\n  {name} " in said.out


def test_a_command_that_is_none_gets_a_suggestion(cadence: Cadence) -> None:
    said = cadence("mailbx", "list")
    assert said.code == 2
    assert "mailbox" in said.err


def test_the_directory_knows_every_command_of_every_module() -> None:
    registered: dict[str, str] = {}
    for module in {module for module, _ in directory.COMMANDS.values()}:
        import_module(f"cadence.cli.{module}")
    for command in cli.registered_commands:
        assert command.callback is not None
        name = command.name or command.callback.__name__.rstrip("_").replace("_", "-")
        registered[name] = command.callback.__module__.rpartition(".")[2]
        assert inspect.getdoc(command.callback) or command.help, name
    for group in cli.registered_groups:
        assert group.name is not None
        assert isinstance(group.typer_instance, typer.Typer)
        callback = group.typer_instance.registered_commands[0].callback
        assert callback is not None
        registered[group.name] = callback.__module__.rpartition(".")[2]
    assert registered == {name: module for name, (module, _) in directory.COMMANDS.items()}

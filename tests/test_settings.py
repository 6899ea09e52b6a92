"""Where a setting comes from, what a bad one says, and what is never printed."""

import os
from pathlib import Path

import pytest

from cadence.core.errors import InvalidInput
from cadence.core.model import Pace
from cadence.settings import PREFIX, SECRETS, Settings, describe, load
from cadence.wiring import endpoint_of

KEY = "k" * 32


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder and an environment without settings."""
    for name in list(os.environ):
        if name.upper().startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def row(name, **given):
    return next(row for row in describe(load(**given)) if row.name == name)


def complaint(**given):
    with pytest.raises(InvalidInput) as caught:
        load(**given)
    text = str(caught.value)
    assert "\n" not in text
    return text


def test_without_any_setting_there_are_sensible_defaults(folder):
    settings = load()
    assert settings.data == folder / "data"
    assert settings.database_url.get_secret_value() == f"sqlite+aiosqlite:///{folder}/data/cadence.db"
    assert settings.key_file == folder / "data" / "secret.key"
    assert settings.secret_key is None
    assert settings.barrier_seconds == 60
    assert settings.pace == Pace()
    assert settings.warnings == ()
    assert not settings.data.exists(), "reading settings makes nothing"


def test_templates_are_the_shipped_ones_until_the_folder_has_its_own(folder):
    shipped = load().templates
    assert shipped.is_dir()
    assert folder not in shipped.parents
    (folder / "templates").mkdir()
    assert load().templates == folder / "templates"


def test_the_environment_goes_before_the_env_file_and_both_before_the_default(folder, monkeypatch):
    (folder / ".env").write_text("CADENCE_POLL_SECONDS=30\nCADENCE_BATCH=5\n")
    monkeypatch.setenv("CADENCE_POLL_SECONDS", "40")
    settings = load()
    assert (settings.poll_seconds, settings.batch, settings.port) == (40, 5, 8080)
    assert row("CADENCE_POLL_SECONDS").origin == "environment"
    assert row("CADENCE_BATCH").origin == ".env file"
    assert row("CADENCE_PORT").origin == "default"


def test_the_command_line_goes_before_everything(folder, monkeypatch):
    monkeypatch.setenv("CADENCE_DATA", "elsewhere")
    assert load(data="here").data == folder / "here"
    assert load(data=None).data == folder / "elsewhere"
    assert row("CADENCE_DATA", data="here").origin == "command line"


def test_another_data_folder_moves_the_database_with_it(folder):
    assert load(data="here").database_url.get_secret_value().endswith(f"{folder}/here/cadence.db")


def test_an_empty_variable_sets_nothing(monkeypatch):
    monkeypatch.setenv("CADENCE_POLL_SECONDS", "")
    assert load().poll_seconds == 60


def test_a_secret_can_stand_in_a_file_of_its_own(folder, monkeypatch):
    (folder / "key").write_text(f"{KEY}\n")
    monkeypatch.setenv("CADENCE_SECRET_KEY_FILE", str(folder / "key"))
    secret = load().secret_key
    assert secret is not None
    assert secret.get_secret_value() == KEY
    assert row("CADENCE_SECRET_KEY").origin == "secret file"


def test_a_secret_file_can_be_named_in_the_env_file(folder):
    (folder / "key").write_text(KEY)
    (folder / ".env").write_text("CADENCE_SECRET_KEY_FILE=key\n")
    assert row("CADENCE_SECRET_KEY").origin == "secret file"


def test_a_secret_given_twice_is_refused(folder, monkeypatch):
    monkeypatch.setenv("CADENCE_SECRET_KEY", KEY)
    monkeypatch.setenv("CADENCE_SECRET_KEY_FILE", "key")
    assert complaint() == "CADENCE_SECRET_KEY and CADENCE_SECRET_KEY_FILE are both set; set one of them"


def test_a_secret_file_that_cannot_be_read_is_named(monkeypatch):
    monkeypatch.setenv("CADENCE_SECRET_KEY_FILE", "missing")
    assert complaint().startswith("CADENCE_SECRET_KEY_FILE=missing cannot be read: ")


def test_no_secret_is_ever_printed(monkeypatch):
    monkeypatch.setenv("CADENCE_SECRET_KEY", KEY)
    monkeypatch.setenv("CADENCE_DATABASE_URL", "postgresql+driver://cadence:hush@db.example/cadence")
    printed = "\n".join(f"{row}" for row in describe(load())) + repr(load())
    assert KEY not in printed
    assert "hush" not in printed
    assert row("CADENCE_SECRET_KEY").value == "(hidden)"
    assert row("CADENCE_DATABASE_URL").value == "postgresql+driver://cadence:***@db.example/cadence"


def test_a_bad_secret_is_not_repeated_in_its_complaint(monkeypatch):
    monkeypatch.setenv("CADENCE_SECRET_KEY", "too-short")
    said = complaint()
    assert said == "CADENCE_SECRET_KEY (environment): each key needs at least 32 characters"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POLL_SECONDS", "soon"),
        ("POLL_SECONDS", "0"),
        ("BARRIER_SECONDS", "61"),
        ("BATCH", "21"),
        ("PORT", "70000"),
        ("DEFAULT_ZONE", "Mars/Olympus"),
        ("DEFAULT_COUNTRY", "Germany"),
        ("DEFAULT_COUNTRY", "QQ"),
        ("PUBLIC_URL", "http://cadence.company.example"),
        ("PUBLIC_URL", "https://"),
        ("PUBLIC_URL", "https://x.example/?q=1"),
        ("PUBLIC_URL", "https://[x.example"),
        ("COMPANY_WEBSITE", "company"),
        ("COMPANY_NAME", "a\tb"),
        ("DATABASE_URL", "mysql://x"),
        ("DATABASE_URL", "cadence.db"),
        ("SECRET_KEY", f"{KEY},short"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "loud"),
        ("DATA", __file__),
    ],
)
def test_a_bad_value_names_its_setting_and_origin_in_one_line(name, value, monkeypatch):
    monkeypatch.setenv(f"CADENCE_{name}", value)
    said = complaint()
    assert said.startswith(f"CADENCE_{name}")
    assert "(environment): " in said


def test_a_ramp_above_the_cap_is_refused(monkeypatch):
    monkeypatch.setenv("CADENCE_DAILY_CAP", "10")
    assert load().pace.daily_cap == 10
    monkeypatch.setenv("CADENCE_RAMP_FROM", "11")
    assert complaint() == "CADENCE_RAMP_FROM=11 is above CADENCE_DAILY_CAP=10"


def test_a_line_of_the_env_file_that_is_no_setting_is_refused(folder):
    (folder / ".env").write_text("CADENCE_BATCH=5\nthis is not a setting\n")
    assert complaint() == ".env:2: not of the form NAME=value"


def test_an_env_file_that_is_no_text_is_refused(folder):
    (folder / ".env").write_bytes(b"CADENCE_COMPANY_NAME=M\xfcller\n")
    assert complaint().startswith(".env cannot be read: ")


def test_a_misspelled_setting_is_warned_about(folder, monkeypatch):
    (folder / ".env").write_text("CADENCE_POL_SECONDS=5\nOTHER=1\n")
    monkeypatch.setenv("CADENCE_NONSENSE_AT_ALL", "1")
    assert load().warnings == (
        "CADENCE_NONSENSE_AT_ALL is not a setting",
        "CADENCE_POL_SECONDS is not a setting; did you mean CADENCE_POLL_SECONDS?",
    )


def test_plain_http_is_enough_on_ones_own_machine(monkeypatch):
    monkeypatch.setenv("CADENCE_PUBLIC_URL", "http://127.0.0.1:8080/")
    assert load().public_url == "http://127.0.0.1:8080"


def test_an_sqlite_url_gets_its_driver(monkeypatch):
    monkeypatch.setenv("CADENCE_DATABASE_URL", "sqlite:///x.db")
    assert load().database_url.get_secret_value() == "sqlite+aiosqlite:///x.db"


def test_values_are_understood_as_people_write_them(monkeypatch):
    monkeypatch.setenv("CADENCE_DEFAULT_COUNTRY", "de")
    monkeypatch.setenv("CADENCE_LOG_LEVEL", "WARNING")
    settings = load()
    assert (settings.default_country, settings.log_level) == ("DE", "warning")


def test_every_setting_has_a_meaning():
    rows = describe(load())
    assert len(rows) == len(Settings.model_fields)
    assert all(row.meaning.endswith(".") for row in rows)
    assert set(Settings.model_fields) >= SECRETS


def test_settings_can_be_made_in_place(folder):
    settings = Settings(data=Path("x"), barrier_seconds=5)
    assert (settings.data, settings.barrier_seconds) == (folder / "x", 5)


def test_an_endpoint_needs_a_model_and_is_asked_over_tls_or_on_this_machine():
    assert endpoint_of(load()) is None
    assert "CADENCE_CLASSIFY_MODEL" in complaint(classify_url="https://llm.company.example/v1")
    assert "https" in complaint(classify_url="http://llm.company.example/v1", classify_model="small")
    key = {"classify_key": "k1", "classify_daily": 7}
    told = endpoint_of(load(classify_url="http://localhost:11434/v1/", classify_model="small", **key))
    assert told is not None
    assert (told.url, told.model, told.key, told.daily) == ("http://localhost:11434/v1", "small", "k1", 7)


def test_a_key_that_would_break_a_header_is_refused():
    assert "CADENCE_CLASSIFY_KEY" in complaint(classify_key="k\r\nX: y")

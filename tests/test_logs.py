"""What a log line shows, and what none ever shows."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from cadence import logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    levels = {name: logging.getLogger(name).level for name in logs._QUIET}
    yield
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level
    for name, before in levels.items():
        logging.getLogger(name).setLevel(before)


def test_json_lines_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json", "info")
    structlog.get_logger().info("sent", step="thank-you", code=250)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["level"], line["step"], line["code"]) == ("sent", "info", "thank-you", 250)
    assert line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text", "warning")
    structlog.get_logger().info("quiet")
    logging.getLogger("uvicorn.error").info("quiet")
    structlog.get_logger().warning("loud")
    logging.getLogger("uvicorn.error").warning("loud too")
    said = capsys.readouterr().err
    assert "quiet" not in said
    assert said.count("loud") == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_address_is_logged(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.set_up(form, "info")
    structlog.get_logger().warning("not taken", fault="550 5.1.1 <dana.doe@lost.example>: unknown")
    logging.getLogger("asyncio").error("trouble with dana.doe@lost.example")
    said = capsys.readouterr().err
    assert "dana" not in said
    assert said.count("***@lost.example") == 2


def test_debugging_shows_addresses(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text", "debug")
    structlog.get_logger().warning("not taken", fault="<dana@lost.example>")
    assert "dana@lost.example" in capsys.readouterr().err


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_traceback_shows_no_values(capsys: pytest.CaptureFixture[str], form: str) -> None:
    logs.set_up(form, "info")
    body = "what somebody" + " wrote"
    try:
        raise RuntimeError(f"too deep for dana@lost.example ({len(body)})")
    except RuntimeError:
        structlog.get_logger().exception("mail not understood")
    said = capsys.readouterr().err
    assert "RuntimeError" in said
    assert "what somebody wrote" not in said
    assert "dana" not in said

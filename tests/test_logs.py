"""What a log line shows, and what none ever shows."""

import asyncio
import json
import logging
import multiprocessing
from concurrent.futures import ProcessPoolExecutor

import pytest
import sqlalchemy as sa
import structlog

from cadence import logs
from cadence.core.errors import CadenceError, DatabaseAway
from cadence.service import helpers
from cadence.store.database import Database
from cadence.store.tables import accounts
from tests.servers.database import Postgres


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


WORDS = "we chose the blue tractor"


Capture = pytest.CaptureFixture[str]


def said(capsys: Capture) -> str:
    return capsys.readouterr().err


def fail(fault: BaseException, before: BaseException | None = None) -> None:
    try:
        if before is not None:
            try:
                raise before
            except BaseException:
                raise fault  # noqa: B904 - what is tried
        raise fault
    except BaseException:
        structlog.get_logger().exception("mail not understood")


def test_of_a_foreign_exception_the_kind_and_the_way_are_shown_and_no_word(capsys: Capture) -> None:
    logs.set_up("json", "info")
    fail(ValueError(WORDS), before=KeyError(WORDS))
    line = json.loads(said(capsys))
    assert WORDS not in str(line)
    assert line["exception"].index("KeyError") < line["exception"].index("ValueError")
    assert "raise before" in line["exception"]


def test_the_words_of_our_own_errors_are_shown(capsys: Capture) -> None:
    logs.set_up("json", "info")
    fail(DatabaseAway("the database cannot be used: disk full"))
    assert "disk full" in said(capsys)


def test_a_group_of_exceptions_shows_each_of_them(capsys: Capture) -> None:
    logs.set_up("json", "info")
    fail(ExceptionGroup(WORDS, [ValueError(WORDS), RuntimeError(WORDS)]))
    line = said(capsys)
    assert "ValueError" in line
    assert "RuntimeError" in line
    assert WORDS not in line


def test_debugging_shows_the_words(capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up("text", "debug")
    fail(ValueError(WORDS))
    assert WORDS in capsys.readouterr().err


async def test_an_exception_that_nobody_fetched_is_logged_without_its_words(capsys: Capture) -> None:
    logs.set_up("json", "info")

    async def work() -> None:
        raise ValueError(WORDS)

    task = asyncio.create_task(work())
    await asyncio.wait([task])
    context = {"message": "Task exception was never retrieved", "exception": task.exception(), "task": task}
    asyncio.get_running_loop().default_exception_handler(context)
    line = said(capsys)
    assert "Task exception was never retrieved" in line
    assert WORDS not in line


def test_a_library_that_writes_an_exceptions_words_into_its_line_is_heard_without_them(
    capsys: Capture,
) -> None:
    logs.set_up("json", "info")
    try:
        raise ValueError(WORDS)
    except ValueError as fault:  # as arq writes of a job
        logging.getLogger("arq.worker").exception("%6.2fs ! %s failed, %s: %s", 0.1, "7", "ValueError", fault)
    line = said(capsys)
    assert "7 failed" in line
    assert WORDS not in line


async def test_no_value_of_a_row_is_logged(postgres: Postgres, capsys: Capture) -> None:
    logs.set_up("json", "info")
    db = await Database.open(postgres.new_database())
    statements = (
        sa.text("SELECT CAST(:words AS integer)").bindparams(sa.bindparam("words", WORDS, sa.Text)),
        accounts.insert().values(key=WORDS, name="x", created_at=None),
        sa.select(accounts).where(accounts.c.size == WORDS),
    )
    for statement in statements:
        try:
            async with db.write() as tx:
                await tx.execute(statement)
        except CadenceError as fault:
            structlog.get_logger().warning("upkeep was interrupted", fault=str(fault))
            structlog.get_logger().exception("upkeep failed; it is tried again")
        except Exception:
            structlog.get_logger().exception("upkeep failed; it is tried again")
    await db.close()
    lines = said(capsys)
    assert len(lines.splitlines()) >= len(statements)
    assert WORDS not in lines


def test_addresses_inside_of_lists_and_errors_are_masked_too(capsys: Capture) -> None:
    logs.set_up("json", "info")
    fault = CadenceError("dana@lost.example was removed")
    structlog.get_logger().warning(
        "x", people=["dana@lost.example"], by={"a": "dana@lost.example"}, fault=fault
    )
    line = said(capsys)
    assert "dana" not in line
    assert line.count("***@lost.example") == 3


def break_down() -> None:
    fail(ValueError(WORDS))


def test_a_helping_process_logs_as_the_program_does(capfd: pytest.CaptureFixture[str]) -> None:
    logs.set_up("json", "info")
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, helpers._begin, (logs.asked_for(),)) as pool:
        pool.submit(break_down).result(30)
    told = capfd.readouterr()
    assert json.loads(told.err)["event"] == "mail not understood"
    assert WORDS not in told.err + told.out

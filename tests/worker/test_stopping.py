"""Stop: said once, for good, and nothing waits longer than that."""

import asyncio
import time

import pytest

from cadence.core.errors import CadenceError
from cadence.worker.stopping import Stop, ended


async def test_sleeping_ends_with_stop_or_a_poke() -> None:
    stop, poke = Stop(), asyncio.Event()
    began = time.monotonic()
    asyncio.get_running_loop().call_later(0.05, poke.set)
    await stop.sleep(60, poke=poke)
    asyncio.get_running_loop().call_later(0.05, stop.say)
    await stop.sleep(60)
    assert time.monotonic() - began < 10
    assert stop.is_said()


async def test_work_is_waited_for_until_stop_is_said() -> None:
    stop = Stop()

    async def work() -> str:
        return "done"

    assert await stop.or_result(work()) == "done"
    asyncio.get_running_loop().call_later(0.05, stop.say)
    assert await stop.or_result(asyncio.sleep(60, "late")) is None


async def test_a_fault_of_the_work_is_raised() -> None:
    async def broken() -> None:
        raise CadenceError("broken")

    with pytest.raises(CadenceError):
        await Stop().or_result(broken())


async def test_work_that_is_cancelled_from_outside_is_cancelled_inside() -> None:
    ends: list[str] = []

    async def work() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ends.append("cancelled")

    waiting = asyncio.create_task(Stop().or_result(work()))
    await asyncio.sleep(0.01)
    await ended([waiting])
    assert ends == ["cancelled"]
    assert waiting.cancelled()


@pytest.mark.parametrize("fault", [CadenceError("the database is locked"), RuntimeError("unforeseen")])
async def test_repeated_work_survives_every_fault(fault: Exception) -> None:
    stop, times = Stop(), 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times < 3:
            raise fault
        stop.say()

    await asyncio.wait_for(stop.repeat("work", work, 0.01), 5)
    assert times == 3


async def test_work_that_keeps_failing_is_tried_ever_more_patiently() -> None:
    stop, times = Stop(), 0

    async def work() -> None:
        nonlocal times
        times += 1
        raise CadenceError("still broken")

    asyncio.get_running_loop().call_later(0.5, stop.say)
    await stop.repeat("work", work, 0.01)
    assert times < 10

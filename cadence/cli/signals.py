"""How a process that runs until it is told to stop hears that it is."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from cadence.cli.shell import out

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """The first signal stops in good order, the second at once."""
    loop, main = asyncio.get_running_loop(), asyncio.current_task()
    assert main is not None
    heard: list[int] = []

    def hear(number: int) -> None:
        heard.append(number)
        if len(heard) > 1:
            main.cancel()
            return
        out.print("Stopping: what is in flight is finished first. Once more stops at once.", markup=False)
        stop()

    for number in _SIGNALS:
        loop.add_signal_handler(number, hear, number)
    try:
        yield
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)

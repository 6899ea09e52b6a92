"""Counts the awaits at which a coroutine really waits, and tells of each: failpoints without a trace in it.

Every await of the send path is a failpoint by this: a step is one wait, seen when it begins ("suspend":
what it waits for was just asked for) and when it ends ("resume": what it waited for is done).
"""

import types
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")
Hook = Callable[[str, str], None]
"""Is told "suspend" or "resume", and at which await."""


@types.coroutine
def stepped(work: Coroutine[Any, Any, T], hook: Hook) -> Generator[Any, Any, T]:
    """Run a coroutine to its end and tell the hook of each of its waits."""
    value: Any = None
    error: BaseException | None = None
    while True:
        try:
            waited_for = work.send(value) if error is None else work.throw(error)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]
        where = place_of(work)
        hook("suspend", where)
        value, error = None, None
        try:
            value = yield waited_for
        except BaseException as thrown:  # it belongs to the coroutine, whatever it is
            error = thrown
        hook("resume", where)


def place_of(work: Any) -> str:
    """The innermost line of Cadence's at which a coroutine waits, as module.function:line."""
    found = "?"
    while work is not None:
        frame = getattr(work, "cr_frame", None) or getattr(work, "ag_frame", None)
        if frame is not None and "cadence" in frame.f_globals.get("__name__", ""):
            module = frame.f_globals["__name__"].removeprefix("cadence.")
            found = f"{module}.{frame.f_code.co_name}:{frame.f_lineno}"
        work = getattr(work, "cr_await", None) or getattr(work, "ag_await", None)
    return found

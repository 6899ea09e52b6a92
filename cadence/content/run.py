"""One rendering: the values it may read, what it has cost so far, and what it puts aside.

In Markdown a placeholder stands where a value belongs until the Markdown was read, so that no value can
be taken for markup.
"""

import re
from collections.abc import Callable, Mapping
from enum import Enum

from markupsafe import Markup

from cadence.content.filters import Fault
from cadence.content.findings import did_you_mean

LARGEST_OUTPUT = 200_000
MOST_WORK = 20_000
"""Calls, loop turns and includes of one mail; the longest letter needs a few hundred."""

OPEN, CLOSE = "\U0010fe00", "\U0010fe01"
_DIGITS = {ord("0") + n: 0x10FE10 + n for n in range(10)}
_FROM_DIGITS = {new: old for old, new in _DIGITS.items()}
PLACEHOLDER = re.compile(f"{OPEN}([{chr(0x10FE10)}-{chr(0x10FE19)}]+){CLOSE}")

_FULL_STOP = re.compile(rf"({PLACEHOLDER.pattern.replace('(', '(?:')})\.(?!\.)")

RUN = "(run)"
"""The name of the work's record in the context: no template can spell it."""


class Mode(Enum):
    """What a template writes."""

    TEXT = "txt"
    HTML = "html"
    MARKDOWN = "md"


class Facts:
    """A group of variables, readable by name and nothing else."""

    __slots__ = ("_group", "_values")

    def __init__(self, group: str, values: Mapping[str, object]) -> None:
        self._group, self._values = group, values

    def read(self, name: object) -> object:
        """Return a value; raises Fault where there is no such name."""
        if name in self._values:
            return self._values[str(name)]
        raise Fault(f"there is no `{self._group}.{name}`{did_you_mean(str(name), self._values)}")


class Run:
    """The rendering of one mail: what it has cost so far, and the values put aside for Markdown."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._work = 0
        self._written = 0

    def work(self, amount: int = 1) -> None:
        """Count a call, a turn of a loop or an include; raises Fault when it is too much."""
        self._work += amount
        if self._work > MOST_WORK:
            raise Fault(f"this needs more than {MOST_WORK} steps of work; is there a loop in a loop?")

    def written(self, amount: int) -> None:
        """Count characters; raises Fault when they are too many."""
        self._written += amount
        if self._written > LARGEST_OUTPUT:
            raise Fault(f"this writes more than {LARGEST_OUTPUT} characters")

    def put_aside(self, text: str) -> Markup:
        """Keep a value for after the Markdown was read, and return what stands for it meanwhile."""
        self.values.append(text)
        return Markup(OPEN + str(len(self.values) - 1).translate(_DIGITS) + CLOSE)  # noqa: S704 - digits only

    def _value(self, found: re.Match[str]) -> str:
        return self.values[int(found[1].translate(_FROM_DIGITS))]

    def restored(self, text: str, write: Callable[[str], str] = str) -> str:
        """Put the values back into a text, each through `write`."""
        return PLACEHOLDER.sub(lambda found: write(self._value(found)), text)

    def sentence(self, text: str) -> str:
        """Put the values back into running words; "Acme Inc." brings its own full stop."""
        return self.restored(_FULL_STOP.sub(self._one_stop, text))

    def _one_stop(self, found: re.Match[str]) -> str:
        return found[1] if self.restored(found[1]).endswith(".") else found[0]

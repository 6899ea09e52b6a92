"""Decides which words name a person who is to be erased, and takes them out of texts and documents."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cadence.core.address import normalize

ERASED = "[erased]"
"""What stands where somebody was named."""
AUDITED = "somebody who was erased"
"""The only subject that an entry of the audit trail may be changed to."""
SHORTEST_NAME = 2
"""Characters; an initial alone names nobody."""


@dataclass(frozen=True, slots=True)
class Named:
    """By what a person is known. addresses: as written and normalized."""

    addresses: tuple[str, ...]
    first_name: str | None = None
    last_name: str | None = None

    @classmethod
    def of(cls, email: str, first_name: str | None = None, last_name: str | None = None) -> "Named":
        """Somebody of this address; raises InvalidInput for what is none."""
        return cls(tuple(dict.fromkeys((email.strip(), normalize(email)))), first_name, last_name)

    @property
    def phrases(self) -> list[str]:
        """What names them and nobody else: their address, and their whole name."""
        whole = f"{self.first_name} {self.last_name}" if self.first_name and self.last_name else None
        return [*self.addresses, *([whole] if whole else [])]


class Eraser:
    """Takes a person out of texts.

    Their address goes whatever the case; their names where they stand as words, written as they write them,
    since "Will" is a name and "will" is none.
    """

    def __init__(self, who: Named) -> None:
        self._who = who

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        addresses = "|".join(f"(?i:{re.escape(one)})" for one in self._who.addresses)
        names = [one for one in (self._who.first_name, self._who.last_name) if one]
        both = [" ".join(names), ", ".join(reversed(names))] if len(names) == 2 else []
        known = [re.escape(one) for one in (*both, *names) if len(one) >= SHORTEST_NAME]
        return re.compile(
            "|".join([rf"(?<![\w.+-])(?:{addresses})(?![\w-])", *(rf"\b{one}\b" for one in known)])
        )

    def text(self, words: str) -> str:
        """The words without them."""
        return self._pattern.sub(ERASED, words)

    def document(self, value: Any) -> Any:
        """A text, or a document of lists and mappings, without them in any of its texts."""
        match value:
            case str():
                return self.text(value)
            case list() | tuple():
                return [self.document(one) for one in value]
            case dict():
                return {key: self.document(one) for key, one in value.items()}
            case _:
                return value

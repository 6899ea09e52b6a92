"""Asks the API of a CRM: one host and no other, answers of bounded size, patience where it is asked for.

How a request leaves is not decided here: whoever opens a connector hands in a `Fetch` that knows which
addresses may be reached.
"""

import json
from asyncio import sleep
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from cadence.core.errors import CrmError, GrantRefused, Unreachable

LONGEST_ANSWER = 8_000_000
"""Bytes; a page of 100 deals has about a tenth."""
TRIES = 4
LONGEST_WAIT = 10.0
"""Seconds that are waited here because a CRM asks for it; for more, everything waits for the next visit."""
LONGEST_LINE = 300
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_PASSING = frozenset({408, 423, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said. headers: with lower-case names."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)

    @property
    def data(self) -> Any:
        """What it holds as JSON, None where it holds none."""
        return parsed(self.body)

    @property
    def wait(self) -> float | None:
        """Seconds until another try makes sense (RFC 9110 §10.2.3), None where it does not say."""
        said = self.headers.get("retry-after", "").strip()
        if said.isascii() and said.isdecimal():
            return float(said[:9])
        try:
            passed = parsedate_to_datetime(said) - parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError):
            return None
        return max(0.0, passed.total_seconds())


class Fetch(Protocol):
    """Sends one request, follows no redirect; raises Unreachable."""

    async def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, limit: int
    ) -> Answer:
        """The answer, with at most `limit` bytes of body; more of it is Unreachable."""


class Web:
    """The way to one API. url: scheme and host; headers: of every request."""

    def __init__(self, url: str, headers: Mapping[str, str], fetch: Fetch) -> None:
        self._url, self._headers, self._fetch = url.rstrip("/"), headers, fetch

    async def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Any:
        """What stands at a path, as JSON; raises CrmError."""
        return await self.ask("GET", path + (f"?{urlencode(parameters)}" if parameters else ""))

    async def post(self, path: str, said: object, *, repeatable: bool = True) -> Any:
        """Say something, and give the answer. repeatable: it may arrive twice. Raises CrmError."""
        return await self.ask("POST", path, said, repeatable=repeatable)

    async def submit(self, path: str, form: Mapping[str, str]) -> Any:
        """Post a form, and give the answer; raises CrmError."""
        return await self._asked("POST", path, urlencode(form).encode(), FORM, repeatable=True)

    async def patch(self, path: str, said: object) -> Any:
        """Change something; raises CrmError."""
        return await self.ask("PATCH", path, said)

    async def ask(self, method: str, path: str, said: object = None, *, repeatable: bool = True) -> Any:
        """The JSON of the answer to one request, None for an empty one; raises CrmError.

        Where the server asks for patience it gets it, as long as that is short, and as a request that may
        not arrive twice was refused without being looked at (429).
        """
        body = None if said is None else json.dumps(said, separators=(",", ":")).encode()
        return await self._asked(method, path, body, JSON, repeatable=repeatable)

    async def _asked(self, method: str, path: str, body: bytes | None, kind: str, *, repeatable: bool) -> Any:
        if not path.startswith("/") or path.startswith("//"):
            raise CrmError("it leads to another server", temporary=False)
        headers = {**self._headers, "Accept": JSON}
        if body is not None:
            headers["Content-Type"] = kind
        for tried in range(1, TRIES + 1):
            answer = await self._sent(method, path, headers, body)
            if answer.status // 100 == 2:
                return self._read(answer)
            wait = answer.wait if answer.wait is not None else 2.0 ** (tried - 1)
            again = answer.status == 429 or (repeatable and answer.status in _PASSING)
            if not again or tried == TRIES or wait > LONGEST_WAIT:
                break
            await sleep(wait)
        raise refused(answer)

    async def _sent(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        try:
            return await self._fetch(method, self._url + path, headers, body, limit=LONGEST_ANSWER)
        except Unreachable as fault:
            raise CrmError(f"{self._url}: {fault}", temporary=True) from fault

    def _read(self, answer: Answer) -> Any:
        if not answer.body:
            return None
        found = answer.data
        if found is None:
            raise CrmError(f"{self._url}: it answered what cannot be used", temporary=True)
        return found


def parsed(body: bytes) -> Any:
    """What JSON says, None for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def refused(answer: Answer) -> CrmError:
    """What an answer that is none means."""
    said = f"HTTP {answer.status} {_said(answer.data)}".strip()
    if answer.status in (401, 402, 403):
        return GrantRefused(said, status=answer.status)
    return CrmError(said, temporary=answer.status in _PASSING, status=answer.status, wait=answer.wait)


def _said(found: Any) -> str:
    """The line in which an API says what is wrong, as HubSpot, Salesforce and Pipedrive write it."""
    if isinstance(found, list) and found:
        found = found[0]
    if not isinstance(found, dict):
        return ""
    words = (found.get(name) for name in ("message", "error_description", "error", "error_info"))
    line = next((word for word in words if isinstance(word, str) and word), "")
    return "".join(sign if sign.isprintable() else " " for sign in line)[:LONGEST_LINE]

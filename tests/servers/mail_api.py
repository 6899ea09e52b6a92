"""What the stand-ins for mail APIs share: HTTP over a real socket, tokens, and answers out of turn.

Each is written from its published reference, no more of it than a client for reading and sending needs.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from cadence.mail.parse import Received, parse
from tests.servers.web import Reply, Request, WebServer

DROP = "drop"
"""What became of a request that was read, and done, and never answered."""
HANG_UP = "hang up"
"""What becomes of one of which only the head was read."""


@dataclass
class Mail:
    """name: by which the API knows it; raw: as it lies there."""

    name: str
    raw: bytes
    at: int

    @property
    def read(self) -> Received:
        return parse(self.raw)

    @property
    def date(self) -> datetime:
        return parsedate_to_datetime(self.read.headers.get("date"))

    @property
    def message_id(self) -> str:
        return self.read.message_id or ""


@dataclass
class MailApi(WebServer):
    """A mailbox of `address`.

    tokens: those that are good; whose: who is signed in by one, in place of that; moods: what happens to the
    next requests that send; answers: what the next ones that read are answered with; renames: it gives what
    is sent Message-IDs of its own; spoils: which question from now
    on a server in between answers.
    """

    address: str
    tokens: set[str] = field(default_factory=lambda: {"token"})
    moods: "deque[str | Reply]" = field(default_factory=deque)
    answers: "deque[Reply]" = field(default_factory=deque)
    renames: bool = False
    spoils: int = 0
    taken: list[bytes] = field(default_factory=list)
    whose: Callable[[str], str | None] | None = None
    count: int = 0

    kind = ""

    @property
    def url(self) -> str:
        return f"{self.kind}://localhost:{self.port}"

    def answer(self, request: Request) -> Reply:
        raise NotImplementedError

    def is_sending(self, request: Request) -> bool:
        return request.method == "POST"

    def refusal(self, status: int, reason: str, text: str, **headers: str) -> Reply:
        """A fault, as the API writes it."""
        raise NotImplementedError

    def next(self) -> int:
        self.count += 1
        return self.count

    def renamed(self, raw: bytes) -> bytes:
        """A mail under a Message-ID of the provider's."""
        old = parse(raw).message_id or ""
        new = f"<provider-{self.next()}@mail.provider.example>"
        return raw.replace(f"\nMessage-ID: {old}".encode(), f"\nMessage-ID: {new}".encode(), 1)

    def hangs_up(self, method: str) -> bool:
        if method == "POST" and self.moods and self.moods[0] == HANG_UP:
            self.moods.popleft()
            return True
        return False

    def reply(self, request: Request) -> Reply | None:
        self.asked.append(request)
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        if (self.whose(token) != self.address) if self.whose else (token not in self.tokens):
            return self.refusal(401, "authError", "Invalid Credentials")
        if f"/users/{self.address}/" not in request.path:
            return self.refusal(403, "forbidden", "Delegation denied")
        if not self.is_sending(request):
            self.spoils -= 1
            if self.spoils == 0:
                return Reply(200, b"<html>Log in to this network</html>", {"Content-Type": "text/html"})
            return self.answers.popleft() if self.answers else self.answer(request)
        mood = self.moods.popleft() if self.moods else None
        if isinstance(mood, Reply):
            return mood
        reply = self.answer(request)
        return None if mood == DROP else reply


def objects(found: list[dict[str, Any]], start: int, size: int) -> tuple[list[dict[str, Any]], int | None]:
    """A page, and where the next one begins."""
    return found[start : start + size], (start + size if start + size < len(found) else None)

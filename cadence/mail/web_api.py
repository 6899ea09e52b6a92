"""Talks to an API for mail over HTTPS: one host and no other, answers of bounded size, and no request twice
that is not safe to repeat.

What is read may be asked again (RFC 9110 §9.2.2), so a server that asks for patience gets it. What is sent is
handed over once, and whoever does it learns whether all of it had left when something went wrong.
"""

import asyncio
import json
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, NoReturn

import httpx

from cadence.core.delivery import TOO_FAST, readable
from cadence.core.errors import MailboxError
from cadence.mail.endpoint import ApiEndpoint
from cadence.mail.faults import in_words, tls_fault
from cadence.mail.tls import is_passing, verifying_context

LONGEST_ANSWER = 8_000_000
"""Bytes of an answer that is no mail; a page of 500 entries has about a tenth."""
TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds that a reader waits because it was asked to; with more it gives up for now, and others go on."""
LONGEST_PAUSE = 3600.0
"""Seconds for which a sender is held up at most, whatever it was told."""
_FAULTS = (httpx.HTTPError, httpx.InvalidURL, OSError, TimeoutError)
_SECONDS = re.compile(r"\d{1,9}")

Parameters = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API said. cut: there was more than was asked for."""

    status: int
    headers: httpx.Headers = field(repr=False)
    body: bytes = field(repr=False)
    cut: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """The object that it holds, empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def fault(self) -> tuple[str, str]:
        """Its word for what is wrong, and the line about it: as Google and as Microsoft Graph write them."""
        fault = self.data.get("error")
        if not isinstance(fault, dict):
            return "", ""
        details = fault.get("errors")
        first = details[0] if isinstance(details, list) and details and isinstance(details[0], dict) else {}
        reason = first.get("reason") or fault.get("status") or fault.get("code") or ""
        return (reason if isinstance(reason, str) else ""), readable(str(fault.get("message") or ""))

    @property
    def wait(self) -> float | None:
        """Seconds until another try makes sense (RFC 9110 §10.2.3), None where it does not say."""
        said = self.headers.get("Retry-After", "").strip()
        if _SECONDS.fullmatch(said):
            return float(said)
        try:
            passed = parsedate_to_datetime(said) - parsedate_to_datetime(self.headers.get("Date", ""))
        except (ValueError, TypeError):
            return None
        return max(0.0, passed.total_seconds())


class HandOverBroke(Exception):
    """Something went wrong with a request that must not be repeated.

    is_out: all of it had left before; lasting: nothing was said, and will not be until a person acts.
    """

    def __init__(self, text: str, *, is_out: bool, lasting: bool = False) -> None:
        super().__init__(text)
        self.is_out, self.lasting = is_out, lasting


class WebApi:
    """The way to one API, with one token. timeout: seconds for each step of a request that brings nothing."""

    def __init__(
        self,
        endpoint: ApiEndpoint,
        token: str,
        *,
        ssl_context: ssl.SSLContext | None = None,
        timeout: float = 60.0,
    ) -> None:
        self.endpoint = endpoint
        self.timeout = timeout
        plain = endpoint.is_loopback and ssl_context is None
        self._base = httpx.URL(f"{'http' if plain else 'https'}://{endpoint.netloc}")
        self._tls = ssl_context
        self._token = token
        self._client: httpx.AsyncClient | None = None

    async def get(
        self,
        where: str,
        parameters: Parameters | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        limit: int = LONGEST_ANSWER,
        also: frozenset[int] = frozenset(),
    ) -> Answer:
        """Ask for a path, or for a URL that the API gave us; as often as it takes while it asks for patience.

        also: statuses besides 2xx that are an answer to the caller. Raises MailboxError.
        """
        url = self._url(where)
        for tried in range(1, TRIES + 1):
            answer = await self._asked(url, parameters, headers, limit)
            if answer.status // 100 == 2 or answer.status in also:
                return answer
            wait = answer.wait if answer.wait is not None else 2.0 ** (tried - 1)
            if not is_passing_answer(answer) or tried == TRIES or wait > LONGEST_WAIT:
                break
            await asyncio.sleep(wait)
        return self._refused(answer)

    def object(self, answer: Answer) -> dict[str, Any]:
        """The object that an answer holds; raises MailboxError where it is none."""
        if found := answer.data:
            return found
        raise self.odd()

    def odd(self) -> MailboxError:
        """What is said of an answer that the API would not give."""
        return MailboxError(f"{self.endpoint}: it answered what cannot be used", temporary=True)

    async def post(
        self, path: str, body: bytes, content_type: str, parameters: Parameters | None = None
    ) -> Answer:
        """Hand a body over, once; raises HandOverBroke."""
        content = _Body(body)
        headers = {"Content-Type": content_type, "Content-Length": str(len(body))}
        client = self._connected()
        try:
            request = client.build_request(
                "POST", self._url(path), params=parameters, headers=headers, content=content.parts()
            )
            return await self._answer(client, request, LONGEST_ANSWER)
        except _FAULTS as fault:
            tls = tls_fault(fault)
            lasting = tls is not None and not is_passing(tls) and not content.is_out
            raise HandOverBroke(self._said(fault), is_out=content.is_out, lasting=lasting) from fault

    async def close(self) -> None:
        """Give the connections back; never raises."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    def _connected(self) -> httpx.AsyncClient:
        if self._client is None:
            transport = httpx.AsyncHTTPTransport(verify=self._tls or verifying_context())
            self._client = httpx.AsyncClient(
                transport=transport,
                timeout=self.timeout,
                trust_env=False,
                follow_redirects=False,
                headers={"Authorization": f"Bearer {self._token}", "Accept-Encoding": "identity"},
            )
        return self._client

    def _url(self, where: str) -> httpx.URL:
        """A path of the API, or a URL that it gave us, as long as that leads to the same server."""
        try:
            url = self._base.join(where)
        except httpx.InvalidURL:
            url = httpx.URL("")
        if (url.scheme, url.netloc) != (self._base.scheme, self._base.netloc):
            raise MailboxError(f"{self.endpoint}: it leads to another server", temporary=True)
        return url

    async def _asked(
        self, url: httpx.URL, parameters: Parameters | None, headers: Mapping[str, str] | None, limit: int
    ) -> Answer:
        client = self._connected()
        try:
            request = client.build_request("GET", url, params=parameters, headers=headers)
            return await self._answer(client, request, limit)
        except _FAULTS as fault:
            tls = tls_fault(fault)
            raise MailboxError(self._said(fault), temporary=tls is None or is_passing(tls)) from fault

    async def _answer(self, client: httpx.AsyncClient, request: httpx.Request, limit: int) -> Answer:
        async with asyncio.timeout(10 * self.timeout):
            response = await client.send(request, stream=True)
            found, cut = bytearray(), False
            try:
                async for part in response.aiter_raw():
                    found += part
                    if cut := len(found) > limit:
                        break
            finally:
                await response.aclose()
        return Answer(response.status_code, response.headers, bytes(found[:limit]), cut)

    def _refused(self, answer: Answer) -> NoReturn:
        reason, text = answer.fault
        said = " ".join(part for part in (f"HTTP {answer.status}", reason, text) if part)
        raise MailboxError(
            f"{self.endpoint}: {said}", temporary=answer.status not in LASTING or _too_fast(answer)
        )

    def _said(self, fault: BaseException) -> str:
        return f"{self.endpoint}: {in_words(fault)}"


LASTING = frozenset({400, 401, 403, 404})
"""What a person must see to: permission, a mailbox that the API does not know, or that it does not serve."""


def is_passing_answer(answer: Answer) -> bool:
    """Whether asking again may help: too fast, or the server fails."""
    return answer.status in (429, 500, 502, 503, 504) or _too_fast(answer)


def _too_fast(answer: Answer) -> bool:
    return answer.status == 429 or (answer.status == 403 and answer.fault[0].casefold() in TOO_FAST)


class _Body:
    """What a request carries; its last byte leaves only once all else is out of our hands."""

    def __init__(self, body: bytes) -> None:
        self._body = body
        self.is_out = False

    async def parts(self) -> AsyncIterator[bytes]:
        yield self._body[:-1]
        self.is_out = True
        yield self._body[-1:]

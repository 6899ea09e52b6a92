"""Talks to servers of others, and to nothing within our own network unless the operator lets it.

A name is resolved here, each of its addresses looked at, and the connection made to one that was looked at:
what the name stands for a moment later does not matter. Redirects are not followed, and TLS is verified for
the name.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import httpx

from cadence.core.errors import InvalidInput, Unreachable
from cadence.crm.web import Answer

SECONDS = 15.0
"""For everything: looking up the name, connecting, sending, and the head of the answer."""
LONGEST_URL = 2000
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""RFC 6052: addresses of IPv4 within IPv6."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@cache
def _verifying() -> ssl.SSLContext:
    return ssl.create_default_context()


@dataclass(frozen=True, slots=True)
class Outside:
    """The way to servers of others.

    private: addresses of our own network may be reached, also without TLS; ssl_context: for tests with
    certificates of their own.
    """

    private: bool = False
    ssl_context: ssl.SSLContext = field(default_factory=_verifying)

    def check(self, url: str) -> str:
        """The URL, where it can be posted to; raises InvalidInput."""
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError as fault:
            raise InvalidInput(f"this is no URL: {fault}") from None
        if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
            raise InvalidInput(f"a URL has at most {LONGEST_URL} visible ASCII characters")
        if parts.scheme != "https" and not (self.private and parts.scheme == "http"):
            raise InvalidInput("a webhook needs an https:// URL")
        if not host or parts.username is not None or parts.fragment:
            raise InvalidInput("a URL such as https://crm.example/hook, without a name, password or #")
        literal = _literal(host)
        if literal is not None and not self._is_allowed(literal):
            raise InvalidInput(f"{host} is an address of a private network")
        return url

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post a body, and give the status of the answer, which is not read; raises Unreachable."""
        about = {**headers, "Content-Type": "application/json"}
        return (await self._ask("POST", url, about, body)).status

    async def submit(self, url: str, form: str, headers: Mapping[str, str], limit: int) -> tuple[int, bytes]:
        """Post a form, and give status and answer; raises Unreachable, also beyond `limit` bytes."""
        about = {**headers, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        answer = await self.ask("POST", url, about, form.encode(), limit=limit)
        return answer.status, answer.body

    async def get(self, url: str, limit: int) -> bytes | None:
        """What stands at a URL, None where nothing does; raises Unreachable, also beyond `limit` bytes."""
        answer = await self.ask("GET", url, {}, None, limit=limit)
        return answer.body if answer.status == httpx.codes.OK else None

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, limit: int
    ) -> Answer:
        """Send a request of any kind, and give the answer; raises Unreachable, also beyond `limit` bytes."""
        answer = await self._ask(method, url, headers, body, limit=limit)
        if len(answer.body) > limit:
            raise Unreachable(f"the answer has more than {limit} bytes")
        return answer

    async def _ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None, *, limit: int = 0
    ) -> Answer:
        """Send a request; the answer with up to a little more than `limit` bytes."""
        try:
            async with asyncio.timeout(SECONDS):
                return await self._send(method, httpx.URL(self.check(url)), headers, body, limit)
        except TimeoutError:
            raise Unreachable(f"no answer within {SECONDS:.0f} s") from None
        except InvalidInput as fault:
            raise Unreachable(str(fault)) from fault
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as fault:
            raise Unreachable(str(fault) or type(fault).__name__) from fault

    async def _send(
        self, method: str, url: httpx.URL, headers: Mapping[str, str], body: bytes | None, limit: int
    ) -> Answer:
        addresses = await self._addresses(url)
        transport = httpx.AsyncHTTPTransport(verify=self.ssl_context)
        async with httpx.AsyncClient(transport=transport, timeout=SECONDS, trust_env=False) as client:
            for address in addresses:
                request = client.build_request(
                    method,
                    url.copy_with(host=str(address)),
                    content=body,
                    headers={"Accept-Encoding": "identity", **headers, "Host": url.netloc.decode()},
                    extensions={"sni_hostname": url.host},
                )
                try:
                    response = await client.send(request, stream=True, follow_redirects=False)
                except httpx.ConnectError:
                    if address == addresses[-1]:
                        raise
                    continue
                try:
                    said = {name.lower(): value for name, value in response.headers.items()}
                    return Answer(response.status_code, said, await _beginning(response, limit))
                finally:
                    await response.aclose()
        raise AssertionError("there was no address")

    async def _addresses(self, url: httpx.URL) -> list[Address]:
        """The addresses of a host that may be reached; raises Unreachable where there is none."""
        port = url.port or {"https": 443, "http": 80}[url.scheme]
        try:
            found = await asyncio.get_running_loop().getaddrinfo(url.host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as fault:
            raise Unreachable(f"{url.host} cannot be found: {fault}") from fault
        addresses = [ipaddress.ip_address(str(one[4][0]).partition("%")[0]) for one in found]
        allowed = list(dict.fromkeys(one for one in addresses if self._is_allowed(one)))
        if not allowed:
            raise Unreachable(f"{url.host} leads to an address of a private network")
        return allowed

    def _is_allowed(self, address: Address) -> bool:
        return self.private or _is_public(address)


async def _beginning(response: httpx.Response, limit: int) -> bytes:
    found = b""
    if limit:
        async for part in response.aiter_raw():
            found += part
            if len(found) > limit:
                break
    return found


def _is_public(address: Address) -> bool:
    """Whether an address is one of the public internet, and none that only looks like it."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return _is_public(ipaddress.IPv4Address(address.packed[-4:]))
        inside = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inside:
            return _is_public(inside)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None

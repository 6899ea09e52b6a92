"""A small authorization server over real HTTP (OAuth 2): codes with PKCE, device codes, refresh tokens that
are replaced at each use and can be given back, and introspection for the mail servers that take its tokens.
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from cadence.core.oauth import Client, Provider
from cadence.service.signing_in import SigningIn

SCOPES = ("mail", "offline_access")
Form = dict[str, str]


@dataclass
class Authority:
    """answers: what the next requests for tokens are answered with, as (status, body), before anything else
    is looked at; asked: the grant types that were asked for; delay: seconds that each answer takes.
    """

    answers: deque[tuple[int, bytes]] = field(default_factory=deque)
    asked: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    delay: float = 0.0
    lasts: int = 3600
    rotates: bool = True
    interval: int = 5
    eager: str | None = None
    """Who signs in by a code at once."""
    port: int = 0
    was_asked: asyncio.Event = field(default_factory=asyncio.Event)
    _codes: dict[str, Form] = field(default_factory=dict)
    _devices: dict[str, str | None] = field(default_factory=dict)
    _access: dict[str, str] = field(default_factory=dict)
    _refresh: dict[str, str] = field(default_factory=dict)
    _numbers: "count[int]" = field(default_factory=lambda: count(1))

    @property
    def signing_in(self) -> SigningIn:
        """The way here, for who is known as "cadence"."""
        base = f"http://localhost:{self.port}"
        own = ("oauth", "the authority", f"{base}/authorize", f"{base}/token", SCOPES)
        provider = Provider(*own, device_url=f"{base}/device", revoke_url=f"{base}/revoke")
        return SigningIn({"oauth": Client(provider, "cadence", "s3cret&")})

    def consent(self, url: str, address: str) -> Form:
        """Somebody signs in on the page of this URL; gives what they come back with."""
        asked = dict(parse_qsl(urlsplit(url).query))
        assert (asked["response_type"], asked["client_id"]) == ("code", "cadence")
        assert (asked["code_challenge_method"], asked["scope"]) == ("S256", " ".join(SCOPES))
        code = f"code{next(self._numbers)}"
        self._codes[code] = asked | {"address": address}
        return {"code": code, "state": asked["state"]}

    def enter(self, address: str) -> None:
        """Somebody types in the code that was shown last."""
        self._devices[list(self._devices)[-1]] = address

    def grant(self, address: str) -> dict[str, Any]:
        """Tokens for somebody, as an answer tells them."""
        access, refresh = f"access{next(self._numbers)}", f"refresh{next(self._numbers)}"
        self._access[access] = self._refresh[refresh] = address
        return {"access_token": access, "token_type": "Bearer", "expires_in": self.lasts} | {
            "refresh_token": refresh
        }

    def whose(self, token: str) -> str | None:
        """Who is signed in by an access token, None where it is worth nothing."""
        return self._access.get(token)

    def withdraw(self, address: str) -> None:
        """Nothing that was granted for somebody is worth anything any more."""
        for known in (self._access, self._refresh):
            for token in [token for token, whose in known.items() if whose == address]:
                del known[token]

    @asynccontextmanager
    async def listening(self, port: int = 0) -> AsyncIterator["Authority"]:
        server = await asyncio.start_server(self._serve, "localhost", port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if ": " in line)
            body = (await reader.readexactly(int(fields.get("content-length", 0)))).decode()
            self.was_asked.set()
            await asyncio.sleep(self.delay)
            status, answer = self._answer(head.split()[1], dict(parse_qsl(body)))
            writer.write(
                f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n".encode()
                + answer
            )
            await writer.drain()
        writer.close()

    def _answer(self, path: str, form: Form) -> tuple[int, bytes]:
        if path == "/introspect":
            whose = self._access.get(form.get("token", ""))
            return 200, json.dumps({"active": whose is not None, "username": whose}).encode()
        self.forms.append(form)
        if (form.get("client_id"), form.get("client_secret")) != ("cadence", "s3cret&"):
            return _no("invalid_client")
        if path == "/device":
            return self._device()
        if path == "/revoke":
            return self.answers.popleft() if self.answers else self._given_back(form["token"])
        self.asked.append(form["grant_type"].rpartition(":")[2])
        if self.answers:
            return self.answers.popleft()
        return self._tokens(form)

    def _device(self) -> tuple[int, bytes]:
        code = f"device{next(self._numbers)}"
        self._devices[code] = self.eager
        url = f"http://localhost:{self.port}/enter"
        said = {"device_code": code, "user_code": "ABCD-EFGH", "verification_uri": url}
        return 200, json.dumps(said | {"expires_in": 900, "interval": self.interval}).encode()

    def _given_back(self, refresh: str) -> tuple[int, bytes]:
        self.withdraw(self._refresh.get(refresh, ""))
        return 200, b""  # also for a token that is not known (RFC 7009 §2.2)

    def _tokens(self, form: Form) -> tuple[int, bytes]:
        match form["grant_type"]:
            case "authorization_code":
                whose = self._redeemed(form)
            case "refresh_token":
                whose = self._refresh.get(form["refresh_token"])
                if self.rotates:
                    self._refresh.pop(form["refresh_token"], None)
            case _:
                whose = self._devices[form["device_code"]]
                if whose is None:
                    return _no("authorization_pending")
        return _no("invalid_grant") if whose is None else (200, json.dumps(self.grant(whose)).encode())

    def _redeemed(self, form: Form) -> str | None:
        asked = self._codes.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=")
        if asked is None or asked["code_challenge"] != challenge.decode():
            return None
        return asked["address"] if asked["redirect_uri"] == form["redirect_uri"] else None


def _no(code: str) -> tuple[int, bytes]:
    return 400, json.dumps({"error": code, "error_description": f"{code}, said the authority"}).encode()


def callback(path: str, back: Form) -> str:
    """Where a browser is led back to."""
    return f"{path}?{urlencode(back)}"

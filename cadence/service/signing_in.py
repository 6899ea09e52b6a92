"""Asks those who sign people in for tokens: what to ask is authlib's to say, the way there is Outside.

Raises SignInRefused for what they refuse, and MailboxError where they cannot be asked now.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from cadence.core.delivery import readable
from cadence.core.errors import InvalidInput, MailboxError, SignInRefused, Unreachable
from cadence.core.oauth import API, Client, Tokens, tokens_of
from cadence.mail import presets
from cadence.service.outside import Outside

LONGEST_ANSWER = 64_000
DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code"
_PASSING = frozenset({"temporarily_unavailable", "server_error", "authorization_pending", "slow_down"})
_LEAST_INTERVAL, _MORE = 5.0, 5.0
"""Seconds between two questions where nothing else is said, and how much `slow_down` adds (RFC 8628 §3.5)."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person types in at a page (RFC 8628 §3.2). interval: seconds between two questions of ours."""

    url: str
    user_code: str
    code: str = field(repr=False)
    lasts: float
    interval: float


@dataclass(frozen=True, slots=True)
class SigningIn:
    """The way to those who sign people in. clients: by the key of each provider that is set up."""

    clients: Mapping[str, Client] = field(default_factory=dict)
    outside: Outside = field(default_factory=lambda: Outside(private=True))
    """Their addresses are the operator's choice, so they may be in our own network."""

    def client(self, provider: str) -> Client:
        """How a provider knows us; raises InvalidInput where nobody set that up."""
        if found := self.clients.get(provider):
            return found
        raise InvalidInput(
            f"signing in with {provider} is not set up: "
            f"CADENCE_{provider.removesuffix(API).upper()}_CLIENT_ID is missing "
            "(see Mailboxes without passwords in docs/connecting.md)"
        )

    def other_way(self, provider: str) -> Client | None:
        """The same provider by its API, or from that back by its mail servers; None where it has one way."""
        is_api = provider.endswith(API)
        return self.clients.get(provider.removesuffix(API) if is_api else f"{provider}{API}")

    def suited(self, oauth: str | None, imap: str) -> Client | None:
        """With whom a mailbox is signed in, or could be: by where it is read. None: by a password only."""
        return self.clients.get(oauth or presets.key_of(imap) or "oauth")

    def page(self, client: Client, *, redirect: str, state: str, verifier: str, hint: str) -> str:
        """Where a person signs in (RFC 6749 §4.1.1, with the PKCE of RFC 7636). hint: their address."""
        provider = client.provider
        return str(
            prepare_grant_uri(
                provider.authorize_url,
                client.id,
                "code",
                redirect_uri=redirect,
                scope=" ".join(provider.scopes),
                state=state,
                code_challenge=create_s256_code_challenge(verifier),
                code_challenge_method="S256",
                login_hint=hint,
                **provider.also,
            )
        )

    async def redeem(
        self, client: Client, code: str, *, redirect: str, verifier: str, now: datetime
    ) -> Tokens:
        """The tokens for the code with which a person came back (RFC 6749 §4.1.3)."""
        return await self._tokens(
            client, "authorization_code", now, code=code, redirect_uri=redirect, code_verifier=verifier
        )

    async def renew(self, client: Client, refresh: str, now: datetime) -> Tokens:
        """New tokens for a refresh token (RFC 6749 §6)."""
        return await self._tokens(client, "refresh_token", now, refresh_token=refresh)

    async def withdraw(self, client: Client, refresh: str) -> bool:
        """Give a grant back, so that the token is worth nothing any more (RFC 7009 §2.1).

        False where its provider takes none back; a token that is worth nothing already is as good as given.
        """
        if client.provider.revoke_url is None:
            return False
        body = urlencode({"token": refresh, "token_type_hint": "refresh_token"})
        status, answer = await self._asked(client, client.provider.revoke_url, body)
        said = _json(answer) or {}
        if status == 200 or said.get("error") == "invalid_token":
            return True
        raise _odd(client, status)

    async def begin_by_code(self, client: Client) -> DeviceCode:
        """Get a code to be typed in on another machine (RFC 8628 §3.1)."""
        provider = client.provider
        if provider.device_url is None:
            raise InvalidInput(f"{provider.name} lets nobody sign in to mail by a code")
        scope = urlencode({"scope": " ".join(provider.scopes)})
        said = await self._post(client, provider.device_url, scope)
        try:
            return DeviceCode(
                str(said.get("verification_uri") or said["verification_url"]),
                str(said["user_code"]),
                str(said["device_code"]),
                float(said["expires_in"]),
                float(said.get("interval", _LEAST_INTERVAL)),
            )
        except (KeyError, TypeError, ValueError):
            raise _odd(client) from None

    async def await_code(
        self,
        client: Client,
        device: DeviceCode,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> Tokens:
        """Ask until the person has signed in (RFC 8628 §3.4); raises SignInRefused also when time is over."""
        waited, interval = 0.0, device.interval
        while waited < device.lasts:
            await sleep(interval)
            waited += interval or 1.0  # whoever wants no pause is not asked forever either
            try:
                return await self._tokens(client, DEVICE_CODE, clock(), device_code=device.code)
            except SignInRefused as refused:
                if refused.code == "slow_down":
                    interval += _MORE
                elif refused.code != "authorization_pending":
                    raise
            except MailboxError:  # the network is away for a moment: ask less often
                interval += _MORE
        raise SignInRefused("nobody signed in before the code expired", temporary=False, code="expired_token")

    async def _tokens(self, client: Client, grant_type: str, now: datetime, **more: str) -> Tokens:
        body = prepare_token_request(grant_type, **more)
        try:
            return tokens_of(await self._post(client, client.provider.token_url, body), now)
        except InvalidInput as fault:
            raise MailboxError(f"{client.provider.name}: {fault}", temporary=True) from fault

    async def _post(self, client: Client, url: str, body: str) -> dict[str, Any]:
        status, answer = await self._asked(client, url, body)
        said = _json(answer)
        if said is not None and isinstance(code := said.get("error"), str) and status < 500:
            raise _refusal(client, code, said.get("error_description"))
        if said is None or status != 200:
            raise _odd(client, status)
        return said

    async def _asked(self, client: Client, url: str, body: str) -> tuple[int, bytes]:
        method = "none" if client.secret is None else "client_secret_post"
        auth = ClientAuth(client.id, client.secret, method)
        url, headers, body = auth.prepare("POST", url, {}, body)
        try:
            return await self.outside.submit(url, body, headers, LONGEST_ANSWER)
        except Unreachable as fault:
            raise MailboxError(f"{client.provider.name} cannot be asked: {fault}", temporary=True) from fault


def new_verifier() -> str:
    """What proves, when the code is redeemed, that we asked for it (RFC 7636 §4.1)."""
    return secrets.token_urlsafe(48)


def _json(answer: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(answer)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None


def _refusal(client: Client, code: str, words: object) -> SignInRefused:
    because = readable(words)[:300] if isinstance(words, str) else ""
    said = f"{client.provider.name} refuses the sign-in: {readable(code)[:60]}"
    temporary = code in _PASSING
    return SignInRefused(f"{said} ({because})" if because else said, temporary=temporary, code=code)


def _odd(client: Client, status: int = 200) -> MailboxError:
    text = f"{client.provider.name} answered what cannot be used (HTTP {status})"
    return MailboxError(text, temporary=True)

"""Signs in to Salesforce as an app of the customer's own: OAuth 2.0, client credentials (RFC 6749 §4.4).

Salesforce does not say how long an access token is good. So one is kept in memory, for all visits, until it
is refused; then another is asked for, once.
"""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from cadence.core.errors import CrmError, GrantRefused
from cadence.crm.salesforce_reading import plain
from cadence.crm.values import text
from cadence.crm.web import Answer, Fetch, Web

_HINTS = {
    "request not supported on this domain": "give its My Domain URL, which ends in .my.salesforce.com",
    "no client credentials user enabled": "choose whom the app runs as, in the app's policies",
    "client identifier invalid": "copy the consumer key again, from the app's OAuth settings",
    "invalid client credentials": "copy the consumer secret again, from the app's OAuth settings",
}
"""What to do where it does not let us in, by what it says."""


class SignIn:
    """The access token of one app in one account. url: of the account; key, secret: of the app."""

    def __init__(self, url: str, key: str, secret: str) -> None:
        self._url = url
        self._form = {"grant_type": "client_credentials", "client_id": key, "client_secret": secret}
        self._token = ""

    def through(self, fetch: Fetch) -> Fetch:
        """Sends requests with the token, and gives faults by their status in HTTP; raises CrmError."""

        async def signed_in(
            method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, limit: int
        ) -> Answer:
            token = self._token or await self._renewed(fetch)
            answer = await fetch(method, url, {**headers, **_bearer(token)}, body, limit=limit)
            if answer.status == HTTPStatus.UNAUTHORIZED:
                token = await self._renewed(fetch)
                answer = await fetch(method, url, {**headers, **_bearer(token)}, body, limit=limit)
            return plain(answer)

        return signed_in

    async def _renewed(self, fetch: Fetch) -> str:
        try:
            found = await Web(self._url, {}, _refusing(fetch)).submit("/services/oauth2/token", self._form)
        except GrantRefused as fault:
            hints = (f"{fault}: {hint}" for said, hint in _HINTS.items() if said in str(fault))
            raise GrantRefused(next(hints, str(fault)), status=fault.status) from fault
        token = text(found, "access_token") if isinstance(found, dict) else None
        if token is None:
            raise CrmError("Salesforce answered without an access token", temporary=True)
        self._token = token
        return token


def _bearer(token: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _refusing(fetch: Fetch) -> Fetch:
    """Sends requests for a token: what RFC 6749 §5.2 says by 400 is that we are not let in."""

    async def sent(
        method: str, url: str, headers: Mapping[str, str], body: bytes | None, *, limit: int
    ) -> Answer:
        answer = plain(await fetch(method, url, headers, body, limit=limit))
        is_refused = answer.status == HTTPStatus.BAD_REQUEST
        return replace(answer, status=int(HTTPStatus.UNAUTHORIZED)) if is_refused else answer

    return sent

"""Describes those who sign people in (OAuth 2): where they are asked, and for the least that mail needs.

A grant is what a person gave us by signing in; it lives until it is withdrawn or forgotten. An access token
is what a mail server is shown; it lives for an hour or so, and the grant's refresh token brings the next.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cadence.core.errors import InvalidInput

EARLY = timedelta(minutes=5)
"""How long before its end a token counts as old: clocks differ, and a log-in takes a while."""
USUAL_LIFE = timedelta(hours=1)
"""Of an access token whose answer does not say (RFC 6749 §5.1)."""


@dataclass(frozen=True, slots=True)
class Provider:
    """Who signs people in. key: as a preset of servers is called; device_url: None where nobody can sign in
    by a code shown on another machine (RFC 8628); revoke_url: None where we cannot give a grant back
    (RFC 7009); withdraw_at: the page where its owner can; also: more parameters of its sign-in page.
    """

    key: str
    name: str
    authorize_url: str
    token_url: str
    scopes: tuple[str, ...]
    device_url: str | None = None
    revoke_url: str | None = None
    withdraw_at: str | None = None
    also: Mapping[str, str] = field(default_factory=dict)


GOOGLE = Provider(
    "google",
    "Google",
    "https://accounts.google.com/o/oauth2/v2/auth",
    "https://oauth2.googleapis.com/token",
    ("https://mail.google.com/",),  # the only one for IMAP and SMTP; Google lets no device code have it
    revoke_url="https://oauth2.googleapis.com/revoke",
    withdraw_at="https://myaccount.google.com/connections",
    also={"access_type": "offline", "prompt": "consent"},  # else a second sign-in brings no refresh token
)


def microsoft(tenant: str) -> Provider:
    """Microsoft's, for the accounts of a tenant: its id or domain, or "common" for all."""
    base = f"https://login.microsoftonline.com/{tenant}/oauth2/v2.0"
    resource = "https://outlook.office.com"
    return Provider(
        "microsoft",
        "Microsoft",
        f"{base}/authorize",
        f"{base}/token",
        (f"{resource}/IMAP.AccessAsUser.All", f"{resource}/SMTP.Send", "offline_access"),
        device_url=f"{base}/devicecode",
        withdraw_at="https://myapps.microsoft.com",
    )


API = "-api"
"""How the key ends of a provider that is asked for its API rather than for its mail servers."""

GOOGLE_API = replace(
    GOOGLE,
    key=f"google{API}",
    scopes=tuple(f"https://www.googleapis.com/auth/gmail.{what}" for what in ("send", "readonly")),
)
"""gmail.metadata would be less than gmail.readonly, and shows no words of a reply."""


def microsoft_api(tenant: str) -> Provider:
    """Microsoft's for its API (Graph). Mail.ReadBasic would be less than Mail.Read, and shows no words."""
    resource = "https://graph.microsoft.com"
    scopes = (f"{resource}/Mail.Send", f"{resource}/Mail.Read", "offline_access")
    return replace(microsoft(tenant), key=f"microsoft{API}", scopes=scopes)


@dataclass(frozen=True, slots=True)
class Client:
    """Cadence as a provider knows it: by an id that the operator got there; secret: where it gave one."""

    provider: Provider
    id: str
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a provider answers. refresh: None where the one that is known stays good."""

    access: str = field(repr=False)
    refresh: str | None = field(repr=False)
    until: datetime


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in brought. provider: its key."""

    provider: str
    tokens: Tokens

    def check(self) -> None:
        """Raises InvalidInput where it would end with its first token."""
        if self.tokens.refresh is None:
            raise InvalidInput(f"{self.provider} gave no refresh token, so it would work for an hour only")


def is_old(until: datetime | None, now: datetime) -> bool:
    """Whether a token that is good until then is to be replaced before it is used."""
    return until is None or until - EARLY <= now


def tokens_of(answer: Mapping[str, object], now: datetime) -> Tokens:
    """Read a successful answer (RFC 6749 §5.1); raises InvalidInput for what is none."""
    access, refresh = answer.get("access_token"), answer.get("refresh_token")
    if not isinstance(access, str) or not access or not isinstance(refresh, str | None):
        raise InvalidInput("the answer holds no token")
    if str(answer.get("token_type", "")).casefold() != "bearer":
        raise InvalidInput("the answer holds a token of a kind that mail servers do not take")
    return Tokens(access, refresh or None, now + _life(answer.get("expires_in")))


def _life(seconds: object) -> timedelta:
    text = str(seconds)
    if not (text.isascii() and text.isdecimal() and len(text) <= 9):
        return USUAL_LIFE
    return timedelta(seconds=int(text))

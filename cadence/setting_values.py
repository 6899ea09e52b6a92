"""Decides what the value of a single setting may look like; settings.py says which settings there are."""

import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr

from cadence.core import calendar
from cadence.core.errors import InvalidInput
from cadence.core.places import country_code
from cadence.service.keys import SHORTEST_KEY, keys_in

SHORTEST_TOKEN = 16
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


def shipped_templates() -> Path:
    """The shipped sequences: in the wheel, or beside the package in a checkout."""
    package = Path(__file__).parent
    inside = package / "_templates"
    return inside if inside.is_dir() else package.parent / "templates"


def templates_in_use() -> Path:
    """The working folder's own sequences, else the shipped ones."""
    own = Path("templates")
    return own if own.is_dir() else shipped_templates()


def _folder(value: Path) -> Path:
    path = value.expanduser().absolute()
    if path.exists() and not path.is_dir():
        raise ValueError("is a file, not a folder")
    return path


_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


def _database_url(value: SecretStr) -> SecretStr:
    scheme, separator, rest = value.get_secret_value().partition("://")
    if not separator or scheme.partition("+")[0] not in {"sqlite", "postgresql"}:
        raise ValueError("must look like sqlite:///data/cadence.db or postgresql://user:password@host/name")
    return SecretStr(f"{_DRIVERS.get(scheme, scheme)}://{rest}")


def _keys(value: SecretStr) -> SecretStr:
    if not (keys := keys_in(value.get_secret_value())) or min(map(len, keys)) < SHORTEST_KEY:
        raise ValueError(f"each key needs at least {SHORTEST_KEY} characters")
    return value


def _plain_text(value: str) -> str:
    if any(ord(char) < 32 and char != "\n" for char in value):
        raise ValueError("must not contain control characters")
    return value


def _web_address(value: str) -> str:
    if _host(value, {"http", "https"}) is None:
        raise ValueError("must be a web address such as https://www.company.example")
    return value


def _public_address(value: str) -> str:
    """RFC 8058 §3.1 wants https; plain http is for trying things out on one machine."""
    if _host(value, {"https"}) is None and _host(value, {"http"}) not in _LOOPBACK:
        raise ValueError("must be an https address without query, such as https://cadence.company.example")
    return value.rstrip("/")


def _host(url: str, schemes: set[str]) -> str | None:
    """The host of a plain address of one of these schemes, else None."""
    try:
        parts = urlsplit(url)
        plain = parts.scheme in schemes and not (parts.query or parts.fragment or parts.username)
        return parts.hostname if plain and parts.port != 0 and url.isprintable() and " " not in url else None
    except ValueError:
        return None


def _zone_name(value: str) -> str:
    try:
        calendar.zone(value)
    except InvalidInput as error:
        raise ValueError(str(error)) from error
    return value


def _country_code(value: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", value):
        raise ValueError("must be a country code of two letters, such as DE")
    try:
        return country_code(value)
    except InvalidInput as error:
        raise ValueError(str(error)) from error


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _redis_url(url: SecretStr) -> SecretStr:
    parts = urlsplit(url.get_secret_value())
    if parts.scheme not in ("redis", "rediss", "unix") or not (parts.hostname or parts.path):
        raise ValueError("is no address of a Redis, such as redis://localhost:6379")
    return url


def _api_key(value: SecretStr) -> SecretStr:
    """It becomes a header field, which takes no line break and nothing but ASCII."""
    text = value.get_secret_value()
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("has letters, digits and signs only, without spaces")
    return value


def _tenant(value: str) -> str:
    """It becomes a part of a URL."""
    if not re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value):
        raise ValueError("must be a tenant's id or domain, such as company.example, or common")
    return value


def _token(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if len(text) < SHORTEST_TOKEN or not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError(f"needs at least {SHORTEST_TOKEN} letters, digits or signs, without spaces")
    return value


Folder = Annotated[Path, AfterValidator(_folder)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
RedisUrl = Annotated[SecretStr, AfterValidator(_redis_url)]
Keys = Annotated[SecretStr, AfterValidator(_keys)]
Token = Annotated[SecretStr, AfterValidator(_token)]
ApiKey = Annotated[SecretStr, AfterValidator(_api_key)]
Tenant = Annotated[str, AfterValidator(_tenant)]
PlainText = Annotated[str, AfterValidator(_plain_text)]
WebAddress = Annotated[str, AfterValidator(_web_address)]
PublicAddress = Annotated[str, AfterValidator(_public_address)]
ZoneName = Annotated[str, AfterValidator(_zone_name)]
CountryCode = Annotated[str, AfterValidator(_country_code)]
LogFormat = Annotated[Literal["text", "json"], BeforeValidator(_lower)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_lower)]

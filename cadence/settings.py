"""Decides what an installation is set to: environment, `.env` in the working folder, secret files, defaults.

The first of these that names a setting decides: what the caller gives, CADENCE_X in the environment,
CADENCE_X_FILE there (a file with the value, for secrets), the same two in `.env`, the default.
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dotenv.parser import parse_stream
from pydantic import Field, PrivateAttr, SecretStr, ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from cadence.core.errors import InvalidInput
from cadence.core.model import Pace
from cadence.setting_values import (
    ApiKey,
    CountryCode,
    DatabaseUrl,
    Folder,
    Keys,
    LogFormat,
    LogLevel,
    PlainText,
    PublicAddress,
    RedisUrl,
    Tenant,
    Token,
    WebAddress,
    ZoneName,
    templates_in_use,
)

PREFIX = "CADENCE_"
SECRETS = frozenset({"secret_key", "database_url", "redis_url", "metrics_token", "classify_key"}) | {
    f"{provider}_client_secret" for provider in ("google", "microsoft", "oauth")
}
"""Settings that can stand in a file of their own, and are never printed whole."""

_ENV_FILE = ".env"


class Settings(BaseSettings):
    """Every setting, with its meaning for those who read `cadence config`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, extra="forbid", frozen=True, validate_default=True
    )

    data: Folder = Field(
        Path("data"), description="Folder for the database, the key file and what else is kept."
    )
    database_url: DatabaseUrl = Field(
        default_factory=lambda given: SecretStr(f"sqlite+aiosqlite:///{given.get('data')}/cadence.db"),
        description="The database, as an SQLAlchemy URL; by default SQLite in the data folder.",
    )
    templates: Folder = Field(
        default_factory=templates_in_use,
        description="Folder of the sequences; by default ./templates, else the shipped ones.",
    )
    secret_key: Keys | None = Field(
        None,
        description=(
            "Encrypts mailbox passwords and signs links; at least 32 characters. Several, separated by "
            "commas, rotate it: the first is used from now on. By default a file in the data folder."
        ),
    )
    company_name: PlainText | None = Field(None, description="Our company's name, as mails show it.")
    company_postal_address: PlainText | None = Field(
        None,
        description="Our postal address for the footer; several countries want one in every mail.",
    )
    company_website: WebAddress | None = Field(None, description="Our website, as mails show it.")
    public_url: PublicAddress | None = Field(
        None,
        description=(
            "The https address under which readers reach this server, for unsubscribe links; "
            "without one they unsubscribe by mail."
        ),
    )
    workplace_url: WebAddress | None = Field(
        None,
        description=(
            "The address under which those who work here reach the workplace, for links in mails to them; "
            "without one these mails have no links."
        ),
    )
    default_zone: ZoneName = Field("UTC", description="Time zone of prospects and mailboxes that name none.")
    default_country: CountryCode | None = Field(
        None, description="Country (ISO 3166-1, such as DE) of prospects that name none, for public holidays."
    )
    host: str = Field("127.0.0.1", description="Address at which the web server listens.")
    port: int = Field(8080, ge=0, le=65535, description="Port of the web server; 0 takes a free one.")
    metrics_token: Token | None = Field(
        None,
        description=(
            "What Prometheus must show as a bearer token to read /metrics, at least 16 characters; "
            "without one only this machine may."
        ),
    )
    webhooks_private: bool = Field(
        False, description="Lets webhooks reach private and loopback addresses, also without TLS."
    )
    poll_seconds: int = Field(
        60, ge=5, le=3600, description="How often due mails and mailboxes are looked at."
    )
    barrier_seconds: int = Field(
        60, ge=1, le=60, description="How old the last look into a mailbox may be when a mail leaves from it."
    )
    redis_url: RedisUrl | None = Field(
        None,
        description="Redis for `cadence worker`, such as redis://host:6379; it only wakes workers.",
    )
    lease_seconds: int = Field(
        45,
        ge=10,
        le=3600,
        description="How long a worker keeps claimed work; after that another takes it over.",
    )
    batch: int = Field(20, ge=1, le=20, description="How many due mails a worker claims at once.")
    backfill_days: int = Field(
        30,
        ge=0,
        le=3650,
        description="How far back a mailbox is read when it is connected for the first time.",
    )
    max_message_mb: int = Field(
        30, ge=1, le=200, description="Received mails above this many megabytes are read in part."
    )
    daily_cap: int = Field(
        60, ge=1, le=10_000, description="Mails a day that a new mailbox may send once warm."
    )
    ramp_from: int = Field(
        20, ge=1, le=10_000, description="Mails that a new mailbox may send on its first day."
    )
    ramp_step: int = Field(
        5, ge=0, le=10_000, description="How many more a new mailbox may send each further day."
    )
    gap_seconds: int = Field(60, ge=0, le=86_400, description="Least seconds between two mails of a mailbox.")
    jitter_seconds: int = Field(
        60, ge=0, le=86_400, description="Up to how many seconds that gap is lengthened."
    )
    classify_url: PublicAddress | None = Field(
        None,
        description=(
            "An OpenAI-compatible endpoint, such as https://llm.company.example/v1, to be asked about "
            "replies that are not understood; plain http on this machine only. By default none is asked."
        ),
    )
    classify_model: PlainText | None = Field(None, description="The model that the endpoint shall use.")
    classify_key: ApiKey | None = Field(None, description="The endpoint's key, where it wants one.")
    classify_daily: int = Field(
        200,
        ge=1,
        le=1_000_000,
        description="How many replies the endpoint is asked about in 24 hours, at most.",
    )
    google_client_id: PlainText | None = Field(
        None, description="By which Google knows this installation, so that mailboxes are signed in there."
    )
    google_client_secret: ApiKey | None = Field(None, description="The secret that Google gave with it.")
    microsoft_client_id: PlainText | None = Field(
        None, description="By which Microsoft knows this installation, so that mailboxes are signed in there."
    )
    microsoft_client_secret: ApiKey | None = Field(
        None, description="The secret that Microsoft gave with it; signing in by a code needs none."
    )
    microsoft_tenant: Tenant = Field(
        "common", description="Whose accounts may be signed in: the tenant's id or domain; common: all."
    )
    oauth_client_id: PlainText | None = Field(
        None, description="The same for another server that signs people in (OAuth 2), of one's own perhaps."
    )
    oauth_client_secret: ApiKey | None = Field(
        None, description="The secret that it gave, where it gave one."
    )
    oauth_authorize_url: PublicAddress | None = Field(None, description="Its page for signing in.")
    oauth_token_url: PublicAddress | None = Field(None, description="Where it is asked for tokens.")
    oauth_device_url: PublicAddress | None = Field(
        None, description="Where it is asked for codes to sign in on another machine, if it gives any."
    )
    oauth_revoke_url: PublicAddress | None = Field(
        None, description="Where a sign-in is given back as its mailbox is removed, if it takes any back."
    )
    oauth_scopes: PlainText = Field("offline_access", description="What is asked of it, separated by blanks.")
    log_format: LogFormat = Field("text", description="Log lines for people, or JSON for machines.")
    log_level: LogLevel = Field("info", description="The least that is logged.")

    _origins: dict[str, str] = PrivateAttr(default_factory=dict)
    _warnings: tuple[str, ...] = PrivateAttr(default=())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load` collected: it asks the sources itself, to know where each value is from."""
        return (init_settings,)

    @model_validator(mode="after")
    def _ramp_below_cap(self) -> "Settings":
        if self.ramp_from > self.daily_cap and "ramp_from" in self.model_fields_set:
            raise ValueError(
                f"{PREFIX}RAMP_FROM={self.ramp_from} is above {PREFIX}DAILY_CAP={self.daily_cap}"
            )
        return self

    @model_validator(mode="after")
    def _endpoint_with_model(self) -> "Settings":
        if self.classify_url and not self.classify_model:
            raise ValueError(f"{PREFIX}CLASSIFY_URL needs {PREFIX}CLASSIFY_MODEL beside it")
        return self

    @model_validator(mode="after")
    def _oauth_with_urls(self) -> "Settings":
        if self.oauth_client_id and not (self.oauth_authorize_url and self.oauth_token_url):
            raise ValueError(
                f"{PREFIX}OAUTH_CLIENT_ID needs {PREFIX}OAUTH_AUTHORIZE_URL and {PREFIX}OAUTH_TOKEN_URL"
            )
        return self

    @property
    def key_file(self) -> Path:
        """Where the key is kept when no setting gives one."""
        return self.data / "secret.key"

    @property
    def scrape_token(self) -> str | None:
        """What whoever reads the figures must show."""
        return self.metrics_token.get_secret_value() if self.metrics_token else None

    @property
    def pace(self) -> Pace:
        """How fast a new mailbox may write."""
        return Pace(self.daily_cap, self.ramp_from, self.ramp_step, self.gap_seconds, self.jitter_seconds)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was set and means nothing: misspelled names, one line each."""
        return self._warnings


# --- loading ---


def load(**given: object) -> Settings:
    """Read the settings; raises InvalidInput with one line that names the setting.

    given: what a command line says; it goes before everything else, and None says nothing.
    """
    env_file = _checked_env_file()
    environment = EnvSettingsSource(Settings)
    dotenv = DotEnvSettingsSource(Settings, env_file=env_file, env_file_encoding="utf-8")
    layers: list[tuple[str, Mapping[str, Any]]] = [
        ("command line", {name: value for name, value in given.items() if value is not None}),
        ("environment", _fields(environment)),
        ("secret file", _secret_files(environment)),
        (".env file", _fields(dotenv)),
        ("secret file", _secret_files(dotenv)),
    ]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for origin, layer in layers:
        for name, value in layer.items():
            if name not in values:
                values[name], origins[name] = value, origin
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise InvalidInput(_complaint(error.errors()[0], origins)) from None
    settings._origins.update(origins)
    settings._warnings = tuple(_unknown(environment, dotenv))
    return settings


def _checked_env_file() -> Path | None:
    path = Path(_ENV_FILE)
    if not path.is_file():
        return None
    try:
        with path.open(encoding="utf-8") as stream:
            for binding in parse_stream(stream):
                if binding.error:
                    raise InvalidInput(f"{path}:{binding.original.line}: not of the form NAME=value")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path} cannot be read: {error}") from error
    return path


def _fields(source: EnvSettingsSource) -> dict[str, Any]:
    return {name: value for name, value in source().items() if name in Settings.model_fields}


def _secret_files(source: EnvSettingsSource) -> dict[str, str]:
    found = {}
    for name in SECRETS:
        path = source.env_vars.get(f"{PREFIX}{name}_FILE".lower())
        if not path:
            continue
        if source.env_vars.get(f"{PREFIX}{name}".lower()):
            variable = _variable(name)
            raise InvalidInput(f"{variable} and {variable}_FILE are both set; set one of them")
        try:
            found[name] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise InvalidInput(f"{_variable(name)}_FILE={path} cannot be read: {error}") from error
    return found


def _unknown(*sources: EnvSettingsSource) -> Iterator[str]:
    known = [_variable(name) for name in Settings.model_fields] + [
        f"{_variable(name)}_FILE" for name in SECRETS
    ]
    set_names = {name.upper() for source in sources for name in source.env_vars}
    for name in sorted(set_names - set(known)):
        if name.startswith(PREFIX):
            near = difflib.get_close_matches(
                name.removeprefix(PREFIX), [each.removeprefix(PREFIX) for each in known], n=1
            )
            yield f"{name} is not a setting" + (f"; did you mean {PREFIX}{near[0]}?" if near else "")


def _complaint(error: ErrorDetails, origins: Mapping[str, str]) -> str:
    what = error["msg"].removeprefix("Value error, ")
    if not error["loc"]:
        return what
    name = str(error["loc"][0])
    shown = "" if name in SECRETS else f"={error['input']}"
    return f"{_variable(name)}{shown} ({origins.get(name, 'default')}): {what[:1].lower()}{what[1:]}"


def _variable(name: str) -> str:
    return f"{PREFIX}{name}".upper()


# --- showing ---


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One setting as `cadence config` prints it.

    origin: default, environment, .env file, secret file or command line.
    """

    name: str
    meaning: str
    value: str
    origin: str


def describe(settings: Settings) -> list[SettingRow]:
    """Every setting with its meaning, value and origin; secrets are hidden."""
    return [
        SettingRow(
            name=_variable(name),
            meaning=field.description or "",
            value=_shown(name, getattr(settings, name)),
            origin=settings._origins.get(name, "default"),
        )
        for name, field in Settings.model_fields.items()
    ]


def _shown(name: str, value: object) -> str:
    if value is None:
        return "(key file in the data folder)" if name == "secret_key" else ""
    if name == "database_url" and isinstance(value, SecretStr):
        return re.sub(r"(://[^:@/]*):[^@]*@", r"\1:***@", value.get_secret_value())
    return "(hidden)" if isinstance(value, SecretStr) else str(value)

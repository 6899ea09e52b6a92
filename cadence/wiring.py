"""Builds the application from its settings: the one place where concrete things meet."""

import gc
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cadence.core.errors import Conflict
from cadence.core.model import Mailbox, Place
from cadence.core.oauth import GOOGLE, GOOGLE_API, Client, Provider, microsoft, microsoft_api
from cadence.mail.api_inbox import ApiInbox
from cadence.mail.api_sender import ApiSender
from cadence.mail.endpoint import ApiEndpoint, Credentials, Endpoint, is_api
from cadence.mail.gmail import Gmail
from cadence.mail.graph import Graph
from cadence.mail.imap import ImapInbox
from cadence.mail.numbering import Passing
from cadence.mail.presets import RELAYS
from cadence.mail.relay_sender import RelaySender
from cadence.mail.smtp import SmtpSender
from cadence.mail.web_api import WebApi
from cadence.service import moving
from cadence.service.app import App, Company, Connections, Inbox, Policy, Sender
from cadence.service.chat_endpoint import ChatEndpoint
from cadence.service.grants import Grants
from cadence.service.keys import secret_keys
from cadence.service.library import Library
from cadence.service.links import Links
from cadence.service.numbering import Kept
from cadence.service.outside import Outside
from cadence.service.signing_in import SigningIn
from cadence.service.vault import Vault
from cadence.service.way_out import OpenWay
from cadence.settings import Settings
from cadence.store.database import Database


class MailServers:
    """The real ways in and out: SMTP and IMAP, or the provider's API.

    ssl_context: for tests with certificates of their own; db: keeps how far an API told what is new, None
    where nothing is to last.
    """

    def __init__(self, ssl_context: ssl.SSLContext | None = None, db: Database | None = None) -> None:
        self.ssl_context, self.db = ssl_context, db

    def sender(self, mailbox: Mailbox, password: str) -> Sender:
        """The way out; it connects when first used."""
        if is_api(mailbox.smtp):
            return ApiSender(self._api(mailbox, password))
        endpoint = Endpoint.parse(mailbox.smtp, kind="smtp")
        return SmtpSender(endpoint, _credentials(mailbox, password), ssl_context=self.ssl_context)

    def relay(self, way: OpenWay) -> Sender:
        """The way out through a relay; it connects when first used."""
        relay, endpoint = way.relay, Endpoint.parse(way.relay.smtp, kind="smtp")
        credentials = Credentials(relay.username, way.password) if relay.username else None
        outlet = SmtpSender(endpoint, credentials, ssl_context=self.ssl_context)
        return RelaySender(outlet, RELAYS[relay.kind], endpoint.host, way.signers)

    def inbox(self, mailbox: Mailbox, password: str) -> Inbox:
        """The way in, not connected yet."""
        if is_api(mailbox.imap):
            numbering = Kept(self.db, mailbox.id) if self.db and mailbox.id else Passing()
            return ApiInbox(self._api(mailbox, password), numbering)
        endpoint = Endpoint.parse(mailbox.imap, kind="imap")
        return ImapInbox(endpoint, _credentials(mailbox, password), ssl_context=self.ssl_context)

    def _api(self, mailbox: Mailbox, token: str) -> Gmail | Graph:
        endpoint = ApiEndpoint.parse(mailbox.smtp)
        api = WebApi(endpoint, token, ssl_context=self.ssl_context)
        return _APIS[endpoint.kind](api, mailbox.username)


_APIS: dict[str, Callable[[WebApi, str], Gmail | Graph]] = {"gmail": Gmail, "graph": Graph}


def _credentials(mailbox: Mailbox, secret: str) -> Credentials:
    if mailbox.oauth is None:
        return Credentials(mailbox.username, secret)
    return Credentials(mailbox.username, token=secret)


def utc_now() -> datetime:
    """The present instant."""
    return datetime.now(UTC)


def policy_of(settings: Settings) -> Policy:
    """The operator's choices as the use cases know them."""
    return Policy(
        company=Company(settings.company_name, settings.company_postal_address, settings.company_website),
        public_url=settings.public_url,
        workplace_url=settings.workplace_url,
        place=Place(settings.default_zone, settings.default_country),
        pace=settings.pace,
        barrier=timedelta(seconds=settings.barrier_seconds),
        lease=timedelta(seconds=settings.lease_seconds),
        batch=settings.batch,
        backfill=timedelta(days=settings.backfill_days),
        max_message=settings.max_message_mb * 1_000_000,
    )


def authors_folder(settings: Settings) -> Path | None:
    """The folder in which authors write, where this process has one: not the shipped ones."""
    folder = settings.templates
    return folder if folder.is_dir() and folder.name != "_templates" else None


def endpoint_of(settings: Settings) -> ChatEndpoint | None:
    """Whom to ask about replies that are not understood, None where nobody is set."""
    if settings.classify_url is None or settings.classify_model is None:
        return None
    key = settings.classify_key.get_secret_value() if settings.classify_key else None
    return ChatEndpoint(settings.classify_url, settings.classify_model, key, settings.classify_daily)


def signing_in_of(settings: Settings) -> SigningIn:
    """Those with whom mailboxes can be signed in: whoever gave the operator an id for it."""
    own = Provider(
        "oauth",
        "the sign-in server",
        settings.oauth_authorize_url or "",
        settings.oauth_token_url or "",
        tuple(settings.oauth_scopes.split()),
        settings.oauth_device_url,
        settings.oauth_revoke_url,
    )
    known = (
        (GOOGLE, settings.google_client_id, settings.google_client_secret),
        (GOOGLE_API, settings.google_client_id, settings.google_client_secret),
        (
            microsoft(settings.microsoft_tenant),
            settings.microsoft_client_id,
            settings.microsoft_client_secret,
        ),
        (
            microsoft_api(settings.microsoft_tenant),
            settings.microsoft_client_id,
            settings.microsoft_client_secret,
        ),
        (own, settings.oauth_client_id, settings.oauth_client_secret),
    )
    clients = [
        Client(provider, client_id, secret.get_secret_value() if secret else None)
        for provider, client_id, secret in known
        if client_id
    ]
    return SigningIn({client.provider.key: client for client in clients})


@asynccontextmanager
async def open_app(
    settings: Settings,
    *,
    clock: Callable[[], datetime] = utc_now,
    servers: MailServers | None = None,
    process: str | None = None,
) -> AsyncIterator[App]:
    """The application on its database; everything it opened is closed at the end.

    Raises Conflict where the installation was moved away.
    """
    keys = secret_keys(
        settings.secret_key.get_secret_value() if settings.secret_key else None, settings.key_file
    )
    vault = Vault(keys)
    db = await Database.open(settings.database_url.get_secret_value())
    grants = Grants(db, vault, signing_in_of(settings), clock)
    servers = servers or MailServers()
    servers.db = db
    connections = Connections(db, vault, servers, grants)
    try:
        if place := await moving.moved_to(db):
            raise Conflict(f"this installation was moved to {place}: set CADENCE_DATABASE_URL to that")
        if process is not None:
            gc.freeze()  # it lives long: what was loaded until now need not be searched for garbage
        yield App(
            db,
            Library(),
            vault,
            Links(keys),
            connections,
            policy_of(settings),
            clock,
            process,
            templates=authors_folder(settings),
            endpoint=endpoint_of(settings),
            outside=Outside(settings.webhooks_private),
        )
    finally:
        await connections.close()
        await db.close()

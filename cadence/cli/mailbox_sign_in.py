"""Signing a mailbox in from a terminal: by a code, else by the address at which the browser ends."""

import asyncio
import secrets
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

import typer

from cadence.cli.shell import out
from cadence.core.errors import InvalidInput
from cadence.core.oauth import API, Client, Grant
from cadence.mail import presets
from cadence.service import consenting
from cadence.service.app import App
from cadence.service.consenting import Wish

Oauth = Annotated[
    str | None,
    typer.Option("--oauth", metavar="PROVIDER", help="Sign in, without a password: google or microsoft."),
]
Api = Annotated[
    bool,
    typer.Option("--api", help="With --oauth: by the provider's API, where IMAP or SMTP is closed."),
]
BACK = "http://localhost"
"""Where nobody listens: the browser shows the address, and that is all it takes (RFC 8252 §7.3)."""


def provider_of(oauth: str | None, *, api: bool) -> str | None:
    """With whom a person signs in: for the mail servers, or for the API. Raises InvalidInput."""
    if not api or oauth is None:
        if api:
            raise InvalidInput("--api needs --oauth: an API takes no password")
        return oauth
    provider = f"{oauth.removesuffix(API)}{API}"
    if presets.servers_of(provider) is None:
        raise InvalidInput(f"of {oauth} no API is known; it is known of google and of microsoft")
    return provider


def servers(
    provider: str | None, smtp: str | None, imap: str | None, relay: str | None = None
) -> tuple[str, str]:
    """Where mail leaves and is read: as given, else as it is known of the provider; what leaves by a relay
    needs no server. Raises InvalidInput.
    """
    known = presets.servers_of(provider) if provider else None
    if known is not None:
        smtp, imap = smtp or known[0], imap or known[1]
    if relay and imap:
        return "", imap
    if not smtp or not imap:
        raise InvalidInput("say where its servers are: --smtp smtp://host:587 --imap imaps://host:993")
    return smtp, imap


def refuse_both(provider: str | None, password: str | None) -> None:
    """A mailbox is signed in, or it has a password; raises InvalidInput."""
    if provider and password:
        raise InvalidInput("give a password or --oauth, not both")


async def sign_in(app: App, provider: str, address: str) -> Grant:
    """Let a person sign in; raises InvalidInput or MailboxError."""
    client = app.connections.grants.signing_in.client(provider)
    if client.provider.device_url is not None:
        return await _by_code(app, client, address)
    return await _by_address(app, client, address)


async def _by_code(app: App, client: Client, address: str) -> Grant:
    signing_in = app.connections.grants.signing_in
    code = await signing_in.begin_by_code(client)
    out.print(f"Open {code.url}, type in {code.user_code}, and sign in as {address}.", markup=False)
    out.print("Waiting; Ctrl+C gives up …", markup=False)
    return Grant(client.provider.key, await signing_in.await_code(client, code, app.clock))


async def _by_address(app: App, client: Client, address: str) -> Grant:
    session = secrets.token_urlsafe()
    url = consenting.begin(app, Wish(client.provider.key, address), session=session, redirect=BACK)
    out.print(f"Open this in a browser, and sign in as {address}:\n\n{url}\n", markup=False, soft_wrap=True)
    out.print(f"It ends at {BACK}, a page that cannot be shown. Copy its whole address here.", markup=False)
    typed = await asyncio.to_thread(input, "Address: ")
    said = {name: values[0] for name, values in parse_qs(urlsplit(typed.strip()).query).items()}
    if "code" not in said:
        raise InvalidInput(said.get("error", "that is not the address at which a sign-in ends"))
    _, grant = await consenting.come_back(
        app, state=said.get("state", ""), code=said["code"], session=session, redirect=BACK
    )
    return grant

"""Looks after relays: the servers through which mailboxes send, and by what their reports are known."""

import secrets
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from cadence.core.delivery import OutcomeKind
from cadence.core.errors import Conflict, InvalidInput, MailboxError, NotFound
from cadence.core.model import Mailbox
from cadence.core.relays import Relay, RelayKind
from cadence.mail.endpoint import Credentials, Endpoint, is_api
from cadence.mail.presets import RELAYS
from cadence.service import relay_proofs
from cadence.service.app import App
from cadence.service.return_paths import checked_domain
from cadence.store import events, relays

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class NewRelay:
    """What somebody says of a relay. username: None where it lets us in without a log-in; signs: None: as
    that kind of relay needs it.
    """

    name: str
    kind: RelayKind
    smtp: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    signs: bool | None = None


async def add(app: App, new: NewRelay) -> Relay:
    """Store a relay, its password encrypted; raises InvalidInput or Conflict."""
    name = _checked_name(new.name)
    if (new.username is None) != (new.password is None):
        raise InvalidInput("a relay has a user name and a password, or neither")
    Credentials(new.username or "", new.password)
    values: dict[str, Any] = {
        "kind": new.kind,
        "smtp": _checked_server(new.smtp),
        "username": new.username,
        "secret": app.vault.seal(new.password) if new.password else None,
        "signs": not RELAYS[new.kind].signs if new.signs is None else new.signs,
        "created_at": app.clock(),
    }
    async with app.db.write() as tx:
        if await relays.find(tx, name):
            raise Conflict(f"there is a relay {name}; see `cadence relay change`")
        await relays.add(tx, name=name, **values)
        await events.add(tx, "relay.added", f"{name}: {values['smtp']}", at=app.clock())
        return await _found(tx, name)


async def change(app: App, name: str, values: Mapping[str, Any], password: str | None = None) -> Relay:
    """Change some of smtp, username and signs, and the password; what runs takes it up at once.

    Raises NotFound or InvalidInput, and then changes nothing.
    """
    right = dict(values)
    if "smtp" in right:
        right["smtp"] = _checked_server(right["smtp"])
    Credentials(str(right.get("username", "")), password)
    if password is not None:
        right["secret"] = app.vault.seal(password)
    if not right:
        raise InvalidInput("say what is to be changed; see `cadence relay change --help`")
    async with app.db.write() as tx:
        relay = await _found(tx, name)
        await relays.change(tx, relay.id, **right)
        what = ", ".join(sorted("password" if one == "secret" else one for one in right))
        await events.add(tx, "relay.changed", f"{name}: {what}", at=app.clock())
        return await _found(tx, name)


async def remove(app: App, name: str) -> None:
    """Forget a relay; raises NotFound, or Conflict while mailboxes send through it."""
    async with app.db.write() as tx:
        relay = await _found(tx, name)
        through = (await relays.mailboxes_through(tx)).get(relay.id, [])
        if through:
            raise Conflict(f"{len(through)} mailboxes send through {name}, {through[0]} among them")
        await relays.remove(tx, relay.id)
        await events.add(tx, "relay.removed", name, at=app.clock())


async def overview(app: App) -> list[tuple[Relay, list[str]]]:
    """Every relay, with the addresses of those who send through it."""
    async with app.db.read() as tx:
        through = await relays.mailboxes_through(tx)
        return [(relay, through.get(relay.id, [])) for relay in await relays.all_of(tx)]


async def find(app: App, name: str) -> Relay:
    """The relay of a name; raises NotFound."""
    async with app.db.read() as tx:
        return await _found(tx, name)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where a relay is to report. secret: what it must show, where we choose that."""

    url: str
    secret: str | None = field(default=None, repr=False)


async def hear(app: App, name: str, key: str | None) -> Hook:
    """Take a relay's reports from now on.

    key: by what they are known: of SES the ARN of the topic, of Mailgun the signing key, of SendGrid the
    public key; of Postmark nothing, a new secret is made. Raises InvalidInput, NotFound, Conflict.
    """
    if app.policy.public_url is None:
        raise Conflict("a relay can only report where it reaches us: set CADENCE_PUBLIC_URL")
    relay = await find(app, name)
    secret = secrets.token_urlsafe(24) if relay.kind is RelayKind.POSTMARK else None
    hook = secret or _checked_key(relay.kind, (key or "").strip())
    async with app.db.write() as tx:
        await relays.change(tx, relay.id, hook=app.vault.seal(hook))
        await events.add(tx, "relay.heard", f"{name}: reports are taken", at=app.clock())
    return Hook(f"{app.policy.public_url.rstrip('/')}/hooks/relay/{relay.id}", secret)


async def try_out(app: App, name: str) -> None:
    """Log in to a relay as for a mail; raises MailboxError with what stands against it."""
    relay = await find(app, name)
    sender = await app.connections.relay(relay.id)
    try:
        against = await sender.check()
    finally:
        await sender.close()
    if against is not None:
        temporary = against.kind is OutcomeKind.DEFERRED
        raise MailboxError(f"{relay.name} does not let us in: {against.text or against}", temporary=temporary)


async def chosen(app: App, mailbox: Mailbox, values: Mapping[str, Any]) -> dict[str, Any]:
    """Which columns of a mailbox change where it is to send by another way.

    values: of smtp, relay (a name, empty for none) and return_path (a domain, empty for none). Raises
    NotFound or InvalidInput.
    """
    relay = await find(app, values["relay"]) if values.get("relay") else None
    if relay is not None and is_api(values.get("imap", mailbox.imap)):
        raise InvalidInput("a mailbox that is read by an API is sent from by it as well")
    right: dict[str, Any] = {}
    if relay is not None:
        right = {"relay_id": relay.id, "smtp": relay.smtp, "files_sent": False}
    elif mailbox.relay_id is not None and values.get("smtp", mailbox.smtp) != mailbox.smtp:
        right = {"relay_id": None, "files_sent": None}
    elif mailbox.relay_id is not None and "relay" in values:
        raise InvalidInput("say by which server it sends then, such as smtp://host:587")
    if "return_path" in values:
        right["return_path"] = checked_domain(values["return_path"]) if values["return_path"] else None
    relay_id = right.get("relay_id", mailbox.relay_id)
    if right.get("return_path", mailbox.return_path) and relay_id is not None:
        await _refuse_return_path(app, relay_id)
    return right


async def _refuse_return_path(app: App, relay_id: int) -> None:
    """Raises InvalidInput where a relay writes over whatever address bounces are to go to."""
    async with app.db.read() as tx:
        access = await relays.access(tx, relay_id)
    if access is not None and not RELAYS[access.relay.kind].keeps_sender:
        name = RELAYS[access.relay.kind].name
        raise InvalidInput(f"{name} writes over the return path: it reports by webhook, so give none")


def _checked_key(kind: RelayKind, key: str) -> str:
    """By what the reports of a relay are known; raises InvalidInput."""
    if not relay_proofs.proves(kind):
        raise InvalidInput("a server of your own reports by mail: see `cadence mailbox change --return-path`")
    if kind is RelayKind.SES and not relay_proofs.TOPIC.fullmatch(key):
        raise InvalidInput("give the ARN of the topic, such as arn:aws:sns:eu-central-1:123456789012:bounces")
    if kind is RelayKind.MAILGUN and not 16 <= len(key) <= 200:
        raise InvalidInput("give the HTTP webhook signing key, as Mailgun's console shows it")
    if kind is RelayKind.SENDGRID:
        try:
            fits = isinstance(load_der_public_key(b64decode(key)), EllipticCurvePublicKey)
        except ValueError:
            fits = False
        if not fits:
            raise InvalidInput(
                "give the public key of the signed event webhook, as SendGrid's console shows it"
            )
    return key


def _checked_name(name: str) -> str:
    plain = name.strip()
    if not plain or len(plain) > LONGEST_NAME or not plain.isprintable():
        raise InvalidInput(f"the name of a relay has 1 to {LONGEST_NAME} characters")
    return plain


def _checked_server(smtp: str) -> str:
    return str(Endpoint.parse(smtp, kind="smtp"))


async def _found(tx: Any, name: str) -> Relay:
    relay = await relays.find(tx, name)
    if relay is None:
        raise NotFound(f"there is no relay {name}; see `cadence relay list`")
    return relay

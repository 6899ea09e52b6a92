"""Mailboxes: connecting them, changing, pausing and removing them, and what a fault of one does."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from cadence.core.address import normalize
from cadence.core.calendar import check_region, is_known_country, local, zone
from cadence.core.errors import Conflict, InvalidInput, NotFound
from cadence.core.lifecycle import Fact
from cadence.core.model import Mailbox, MailboxState, Pace, Place, TaskKind
from cadence.core.oauth import Grant
from cadence.core.pace import cap_today
from cadence.core.sequence import From
from cadence.mail.endpoint import Credentials, checked_servers, is_api
from cadence.service import courses, relays, transitions
from cadence.service.app import App
from cadence.service.grants import keep
from cadence.store import correspondence, enrollments, events, grants, mailboxes, tasks, users
from cadence.store import overview as use

R = TypeVar("R", Place, Pace)


ELSEWHERE = {"sent_folder": None, "files_sent": None, "relay_id": None}
"""What has to be found out anew where a mailbox goes over to an API, or back, which takes no relay."""


@dataclass(frozen=True, slots=True)
class NewMailbox:
    """What somebody says of a mailbox to connect; smtp and imap are URLs without credentials.

    grant: what a sign-in brought, in place of a password; relay_id: through which it sends, whose URL smtp is
    then.
    """

    address: str
    name: str
    smtp: str
    imap: str
    username: str
    password: str = field(repr=False)
    role: From = From.REP
    grant: Grant | None = None
    title: str | None = None
    phone: str | None = None
    signature: str | None = None
    place: Place | None = None
    pace: Pace | None = None
    plus_addressing: bool = False
    relay_id: int | None = None

    @property
    def secret(self) -> str:
        """What it logs in with."""
        return self.grant.tokens.access if self.grant else self.password


@dataclass(frozen=True, slots=True)
class Removed:
    """What removing a mailbox did. stopped: how many enrollments; left: what its owner is still to do."""

    stopped: int
    left: str | None


def checked(app: App, new: NewMailbox) -> Mailbox:
    """The mailbox as it would be stored, under no id yet; raises InvalidInput."""
    normalize(new.address)
    if not new.name.strip():
        raise InvalidInput("a mailbox needs the name of the person who signs")
    if not new.secret:
        raise InvalidInput("the password is empty")
    if new.grant:
        new.grant.check()
    smtp, imap = checked_servers(new.smtp, new.imap)
    _check_login(smtp, signed_in=new.grant is not None)
    return Mailbox(
        id=0,
        address=new.address.strip(),
        name=" ".join(new.name.split()),
        role=new.role,
        smtp=smtp,
        imap=imap,
        username=Credentials(new.username, new.password).username,
        created_at=app.clock(),
        place=_checked_place(new.place or app.policy.place),
        pace=_checked_pace(new.pace or app.policy.pace),
        oauth=new.grant.provider if new.grant else None,
        token_until=new.grant.tokens.until if new.grant else None,
        relay_id=new.relay_id,
    )


async def add(app: App, new: NewMailbox) -> Mailbox:
    """Store a mailbox, its password encrypted; raises InvalidInput or Conflict, and then stores nothing."""
    key, right = normalize(new.address), checked(app, new)
    place, pace = right.place, right.pace
    check_region(place)
    async with app.db.write() as tx:
        if await mailboxes.find(tx, key):
            raise Conflict(f"{new.address} is connected already; see `cadence mailbox change`")
        mailbox_id = await mailboxes.add(
            tx,
            {
                "address": right.address,
                "address_key": key,
                "name": right.name,
                "role": new.role,
                "smtp": right.smtp,
                "imap": right.imap,
                "username": right.username,
                "secret": app.vault.seal(new.secret),
                "oauth": right.oauth,
                "token_until": right.token_until,
                "title": new.title,
                "phone": new.phone,
                "signature": new.signature,
                "zone": place.zone,
                "country": place.country,
                "region": place.region,
                "plus_addressing": new.plus_addressing,
                "relay_id": new.relay_id,
                **({} if new.relay_id is None else {"files_sent": False}),
                **asdict(pace),
            },
            now=app.clock(),
        )
        await keep(app.vault, tx, mailbox_id, new.grant, now=app.clock())
        await users.adopt(tx, key)
        await events.add(tx, "mailbox.added", new.address, at=app.clock(), mailbox_id=mailbox_id)
        return await mailboxes.get(tx, mailbox_id)


async def change(app: App, address: str, values: Mapping[str, Any], password: str | None = None) -> Mailbox:
    """Change some columns of a mailbox, and its password where one is given; what runs takes it up at once.

    values: of name, smtp, imap, username, role, title, phone, signature, plus_addressing, relay (a name,
    empty for none), return_path (a domain, empty for none), and the fields of Place and Pace. Raises NotFound
    or InvalidInput, and then changes nothing.
    """
    mailbox = await find(app, address)
    right = {**values, **_checked_urls(mailbox, values), **await relays.chosen(app, mailbox, values)}
    right.pop("relay", None)
    if "smtp" in right or password is not None:
        signed_in = mailbox.oauth is not None and password is None
        _check_login(right.get("smtp", mailbox.smtp), signed_in=signed_in)
    if "smtp" in right and is_api(right["smtp"]) != is_api(mailbox.smtp):
        right |= ELSEWHERE
    place = _checked_place(_with(mailbox.place, values))
    if "country" in values or "region" in values:
        check_region(place)
    _checked_pace(_with(mailbox.pace, values))
    if "name" in values and not str(values["name"]).strip():
        raise InvalidInput("a mailbox needs the name of the person who signs")
    Credentials(str(values.get("username", mailbox.username)), password)
    if password is not None:
        right |= {"secret": app.vault.seal(password), "oauth": None, "token_until": None}
    if not right:
        raise InvalidInput("say what is to be changed; see `cadence mailbox change --help`")
    async with app.db.write() as tx:
        await mailboxes.change(tx, mailbox.id, **right)
        if password is not None:
            await grants.remove(tx, mailbox.id)
        what = ", ".join(sorted([*values, *([] if password is None else ["password"])]))
        why = f"{mailbox.address}: {what}"
        await events.add(tx, "mailbox.changed", why, at=app.clock(), mailbox_id=mailbox.id)
        return await mailboxes.get(tx, mailbox.id)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a mailbox is doing. cap: mails it may send today; read_at: when it was last read."""

    mailbox: Mailbox
    sent_today: int
    cap: int
    read_at: datetime | None
    live: int


async def overview(app: App) -> list[Standing]:
    """Every mailbox with what it did today and how many live enrollments write from it."""
    now, found = app.clock(), []
    async with app.db.read() as tx:
        live = await use.writing_from(tx)
        for mailbox in await mailboxes.all_of(tx):
            midnight = courses.midnight(now, mailbox.place)
            first_day, read_at = await mailboxes.use_of(tx, mailbox.id)
            found.append(
                Standing(
                    mailbox,
                    await correspondence.sent_since(tx, mailbox.id, midnight),
                    cap_today(mailbox.pace, first_day, local(now, mailbox.place).date()),
                    read_at,
                    live.get(mailbox.id, 0),
                )
            )
    return found


async def find(app: App, address: str) -> Mailbox:
    """The mailbox of an address; raises NotFound."""
    async with app.db.read() as tx:
        found = await mailboxes.find(tx, normalize(address))
    if found is None:
        raise NotFound(f"there is no mailbox {address}; see `cadence mailbox list`")
    return found


async def pause(app: App, address: str) -> None:
    """Nothing leaves from a mailbox any more; it is still read."""
    await _set_state(app, address, MailboxState.PAUSED, "paused by a person")


async def resume(app: App, address: str) -> None:
    """A mailbox sends again, after a pause or a fault that was mended."""
    mailbox = await _set_state(app, address, MailboxState.ACTIVE, None)
    await app.connections.drop(mailbox.id)
    async with app.db.write() as tx:
        await tasks.close_about(tx, TaskKind.MAILBOX_FAULT, "mended", now=app.clock(), mailbox_id=mailbox.id)


async def remove(app: App, address: str) -> Removed:
    """Forget how to get into a mailbox, give back the grant for it, and stop what writes from it."""
    mailbox = await find(app, address)
    await app.connections.drop(mailbox.id)
    async with app.db.write() as tx:
        live = await enrollments.of_mailbox(tx, mailbox.id)
        for enrollment in live:
            why = f"the mailbox {mailbox.address} was removed"
            await transitions.apply(app, tx, enrollment.id, Fact.STOP, why)
        await mailboxes.change(
            tx,
            mailbox.id,
            removed_at=app.clock(),
            secret="",
            oauth=None,
            token_until=None,
            state=MailboxState.PAUSED,
            state_reason="removed",
            return_path=None,
            **({} if mailbox.relay_id is None else {"relay_id": None, "files_sent": None}),
        )
        grant = await grants.get(tx, mailbox.id)
        await grants.remove(tx, mailbox.id)
        await events.add(tx, "mailbox.removed", mailbox.address, at=app.clock(), mailbox_id=mailbox.id)
    if grant is None or mailbox.oauth is None:
        return Removed(len(live), None)
    return Removed(len(live), await app.connections.grants.withdraw(mailbox.oauth, grant.refresh))


async def _set_state(app: App, address: str, state: MailboxState, reason: str | None) -> Mailbox:
    mailbox = await find(app, address)
    async with app.db.write() as tx:
        await mailboxes.change(tx, mailbox.id, state=state, state_reason=reason)
        why = f"{mailbox.address}: {reason or state}"
        await events.add(tx, f"mailbox.{state}", why, at=app.clock(), mailbox_id=mailbox.id)
    return mailbox


def _checked_urls(mailbox: Mailbox, values: Mapping[str, Any]) -> dict[str, str]:
    if not values.keys() & {"smtp", "imap"}:
        return {}
    smtp, imap = checked_servers(values.get("smtp", mailbox.smtp), values.get("imap", mailbox.imap))
    return {"smtp": smtp, "imap": imap}


def _check_login(smtp: str, *, signed_in: bool) -> None:
    if is_api(smtp) and not signed_in:
        raise InvalidInput("an API takes no password: sign in, as with --oauth google --api")


def _checked_place(place: Place) -> Place:
    zone(place.zone)
    if place.country and not is_known_country(place.country):
        raise InvalidInput(f"{place.country!r} is not a country code such as DE or US")
    return place


def _checked_pace(pace: Pace) -> Pace:
    if pace.daily_cap < 1 or pace.ramp_from < 1:
        raise InvalidInput(
            "a mailbox that may send nothing a day is a paused one; see `cadence mailbox pause`"
        )
    if min(pace.ramp_step, pace.gap, pace.jitter) < 0:
        raise InvalidInput("gap, jitter and ramp cannot be negative")
    return pace


def _with(record: R, values: Mapping[str, Any]) -> R:
    """A record with those of the values that are its own."""
    own = {field.name for field in fields(record)}
    return replace(record, **{name: value for name, value in values.items() if name in own})

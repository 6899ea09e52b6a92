"""Mailboxes on the command line: connect, list, test, change, pause, resume, remove."""

import sys
from datetime import datetime
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from cadence.cli import mailbox_options as options
from cadence.cli import mailbox_sign_in as signing
from cadence.cli.shell import Data, Json, cli, err, out, print_json, with_app
from cadence.core.errors import CadenceError, Conflict, InvalidInput, MailboxError, NotFound
from cadence.core.model import Mailbox, MailboxState
from cadence.service import connecting, consenting, relays, trying_out
from cadence.service.app import App
from cadence.service.connecting import NewMailbox, Standing

mailbox = typer.Typer(
    no_args_is_help=True, help="Connect mailboxes, and look after them.", rich_markup_mode=None
)
cli.add_typer(mailbox, name="mailbox")

NoTest = Annotated[bool, typer.Option("--no-test", help="Store it without trying to log in.")]


@mailbox.command()
def add(  # noqa: PLR0913 - each is an option that a person may give
    address: options.Address,
    *,
    smtp: options.Smtp = None,
    imap: options.Imap = None,
    username: options.Username = None,
    password_stdin: options.PasswordStdin = False,
    password_file: options.PasswordFile = None,
    oauth: signing.Oauth = None,
    api: signing.Api = False,
    name: options.Name = None,
    title: options.Title = None,
    phone: options.Phone = None,
    signature_file: options.SignatureFile = None,
    executive: options.Executive = None,
    zone: options.Zone = None,
    country: options.Country = None,
    region: options.Region = None,
    daily_cap: options.DailyCap = None,
    ramp_from: options.RampFrom = None,
    ramp_step: options.RampStep = None,
    gap: options.Gap = None,
    jitter: options.Jitter = None,
    plus_addressing: options.Plus = None,
    relay: options.Relay = None,
    no_test: NoTest = False,
    data: Data = None,
) -> None:
    """Connect a mailbox: try both servers, then store it with its password, or its sign-in, encrypted."""
    oauth = signing.provider_of(oauth, api=api)
    smtp_url, imap_url = signing.servers(oauth, smtp, imap, relay)
    password = options.password(stdin=password_stdin, file=password_file) or ""
    signing.refuse_both(oauth, password)
    if oauth is None:
        password = password or options.asked_password(address)

    async def connect(app: App) -> Mailbox:
        await _refuse_known(app, address)
        through = await relays.find(app, relay) if relay else None
        new = NewMailbox(
            address=address,
            name=options.name_of(address) if name is None else name,
            smtp=through.smtp if through else smtp_url,
            imap=imap_url,
            username=username or address,
            password=password,
            grant=await signing.sign_in(app, oauth, address) if oauth else None,
            role=options.role(executive),
            title=title,
            phone=phone,
            signature=options.signature(signature_file),
            place=options.place(app.policy.place, zone, country, region),
            pace=options.pace(
                app.policy.pace,
                daily_cap=daily_cap,
                ramp_from=ramp_from,
                ramp_step=ramp_step,
                gap=gap,
                jitter=jitter,
            ),
            plus_addressing=bool(plus_addressing),
            relay_id=through.id if through else None,
        )
        right = connecting.checked(app, new)
        if not no_test:
            await trying_out.try_out(app, right, new.secret)
        return await connecting.add(app, new)

    added = with_app(connect, data=data)
    tried = "not tried yet" if no_test else "both servers let us in"
    out.print(f"{added.address} is connected: {tried}.", markup=False)
    said = "" if name else "; change it with `cadence mailbox change --name`"
    out.print(f"Mails are signed by {added.name}{said}.", markup=False)
    out.print(f"Next: `cadence doctor {added.address}` sends a mail to it and looks closer.", markup=False)


@mailbox.command(name="list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """Show every mailbox: what it sent today, when it was last read, what is wrong with it."""
    found = with_app(connecting.overview, data=data)
    if as_json:
        print_json([_as_data(one) for one in found])
    elif not found:
        out.print("No mailbox is connected yet; `cadence mailbox add --help` says how.")
    else:
        _show(found)


@mailbox.command()
def test(address: options.Address, data: Data = None, as_json: Json = False) -> None:
    """Log in to both servers of a mailbox; one that was at fault and works again goes back to work."""

    async def try_out(app: App) -> tuple[Mailbox, str | None]:
        known = await connecting.find(app, address)
        try:
            await trying_out.try_out(app, known, await app.connections.password(known))
        except MailboxError as fault:
            return known, str(fault)
        await trying_out.probe(app, known)
        return await connecting.find(app, address), None

    known, fault = with_app(try_out, data=data)
    if as_json:
        print_json({"address": known.address, "ok": fault is None, "fault": fault, "state": known.state})
    elif fault is None:
        out.print(f"{known.address}: both servers let us in. It is {known.state}.", markup=False)
    if fault is not None:
        if as_json:
            sys.exit(1)
        raise CadenceError(f"{known.address}: {fault}")


@mailbox.command()
def change(  # noqa: PLR0913 - each is an option that a person may give
    address: options.Address,
    *,
    smtp: options.Smtp = None,
    imap: options.Imap = None,
    username: options.Username = None,
    password_stdin: options.PasswordStdin = False,
    password_file: options.PasswordFile = None,
    oauth: signing.Oauth = None,
    api: signing.Api = False,
    name: options.Name = None,
    title: options.Title = None,
    phone: options.Phone = None,
    signature_file: options.SignatureFile = None,
    executive: options.Executive = None,
    zone: options.Zone = None,
    country: options.Country = None,
    region: options.Region = None,
    daily_cap: options.DailyCap = None,
    ramp_from: options.RampFrom = None,
    ramp_step: options.RampStep = None,
    gap: options.Gap = None,
    jitter: options.Jitter = None,
    plus_addressing: options.Plus = None,
    relay: options.Relay = None,
    return_path: options.ReturnPath = None,
    data: Data = None,
) -> None:
    """Change what is given, such as the password, or sign in again; people stay enrolled."""
    oauth = signing.provider_of(oauth, api=api)
    password = options.password(stdin=password_stdin, file=password_file)
    signing.refuse_both(oauth, password)
    values = options.given(
        smtp=smtp,
        imap=imap,
        username=username,
        name=name,
        title=title,
        phone=phone,
        signature=options.signature(signature_file),
        role=None if executive is None else options.role(executive),
        zone=zone,
        country=country.upper() if country else None,
        region=region,
        daily_cap=daily_cap,
        ramp_from=ramp_from,
        ramp_step=ramp_step,
        gap=gap,
        jitter=jitter,
        plus_addressing=plus_addressing,
        relay=relay,
        return_path=return_path,
    )

    async def change_it(app: App) -> Mailbox:
        known = await connecting.find(app, address)
        there = {name: values.pop(name, None) for name in ("smtp", "imap")} if oauth else {}
        if values or password is not None or oauth is None:
            known = await connecting.change(app, address, values, password)
        if oauth is not None:
            grant = await signing.sign_in(app, oauth, known.address)
            await consenting.sign_in(app, known, grant, **there)
        return known

    changed = with_app(change_it, wakes=oauth is not None, data=data)
    out.print(
        f"{changed.address} is changed; `cadence mailbox test {changed.address}` tries it.", markup=False
    )


@mailbox.command()
def pause(address: options.Address, data: Data = None) -> None:
    """Let nothing leave from a mailbox any more; it is still read."""
    with_app(lambda app: connecting.pause(app, address), data=data)
    out.print(f"{address} is paused: nothing leaves from it, and replies are still read.", markup=False)


@mailbox.command()
def resume(address: options.Address, data: Data = None) -> None:
    """Let a mailbox send again, after a pause or a fault that was mended."""
    with_app(lambda app: connecting.resume(app, address), wakes=True, data=data)
    out.print(f"{address} sends again.", markup=False)


@mailbox.command()
def remove(
    address: options.Address,
    yes: Annotated[bool, typer.Option("--yes", help="Do it even if people are written to from it.")] = False,
    data: Data = None,
) -> None:
    """Forget a mailbox and its password, and stop whatever writes from it; what was sent stays known."""

    async def take_out(app: App) -> connecting.Removed:
        standing = {one.mailbox.address: one for one in await connecting.overview(app)}
        live = standing[(await connecting.find(app, address)).address].live
        if live and not yes and not _agrees(f"{live} people are written to from {address}; stop that?"):
            raise InvalidInput(f"{live} people are written to from {address}; repeat with --yes to stop that")
        return await connecting.remove(app, address)

    done = with_app(take_out, data=data)
    out.print(f"{address} is removed; {done.stopped} enrollments were stopped.", markup=False)
    if done.left:
        err.print(done.left, markup=False)


def _agrees(question: str) -> bool:
    return sys.stdin.isatty() and typer.confirm(question)


async def _refuse_known(app: App, address: str) -> None:
    try:
        await connecting.find(app, address)
    except NotFound:
        return
    raise Conflict(f"{address} is connected already; see `cadence mailbox change`")


def _show(found: list[Standing]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("Mailbox", "Signed by", "Role", "State", "Today", "People", "Last read"):
        table.add_column(heading, overflow="fold")
    for one in found:
        known = one.mailbox
        table.add_row(
            Text(known.address),
            Text(known.name),
            known.role.value,
            Text(known.state.value, style="" if known.state is MailboxState.ACTIVE else "bold red"),
            f"{one.sent_today} of {one.cap}",
            str(one.live),
            _when(one.read_at),
        )
    out.print(table, soft_wrap=False)
    for one in found:
        if one.mailbox.state is not MailboxState.ACTIVE:
            out.print(f"{one.mailbox.address}: {one.mailbox.state_reason}", markup=False)


def _when(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"


def _as_data(one: Standing) -> dict[str, object]:
    known = one.mailbox
    return {
        "address": known.address,
        "name": known.name,
        "role": known.role.value,
        "state": known.state.value,
        "state_reason": known.state_reason,
        "smtp": known.smtp,
        "imap": known.imap,
        "username": known.username,
        "signed_in_with": known.oauth,
        "zone": known.place.zone,
        "sent_today": one.sent_today,
        "cap_today": one.cap,
        "enrollments": one.live,
        "last_read_at": one.read_at.isoformat() if one.read_at else None,
    }

"""`cadence relay`: the servers through which a team sends, and where they report what became of its mails."""

from typing import Annotated

import typer

from cadence.cli import mailbox_options as options
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.errors import InvalidInput
from cadence.core.relays import Relay, RelayKind
from cadence.mail.presets import RELAYS
from cadence.service import relays as service
from cadence.service.app import App
from cadence.service.relay_proofs import HEADER, USER
from cadence.service.relays import Hook, NewRelay

relay = typer.Typer(
    no_args_is_help=True, help="Send through a relay, and hear what it reports.", rich_markup_mode=None
)
cli.add_typer(relay, name="relay")

Name = Annotated[str, typer.Argument(help="What it is called here.")]
Smtp = Annotated[str | None, typer.Option(metavar="URL", help="Its server, such as smtp://host:587.")]
Username = Annotated[str | None, typer.Option(help="To log in with; without one it lets us in as it is.")]
Signs = Annotated[
    bool | None, typer.Option("--dkim/--no-dkim", help="Sign what leaves by it here; else the relay does.")
]
NoTest = Annotated[bool, typer.Option("--no-test", help="Store it without trying to log in.")]


@relay.command()
def add(  # noqa: PLR0913 - each is an option that a person may give
    name: Name,
    *,
    kind: Annotated[RelayKind, typer.Option(help="Whose it is.")],
    smtp: Smtp = None,
    username: Username = None,
    password_stdin: options.PasswordStdin = False,
    password_file: options.PasswordFile = None,
    dkim: Signs = None,
    no_test: NoTest = False,
    data: Data = None,
) -> None:
    """Make a relay known; mailboxes use it after `cadence mailbox change ADDRESS --relay NAME`."""
    preset = RELAYS[kind]
    server = smtp or preset.smtp
    if not server or "REGION" in server:
        raise InvalidInput(f"say where it is: --smtp {server or 'smtp://host:587'}")
    password = options.password(stdin=password_stdin, file=password_file)
    if username is not None and password is None:
        password = options.asked_password(username)

    async def store(app: App) -> Relay:
        made = await service.add(app, NewRelay(name, kind, server, username, password, dkim))
        if no_test:
            return made
        try:
            await service.try_out(app, made.name)
        except Exception:
            await service.remove(app, made.name)
            raise
        return made

    made = with_app(store, data=data)
    out.print(f"{made.name} is known: {preset.name}, {made.smtp}.", markup=False)
    out.print(f"Limits: {preset.limits}.", markup=False)
    if made.signs:
        out.print("It signs nothing, so Cadence does: next, `cadence dkim add DOMAIN --rsa`.", markup=False)
    out.print(f"Mailboxes use it after `cadence mailbox change ADDRESS --relay {made.name}`.", markup=False)
    if not preset.keeps_sender:
        out.print(
            f"Then `cadence relay hook {made.name}` lets it report bounces and complaints.", markup=False
        )


@relay.command(name="list")
def list_(data: Data = None, as_json: Json = False) -> None:
    """Show every relay, and who sends through it."""
    found = with_app(service.overview, data=data)
    if as_json:
        print_json([_plain(one, through) for one, through in found])
        return
    for one, through in found:
        signs = "signed here" if one.signs else "signed by the relay"
        heard = (
            "" if RELAYS[one.kind].keeps_sender else f", {'reports' if one.is_heard else 'does not report'}"
        )
        out.print(f"{one.name}: {RELAYS[one.kind].name}, {one.smtp}, {signs}{heard}", markup=False)
        out.print(f"  {', '.join(through) or 'no mailbox sends through it'}", markup=False)
    if not found:
        out.print("There is no relay; `cadence relay add --help` says how to make one known.")


def _plain(one: Relay, through: list[str]) -> dict[str, object]:
    return {
        "name": one.name,
        "kind": one.kind,
        "smtp": one.smtp,
        "username": one.username,
        "dkim": one.signs,
        "reports": one.is_heard,
        "mailboxes": through,
    }


@relay.command()
def test(name: Name, data: Data = None) -> None:
    """Log in to a relay as for a mail."""
    with_app(lambda app: service.try_out(app, name), data=data)
    out.print(f"{name} lets us in.", markup=False)


@relay.command()
def change(
    name: Name,
    *,
    smtp: Smtp = None,
    username: Username = None,
    password_stdin: options.PasswordStdin = False,
    password_file: options.PasswordFile = None,
    dkim: Signs = None,
    data: Data = None,
) -> None:
    """Change what is given; the mailboxes that send through it do so as it is then."""
    password = options.password(stdin=password_stdin, file=password_file)
    values = options.given(smtp=smtp, username=username, signs=dkim)
    with_app(lambda app: service.change(app, name, values, password), data=data)
    out.print(f"{name} is changed; `cadence relay test {name}` tries it.", markup=False)


@relay.command()
def hook(
    name: Name,
    key: Annotated[
        str | None,
        typer.Option(help="SES: the topic's ARN; Mailgun: the signing key; SendGrid: the public key."),
    ] = None,
    data: Data = None,
) -> None:
    """Let a relay report bounces and complaints, and print where to."""

    async def hear(app: App) -> tuple[Relay, Hook]:
        return await service.find(app, name), await service.hear(app, name, key)

    known, made = with_app(hear, data=data)
    out.print(f"{RELAYS[known.kind].name} is to report to {made.url}", markup=False)
    if made.secret:
        out.print(f"with the user name {USER} and the password {made.secret}", markup=False)
        out.print(f"(or with the field {HEADER}: {made.secret}). It is shown this once.", markup=False)


@relay.command()
def remove(name: Name, data: Data = None) -> None:
    """Forget a relay that no mailbox sends through any more."""
    with_app(lambda app: service.remove(app, name), data=data)
    out.print(f"{name} is removed.", markup=False)

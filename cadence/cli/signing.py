"""`cadence dkim`: the keys with which mails are signed for their domain, and what to publish of them."""

import sys
from typing import Annotated

import typer

from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.mail.dkim import Algorithm, name_of
from cadence.mail.domain_records import SystemResolver
from cadence.service import dkim as service
from cadence.service.dkim import Published, Seen
from cadence.store.dkim_keys import DkimKey

dkim = typer.Typer(no_args_is_help=True, help="Sign mails for their domain (DKIM).", rich_markup_mode=None)
cli.add_typer(dkim, name="dkim")

Domain = Annotated[str, typer.Argument(help="The domain behind the @ of the senders.")]
AnyDomain = Annotated[str | None, typer.Argument(help="The domain; without one all are shown.")]
Selector = Annotated[str | None, typer.Option(help="The key's name within the domain.")]


@dkim.command()
def add(
    domain: Domain,
    rsa: Annotated[bool, typer.Option("--rsa", help="RSA, which all can check; else Ed25519.")] = False,
    selector: Selector = None,
    data: Data = None,
) -> None:
    """Make a key, and print the record to publish; nothing is signed with it before that was seen."""
    algorithm = Algorithm.RSA if rsa else Algorithm.ED25519
    made = with_app(lambda app: service.add(app, domain, algorithm, selector), data=data)
    out.print("Publish a TXT record, then run `cadence dkim check`:")
    _show_record(made)


@dkim.command(name="list")
def list_(domain: AnyDomain = None, data: Data = None, as_json: Json = False) -> None:
    """Show the keys, since when each is used, and their records."""
    found = with_app(lambda app: service.keys(app, domain), data=data)
    if as_json:
        print_json([_plain(key) for key in found])
        return
    for key in found:
        used = f"used since {key.used_since:%Y-%m-%d}" if key.used_since else "not used yet"
        out.print(f"{key.selector} of {key.domain}: {key.algorithm}, {used}", markup=False)
        _show_record(key)
    if not found:
        out.print("There is no key; `cadence dkim add DOMAIN --rsa` makes one.")


@dkim.command()
def check(
    domain: AnyDomain = None,
    force: Annotated[bool, typer.Option("--force", help="Sign although a record was not seen.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Look whether the records are published, and sign from now on with the keys whose records are."""
    seen = with_app(lambda app: service.check(app, SystemResolver(), domain, force=force), data=data)
    if as_json:
        print_json([_plain(one.key) | {"published": one.published} for one in seen])
    else:
        for one in seen:
            out.print(_said(one, force=force), markup=False)
    if not force and any(one.published is not Published.AS_IT_IS for one in seen):
        sys.exit(1)


@dkim.command()
def remove(domain: Domain, selector: Annotated[str, typer.Argument()], data: Data = None) -> None:
    """Forget a key; leave its record for a week, for mails that are on their way."""
    with_app(lambda app: service.remove(app, domain, selector), data=data)
    out.print(f"{selector} of {domain} is removed: nothing is signed with it any more.", markup=False)


def _said(one: Seen, *, force: bool) -> str:
    uses = force or one.key.used_since or one.published is Published.AS_IT_IS
    return f"{one.key.selector} of {one.key.domain}: {one.published}; {'used' if uses else 'not used'}"


def _show_record(key: DkimKey) -> None:
    out.print(f"  name:   {name_of(key.domain, key.selector)}", markup=False)
    out.print(f"  value:  {key.record}", markup=False)
    out.print(f"  as a line of a zone file:\n  {service.zone_line(key)}", markup=False)


def _plain(key: DkimKey) -> dict[str, object]:
    return {
        "domain": key.domain,
        "selector": key.selector,
        "algorithm": key.algorithm,
        "name": name_of(key.domain, key.selector),
        "record": key.record,
        "created_at": key.created_at.isoformat(),
        "used_since": key.used_since.isoformat() if key.used_since else None,
    }

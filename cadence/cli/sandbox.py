"""`cadence sandbox`: a mail server of one's own, for trying things out without any account."""

import asyncio
import contextlib
import json
import sys
from typing import Annotated

import typer

from cadence.cli.shell import Json, cli, out
from cadence.core.errors import CadenceError, InvalidInput
from cadence.mail.sandbox import Sandbox


@cli.command()
def sandbox(
    smtp_port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 2525,
    imap_port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 1143,
    user: Annotated[
        list[str] | None,
        typer.Option(
            "--user", metavar="ADDRESS:PASSWORD", help="A mailbox of it; may be given several times."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Run a mail server on this machine for trying things out; nothing ever leaves it."""
    users = dict(map(_user, user or ["rep@vendor.test:secret", "boss@vendor.test:secret"]))
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(users, smtp_port, imap_port, as_json))


def _user(text: str) -> tuple[str, str]:
    address, colon, password = text.partition(":")
    if not colon or "@" not in address or not password:
        raise InvalidInput(f"{address!r}: write a user of the sandbox as ADDRESS:PASSWORD")
    return address, password


async def _serve(users: dict[str, str], smtp_port: int, imap_port: int, as_json: bool) -> None:
    box = Sandbox(users, smtp_port=smtp_port, imap_port=imap_port)
    try:
        await box.__aenter__()
    except OSError as fault:
        raise CadenceError(f"the sandbox cannot listen: {fault.strerror or fault}") from fault
    try:
        _say(box, users, as_json)
        await asyncio.Event().wait()
    finally:
        await box.__aexit__(None, None, None)


def _say(box: Sandbox, users: dict[str, str], as_json: bool) -> None:
    if as_json:
        document = {"smtp": box.smtp_url, "imap": box.imap_url, "users": list(users)}
        sys.stdout.write(json.dumps(document) + "\n")  # one line, so that a reader need not wait for the end
        sys.stdout.flush()
        return
    out.print(f"Sending: {box.smtp_url}   Reading: {box.imap_url}", markup=False)
    out.print("Mail to its own mailboxes arrives there; mail to anybody else is taken and kept.")
    for address, password in users.items():
        out.print(
            f"  echo {password} | cadence mailbox add {address} --smtp {box.smtp_url} --imap {box.imap_url}"
            " --password-stdin",
            markup=False,
        )
    out.print("Ctrl+C stops it, and forgets everything.")

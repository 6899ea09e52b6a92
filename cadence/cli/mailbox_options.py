"""What can be said of a mailbox on the command line, and where its password comes from."""

import sys
from getpass import getpass
from pathlib import Path
from typing import Annotated, Any

import typer

from cadence.core.errors import InvalidInput
from cadence.core.model import Pace, Place
from cadence.core.sequence import From

LONGEST_SIGNATURE = 2_000

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The mailbox's address.")]
Smtp = Annotated[
    str | None, typer.Option(metavar="URL", help="Where mail leaves: smtp://host:587 or smtps://host:465.")
]
Imap = Annotated[
    str | None, typer.Option(metavar="URL", help="Where mail is read: imaps://host:993 or imap://host:143.")
]
Username = Annotated[str | None, typer.Option(help="To log in with; by default the address.")]
PasswordStdin = Annotated[bool, typer.Option("--password-stdin", help="Read it from standard input.")]
PasswordFile = Annotated[
    Path | None, typer.Option("--password-file", metavar="FILE", help="Read it from a file.")
]
Name = Annotated[str | None, typer.Option(help="Who signs; by default made from the address.")]
Title = Annotated[str | None, typer.Option(help="Their title, for the signature.")]
Phone = Annotated[str | None, typer.Option(help="Their number, for the signature.")]
SignatureFile = Annotated[
    Path | None,
    typer.Option("--signature-file", metavar="FILE", help="More lines for the signature, plain text."),
]
Executive = Annotated[
    bool | None,
    typer.Option("--executive/--rep", help="It signs the mails that an executive sends, rather than a rep."),
]
Zone = Annotated[
    str | None, typer.Option(help="Its time zone, such as Europe/Berlin; its day and its cap follow it.")
]
Country = Annotated[str | None, typer.Option(help="Its country, such as DE.")]
Region = Annotated[str | None, typer.Option(help="Its part of the country, such as BY.")]
DailyCap = Annotated[int | None, typer.Option("--daily-cap", min=1, help="Mails a day once it is warm.")]
RampFrom = Annotated[int | None, typer.Option("--ramp-from", min=1, help="Mails on its first day.")]
RampStep = Annotated[int | None, typer.Option("--ramp-step", min=0, help="How many more each further day.")]
Gap = Annotated[int | None, typer.Option(min=0, help="Least seconds between two mails.")]
Jitter = Annotated[int | None, typer.Option(min=0, help="Up to how many seconds that gap is lengthened.")]
Plus = Annotated[
    bool | None,
    typer.Option(
        "--plus-addressing/--no-plus-addressing",
        help="Its server delivers you+anything@ to you@: replies are then matched by it.",
    ),
]

Relay = Annotated[
    str | None, typer.Option(metavar="NAME", help="Send through this relay; see `cadence relay --help`.")
]
ReturnPath = Annotated[
    str | None,
    typer.Option(
        "--return-path",
        metavar="DOMAIN",
        help="Where bounces of its mails arrive, each with its own address; '' for its own.",
    ),
]


def password(*, stdin: bool, file: Path | None) -> str | None:
    """The password from where it is said to be; None where nothing is said and nobody can be asked."""
    if stdin and file:
        raise InvalidInput("--password-stdin and --password-file are both given; give one of them")
    if file is not None:
        return _one_line(_text_of(file), str(file))
    if stdin:
        return _one_line(sys.stdin.read(), "standard input")
    return None


def asked_password(address: str) -> str:
    """The password as a person types it, unseen; raises InvalidInput where there is no terminal."""
    if not sys.stdin.isatty():
        raise InvalidInput("give the password with --password-stdin or --password-file")
    return getpass(f"Password of {address}: ")


def _one_line(text: str, source: str) -> str:
    lines = text.splitlines()
    if not lines or not lines[0]:
        raise InvalidInput(f"there is no password in {source}")
    if any(line.strip() for line in lines[1:]):
        raise InvalidInput(f"{source} holds more than one line; the password is one line")
    return lines[0]


def signature(file: Path | None) -> str | None:
    """The lines of a signature file."""
    if file is None:
        return None
    text = _text_of(file).strip()
    if len(text) > LONGEST_SIGNATURE:
        raise InvalidInput(f"{file}: a signature of {len(text)} characters; at most {LONGEST_SIGNATURE}")
    if any(ord(sign) < 32 and sign not in "\n\t" for sign in text.replace("\r\n", "\n")):
        raise InvalidInput(f"{file}: a signature is plain text, without control characters")
    return text.replace("\r\n", "\n")


def _text_of(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidInput(f"{file} cannot be read: {fault}") from fault


def name_of(address: str) -> str:
    """A person's name as their address suggests it: maria.lopez@ is Maria Lopez."""
    words = address.partition("@")[0].partition("+")[0].replace("_", ".").replace("-", ".").split(".")
    return " ".join(word.capitalize() for word in words if word) or address


def place(default: Place, zone: str | None, country: str | None, region: str | None) -> Place:
    """A place, with what was not said taken from the installation's."""
    country = country.upper() if country else default.country
    return Place(zone or default.zone, country, region)


def pace(default: Pace, **said: int | None) -> Pace:
    """A pace, with what was not said taken from the installation's."""
    values = {name: value for name, value in said.items() if value is not None}
    return Pace(**{**{name: getattr(default, name) for name in Pace.__slots__}, **values})


def role(executive: bool | None) -> From:
    """Who signs."""
    return From.EXECUTIVE if executive else From.REP


def given(**values: Any) -> dict[str, Any]:
    """Those that were given."""
    return {name: value for name, value in values.items() if value is not None}

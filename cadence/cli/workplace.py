"""Lays out a working folder: sequences, a .env with every setting, a note on what to do first."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from cadence.core.errors import CadenceError, Conflict
from cadence.setting_values import shipped_templates
from cadence.settings import SECRETS, Settings

NOTE = "FIRST-STEPS.md"
_TEMPLATES = "templates"
_ENV = ".env"

_FIRST = ("company_name", "company_postal_address", "company_website", "public_url", "default_zone")
"""What nearly everybody sets; the others stand below, commented out."""

STEPS = """\
# First steps

This folder holds one installation of Cadence. Run every command from here: `.env` and `templates/` are
found in the folder you are in.

1. **Say who you are.** Fill in the first lines of `.env`: your company's name and postal address stand in
   the footer of every mail, and none leaves without them. `cadence config` shows what is set.

2. **Connect your mailbox.** The servers are on your provider's help pages; many want an app password.

       cadence mailbox add you@company.example --name "Your Name" \\
           --smtp smtp://smtp.company.example:587 --imap imaps://imap.company.example:993

   It asks for the password, tries both servers, and keeps the password encrypted. Some mails of the
   sequences are signed by somebody other than the person who lost the deal: connect that mailbox too,
   with `--executive`. Then `cadence doctor` looks closer, and sends you a mail.

3. **Read the mails.** `cadence preview closed-lost` shows each as it would be sent. They are yours to
   change in `templates/`; `cadence lint` finds what is wrong in them, with file and line.

4. **See what would happen, and when.** `cadence simulate closed-lost` prints the calendar.

5. **Start it.** `cadence run` publishes the sequences, sends what is due and reads what arrives. It goes
   on until Ctrl+C, and starts where it stopped. As long as nobody can log in, it prints a link: open it in
   a browser, and you are the administrator.

6. **Enroll somebody.** In another terminal, in this folder:

       cadence enroll dana@client.example --sequence closed-lost --first-name Dana --company "Client Inc."

   Then `cadence status`, `cadence why dana@client.example`, `cadence inbox` and `cadence tasks`.

To try all of this without a mail account, run `cadence sandbox` in another terminal: a mail server of
your own, from which nothing leaves the machine.

Keep `data/` (the database and the key that opens the passwords) in your backups, and keep `.env` and
`data/` to yourself.
"""


def lay_out(folder: Path) -> list[Path]:
    """Make a working folder's files; raises Conflict, and makes none, where one of them is there already."""
    made = [folder / _TEMPLATES, folder / _ENV, folder / NOTE]
    if there := [str(path) for path in made if path.exists() or path.is_symlink()]:
        raise Conflict(f"nothing is overwritten, and this is there already: {', '.join(there)}")
    if folder.exists() and not folder.is_dir():
        raise Conflict(f"{folder} is a file, not a folder")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(shipped_templates(), made[0])
        descriptor = os.open(made[1], os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # it may hold secrets
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write("\n".join(_env_lines()) + "\n")
        made[2].write_text(STEPS, encoding="utf-8")
    except OSError as fault:
        raise CadenceError(f"{folder} cannot be laid out: {fault}") from fault
    return made


def _env_lines() -> Iterator[str]:
    yield "# Settings of this installation; docs/operating.md and `cadence config` explain them."
    yield "# What stands in the environment goes before what stands here."
    fields = Settings.model_fields
    for name in (*_FIRST, *(name for name in fields if name not in _FIRST)):
        yield ""
        yield f"# {fields[name].description}"
        if name in SECRETS:
            yield f"# It can stand in a file of its own: CADENCE_{name.upper()}_FILE=/path"
        default = fields[name].default
        plain = default if isinstance(default, str | int) else ""
        yield f"{'' if name in _FIRST else '# '}CADENCE_{name.upper()}={plain}"

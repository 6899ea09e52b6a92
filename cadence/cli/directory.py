"""Knows which module offers which command, so that a command imports its own module only, and help none."""

from collections.abc import Callable, Sequence
from importlib import import_module

import typer

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("installation", "Lay out a working folder to begin in."),
    "config": ("installation", "Print every setting: its value, where that comes from, what it means."),
    "run": ("installation", "Send what is due and read what arrives, until it is stopped."),
    "worker": ("scaled", "Send what is due, one of any number of such processes."),
    "watch": ("scaled", "Read mailboxes, one of any number of such processes."),
    "web": ("scaled", "Serve the pages, one of any number of such processes."),
    "alive": ("scaled", "Say whether a worker or a watcher of this machine is at work."),
    "migrate-to": ("moving", "Move everything from SQLite into PostgreSQL."),
    "mailbox": ("mailbox", "Connect mailboxes, and look after them."),
    "relay": ("relaying", "Send through a relay, and hear what it reports."),
    "dkim": ("signing", "Sign mails for their domain (DKIM)."),
    "crm": ("crm", "Connect a CRM, and look after it."),
    "user": ("users", "Let people log in, and back in."),
    "doctor": ("checkup", "Look the installation and its mailboxes over."),
    "demo": ("demonstration", "See the whole product at work on made-up people."),
    "sandbox": ("sandbox", "Run a mail server for trying things out."),
    "enroll": ("people", "Enroll one person in a sequence."),
    "import": ("importing", "Enroll many people from a CSV file."),
    "pause": ("people", "Write nothing to a person for a while."),
    "resume": ("people", "Go on with a person who was paused."),
    "stop": ("people", "Stop writing to a person."),
    "remove": ("people", "Take a person out of their sequences."),
    "forget": ("privacy", "Erase a person everywhere, for good."),
    "export-person": ("privacy", "Write everything that is kept about a person."),
    "basis": ("privacy", "Show or say on which legal ground a person is written to."),
    "whatsnew": ("whatsnew", "Tell those who left for want of something that it is there."),
    "events": ("occasions", "Show who comes to events, and tell them of a change."),
    "account": ("accounts", "Show companies, and those that nobody will write to."),
    "suggestions": ("suggestions", "Enroll people who were named in replies."),
    "deal": ("deals", "Say what became of a lost deal, or its dates."),
    "new": ("beginning", "Begin a sequence, a story, an event or a variant."),
    "lint": ("sequences", "Find what is wrong in the sequences, with file and line."),
    "preview": ("sequences", "Show the mails of a sequence as they would be sent."),
    "publish": ("sequences", "Let mails be sent from the files as they are now."),
    "trials": ("trials", "Show steps written in two ways, and which is better."),
    "simulate": ("simulating", "Print the calendar that would follow."),
    "schema": ("sequences", "Print the JSON Schema of sequence.toml, for editors."),
    "status": ("show", "Show who stands where, and what needs a person."),
    "why": ("show", "Explain everything that happened with a person."),
    "inbox": ("show", "Show the replies and how they were understood."),
    "tasks": ("show", "List what needs a person, and answer it."),
    "correct": ("learning", "Say what a reply means, where it was not understood."),
    "learn": ("learning", "Learn from what people said that replies mean."),
    "tone": ("toning", "Find what could hurt in the words of any text."),
    "mcp": ("assisting", "Let an assistant read and draft, and nothing else."),
    "classify": ("classifying", "Say what mails in files say, without a database."),
}
"""Command → the module of this package that registers it, and what it is for in a line."""


def load(words: Sequence[str]) -> bool:
    """Import the module of the command that the command line names; False where it names none of ours."""
    named = next((word for word in words if not word.startswith("-")), None)
    if named not in COMMANDS:
        return False
    import_module(f"cadence.cli.{COMMANDS[named][0]}")
    return True


def list_in(listing: typer.Typer) -> None:
    """Put all commands into a list that can be shown, and run by nobody."""
    for name, (_, meaning) in COMMANDS.items():
        listing.command(name, help=meaning)(_listed())


def _listed() -> Callable[[], None]:
    def nothing() -> None:
        """Stands in the list only."""

    return nothing

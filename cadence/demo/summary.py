"""What the demo says at its end: what happened, whether everything held, and how to go on."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text

from cadence.core.model import TaskKind
from cadence.core.occasions import Rsvp
from cadence.demo.evidence import Evidence
from cadence.demo.invariants import Finding


def summarize(
    console: Console,
    document: Mapping[str, Any],
    seen: Evidence,
    findings: tuple[Finding, ...],
    seconds: float,
) -> None:
    """Print all of it."""
    people, mails = len(document["prospects"]), sum(document["sent"].values())
    days = document["simulated_days"]
    _print(console, f"\n{days} days in {seconds:.0f} seconds: {mails} mails to {people} people.\n")
    console.print(_counts(document))
    asked = sum(kind is TaskKind.REVIEW_REPLY for _, _, kind, _ in seen.answered)
    drafts = sum(kind is TaskKind.APPROVE_DRAFT for _, _, kind, _ in seen.answered)
    _print(
        console,
        f"\nThe product read {len(seen.replies)} answers; of {asked} it was not sure and asked the rep, "
        f"who also approved {drafts} drafts.\n",
    )
    for scene in _scenes(seen):
        _print(console, scene)
    for reply in seen.misread:
        counted = seen.understood.get(reply.message_id, "nothing")
        console.print(Text(f"! {reply.person.name} meant {reply.means}, and was read as {counted}", "yellow"))
    for finding in findings:
        _judge(console, finding)


def _scenes(seen: Evidence) -> Iterator[str]:
    """Three things that went on beside the mails, in a sentence or two each."""
    for reply in seen.replies:
        if reply.page:
            yield (
                f"{reply.person.name} would rather not write a mail, and typed a line on the page behind the "
                "link. It was read as any answer is.\n"
            )
    names = {mail.person.email: mail.person.name for mail in seen.mails}
    said = {rsvp: [names[email] for email, one in seen.guests.items() if one == rsvp] for rsvp in Rsvp}
    if seen.guests:
        yield (
            f"{len(seen.guests)} were invited to a morning in Leeds, one of each company. "
            f"Who will come: {_named(said[Rsvp.ACCEPTED])}. Who cannot: {_named(said[Rsvp.DECLINED])}, "
            "which is a no to that day and to nothing else.\n"
        )
    first, second = (seen.tried[way] for way in sorted(seen.tried))
    yield (
        f"The thank-you was written in two ways: {first} readers got one, {second} the other. "
        "It takes 200 of each before a winner may be called, so none was.\n"
    )


def _named(names: list[str]) -> str:
    return " and ".join(names) or "nobody"


def _counts(document: Mapping[str, Any]) -> RenderableType:
    grid = Table.grid(padding=(0, 4))
    grid.add_row(
        _table("mails", document["sent"]),
        _table("answers", document["replies"]),
        _table("people", document["statuses"]),
    )
    return grid


def _table(title: str, counts: Mapping[str, int]) -> Table:
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style="bold")
    table.add_column(title, no_wrap=True)
    table.add_column("", justify="right")
    for name, number in Counter(counts).most_common():
        table.add_row(Text(name.replace("_", " ")), str(number))
    return table


def _judge(console: Console, finding: Finding) -> None:
    sign, style = ("✗", "bold red") if finding.broken else ("✓", "green")
    console.print(Text.assemble((sign, style), f" {finding.says}"))
    for case in finding.broken:
        console.print(Text(f"    {case}", style="red"))


def go_on(console: Console) -> None:
    """Say how to begin with one's own mailbox."""
    _print(
        console,
        "\nNothing left this machine, and the demo's data is gone. With your own mailbox:\n\n"
        "  cadence init winback && cd winback\n"
        "  cadence mailbox add you@yourcompany.example --smtp smtp://HOST:587 --imap imaps://HOST:993\n"
        "  cadence enroll them@lostdeal.example --sequence closed-lost\n"
        "  cadence run\n",
    )


def look_around(console: Console, folder: Path) -> None:
    """Say where the data is while it is served."""
    _print(
        console,
        f"\nThe data stays in {folder} until you press Ctrl+C. In another terminal:\n\n"
        f"  cadence status --data {folder}\n"
        f"  cadence why maren.ellison@brightpump.example --data {folder}\n"
        f"  cadence inbox --data {folder}\n"
        f"  cadence tasks --data {folder}\n",
    )


def _print(console: Console, text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=not console.is_terminal)

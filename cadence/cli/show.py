"""What there is to see: where everything stands, the story of a person, replies, what waits for somebody."""

from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from cadence.cli.dates import plural, shown, span
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.service import answering, reporting

Row = dict[str, Any]


@cli.command()
def status(data: Data = None, as_json: Json = False) -> None:
    """Show where everything stands: sequences, mailboxes, the queue, people, replies, tasks."""
    now = with_app(reporting.status, data=data)
    if as_json:
        print_json(now)
        return
    _sequences(now["sequences"])
    _mailboxes(now["mailboxes"])
    queue = now["queue"]
    words = f"{plural(queue['waiting'], 'mail')} waiting"
    if queue["due"]:
        words += f", {queue['due']} due for up to {span(queue['oldest_seconds'])}"
    words += f", the next at {shown(queue['next_at'])} UTC" if queue["next_at"] else ""
    _line("Queue", words)
    for heading, counts in (("Mails", "mails"), ("People", "prospects"), ("Replies", "replies")):
        _line(heading, _counts(now[counts]) or "none yet")
    _line("Tasks", f"{_counts(now['tasks'])}; see `cadence tasks`" if now["tasks"] else "none")


def _sequences(rows: list[Row]) -> None:
    for row in rows:
        words = _counts(row["enrollments"]) or "nobody enrolled yet"
        _line(row["name"], words if row["published"] else f"{words}; not published")
    if not rows:
        _line("Sequences", "none published yet; see `cadence publish`")


def _mailboxes(rows: list[Row]) -> None:
    for row in rows:
        reason = f" ({row['reason']})" if row["reason"] else ""
        read = f"read {shown(row['last_read_at'])} UTC" if row["last_read_at"] else "never read"
        _line(
            row["address"], f"{row['role']}, {row['state']}{reason}, {row['sent_today']} sent today, {read}"
        )
    if not rows:
        _line("Mailboxes", "none yet; see `cadence mailbox add`")


def _line(heading: str, words: str) -> None:
    line = Text(f"{heading}: ", style="bold")
    line.append(words, style="not bold")
    out.print(line)


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


@cli.command()
def why(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Tell the story of a person: every mail, reply and decision with its reason, and what comes next."""
    story = with_app(lambda app: reporting.why(app, email), data=data)
    if as_json:
        print_json(story)
        return
    _person(story)
    for one in story["enrollments"]:
        _enrollment(one, story)
    for task in story["tasks"]:
        out.print(f"Task {task['id']}: {task['text']} ({_answers(task)})", markup=False)


def _person(story: Row) -> None:
    name = f"{story['name']} <{story['email']}>" if story["name"] else story["email"]
    out.print(f"{name}, {story['company']}: {story['status']}", style="bold", markup=False)
    if story["suppressed"]:
        out.print(f"Nobody writes to this address again: {story['suppressed']}", markup=False)
    if story["unreachable"]:
        out.print("Mail to this address cannot be delivered.", markup=False)


def _enrollment(one: Row, story: Row) -> None:
    zone = story["zone"]
    reason = f", {one['reason']}" if one["reason"] else ""
    until = f", until {shown(one['resume_at'], zone)}" if one["resume_at"] else ""
    deal = one["deal"]
    out.print(f"\n{one['sequence']}: {one['state']}{reason}{until}", style="bold", markup=False)
    out.print(f"{deal['name']}, lost {shown(deal['lost_at'], zone)}; from {one['mailbox']}", markup=False)
    out.print(f"Ground: {ground_in_words(one['ground'])}", markup=False)
    table = Table(box=None, pad_edge=False, show_edge=False, show_header=False)
    for wraps in (False, True):
        table.add_column(no_wrap=not wraps, overflow="fold")
    for at, words, style in _happened(one, story):
        table.add_row(Text(shown(at, zone), style=style), Text(words, style=style))
    for entry in one["next"]:
        table.add_row(Text(shown(entry["at"], zone), style="dim"), Text(_coming(entry), style="dim"))
    out.print(table, soft_wrap=False)
    if not one["next"] and one["state"] == "paused":
        out.print("Nothing more leaves until a person says so.", markup=False)


def ground_in_words(ground: Row | None) -> str:
    """On which ground a person is written to, until when, and by which law."""
    if ground is None:
        return "not known: the sequence is not published any more"
    until = f", until {ground['until']}" if ground["until"] else ""
    said = f"{ground['basis'].replace('_', ' ')} since {ground['since']}{until}"
    said += f" ({ground['source']}; {ground['law']})"
    return f"{said}. No mail leaves: {ground['missing']}." if ground["missing"] else said


def _happened(one: Row, story: Row) -> list[tuple[str, str, str]]:
    """Mails, replies and decisions of one enrollment in the order of their time: when, what, how it looks."""
    lines = [(m["at"], _mail(m), "") for m in one["mails"] if m["state"] not in ("planned", "cancelled")]
    replies = [reply for reply in story["replies"] if reply["enrollment_id"] == one["id"]]
    lines += [(reply["at"], _reply(reply), "cyan") for reply in replies]
    decisions = [d for d in story["decisions"] if d["enrollment_id"] == one["id"]]
    told = [d for d in decisions if d["kind"] not in _TOLD and not d["kind"].startswith("reply.")]
    lines += [(d["at"], f"{d['kind'].rpartition('.')[2]}: {d['why']}", "") for d in told]
    return sorted(lines, key=lambda line: line[0])


_TOLD = ("message.sent", "message.skipped", "message.held", "message.in_doubt", "message.refused")
"""Events that the line of the mail itself tells."""


def _mail(mail: Row) -> str:
    again = f" {mail['occurrence']}" if mail["occurrence"] > 1 else ""
    story = f" ({mail['story']})" if mail["story"] else ""
    variant = f", variant {mail['variant']}" if mail["variant"] else ""
    subject = f" “{mail['subject']}”" if mail["subject"] else ""
    reason = mail["why"] if mail["state"] == "sent" else mail["outcome"] or mail["why"]
    return f"{mail['state']}: {mail['step']}{again}{story}{variant}{subject}: {reason}"


def _reply(reply: Row) -> str:
    if reply["category"] is None:
        return f"reply from {reply['sender']} that cannot be read: {reply['unreadable']}"
    sure = f"{reply.get('confidence') or 0:.0%}: {'; '.join(reply.get('evidence', []))}"
    if reply["corrected"]:
        who = ", then ".join(one["by"] for one in reply["corrections"])
        sure = f"{who} said so; it was read as {reply['read_as']}, {sure}"
    text = " ".join((reply.get("text") or "").split())
    words = f" “{text[:200]}{'…' if len(text) > 200 else ''}”" if text else ""
    return f"{reply['category']} from {reply['sender']} ({sure}){words}"


def _coming(entry: Row) -> str:
    if entry["step"] is None:
        return f"then {entry['what']}: {entry['why']}"
    story = f" ({entry['story']})" if entry["story"] else ""
    what = "" if entry["what"] == "sent" else f"{entry['what']}, "
    return f"next: {entry['step']}{story}: {what}{entry['why']}"


@cli.command()
def inbox(
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="How many, the newest first.")] = 20,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show the newest replies and how they were understood."""
    rows = with_app(lambda app: reporting.inbox(app, limit), data=data)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        out.print(f"{shown(row['at'])} UTC  {row['id']}: {_reply(row)}", markup=False)
    if not rows:
        out.print("Nothing has arrived yet.")


tasks = typer.Typer(help="List what waits for a person, and answer it.", invoke_without_command=True)
cli.add_typer(tasks, name="tasks")


@tasks.callback()
def list_tasks(context: typer.Context, data: Data = None, as_json: Json = False) -> None:
    """List what waits for a person, most urgent first."""
    context.obj = data
    if context.invoked_subcommand is not None:
        return
    rows = with_app(reporting.open_tasks, data=data)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        who = f"{row['prospect']}: " if row["prospect"] else ""
        out.print(Text(f"{row['id']:>4}  {row['kind']:<14} {who}{row['text']}"))
        out.print(Text(f"      cadence tasks answer {row['id']} {_answers(row)}", style="dim"))
    if not rows:
        out.print("Nothing waits for you.")


def _answers(task: Row) -> str:
    return "|".join(task["answers"])


@tasks.command("answer")
def answer_task(
    context: typer.Context,
    number: Annotated[int, typer.Argument(metavar="ID", help="The task's number.")],
    words: Annotated[str, typer.Argument(metavar="ANSWER", help="One of those that `cadence tasks` shows.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Answer a task; what follows from it is done at once."""
    done = with_app(lambda app: answering.answer(app, number, words), wakes=True, data=data or context.obj)
    if as_json:
        print_json({"task": number, "answer": words, "done": done})
    else:
        out.print(done, markup=False)

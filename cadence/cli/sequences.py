"""Sequences as their authors work on them: looking them over, trying them out, publishing them."""

import asyncio
import html
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.rule import Rule

from cadence.cli.dates import plural
from cadence.cli.shell import Data, Json, cli, err, out, print_json, settings
from cadence.content.catalogue import load, read_snapshot
from cadence.content.files import sequence_names
from cadence.content.findings import Finding, Severity
from cadence.content.lint import lint as lint_files
from cadence.content.schema import sequence_schema
from cadence.core.errors import CadenceError, InvalidInput, NotFound
from cadence.service import occasions, previewing, publishing
from cadence.service.app import App
from cadence.service.previewing import Preview
from cadence.service.publishing import Publication
from cadence.settings import Settings
from cadence.store.presence import is_there
from cadence.wiring import open_app

T = TypeVar("T")

Templates = Annotated[
    Path | None,
    typer.Option("--templates", metavar="DIR", help="The sequences' folder; else CADENCE_TEMPLATES."),
]
Names = Annotated[list[str] | None, typer.Argument(metavar="[SEQUENCE]...", help="By default all of them.")]
Name = Annotated[str, typer.Argument(metavar="SEQUENCE", help="The sequence, by its folder's name.")]


def maybe_with_app(given: Settings, use: Callable[[App | None], Awaitable[T]]) -> T:
    """Work with the installation where there is one, without it where there is none."""

    async def run() -> T:
        if not is_there(given.database_url.get_secret_value()):
            return await use(None)
        async with open_app(given) as app:
            return await use(app)

    return asyncio.run(run())


@cli.command()
def lint(
    names: Names = None,
    watch: Annotated[bool, typer.Option("--watch", help="Again after every save, until Ctrl+C.")] = False,
    templates: Templates = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Find what is wrong in sequences: one line per finding, path:line: what it is. Exit code 2 for errors.

    Every mail is rendered for every made-up person, and, where there is an installation, for everyone
    who is enrolled.
    """
    given = settings(data=data, templates=templates)
    if watch:
        from cadence.cli import drafts  # noqa: PLC0415 - it brings the web server along

        drafts.after_each_save(given.templates, lambda: _say_fault(lambda: _lint(given, names, as_json)))
    elif _lint(given, names, as_json):
        raise typer.Exit(2)


def _say_fault(look: Callable[[], object]) -> None:
    """Say what keeps us from looking, such as a folder that is gone, and go on."""
    try:
        look()
    except CadenceError as fault:
        err.print(f"cadence: {fault}", markup=False)


def _lint(given: Settings, names: Sequence[str] | None, as_json: bool) -> int:
    """Print what is wrong; gives the number of errors."""
    folder = given.templates

    async def use(app: App | None) -> list[Finding]:
        findings: dict[Finding, None] = {}
        for name in _chosen(folder, names):
            if app is None:
                found = lint_files(read_snapshot(folder, name), name)
            else:
                found = await publishing.check(app, folder, name)
            findings |= dict.fromkeys(found)
        return sorted(findings)

    findings = maybe_with_app(given, use)
    errors = sum(finding.severity is Severity.ERROR for finding in findings)
    if as_json:
        print_json([_finding(folder, finding) for finding in findings])
    else:
        for finding in findings:
            out.print(_line(folder, finding), markup=False)
        _say_count(len(_chosen(folder, names)), errors, len(findings) - errors)
    return errors


def _say_count(sequences: int, errors: int, warnings: int) -> None:
    counts = [plural(n, what) for n, what in ((errors, "error"), (warnings, "warning")) if n]
    err.print(f"{plural(sequences, 'sequence')}: {', '.join(counts) or 'nothing to mend'}", markup=False)


def _chosen(folder: Path, names: Sequence[str] | None) -> list[str]:
    there = list(sequence_names(folder))
    if not names and not there:
        raise NotFound(f"{folder} holds no sequence")
    return list(dict.fromkeys(names or there))


def _place(folder: Path, path: str) -> str:
    """A path as the author can open it from where they are."""
    full = folder / path
    return str(full.relative_to(Path.cwd()) if full.is_relative_to(Path.cwd()) else full)


def _line(folder: Path, finding: Finding) -> str:
    return f"{_place(folder, finding.path)}:{finding.line}: {finding.severity}: {finding.message}"


def _finding(folder: Path, finding: Finding) -> dict[str, Any]:
    return {
        "path": _place(folder, finding.path),
        "line": finding.line,
        "severity": finding.severity.value,
        "message": finding.message,
    }


@cli.command()
def preview(  # noqa: PLR0913, PLR0917 - a parameter per flag
    name: Name,
    step: Annotated[str | None, typer.Option("--step", metavar="STEP", help="Only this mail.")] = None,
    prospect: Annotated[
        str | None,
        typer.Option(
            "--prospect",
            metavar="WHO",
            help="A sample's name or address, or the address of somebody enrolled.",
        ),
    ] = None,
    story: Annotated[
        str | None, typer.Option("--story", metavar="STORY", help="Tell this story, not the best one.")
    ] = None,
    page: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write the HTML there, for a browser."),
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="In the browser, anew after every save, until Ctrl+C.")
    ] = False,
    port: Annotated[int, typer.Option("--port", metavar="N", help="With --serve; 0: any free one.")] = 8095,
    templates: Templates = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show the mails of a sequence as one person would get them; nothing is sent."""
    given = settings(data=data, templates=templates)
    if serve:
        from cadence.cli import drafts  # noqa: PLC0415 - it brings the web server along

        drafts.serve(given.templates, name, port)
        return
    content = load(read_snapshot(given.templates, name), name)

    async def use(app: App | None) -> list[Preview]:
        person = await previewing.person(app, content, prospect)
        return previewing.mails(content, person, today=datetime.now(UTC).date(), step=step, story=story)

    mails = maybe_with_app(given, use)
    if page is not None:
        _write_page(page, mails)
    if as_json:
        print_json([_preview(mail) for mail in mails])
        return
    if page is not None:
        out.print(f"{plural(len(mails), 'mail')} written to {page}", markup=False)
        return
    for mail in mails:
        _show(mail)


def _preview(mail: Preview) -> dict[str, Any]:
    return {field: getattr(mail, field) for field in Preview.__slots__}


def _show(mail: Preview) -> None:
    out.print(Rule(mail.name, align="left"), soft_wrap=False)
    out.print(f"When:    {mail.when}", markup=False)
    out.print(f"From:    {mail.sender}", markup=False)
    out.print(f"Subject: {mail.subject}", style="bold", markup=False)
    if mail.attachments:
        out.print(f"With:    {', '.join(mail.attachments)}", markup=False)
    out.print(f"\n{mail.text}", markup=False)


def _write_page(path: Path, mails: Sequence[Preview]) -> None:
    """One mail as it is; several on one page, each in a frame of its own that can run nothing."""
    if len(mails) == 1:
        document = mails[0].html
    else:
        parts = (
            f"<h2>{html.escape(mail.name)}</h2><p>{html.escape(mail.when)}<br>{html.escape(mail.sender)}<br>"
            f"<b>{html.escape(mail.subject)}</b></p>"
            f'<iframe sandbox srcdoc="{html.escape(mail.html)}" style="width:100%;height:40em"></iframe>'
            for mail in mails
        )
        document = f'<!doctype html><meta charset="utf-8"><title>Preview</title>{"".join(parts)}\n'
    try:
        path.write_text(document, encoding="utf-8")
    except OSError as fault:
        raise InvalidInput(f"{path}: {fault.strerror}") from None


@cli.command()
def publish(
    names: Names = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    drop: Annotated[
        bool, typer.Option("--drop", help="Let people who wait on a step that is gone go on to the next one.")
    ] = False,
    templates: Templates = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Let mails be sent from the files as they are now; people take them up from their next step on."""
    given = settings(data=data, templates=templates)
    folder = given.templates

    async def use() -> tuple[list[Publication | CadenceError], list[str]]:
        results: list[Publication | CadenceError] = []
        async with open_app(given) as app:
            for name in _chosen(folder, names):
                try:
                    results.append(
                        await publishing.publish(app, folder, name, drop_to_next=drop, dry_run=dry_run)
                    )
                except (InvalidInput, NotFound) as fault:
                    results.append(fault)
            return results, [one.name.partition("/")[2] for one in await occasions.every(app) if one.untold]

    results, changed = asyncio.run(use())
    if as_json:
        print_json([_publication(each) for each in results])
    for each in results:
        if isinstance(each, CadenceError):
            err.print(f"cadence: {each}", markup=False)
        elif not as_json:
            _say(each, folder)
    for name in changed:
        err.print(f"People were told something else of {name}: cadence events notify {name}", markup=False)
    if any(isinstance(each, CadenceError) for each in results):
        raise typer.Exit(2)


def _publication(result: Publication | CadenceError) -> dict[str, Any]:
    if isinstance(result, CadenceError):
        return {"error": str(result)}
    moved = {step: {"people": count, "to": to} for step, (count, to) in result.moved.items()}
    return {
        "sequence": result.sequence,
        "revision": result.number,
        "changed": result.changed,
        "enrolled": result.enrolled,
        "moved": moved,
        "trials": result.trials,
        "warnings": [str(finding) for finding in result.warnings],
    }


def _say(done: Publication, folder: Path) -> None:
    for warning in done.warnings:
        err.print(_line(folder, warning), markup=False)
    words = "unchanged"
    if done.changed:
        words = f"published as revision {done.number}" if done.number else "would be published"
        if done.enrolled:
            words += f"; {done.enrolled} enrolled take it up from their next step on"
    out.print(f"{done.sequence}: {words}.", markup=False)
    for step, (count, to) in done.moved.items():
        goes = f"go on with {to!r}" if to else "are done"
        out.print(f"  {count} who wait on {step!r}, which is gone, {goes}.", markup=False)
    for step, what in done.trials.items():
        out.print(f"  The trial of {step!r} {what}.", markup=False)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of sequence.toml, for editors that check and complete."""
    print_json(sequence_schema())

"""`cadence import`: people from a spreadsheet, with a progress bar and a report of who was left out."""

from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from cadence.cli import person_options as flags
from cadence.cli.dates import date_order
from cadence.cli.shell import Data, Json, cli, err, out, print_json, with_app
from cadence.core.errors import InvalidInput
from cadence.service import fields, importing, spreadsheet
from cadence.service.importing import Order, Report

SHOWN = 20
"""Rejected rows that are printed when a file holds them all."""

_EPILOG = "Fields for --map: " + "; ".join(f"{field.name} ({field.meaning})" for field in fields.FIELDS)


@cli.command("import", epilog=_EPILOG)
def import_(  # noqa: PLR0913, PLR0917 - a parameter per flag
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="The people, one row each.")],
    sequence: flags.Sequence,
    mapping: Annotated[
        list[str] | None,
        typer.Option(
            "--map",
            metavar="COLUMN=FIELD",
            help="Which column holds what, where its header does not tell; an empty FIELD ignores it.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would happen; nothing is changed.")
    ] = False,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar="FILE", help="Write the rejected rows there, as CSV.")
    ] = None,
    order: flags.DateOrder = None,
    language: flags.Language = None,
    zone: flags.Zone = None,
    country: flags.Country = None,
    industry: flags.Industry = None,
    deal_name: flags.DealName = None,
    deal_product: flags.DealProduct = None,
    deal_reason: flags.DealReason = None,
    deal_competitor: flags.DealCompetitor = None,
    deal_lost_at: flags.DealLostAt = None,
    deal_contract_end: flags.DealContractEnd = None,
    mailbox: flags.Mailbox = None,
    executive: flags.Executive = None,
    basis: flags.Basis = None,
    basis_source: flags.BasisSource = None,
    basis_since: flags.BasisSince = None,
    basis_until: flags.BasisUntil = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Let everyone of a CSV file into a sequence: all rows that are right at once, or nobody.

    Columns are known by their headers, in several languages. The other flags hold for rows that say
    nothing themselves.
    """
    defaults = {
        "language": language,
        "zone": zone,
        "country": country,
        "industry": industry,
        "deal_name": deal_name,
        "product": deal_product,
        "reason": deal_reason,
        "competitor": deal_competitor,
        "lost_at": deal_lost_at,
        "competitor_contract_end": deal_contract_end,
        "mailbox": mailbox,
        "executive": executive,
        "basis": basis,
        "basis_source": basis_source,
        "basis_since": basis_since,
        "basis_until": basis_until,
    }
    asked = Order(
        path=file,
        sequence=sequence,
        mapping=_mapping(mapping or []),
        defaults={name: words for name, words in defaults.items() if words},
        date_order=date_order(order),
        dry_run=dry_run,
    )
    if rejects is not None:
        spreadsheet.check_writable(rejects)  # before anybody is enrolled
    flags.doubt_reason(deal_reason)
    report = _run(asked, data)
    if rejects is not None:
        importing.write_rejected(report, rejects)
    if as_json:
        _print_json(report)
    else:
        _print(report, rejects)
    if report.rows and not report.enrolled:
        raise typer.Exit(2)


def _run(order: Order, data: Path | None) -> Report:
    """Import with a progress bar on a terminal, in silence elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as progress:
        bar = progress.add_task("checking" if order.dry_run else "enrolling", total=None)

        def tell(done: int, total: int) -> None:
            progress.update(bar, completed=done, total=total)

        return with_app(lambda app: importing.import_file(app, order, tell), wakes=True, data=data)


def _mapping(flags_: list[str]) -> dict[str, str]:
    mapping = {}
    for flag in flags_:
        column, separator, field = flag.rpartition("=")
        if not separator or not column.strip():
            raise InvalidInput(f"--map {flag}: write COLUMN=FIELD")
        mapping[column.strip()] = field.strip()
    return mapping


def _print_json(report: Report) -> None:
    rejected = [{"row": one.row, "email": one.email, "reason": one.reason} for one in report.rejected]
    print_json(
        {
            "file": report.path,
            "sequence": report.sequence,
            "dry_run": report.dry_run,
            "rows": report.rows,
            "enrolled": report.enrolled,
            "rejected": rejected,
            "columns": dict(report.columns),
            "ignored": list(report.ignored),
            "encoding": report.encoding,
            "delimiter": report.delimiter,
        }
    )


def _print(report: Report, rejects: Path | None) -> None:
    used = ", ".join(f"{column} → {field}" for column, field in report.columns.items())
    out.print(f"Columns: {used}", markup=False)
    if report.ignored:
        out.print(f"Ignored: {', '.join(report.ignored)}", markup=False)
    shown = report.rejected if rejects is None else report.rejected[:SHOWN]
    for one in shown:
        out.print(f"row {one.row}: {one.email or '(no address)'}: {one.reason}", markup=False)
    if len(shown) < len(report.rejected):
        out.print(f"… and {len(report.rejected) - len(shown)} more", markup=False)
    verb = "would be enrolled" if report.dry_run else "enrolled"
    left_out = f", {len(report.rejected)} rejected" if report.rejected else ""
    out.print(f"{report.rows} rows: {report.enrolled} {verb} in {report.sequence}{left_out}.", markup=False)
    if rejects is not None and report.rejected:
        out.print(f"The rejected rows are in {rejects}.", markup=False)

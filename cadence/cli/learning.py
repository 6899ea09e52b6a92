"""`cadence correct` and `cadence learn`: what a person says that replies mean, and what is learnt from it."""

from typing import Annotated

import typer

from cadence.cli.dates import plural, shown
from cadence.cli.shell import Data, Json, cli, out, print_json, with_app
from cadence.core.learning import Figures
from cadence.service import correcting, learning
from cadence.service.learning import Comparison, Report


@cli.command()
def correct(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The reply, as `cadence inbox` counts.")],
    category: Annotated[str, typer.Argument(metavar="CATEGORY", help="What it means; see docs/replies.md.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say what a reply means, where the product asked or was wrong; what follows is done at once."""
    done = with_app(lambda app: correcting.correct(app, number, category), wakes=True, data=data)
    if as_json:
        print_json({"reply": number, "category": category, "done": done})
    else:
        out.print(done, markup=False)


@cli.command()
def learn(
    back: Annotated[bool, typer.Option("--back", help="Let the model before the newest read again.")] = False,
    versions: Annotated[bool, typer.Option("--versions", help="List every model.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Measure only; change nothing.")] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Learn from corrections, and let the new model read unless it is worse; takes about a minute."""
    if versions:
        _list(data, as_json)
    elif back:
        version = with_app(learning.back, data=data)
        print_json({"version": version}) if as_json else out.print(f"{version} reads again")
    else:
        report = with_app(lambda app: learning.learn(app, dry_run=dry_run), data=data)
        print_json(report.plain()) if as_json else show(report, dry_run=dry_run)
        if report.refusal:
            raise typer.Exit(1)


def _list(data: Data, as_json: bool) -> None:
    rows = with_app(learning.versions, data=data)
    if as_json:
        print_json(rows)
        return
    for row in rows:
        words = f"learnt from {plural(row['corrections'], 'correction')}" if row["made_at"] else "shipped"
        words += f" at {shown(row['made_at'])} UTC" if row["made_at"] else ""
        words += ", withdrawn" if row["withdrawn_at"] else ""
        out.print(f"{row['version']}  {words}{', reads' if row['reads'] else ''}")


def show(report: Report, *, dry_run: bool) -> None:
    """Print what learning came to."""
    out.print(f"Learnt from {plural(report.corrections, 'correction')}: {report.before} → {report.after}")
    _compare("Replies that no model learns from", report.unseen)
    if report.held_back.before.replies:
        _compare("Corrections held back", report.held_back)
    else:
        out.print("No correction is held back to measure by yet: one in five will be.")
    if report.refusal:
        out.print(f"Not used: {report.refusal}. {report.before} goes on reading.")
    elif dry_run:
        out.print("It would be used. Nothing was changed.")
    else:
        out.print(f"{report.after} reads from now on; `cadence learn --back` returns to {report.before}.")


def _compare(name: str, compared: Comparison) -> None:
    out.print(f"{name}: {compared.before.replies}")
    for when, figures in (("before", compared.before), ("after", compared.after)):
        out.print(f"  {when:7} {_words(figures)}")


def _words(figures: Figures) -> str:
    return (
        f"right {_share(figures.right, figures.replies)}, acted on {_share(figures.acted, figures.replies)}, "
        f"right of those {_share(figures.acted_right, figures.acted)}, harm {figures.harm}"
    )


def _share(some: int, of: int) -> str:
    return f"{some / of:.1%}" if of else "-"

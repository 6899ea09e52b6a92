"""How findings are printed: one line each, with what to do about it below."""

from collections.abc import Iterable
from typing import Any

from rich.text import Text

from cadence.cli.shell import out
from cadence.service.checks import Check, Level

_STYLES = {Level.OK: "green", Level.WARNING: "yellow", Level.FAULT: "bold red"}


def show(check: Check) -> None:
    """Print one finding."""
    line = Text(f"  {check.level.value:<8}", style=_STYLES[check.level])
    line.append(f"{check.name:<15}", style="default not bold")
    line.append(check.text, style="default not bold")
    out.print(line)
    if check.remedy:
        out.print(Text(f"{'':<10}{'':<15}{check.remedy}", style="dim"))


def as_data(checks: Iterable[Check]) -> list[dict[str, Any]]:
    """Findings as plain data for JSON."""
    return [
        {"name": check.name, "level": check.level.value, "text": check.text, "remedy": check.remedy}
        for check in checks
    ]

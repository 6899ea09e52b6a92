"""Keeps what was measured: results/latest.json, of which every benchmark renews only its own part."""

import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"


def machine() -> dict[str, Any]:
    """What the figures were measured on; load: how busy it was with others, at the end."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    return {
        "processors": os.cpu_count(),
        "processor": model,
        "system": platform.platform(),
        "python": sys.version.split()[0],
        "load": round(os.getloadavg()[0], 1),
    }


def keep(folder: Path, part: str, found: dict[str, Any], *, short: bool) -> None:
    """Write a benchmark's findings beside those of the others."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "latest.json"
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    known[part] = {"at": at, "short": short, "machine": machine(), **found}
    path.write_text(json.dumps(known, indent=2) + "\n", encoding="utf-8")


def table(heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Columns, the first of them to the left."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join(
        "  ".join(
            text.rjust(width) if column else text.ljust(width)
            for column, (text, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )

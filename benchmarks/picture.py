"""Draws horizontal bars as SVG, on a logarithmic scale, since the contenders lie far apart."""

import math
from html import escape
from pathlib import Path

_WIDTH, _LABELS, _BAR, _ROW = 860, 300, 420, 30


def bars(path: Path, title: str, rows: list[tuple[str, float, bool]]) -> None:
    """Draw label, value and whether it is one of ours."""
    lowest = min(value for _, value, _ in rows) / 2
    span = math.log(max(value for _, value, _ in rows) / lowest)
    height = 60 + _ROW * len(rows)
    shapes = []
    for place, (label, value, is_ours) in enumerate(rows):
        top = 50 + place * _ROW
        length = _BAR * math.log(value / lowest) / span
        color = "#1a73e8" if is_ours else "#9aa0a6"
        shapes.append(
            f'<text x="{_LABELS - 10}" y="{top + 15}" text-anchor="end">{escape(label)}</text>'
            f'<rect x="{_LABELS}" y="{top}" width="{length:.1f}" height="20" rx="2" fill="{color}"/>'
            f'<text x="{_LABELS + length + 8:.1f}" y="{top + 15}">{value:,.0f}</text>'
        )
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" '
        f'viewBox="0 0 {_WIDTH} {height}" font-family="sans-serif" font-size="14">'
        f'<rect width="100%" height="100%" fill="#ffffff"/>'
        f'<text x="20" y="28" font-size="16" font-weight="bold">{escape(title)}</text>'
        f"{''.join(shapes)}</svg>\n",
        encoding="utf-8",
    )

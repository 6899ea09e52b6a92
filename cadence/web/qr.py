"""A QR code (ISO/IEC 18004) as a drawing that stands in the page itself: no key goes anywhere to be drawn."""

import io

import segno
from markupsafe import Markup

_QUIET = 4
"""Modules left blank around it, as cameras want (ISO/IEC 18004 §9.1)."""


def drawing(text: str, title: str) -> Markup:
    """SVG of a text for a camera, dark on white in dark mode too; title: what it is, for screen readers."""
    out = io.BytesIO()
    code = segno.make(text, micro=False, error="m")
    code.save(
        out,
        kind="svg",
        xmldecl=False,
        omitsize=True,
        border=_QUIET,
        dark="#000",
        light="#fff",
        svgclass="qr",
        lineclass=None,
        title=title,
    )
    return Markup(out.getvalue().decode())  # noqa: S704 - segno escapes the title, and the rest is numbers

"""Shows what strangers wrote: their HTML cleaned, in a frame that can do nothing; their files as downloads.

Nothing of it is loaded from elsewhere, runs, submits, or sees our pages: the cleaning, the policy of the
frame and its sandbox each keep that by themselves. Links open in a window of their own.
"""

import asyncio
import re
from collections import Counter
from urllib.parse import quote

import nh3
from fastapi import Response
from fastapi.responses import HTMLResponse

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
LONGEST = 500_000
"""Characters; the rest of a longer mail is left out."""
DEEPEST = 300
"""Elements within each other; the time to read more of them grows with the square."""

_TAGS = frozenset(nh3.ALLOWED_TAGS) - {"img", "map", "area", "link", "base"} | {"font"}
_STYLES = frozenset(
    {"color", "background-color", "font-weight", "font-style", "font-size", "text-align", "text-decoration"}
    | {"white-space", "width", "padding", "margin", "border", "border-collapse", "vertical-align"}
)
_EVERYWHERE = {"style", "align", "valign", "dir", "lang", "title", "bgcolor", "color", "width"}
_ATTRIBUTES = {
    **{tag: set(_EVERYWHERE) for tag in _TAGS},
    "a": {"href", "title", "style"},
    "td": {"colspan", "rowspan", *_EVERYWHERE},
    "th": {"colspan", "rowspan", *_EVERYWHERE},
    "table": {"border", "cellpadding", "cellspacing", *_EVERYWHERE},
    "ol": {"start", "type"},
}
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_OPEN = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "area", "base"})
_CLOSED_BY_THE_NEXT = frozenset({"p", "li", "dt", "dd", "tr", "td", "th", "option", "tbody", "thead"})
_PAGE = (
    '<!doctype html><html><head><meta charset="utf-8"><meta name="color-scheme" content="light"><style>'
    "body{{margin:12px;background:#fff;color:#1a2230;font:15px/1.5 system-ui,sans-serif;"
    "overflow-wrap:anywhere}}table{{max-width:100%}}pre{{white-space:pre-wrap}}"
    "blockquote{{margin:0 0 0 8px;padding-left:10px;border-left:3px solid #ccd}}"
    "</style></head><body>{}</body></html>"
)


async def framed(html: str) -> Response:
    """HTML from a stranger as the content of a frame."""
    shown = await asyncio.to_thread(cleaned, html)
    headers = {"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(_PAGE.format(shown), headers=headers)


def cleaned(html: str) -> str:
    """What is left of HTML without scripts, forms, pictures, frames and whatever loads or runs anything."""
    html = html[:LONGEST]
    if _depth(html) > DEEPEST:
        return "<p>This mail's HTML is damaged. Please read its text.</p>"
    return nh3.clean(
        html,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        clean_content_tags={"script", "style", "title", "template", "noscript", "iframe", "object"},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
        filter_style_properties=set(_STYLES),
    )


def _depth(html: str) -> int:
    """How many elements may be open at once, at most; an end tag closes only its own kind."""
    still: Counter[str] = Counter()
    deepest = now = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _NEVER_OPEN or name in _CLOSED_BY_THE_NEXT:
            continue
        if not found[1]:
            still[name] += 1
            now += 1
        elif still[name]:
            still[name] -= 1
            now -= 1
        deepest = max(deepest, now)
    return deepest


def download(name: str, content: bytes) -> Response:
    """A file from a stranger, to be kept and never shown."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "_", name).strip("._") or "file"
    disposition = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": disposition, "Content-Security-Policy": "default-src 'none'; sandbox"}
    return Response(content, media_type="application/octet-stream", headers=headers)

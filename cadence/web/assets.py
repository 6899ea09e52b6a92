"""The files that pages load: read once, named by what is in them, so that browsers may keep them for ever."""

import gzip
import re
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import PurePath

from fastapi import APIRouter, HTTPException, Request, Response

PREFIX = "/static/"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class _Asset:
    path: str
    media_type: str
    content: bytes
    compressed: bytes


def _read() -> dict[str, _Asset]:
    found = {}
    for file in files("cadence.web").joinpath("static").iterdir():
        name = PurePath(file.name)
        if name.suffix not in _TYPES:
            continue
        content = file.read_bytes()
        path = f"{PREFIX}{name.stem}.{sha256(content).hexdigest()[:12]}{name.suffix}"
        found[file.name] = _Asset(path, _TYPES[name.suffix], content, gzip.compress(content, mtime=0))
    return found


_BY_NAME = _read()
_BY_PATH = {asset.path: asset for asset in _BY_NAME.values()}


def url(name: str) -> str:
    """Where a file of static/ is served as it is now."""
    return _BY_NAME[name].path


routes = APIRouter(include_in_schema=False)


@routes.api_route(PREFIX + "{name}", methods=["GET", "HEAD"])
async def asset(name: str, request: Request) -> Response:
    """One file; a name without the right digest is of a file that is no more."""
    found = _BY_PATH.get(PREFIX + name)
    if found is None:
        raise HTTPException(404)
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"}
    if re.search(r"\bgzip\b", request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
        return Response(found.compressed, media_type=found.media_type, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)

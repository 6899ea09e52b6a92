"""`cadence mcp`: lets an assistant read and draft, over the API of a running Cadence."""

import asyncio
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from cadence.cli.shell import cli
from cadence.core.errors import InvalidInput


@cli.command()
def mcp(
    url: Annotated[
        str,
        typer.Option(envvar="CADENCE_API_URL", metavar="URL", help="Where Cadence runs."),
    ] = "http://127.0.0.1:8080",
    token: Annotated[
        str,
        typer.Option(
            envvar="CADENCE_API_TOKEN", metavar="TOKEN", help="An API token; others on this machine see it."
        ),
    ] = "",
    token_file: Annotated[
        Path | None, typer.Option("--token-file", metavar="FILE", help="A file that holds it, instead.")
    ] = None,
) -> None:
    """Let an assistant read and draft, by the Model Context Protocol over standard input and output.

    It never sends, publishes, enrolls or changes anything. The token needs scopes for reading: some of
    prospects:read, tasks:read, replies:read, reports:read, sequences:read and simulate. One that could do
    more is refused.
    """
    if find_spec("mcp") is None:
        raise InvalidInput("this needs one more part: pip install 'cadence-winback[mcp]'")
    asyncio.run(_serve(url, _read(token_file) if token_file else token.strip()))


async def _serve(url: str, token: str) -> None:
    from cadence.assistant.api import Api, client  # noqa: PLC0415 - help comes without it

    async with client(url, token) as over:
        api = Api(over)
        scopes = await api.scopes()
        from cadence.assistant.server import built  # noqa: PLC0415 - there only where somebody wants it

        await built(api, scopes).run_stdio_async()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as fault:
        raise InvalidInput(f"{path} cannot be read: {getattr(fault, 'strerror', None) or fault}") from None

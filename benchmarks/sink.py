"""A mail server that takes every mail and forgets it: Postfix's smtp-sink where installed, else a small one.

Run as a program it is the small one: `python -m benchmarks.sink PORT [LOG]`; with a log it writes when each
mail came, by time.time, and from whom.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from tests.servers.process import end, free_port, greets, program, wait_until, workplace

_ROOT = Path(__file__).parents[1]
_REPLIES = {
    "EHLO": b"250-sink\r\n250-PIPELINING\r\n250-AUTH PLAIN\r\n250 8BITMIME\r\n",
    "AUTH": b"235 2.7.0 welcome\r\n",
    "DATA": b"354 go ahead\r\n",
    "QUIT": b"221 2.0.0 bye\r\n",
}


@contextlib.contextmanager
def sink() -> Iterator[tuple[str, int]]:
    """A sink that runs: what it is, and its port."""
    port, postfix = free_port(), program("smtp-sink")
    become = [] if os.getuid() else ["-u", "nobody"]  # it refuses to run as root
    command = [str(postfix), *become, f"127.0.0.1:{port}", "1000"]
    if postfix is None:
        command = [sys.executable, "-m", "benchmarks.sink", str(port)]
    with _running(command, port):
        yield "Postfix's smtp-sink" if postfix else "the bundled sink", port


@contextlib.contextmanager
def noting_sink(log: Path) -> Iterator[int]:
    """The bundled sink, which notes when each mail came: its port."""
    port = free_port()
    with _running([sys.executable, "-m", "benchmarks.sink", str(port), str(log)], port):
        yield port


def noted(log: Path) -> list[tuple[float, str]]:
    """What such a sink noted: when each mail came, as time.time has it, and from which address."""
    lines = log.read_text(encoding="ascii").splitlines()
    return [(float(at), sender) for at, _, sender in (line.partition(" ") for line in lines)]


@contextlib.contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    log = workplace("sink") / "out.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True, cwd=_ROOT)
    try:
        wait_until(lambda: greets(port, b"220 "), process, log)
        yield
    finally:
        end(process)
        log.unlink()
        log.parent.rmdir()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, log: TextIO | None) -> None:
    sender = ""
    writer.write(b"220 sink ESMTP\r\n")
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while line := await reader.readline():
            verb = line.split()[0].upper().decode()
            writer.write(_REPLIES.get(verb, b"250 2.0.0 ok\r\n"))
            if verb == "MAIL":
                sender = line.decode().partition("<")[2].partition(">")[0]
            if verb == "DATA":
                await reader.readuntil(b"\r\n.\r\n")
                if log is not None:
                    print(time.time(), sender, file=log, flush=True)
                writer.write(b"250 2.0.0 queued\r\n")
            if verb == "QUIT":
                break
    writer.close()


async def _listen(port: int, log: Path | None) -> None:
    with log.open("a", encoding="ascii") if log else contextlib.nullcontext() as lines:
        server = await asyncio.start_server(
            lambda reader, writer: _serve(reader, writer, lines), "127.0.0.1", port, limit=2**24
        )
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_listen(int(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2:] else None))

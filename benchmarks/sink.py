"""A mail server that takes every mail and forgets it: Postfix's smtp-sink where installed, else a small one.

Run as a program it is the small one: `python -m benchmarks.sink PORT`.
"""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator

from tests.servers.process import end, free_port, greets, program, wait_until, workplace

_REPLIES = {
    "EHLO": b"250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
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
    log = workplace("sink") / "out.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_until(lambda: greets(port, b"220 "), process, log)
        yield "Postfix's smtp-sink" if postfix else "the bundled sink", port
    finally:
        end(process)
        log.unlink()
        log.parent.rmdir()


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"220 sink ESMTP\r\n")
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while line := await reader.readline():
            verb = line.split()[0].upper().decode()
            writer.write(_REPLIES.get(verb, b"250 2.0.0 ok\r\n"))
            if verb == "DATA":
                await reader.readuntil(b"\r\n.\r\n")
                writer.write(b"250 2.0.0 queued\r\n")
            if verb == "QUIT":
                break
    writer.close()


async def _listen(port: int) -> None:
    server = await asyncio.start_server(_serve, "127.0.0.1", port, limit=2**24)
    await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_listen(int(sys.argv[1])))

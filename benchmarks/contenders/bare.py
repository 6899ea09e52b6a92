"""The bare protocol limit: the same bytes again and again over ten connections, and nothing else.

Postfix's smtp-source where it is installed, else a minimal loop.
"""

import asyncio
import sys
from typing import Any, TextIO

from benchmarks.contenders.child import run, serve

CONNECTIONS = 10


async def _with_smtp_source(program: str, port: int, size: int, count: int) -> int:
    words = ["-d", "-s", str(CONNECTIONS), "-m", str(count), "-l", str(size), f"127.0.0.1:{port}"]
    process = await asyncio.create_subprocess_exec(program, *words, stdout=sys.stderr)
    if await process.wait():
        raise RuntimeError(f"{program} failed")
    return count


async def _with_a_loop(port: int, size: int, count: int) -> int:
    shares = [len(range(number, count, CONNECTIONS)) for number in range(CONNECTIONS)]
    return sum(await asyncio.gather(*(_one_connection(port, size, share) for share in shares)))


async def _one_connection(port: int, size: int, count: int) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def say(words: bytes) -> None:
        writer.write(words)
        while (await reader.readline())[3:4] == b"-":
            pass

    await reader.readline()
    await say(b"EHLO [127.0.0.1]\r\n")
    content = b"Subject: x\r\n\r\n" + (b"x" * 70 + b"\r\n") * (size // 72) + b".\r\n"
    for _ in range(count):
        for words in (b"MAIL FROM:<a@x.test>\r\n", b"RCPT TO:<b@x.test>\r\n", b"DATA\r\n", content):
            await say(words)
    await say(b"QUIT\r\n")
    writer.close()
    return count


async def _main(given: dict[str, Any], answers: TextIO) -> None:
    async def send(count: int) -> int:
        if given["program"]:
            return await _with_smtp_source(given["program"], given["port"], given["size"], count)
        return await _with_a_loop(given["port"], given["size"], count)

    async def prepare(count: int) -> int:
        return count

    await serve(answers, prepare=prepare, send=send)


if __name__ == "__main__":
    run(_main)

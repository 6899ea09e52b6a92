"""What the private servers have in common: a folder, free ports, a user to run as, a patient start."""

import contextlib
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_PORTS = range(12_000, 32_000)
"""Below those that the system gives to connections, which could take a port before its server does."""


def free_port() -> int:
    """A port that nobody listens on, drawn by chance: others who draw at this moment get another one."""
    while True:
        port = secrets.choice(_PORTS)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def program(name: str) -> str | None:
    """Where Debian and its relatives keep servers, which is not on everybody's PATH.

    CADENCE_TEST_SERVERS=sandbox hides them all, to see how the tests fare without.
    """
    if os.environ.get("CADENCE_TEST_SERVERS") == "sandbox":
        return None
    return shutil.which(
        name, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    )


def unprivileged() -> pwd.struct_passwd:
    """Whom to run as: oneself, or nobody where oneself is root."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())


def workplace(name: str) -> Path:
    """A folder of its own, short enough for Unix sockets, that other users may enter."""
    folder = Path(tempfile.mkdtemp(prefix=f"cadence-{name}-"))
    folder.chmod(0o755)
    return folder


def wait_until(
    ready: Callable[[], bool], process: "subprocess.Popen[bytes]", log: Path, seconds: float = 20
) -> None:
    """Wait for a server to answer; a server that died says why."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        if ready():
            return
        time.sleep(0.01)
    said = log.read_text() if log.exists() else ""
    raise RuntimeError(f"{process.args!r} did not start: {said[-4000:]}")


def greets(port: int, greeting: bytes) -> bool:
    """Whether a server at this port says what is expected of it."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.settimeout(5)
            return connection.recv(200).startswith(greeting)
    except OSError:
        return False


def end(process: "subprocess.Popen[bytes] | None") -> None:
    """Ask a server to stop, and make it."""
    if process and process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

"""Says in words why a server could not be reached, whichever library found out."""

import socket
import ssl
from collections.abc import Iterator

from cadence.core.delivery import readable
from cadence.mail.tls import explain, is_passing

_WORDS: tuple[tuple[type[OSError], str], ...] = (
    (ConnectionRefusedError, "nothing answers on this port"),
    (ConnectionError, "the connection broke off"),
    (ssl.SSLError, "the connection broke off"),
    (TimeoutError, "no answer in time"),
)


def in_words(fault: BaseException) -> str:
    """Why a connection failed, for the person who must mend it.

    Libraries wrap what the system told them; what lies innermost says most.
    """
    for one in reversed(list(_chain(fault))):
        if isinstance(one, ssl.SSLError) and not is_passing(one):
            return explain(one)
        if isinstance(one, socket.gaierror):
            passing = one.errno == socket.EAI_AGAIN
            return "its name cannot be looked up now" if passing else "there is no host of this name"
        if words := next((words for kind, words in _WORDS if isinstance(one, kind)), None):
            return words
    if "Multiple exceptions" in str(fault):  # asyncio's, where a host has several addresses
        return "none of its addresses answers"
    return readable(str(fault)) or type(fault).__name__


def tls_fault(fault: BaseException) -> ssl.SSLError | None:
    """What TLS said, which a library may have wrapped, more than once."""
    return next((one for one in _chain(fault) if isinstance(one, ssl.SSLError)), None)


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    while fault is not None:
        yield fault
        fault = fault.__cause__ or fault.__context__

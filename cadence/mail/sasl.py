"""Decides how an OAuth 2 access token is shown to a mail server, by what that server offers.

OAUTHBEARER is the standard (RFC 7628), XOAUTH2 what Google and Microsoft had before there was one. Both
explain a refusal by a challenge, and end only after a last answer to it; a client that owes it waits forever.
"""

import base64
from collections.abc import Container
from dataclasses import dataclass, field

from cadence.mail.endpoint import Endpoint


@dataclass(frozen=True, slots=True)
class Bearer:
    """One try. first: the first answer; last: the answer to the challenge that explains a refusal.

    Both are base64 (RFC 4648 §4), as SMTP and IMAP want them.
    """

    mechanism: str
    first: str = field(repr=False)
    last: str


def bearer(offered: Container[str], username: str, token: str, endpoint: Endpoint) -> Bearer | None:
    """How to show a token; None where the server takes none. offered: names of mechanisms, in upper case."""
    if "OAUTHBEARER" in offered:
        return Bearer("OAUTHBEARER", _coded(_standard(username, token, endpoint)), _coded("\x01"))
    if "XOAUTH2" in offered:
        return Bearer("XOAUTH2", _coded(f"user={username}\x01auth=Bearer {token}\x01\x01"), "")
    return None


def _standard(username: str, token: str, endpoint: Endpoint) -> str:
    """RFC 7628 §3.1, with the name escaped as RFC 5801 §4 has it."""
    name = username.replace("=", "=3D").replace(",", "=2C")
    pairs = (f"host={endpoint.host}", f"port={endpoint.port}", f"auth=Bearer {token}")
    return "\x01".join((f"n,a={name},", *pairs, "", ""))


def _coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")

"""Envelope senders that name the mail they were on, so that a bounce says by its address what it is about
(VERP).

The shape only; service/return_paths.py signs the token and reads it. Tokens are of letters and digits that
stay the same in lower case, since servers on the way may change that (RFC 5321 §2.4).
"""

import re

PREFIX = "bounce+"
TOKEN_LENGTH = 32
LONGEST_LOCAL_PART = 64
"""RFC 5321 §4.5.3.1.1; what is made here has 39."""
_SHAPE = re.compile(rf"{re.escape(PREFIX)}([a-z2-7]{{{TOKEN_LENGTH}}})@", re.IGNORECASE)


def address(token: str, domain: str) -> str:
    """The envelope sender that carries a token."""
    return f"{PREFIX}{token}@{domain}"


def token_in(email: str) -> str | None:
    """The token that an address carries, None where it has not the shape of one of ours."""
    found = _SHAPE.match(email)
    return found[1].lower() if found else None

"""Makes what only its holder knows, and what we keep of it: nobody logs in with what stands in the database.

The secrets are random and long, so that a fast digest is enough; passwords are another matter
(passwords.py).
"""

import secrets
from hashlib import sha256

_RECOVERY_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without the characters that look like others."""


def fresh() -> str:
    """256 bits, fit for a cookie and a path."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is kept of a secret."""
    return sha256(secret.encode()).hexdigest()


def recovery_code() -> str:
    """About 79 bits in four groups of four, to be written down."""
    characters = [secrets.choice(_RECOVERY_ALPHABET) for _ in range(16)]
    return "-".join("".join(characters[at : at + 4]) for at in range(0, 16, 4))


def as_typed(code: str) -> str:
    """A code as somebody types it, without what does not count."""
    return "".join(char for char in code.casefold() if char.isalnum())

"""Decides which secret keys are in use, and derives from each a key of its own for every purpose.

An installation has one secret, or several while it is being changed: the first seals and signs, all
of them open and verify. It comes from the settings or from a key file, never from the database.
"""

import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from cadence.core.errors import InvalidInput

SHORTEST_KEY = 32
"""Characters; less is a password rather than a key, and could be guessed."""


def keys_in(text: str) -> list[str]:
    """The keys of a secret, the one in use first; they stand apart by commas, blanks or lines."""
    return [key for key in re.split(r"[\s,]+", text) if key]


def checked(keys: Sequence[str], source: str) -> list[str]:
    """The keys, if there is one and all are long enough; raises InvalidInput naming the source."""
    if not keys or any(len(key) < SHORTEST_KEY for key in keys):
        raise InvalidInput(f"{source}: each key needs at least {SHORTEST_KEY} characters")
    return list(keys)


def secret_keys(secret: str | None, key_file: Path) -> list[str]:
    """The keys of the setting, else of the key file, which is made with a new key where there is none.

    Raises InvalidInput where the file cannot be read or made, or holds no key.
    """
    if secret is not None:
        return checked(keys_in(secret), "secret_key")
    try:
        if not key_file.exists():
            _make(key_file)
        return checked(keys_in(key_file.read_text(encoding="utf-8")), str(key_file))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"the key file {key_file} cannot be used: {error}") from error


def _make(key_file: Path) -> None:
    """Write a new key for its owner's eyes only.

    It is linked into place whole, so that of two processes that start together one wins, and the
    other never reads half a key.
    """
    key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = key_file.with_name(f".{key_file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(secrets.token_urlsafe(48) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.link(draft, key_file)
    except FileExistsError:
        pass  # the other process was first: its key counts
    finally:
        draft.unlink()


def derived(key: str, purpose: str) -> bytes:
    """32 bytes for one purpose (HKDF, RFC 5869): what leaks of one purpose says nothing of another."""
    return HKDF(SHA256(), length=32, salt=None, info=f"cadence {purpose}".encode()).derive(key.encode())

"""Decides which passwords will do, and keeps them as argon2id hashes (RFC 9106)."""

import asyncio
import unicodedata
from concurrent.futures import ThreadPoolExecutor

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cadence.core.errors import InvalidInput

SHORTEST = 12
LONGEST = 200
"""Characters; a sentence fits, and nobody keeps us busy with a megabyte."""
_FEWEST_DIFFERENT = 5

_hasher = PasswordHasher()  # the second recommended option of RFC 9106 §4: 64 MiB, three passes
_NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$Z71KYNya2+er5jpsvaJ+7w$NBOxdHxYjAqL1pAiocMB/LFKWJ8G7+pna5+BiPAnZlQ"
"""Compared with where there is no such user, so that it takes as long as where there is one."""

_threads = ThreadPoolExecutor(2, "argon2")
"""So few that a flood of log-ins fills neither the memory nor the processors."""


def check(password: str, *, email: str, name: str) -> None:
    """Refuse what would be guessed; raises InvalidInput with one line that says why."""
    if len(password) < SHORTEST:
        raise InvalidInput(f"A password has at least {SHORTEST} characters; a short sentence is a good one.")
    if len(password) > LONGEST:
        raise InvalidInput(f"A password has at most {LONGEST} characters.")
    if len(set(password)) < _FEWEST_DIFFERENT:
        raise InvalidInput("That password repeats itself too much.")
    folded = password.casefold()
    if any(folded == word or word * 2 == folded for word in _easily_guessed(email, name)):
        raise InvalidInput("That password would be among the first to be tried.")


def _easily_guessed(email: str, name: str) -> set[str]:
    return {
        email.casefold(),
        name.casefold(),
        *(f"{start}{end}" for start in ("password", "passwort", "cadence") for end in ("1234", "123456")),
        "123456789012",
        "qwertyuiop12",
    }


async def hashed(password: str) -> str:
    """The hash to keep; it takes a while, in a thread of its own."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hasher.hash, _normal(password))


async def is_right(password: str, kept: str | None) -> bool:
    """Whether a password is the one that was hashed; it takes as long where none was (kept: None)."""
    loop = asyncio.get_running_loop()
    agrees = await loop.run_in_executor(_threads, _verify, _normal(password), kept or _NOBODYS)
    return agrees and kept is not None


def is_dated(kept: str) -> bool:
    """Whether a hash was made with other costs than those of today, and should be made anew."""
    return _hasher.check_needs_rehash(kept)


def _verify(password: str, kept: str) -> bool:
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _normal(password: str) -> str:
    """One form for what keyboards spell differently (NIST SP 800-63B §5.1.1.2), and never endless."""
    return unicodedata.normalize("NFKC", password[: 2 * LONGEST])

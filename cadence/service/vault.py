"""Keeps passwords unreadable in the database, and erased addresses unknown, with keys that are not in it."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from cadence.core.errors import InvalidInput
from cadence.service.keys import checked, derived

_WRONG_KEY = (
    "a stored password cannot be opened with this secret key; restore the key with which it was stored, "
    "or add it after the new one in CADENCE_SECRET_KEY or in the key file"
)


class Vault:
    """Seals texts with the first key and opens what any of them sealed."""

    def __init__(self, keys: Sequence[str]) -> None:
        keys = checked(keys, "secret_key")
        self._fernets = MultiFernet([Fernet(urlsafe_b64encode(derived(key, "vault"))) for key in keys])
        self._digesting = [derived(key, "digests") for key in keys]

    def seal(self, text: str) -> str:
        """Encrypt and authenticate a text; the result is ASCII and differs every time."""
        return self._fernets.encrypt(text.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """Give back the text; raises InvalidInput where no key fits or it was tampered with."""
        try:
            return self._fernets.decrypt(sealed.encode()).decode()
        except InvalidToken as error:
            raise InvalidInput(_WRONG_KEY) from error

    def reseal(self, sealed: str) -> str:
        """The same text under the first key, so that older ones can go; raises as `open` does."""
        try:
            return self._fernets.rotate(sealed.encode()).decode("ascii")
        except InvalidToken as error:
            raise InvalidInput(_WRONG_KEY) from error

    def digests(self, text: str) -> list[str]:
        """By which a text is known again and not found out (HMAC-SHA256, RFC 2104): under each key, the first
        key's first.
        """
        return [hmac.digest(key, text.encode(), "sha256").hex() for key in self._digesting]

"""Signs what a link in a mail may do, and reads it back: only we can make one, and it does one thing.

Links do not expire: whoever finds an old mail must still be able to unsubscribe with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from itsdangerous import BadData, URLSafeSerializer

from cadence.core.errors import InvalidInput
from cadence.service.keys import checked, derived

_LONGEST = 500
_NOT_OURS = "this link is incomplete or was not made by us"


class Purpose(StrEnum):
    """What following a link does."""

    UNSUBSCRIBE = "unsubscribe"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Link:
    """What a token says: for which enrollment, and what it does."""

    enrollment_id: int
    purpose: Purpose


class Links:
    """Signs with the first key and reads what any of them signed (HMAC-SHA256)."""

    def __init__(self, keys: Sequence[str]) -> None:
        newest_last = [derived(key, "links") for key in reversed(checked(keys, "secret_key"))]
        self._signer = URLSafeSerializer(
            newest_last, salt="cadence.links", signer_kwargs={"digest_method": sha256}
        )

    def sign(self, enrollment_id: int, purpose: Purpose = Purpose.UNSUBSCRIBE) -> str:
        """A token of letters, digits, `-`, `_` and `.`, fit for a path; the same one every time."""
        token = self._signer.dumps([enrollment_id, purpose.value])
        return token if isinstance(token, str) else token.decode("ascii")

    def read(self, token: str, *purposes: Purpose) -> Link:
        """What the token says; raises InvalidInput where it is not ours or serves none of these purposes.

        Without a purpose it is one to unsubscribe.
        """
        try:
            said = self._signer.loads(token) if len(token) <= _LONGEST else None
        except BadData as error:
            raise InvalidInput(_NOT_OURS) from error
        match said:
            case [int(enrollment_id), str(meant)] if meant in (purposes or (Purpose.UNSUBSCRIBE,)):
                return Link(enrollment_id, Purpose(meant))
            case _:
                raise InvalidInput(_NOT_OURS)

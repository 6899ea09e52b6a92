"""Signs the address to which bounces of one mail go, and reads it back: nobody can report on a mail that they
did not get.
"""

import hmac
import re
from base64 import b32decode, b32encode

from cadence.core.errors import InvalidInput
from cadence.core.model import Mailbox
from cadence.mail import return_path
from cadence.mail.envelope import ascii_domain
from cadence.service.vault import Vault

_DOMAIN = re.compile(r"[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)*")
_ID_BYTES = 8
_TAG_BYTES = 12
"""96 bits of the HMAC-SHA256 (RFC 2104 §5 allows to cut it to half and no less than 80): with the id they
make return_path.TOKEN_LENGTH letters of base32 (RFC 4648 §6) without a rest.
"""


def sender_of(vault: Vault, mailbox: Mailbox, message_id: int) -> str:
    """The envelope sender of a mail; message_id: of its row."""
    if mailbox.return_path is None:
        return mailbox.address
    token = message_id.to_bytes(_ID_BYTES, "big") + _tags(vault, message_id)[0]
    return return_path.address(b32encode(token).decode("ascii").lower(), mailbox.return_path)


def message_of(vault: Vault, email: str) -> int | None:
    """The row of the mail on which an address was the envelope sender; None where we did not make it."""
    token = return_path.token_in(email)
    if token is None:
        return None
    packed = b32decode(token.upper())
    message_id = int.from_bytes(packed[:_ID_BYTES], "big")
    genuine = any(hmac.compare_digest(packed[_ID_BYTES:], tag) for tag in _tags(vault, message_id))
    return message_id if genuine else None


def checked_domain(domain: str) -> str:
    """The domain in its ASCII form; raises InvalidInput where it is none."""
    plain = domain.strip().lower().rstrip(".")
    if not plain or not _DOMAIN.fullmatch(plain):
        raise InvalidInput(f"{domain!r} is not a domain")
    return ascii_domain(f"bounce@{plain}").rpartition("@")[2]


def _tags(vault: Vault, message_id: int) -> list[bytes]:
    """Under each key of the installation, the first key's first."""
    return [bytes.fromhex(digest)[:_TAG_BYTES] for digest in vault.digests(f"return path {message_id}")]

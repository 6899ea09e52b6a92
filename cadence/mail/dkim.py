"""Signs mails for their domain (DKIM, RFC 6376), with RSA and with Ed25519 (RFC 8463), and makes keys for
that.

dkimpy signs. With RSA it takes some 6 ms a mail, twenty times what the arithmetic would need in C; with mails
that leave a mailbox a minute apart that matters little, and the rules of folding and blanks are its makers'.
"""

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self

import dkim
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from cadence.mail.domain_records import tags

SIGNED = (
    *("From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References"),
    *(
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
    ),
)
"""The fields that a signature covers (RFC 6376 §5.4.1, RFC 8058 §4), each once more than it is there: so
nobody can add another one below the signature (RFC 6376 §8.15).
"""
RSA_BITS = 2048
"""RFC 8301 §3.2; longer keys do not fit into one UDP answer, and verifiers need not take them."""
_RELAXED = (b"relaxed", b"relaxed")
"""Folds and blanks may change on the way (RFC 6376 §3.4)."""


class Algorithm(StrEnum):
    """How is signed; the value is the k= of the record (RFC 6376 §3.6.1, RFC 8463 §4)."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key, and under which name its other half is published. public: that half, as a record holds it."""

    domain: str
    selector: str
    algorithm: Algorithm
    public: str
    _secret: bytes = field(repr=False)

    @classmethod
    def of(cls, domain: str, selector: str, pem: str) -> Self:
        """Read a key as `new_key` wrote it."""
        key = load_pem_private_key(pem.encode(), None)
        if isinstance(key, RSAPrivateKey):
            public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
            return cls(domain, selector, Algorithm.RSA, _base64(public), pem.encode())
        assert isinstance(key, Ed25519PrivateKey)
        public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)  # RFC 8463 §4.2
        seed = key.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        return cls(domain, selector, Algorithm.ED25519, _base64(public), _base64(seed).encode())

    def sign(self, raw: bytes, covered: Sequence[str]) -> bytes:
        """The field that signs a mail; covered: the names of fields, each as often as it is covered."""
        signed = dkim.sign(
            raw,
            self.selector.encode("ascii"),
            self.domain.encode("ascii"),
            self._secret,
            canonicalize=_RELAXED,
            signature_algorithm=f"{self.algorithm}-sha256".encode("ascii"),
            include_headers=[name.encode("ascii") for name in covered],
        )
        return bytes(signed)


def new_key(algorithm: Algorithm) -> str:
    """A new private key as PKCS #8 in PEM."""
    key = (
        generate_private_key(65537, RSA_BITS) if algorithm is Algorithm.RSA else Ed25519PrivateKey.generate()
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def record_of(signer: Signer) -> str:
    """What is to be published for a key, as one text record."""
    return f"v=DKIM1; k={signer.algorithm}; p={signer.public}"


def name_of(domain: str, selector: str) -> str:
    """Under which name the record of a key is published (RFC 6376 §3.6.2.1)."""
    return f"{selector}._domainkey.{domain}"


def is_published(record: str, texts: Iterable[str]) -> bool:
    """Whether one of the text records at the name of a key is that key, and may be used for mail."""
    want = tags(record)
    found = (tags(text) for text in texts)
    return any(
        one.get("p") == want["p"]
        and one.get("k", Algorithm.RSA) == want["k"]
        and one.get("s", "*") in ("*", "email")
        for one in found
    )


def sign(raw: bytes, signers: Sequence[Signer], *, without: Sequence[str] = ()) -> bytes:
    """A mail with a signature of each key at its top. raw: with CRLF line ends; without: fields that are
    written over on the way, and so cannot be signed.
    """
    if not signers:
        return raw
    left_out = {name.lower() for name in without}
    there = [
        line.partition(b":")[0].rstrip().lower() for line in raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    ]
    names = [name.lower() for name in SIGNED if name.lower() not in left_out]
    covered = [name for name in names for _ in range(1 + there.count(name.encode("ascii")))]
    return b"".join(one.sign(raw, covered) for one in signers) + raw


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")

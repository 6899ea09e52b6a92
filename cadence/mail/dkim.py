"""Signs mails for their domain (DKIM, RFC 6376), with RSA and with Ed25519 (RFC 8463), and makes keys for
that.

Written here, on the `cryptography` that keeps passwords anyway, because a mail is signed while it is in
flight: dkimpy, which reads the key for every mail and raises to its power in Python, takes twenty times as
long (benchmarks/dkim.py). It verifies these signatures in the tests, having no line in common with what makes
them.
"""

import base64
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
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
_FIELD = re.compile(rb"([^:\r\n]+):((?:[^\r\n]|\r\n[ \t])*)\r\n")
_BLANKS = re.compile(rb"[ \t]+")
_AT_LINE_END = re.compile(rb" (?=\r\n)")
_LINE = 72

PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class Algorithm(StrEnum):
    """How is signed; the value is the k= of the record (RFC 6376 §3.6.1, RFC 8463 §4)."""

    RSA = "rsa"
    ED25519 = "ed25519"


@dataclass(frozen=True, slots=True)
class Signer:
    """A key that was read, and under which name its other half is published."""

    domain: str
    selector: str
    key: PrivateKey = field(repr=False)

    @classmethod
    def of(cls, domain: str, selector: str, pem: str) -> "Signer":
        """Read a key as `new_key` wrote it."""
        return cls(domain, selector, cast(PrivateKey, load_pem_private_key(pem.encode(), None)))

    @property
    def algorithm(self) -> Algorithm:
        """How it signs."""
        return Algorithm.RSA if isinstance(self.key, RSAPrivateKey) else Algorithm.ED25519

    def sign(self, data: bytes) -> bytes:
        """The signature over data: RSASSA-PKCS1-v1_5, or PureEdDSA over the hash (RFC 8463 §3)."""
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(data, PKCS1v15(), SHA256())
        return self.key.sign(sha256(data).digest())


def new_key(algorithm: Algorithm) -> str:
    """A new private key as PKCS #8 in PEM."""
    key = (
        generate_private_key(65537, RSA_BITS) if algorithm is Algorithm.RSA else Ed25519PrivateKey.generate()
    )
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def record_of(signer: Signer) -> str:
    """What is to be published for a key, as one text record."""
    key = signer.key.public_key()
    if signer.algorithm is Algorithm.RSA:
        public = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        public = key.public_bytes(Encoding.Raw, PublicFormat.Raw)  # RFC 8463 §4.2
    return f"v=DKIM1; k={signer.algorithm}; p={base64.b64encode(public).decode('ascii')}"


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

    Header and body are signed as `relaxed` (RFC 6376 §3.4): folds and blanks may change on the way.
    """
    if not signers:
        return raw
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = [(name.lower(), value) for name, value in _FIELD.findall(head + b"\r\n")]
    left_out = {name.lower() for name in without}
    names = [name.lower() for name in SIGNED if name.lower() not in left_out]
    covered = [name for name in names for _ in range(1 + _count(fields, name))]
    relaxed = b"".join(_relaxed(*one) + b"\r\n" for one in _chosen(fields, covered))
    digest = base64.b64encode(sha256(_relaxed_body(body)).digest()).decode("ascii")
    return b"".join(_signature(one, covered, digest, relaxed) for one in signers) + raw


def _signature(signer: Signer, covered: Sequence[str], digest: str, relaxed: bytes) -> bytes:
    """The field, which signs itself as well, but for the signature (RFC 6376 §3.7)."""
    before = (
        f"v=1; a={signer.algorithm}-sha256; c=relaxed/relaxed; d={signer.domain};\r\n s={signer.selector};"
        f"{_folded('h=' + ':'.join(covered), ':')};\r\n bh={digest};\r\n b="
    ).encode("ascii")
    signed = base64.b64encode(signer.sign(relaxed + _relaxed(b"dkim-signature", b" " + before))).decode(
        "ascii"
    )
    lines = [signed[start : start + _LINE] for start in range(0, len(signed), _LINE)]
    return b"DKIM-Signature: " + before + "\r\n ".join(lines).encode("ascii") + b"\r\n"


def _folded(text: str, sign: str) -> str:
    """Text in lines, each broken behind a sign."""
    lines = [""]
    for part in re.findall(f"[^{sign}]+{sign}?", text):
        if len(lines[-1]) + len(part) > _LINE:
            lines.append("")
        lines[-1] += part
    return "".join(f"\r\n {line}" for line in lines)


def _count(fields: Sequence[tuple[bytes, bytes]], name: str) -> int:
    return sum(known == name.encode("ascii") for known, _ in fields)


def _chosen(fields: Sequence[tuple[bytes, bytes]], covered: Sequence[str]) -> list[tuple[bytes, bytes]]:
    """The fields that are covered, of several of one name the lowest first (RFC 6376 §5.4.2)."""
    found = []
    for name in dict.fromkeys(covered):
        found += [one for one in reversed(fields) if one[0] == name.encode("ascii")]
    return found


def _relaxed(name: bytes, value: bytes) -> bytes:
    """A field without its folds, its blanks one each (RFC 6376 §3.4.2)."""
    return name.strip() + b":" + _BLANKS.sub(b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _relaxed_body(body: bytes) -> bytes:
    """A body without blanks at the ends of lines and empty lines at its end (RFC 6376 §3.4.4)."""
    lines = _AT_LINE_END.sub(b"", _BLANKS.sub(b" ", body + b"\r\n")).rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""

"""Another verifier of DKIM signatures, written from RFC 6376 and RFC 8463 for relaxed/relaxed alone.

It shares no line with the library that signs, so that both would have to be wrong in the same way.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

_FIELD = re.compile(rb"([^:\r\n]+):((?:[^\r\n]|\r\n[ \t])*)\r\n")


def verdicts(raw: bytes, records: Mapping[str, str]) -> Iterator[bool]:
    """Whether each signature of a mail holds, the topmost first; records: by name, with no dot at the end."""
    head, _, body = raw.partition(b"\r\n\r\n")
    fields = [(name.strip().lower(), value) for name, value in _FIELD.findall(head + b"\r\n")]
    for name, value in fields:
        if name == b"dkim-signature":
            yield _holds(value, fields, body, records)


def _holds(value: bytes, fields: list[tuple[bytes, bytes]], body: bytes, records: Mapping[str, str]) -> bool:
    said = _tags(value.decode())
    assert said["c"] == "relaxed/relaxed"
    if base64.b64decode(said["bh"]) != sha256(_body(body)).digest():
        return False
    left = list(fields)
    signed = b""
    for name in said["h"].lower().split(":"):
        found = next((one for one in reversed(left) if one[0] == name.encode()), None)  # §5.4.2: from below
        if found is not None:
            left.remove(found)
            signed += _relaxed(*found) + b"\r\n"
    bare = re.sub(rb"((?:^|;)\s*b\s*=)[^;]*", rb"\1", value)  # §3.7: with its b= empty
    signed += _relaxed(b"dkim-signature", bare)
    record = _tags(records[f"{said['s']}._domainkey.{said['d']}"])
    check = _CHECKS[record.get("k", "rsa")]
    assert said["a"] == f"{record.get('k', 'rsa')}-sha256"
    try:
        check(base64.b64decode(record["p"]), base64.b64decode(said["b"]), signed)
    except InvalidSignature:
        return False
    return True


def _rsa(public: bytes, signature: bytes, signed: bytes) -> None:
    key = load_der_public_key(public)
    assert isinstance(key, RSAPublicKey)
    key.verify(signature, signed, PKCS1v15(), SHA256())


def _ed25519(public: bytes, signature: bytes, signed: bytes) -> None:
    Ed25519PublicKey.from_public_bytes(public).verify(signature, sha256(signed).digest())


_CHECKS: dict[str, Callable[[bytes, bytes, bytes], None]] = {"rsa": _rsa, "ed25519": _ed25519}


def _tags(text: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in text.split(";"))
    return {name.strip(): "".join(value.split()) for name, equals, value in pairs if equals}


def _relaxed(name: bytes, value: bytes) -> bytes:
    return name + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip(b" ")


def _body(body: bytes) -> bytes:
    lines = re.sub(rb" (?=\r\n)", b"", re.sub(rb"[ \t]+", b" ", body + b"\r\n")).rstrip(b"\r\n")
    return lines + b"\r\n" if lines else b""

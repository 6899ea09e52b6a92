"""What signing a mail (DKIM) costs beside writing it, and its arithmetic: `python -m benchmarks.signing`."""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from benchmarks import outcome
from cadence.mail.address import Address
from cadence.mail.compose import Letter, compose
from cadence.mail.dkim import Algorithm, Signer, new_key, sign

_WORDS = (
    "Thank you for the time that you gave us, and for telling us openly what decided it in the end. " * 12
)
LETTER = Letter(
    sender=Address("Robin Rep", "robin@vendor.example"),
    to=Address("Dana Buyer", "dana@lost.example"),
    subject="Thank you, Dana – and all the best with the project",
    text=_WORDS,
    html=f"<html><body><p>{_WORDS}</p></body></html>",
    message_id="<1@vendor.example>",
    date=datetime(2026, 3, 3, 10, tzinfo=UTC),
    unsubscribe_url="https://vendor.example/u/1",
)
WRITING, RSA, ED25519, BOTH = "writing the mail", "signing, RSA", "signing, Ed25519", "signing, both"
ARITHMETIC = "the arithmetic of RSA alone, in C"


def _contenders(raw: bytes) -> dict[str, Callable[[], object]]:
    pems = [new_key(kind) for kind in (Algorithm.RSA, Algorithm.ED25519)]
    rsa, ed25519 = (Signer.of("vendor.example", "s", pem) for pem in pems)
    key = load_pem_private_key(pems[0].encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return {
        WRITING: lambda: compose(LETTER),
        RSA: lambda: sign(raw, [rsa]),
        ED25519: lambda: sign(raw, [ed25519]),
        BOTH: lambda: sign(raw, [rsa, ed25519]),
        ARITHMETIC: lambda: key.sign(raw, PKCS1v15(), SHA256()),
    }


def measured(rounds: int, mails: int) -> dict[str, Any]:
    """CPU milliseconds a mail, the median over rounds in which all take turns, and ratios within rounds."""
    raw = compose(LETTER)
    contenders = _contenders(raw)
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            times[name].append(_cpu(work, mails))
    return {
        "bytes": len(raw),
        "cpu_ms_per_mail": {name: round(median(each), 4) for name, each in times.items()},
        "both_beside_writing": _ratio(times[BOTH], times[WRITING]),
        "rsa_beside_its_arithmetic": _ratio(times[RSA], times[ARITHMETIC]),
    }


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return round(median(a / b for a, b in zip(ours, theirs, strict=True)), 2)


def _cpu(work: Callable[[], object], mails: int) -> float:
    began = time.process_time()
    for _ in range(mails):
        work()
    return (time.process_time() - began) / mails * 1000


def show(found: dict[str, Any]) -> str:
    """The lines that people read."""
    rows: list[tuple[str, ...]] = [(name, f"{each:.3f}") for name, each in found["cpu_ms_per_mail"].items()]
    said = f"signing with both keys takes {found['both_beside_writing']} times what writing the mail takes"
    heading = (f"a mail of {found['bytes']} bytes", "CPU ms")
    return f"{outcome.table(heading, rows)}\n{said}"


def main(argv: list[str] | None = None) -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--short", action="store_true", help="only to see that it runs")
    options.add_argument("--results", type=Path, default=outcome.RESULTS, help="where to write")
    given = options.parse_args(argv)
    found = measured(1, 5) if given.short else measured(9, 50)
    print("signing")
    print(show(found))
    outcome.keep(given.results, "signing", found, short=given.short)


if __name__ == "__main__":
    main()

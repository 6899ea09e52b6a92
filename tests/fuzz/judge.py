"""What no mail may do to the reader: raise, take two seconds, or take 200 MB."""

import resource
import time
from collections.abc import Callable
from functools import cache

from cadence.core.replies import Verdict
from cadence.mail.classify import classify
from cadence.mail.parse import parse

MOST_SECONDS = 2.0
MOST_BYTES = 200_000_000
_READABLE = (None, "it has no header fields")


@cache
def _load_models() -> None:
    """Once in a process, and no mail's fault."""
    classify(parse(b"From: a@firm.example\n\nhello"))


def judge(raw: bytes) -> Verdict:
    """Read a mail; fail where it broke a rule of the reader, even if the reader caught that itself."""
    _load_models()
    began = time.process_time()
    received = parse(raw)
    verdict = classify(received)
    seconds = time.process_time() - began
    assert received.unreadable in _READABLE, received.unreadable
    assert not verdict.evidence or not verdict.evidence[0].startswith("could not be understood"), (
        verdict.evidence
    )
    assert 0 <= verdict.confidence <= 1
    assert len(verdict.text) <= 20_000
    assert seconds < MOST_SECONDS, f"{seconds:.1f} s for {len(raw)} bytes"
    return verdict


def within_memory(work: Callable[[], object]) -> None:
    """Run it with MOST_BYTES more of address space than the process has now; more raises MemoryError."""
    used = _address_space()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_BYTES, hard))
    try:
        work()
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _address_space() -> int:
    with open("/proc/self/statm") as statm:  # noqa: PTH123 - no file of ours
        return int(statm.read().split()[0]) * resource.getpagesize()

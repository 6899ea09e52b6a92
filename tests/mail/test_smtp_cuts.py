"""Wherever the wire is cut, no outcome lies: what may be retried never arrived, what was accepted did."""

import asyncio

import pytest

from cadence.core.delivery import OutcomeKind
from cadence.mail import sandbox
from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.sandbox import Sandbox
from cadence.mail.smtp import SmtpSender
from tests.servers.cut import CutWire

RAW = b"From: rep@vendor.test\r\nTo: pat@buyer.test\r\nSubject: Hi\r\n\r\nHello.\r\n"
REP = "rep@vendor.test"


async def send_over(box: Sandbox, wire: CutWire) -> OutcomeKind:
    async with wire.laid():
        endpoint = Endpoint.parse(f"smtp://127.0.0.1:{wire.port}", kind="smtp")
        sender = SmtpSender(endpoint, Credentials(REP, password="pw"), timeout=5, dot_timeout=5)
        outcome = await sender.send(RAW, REP, "pat@buyer.test")
        await sender.close()
    for _ in range(3):
        await asyncio.sleep(0)  # what the server had already read, it may still accept
    return outcome.kind


async def bytes_of_a_whole_dialogue() -> tuple[int, int]:
    async with Sandbox({REP: "pw"}) as box:
        wire = CutWire(int(box.smtp_url.rpartition(":")[2]))
        assert await send_over(box, wire) is OutcomeKind.ACCEPTED
        return wire.passed_up, wire.passed_down


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("way", ["up", "down"])
async def test_no_outcome_lies_wherever_the_wire_is_cut(
    way: str, together: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not together:
        monkeypatch.delattr(sandbox._Handler, "handle_EHLO")
    total = (await bytes_of_a_whole_dialogue())[way == "down"]
    seen = set()
    async with Sandbox({REP: "pw"}) as box:
        port = int(box.smtp_url.rpartition(":")[2])
        for cut in range(1, total):
            box.accepted.clear()
            kind = await send_over(box, CutWire(port, **{way: cut}))
            seen.add(kind)
            assert kind in (OutcomeKind.ACCEPTED, OutcomeKind.DEFERRED, OutcomeKind.IN_DOUBT), cut
            if kind is OutcomeKind.DEFERRED:
                assert box.accepted == [], f"cut after {cut} bytes {way}"
            if kind is OutcomeKind.ACCEPTED:
                assert len(box.accepted) == 1, f"cut after {cut} bytes {way}"
    assert seen == {OutcomeKind.ACCEPTED, OutcomeKind.DEFERRED, OutcomeKind.IN_DOUBT}

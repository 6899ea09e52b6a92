"""Wherever the wire to an API is cut, no outcome lies: what may be tried again never arrived."""

import asyncio
from typing import Any

import pytest

from cadence.core.delivery import OutcomeKind
from cadence.mail.api_sender import ApiSender
from tests.mail.test_apis import DANA, RAW, REP, way
from tests.servers.cut import CutWire
from tests.servers.gmail_api import GmailApi
from tests.servers.graph_api import GraphApi

STRIDE = 5
"""Cuts are this many bytes apart, and one at the end, where a mail could be whole."""


async def send_over(server: Any, wire: CutWire) -> OutcomeKind:
    port = server.port
    async with wire.laid():
        server.port = wire.port
        sender = ApiSender(way(server))
        server.port = port
        outcome = await sender.send(RAW, REP, DANA)
        await sender.close()
    for _ in range(3):
        await asyncio.sleep(0)  # what the server had already read, it may still take
    return outcome.kind


@pytest.mark.parametrize("kind", [GmailApi, GraphApi], ids=["Gmail", "Graph"])
@pytest.mark.parametrize("direction", ["up", "down"])
async def test_no_outcome_lies_wherever_the_wire_is_cut(direction: str, kind: type[Any]) -> None:
    seen = set()
    async with kind(REP).listening() as server:
        whole = CutWire(server.port)
        assert await send_over(server, whole) is OutcomeKind.ACCEPTED
        total = {"up": whole.passed_up, "down": whole.passed_down}[direction]
        for cut in [*range(1, total - STRIDE, STRIDE), *range(total - STRIDE, total)]:
            server.taken.clear()
            outcome = await send_over(server, CutWire(server.port, **{direction: cut}))
            seen.add(outcome)
            if outcome is OutcomeKind.DEFERRED:
                assert server.taken == [], f"cut after {cut} bytes {direction}"
            else:
                assert outcome is OutcomeKind.IN_DOUBT, f"cut after {cut} bytes {direction}"
    assert OutcomeKind.IN_DOUBT in seen

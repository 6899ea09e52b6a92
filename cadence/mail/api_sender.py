"""Hands one mail to the API of a rep's provider and says how that ended, without ever guessing.

What the answers mean is decided in core/delivery.py. A mail goes out in one request, which is never repeated:
whatever breaks after all of it had left leaves the mail in doubt, and the folder of what was sent tells.
"""

import asyncio
from typing import Protocol

from cadence.core.delivery import Outcome, OutcomeKind, Phase, of_http, of_silence
from cadence.core.errors import InvalidInput, MailboxError
from cadence.mail.envelope import Envelope
from cadence.mail.originals import marked
from cadence.mail.web_api import LONGEST_PAUSE, Answer, HandOverBroke


class Outlet(Protocol):
    """How an API takes mail."""

    async def check(self) -> None:
        """Ask for something that only the mailbox's owner may see; raises MailboxError."""

    async def hand_over(self, raw: bytes) -> Answer:
        """Give it one mail, once; raises HandOverBroke."""

    async def close(self) -> None:
        """Give the connections back."""


class ApiSender:
    """One rep's way out by an API."""

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet
        self._lock = asyncio.Lock()
        self._not_before = 0.0

    async def send(self, raw: bytes, sender: str, recipient: str) -> Outcome:
        """Deliver one mail to the recipient that it names; faults come back as outcomes."""
        async with self._lock:
            try:
                Envelope.of(raw, sender, recipient)
            except InvalidInput as fault:
                return Outcome(OutcomeKind.REFUSED, enhanced="5.1.3", text=str(fault))
            left = self._not_before - asyncio.get_running_loop().time()
            if left > 0:
                return Outcome(OutcomeKind.DEFERRED, text=f"the provider wants no mail for {left:.0f} s")
            return await self._hand_over(raw)

    async def check(self) -> Outcome | None:
        """Ask as for a mail; None means that the API lets us in, else what stands against it."""
        try:
            await self._outlet.check()
        except MailboxError as fault:
            kind = OutcomeKind.DEFERRED if fault.temporary else OutcomeKind.MAILBOX_FAULT
            return Outcome(kind, text=str(fault))
        return None

    async def close(self) -> None:
        """Give the connections back; never raises."""
        await self._outlet.close()

    async def _hand_over(self, raw: bytes) -> Outcome:
        try:
            answer = await self._outlet.hand_over(marked(raw))
        except HandOverBroke as fault:
            if fault.lasting:
                return Outcome(OutcomeKind.MAILBOX_FAULT, text=str(fault))
            return of_silence(Phase.DOT if fault.is_out else Phase.DATA, str(fault))
        if answer.status == 429 or answer.wait is not None:
            pause = min(answer.wait or 1.0, LONGEST_PAUSE)
            self._not_before = asyncio.get_running_loop().time() + pause
        return of_http(answer.status, *answer.fault)

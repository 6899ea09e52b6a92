"""Hands one mail to a relay: says in it what the relay shall leave alone, signs it where the relay does not,
and learns from the relay's answer under which Message-ID its reader gets it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.mail import dkim
from cadence.mail.dkim import Signer
from cadence.mail.originals import marked, message_id_of
from cadence.mail.presets import LONGEST_ABOUT, RelayPreset

_GIVEN = re.compile(r"\b([0-9a-f]{16}-[0-9a-f-]{36}-[0-9]{6})\b")
"""How SES answers a mail that it took: https://docs.aws.amazon.com/ses/latest/dg/smtp-response-codes.html."""
_REGION = re.compile(r"^email-smtp(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com$")
_FIRST_REGION = "us-east-1"


class Outlet(Protocol):
    """A way out; SmtpSender is one."""

    async def send(self, raw: bytes, sender: str, recipient: str) -> Outcome:
        """Deliver one mail."""

    async def check(self) -> Outcome | None:
        """Connect and log in as for a mail."""

    async def close(self) -> None:
        """Give the connection back."""


@dataclass(frozen=True, slots=True)
class RelaySender:
    """The way out through a relay. host: of the relay; signers: none where the relay signs by itself."""

    outlet: Outlet
    preset: RelayPreset
    host: str
    signers: Sequence[Signer] = ()

    async def send(self, raw: bytes, sender: str, recipient: str) -> Outcome:
        """Deliver one mail; faults come back as outcomes."""
        outcome = await self.outlet.send(self.prepared(raw), sender, recipient)
        if not self.preset.answers_with or outcome.kind is not OutcomeKind.ACCEPTED:
            return outcome
        found = _GIVEN.search(outcome.text)
        return replace(outcome, left_as=given_id(found[1], _region_of(self.host)) if found else None)

    async def check(self) -> Outcome | None:
        """Connect and log in as for a mail; None means that mail can leave."""
        return await self.outlet.check()

    async def close(self) -> None:
        """Give the connection back; never raises."""
        await self.outlet.close()

    def prepared(self, raw: bytes) -> bytes:
        """A mail as the relay gets it."""
        preset = self.preset
        fields = list(preset.fields)
        if preset.about and (known := message_id_of(raw)) and len(known) <= LONGEST_ABOUT:
            fields.append((preset.about, known.strip("<>")))
        if "Message-ID" in preset.writes_over:
            raw = marked(raw)
        told = b"".join(f"{name}: {value}\r\n".encode("ascii") for name, value in fields)
        return told + dkim.sign(raw, self.signers, without=preset.writes_over)


def given_id(said: str, region: str) -> str:
    """The Message-ID that SES writes over ours, from what it calls the mail itself."""
    domain = "email.amazonses.com" if region == _FIRST_REGION else f"{region}.amazonses.com"
    return f"<{said}@{domain}>"


def _region_of(host: str) -> str:
    found = _REGION.match(host)
    return found[1] if found else _FIRST_REGION

"""What a relay is told in a mail, and what is learned from its answer."""

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.relays import RelayKind
from cadence.mail.dkim import Algorithm, Signer, new_key
from cadence.mail.presets import RELAYS
from cadence.mail.relay_sender import RelaySender
from tests.mail.test_dkim import RAW

SIGNER = Signer.of("vendor.example", "s", new_key(Algorithm.ED25519))
GIVEN = "010701a2b3c4d5e6-0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0-000000"


class Outlet:
    """A way out that takes everything."""

    def __init__(self, text: str = "queued") -> None:
        self.text, self.taken = text, b""

    async def send(self, raw: bytes, sender: str, recipient: str) -> Outcome:
        self.taken = raw
        return Outcome(OutcomeKind.ACCEPTED, 250, None, self.text)

    async def check(self) -> None:
        """It lets everybody in."""

    async def close(self) -> None:
        """It has nothing open."""


async def sent(kind: RelayKind, host: str = "relay.example", text: str = "queued", raw: bytes = RAW, **more):
    outlet = Outlet(text)
    outcome = await RelaySender(outlet, RELAYS[kind], host, **more).send(raw, "r@v.example", "d@l.example")
    return outcome, outlet.taken


@pytest.mark.parametrize(
    ("region", "domain"),
    [("eu-central-1", "eu-central-1.amazonses.com"), ("us-east-1", "email.amazonses.com")],
)
async def test_the_message_id_that_ses_writes_is_read_from_its_answer(region, domain):
    outcome, raw = await sent(RelayKind.SES, f"email-smtp.{region}.amazonaws.com", f"Ok {GIVEN}")
    assert outcome.left_as == f"<{GIVEN}@{domain}>"
    assert raw.startswith(b"X-Original-Message-ID: <1@vendor.example>\r\n")


async def test_an_answer_without_it_leaves_the_message_id_unknown():
    outcome, _ = await sent(RelayKind.SES, text="Ok")
    assert outcome.left_as is None


async def test_what_others_answer_is_no_message_id():
    outcome, _ = await sent(RelayKind.POSTFIX, text=f"2.0.0 queued as {GIVEN}")
    assert outcome.left_as is None


async def test_postmark_is_told_to_keep_ours_and_to_repeat_it():
    _, raw = await sent(RelayKind.POSTMARK)
    assert b"X-PM-KeepID: true\r\n" in raw
    assert b"X-PM-Metadata-cadence: 1@vendor.example\r\n" in raw


async def test_an_id_that_postmark_would_cut_off_is_not_repeated():
    _, raw = await sent(RelayKind.POSTMARK, raw=RAW.replace(b"<1@", b"<" + b"1" * 80 + b"@"))
    assert b"X-PM-Metadata" not in raw


async def test_what_ses_writes_over_is_not_signed():
    _, raw = await sent(RelayKind.SES, signers=(SIGNER,))
    head = raw.partition(b"bh=")[0]
    assert b"h=from" in head
    assert b"message-id" not in head
    assert b"date" not in head


@pytest.mark.parametrize("kind", RelayKind)
async def test_a_mail_stays_as_it_was_below_what_a_relay_is_told(kind):
    _, raw = await sent(kind)
    assert raw.endswith(RAW)

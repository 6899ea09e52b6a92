"""A report of a relay is believed only where it proves to be the relay's, each in its own way."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from cadence.core.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from cadence.core.relays import RelayKind
from cadence.service import relaying, relays
from cadence.service.relay_proofs import HEADER
from cadence.service.relays import NewRelay
from cadence.store.tables import relay_tokens
from tests.servers.relays import (
    CERTIFICATE,
    REGION,
    TOPIC,
    mailgun,
    mailgun_event,
    packed,
    ses,
)
from tests.service.test_relaying import DANA, GONE, KEY, KEYS, received, relayed
from tests.service.test_relays import through
from tests.web.site import one_database as database_url

__all__ = ["database_url"]


@pytest.fixture(params=KEYS)
async def known(world, request):
    return await relayed(world, request.param)


async def test_a_report_that_was_changed_on_its_way_is_refused_and_changes_nothing(known):
    headers, body = known.bounced()
    wrong = {
        RelayKind.SES: (headers, body.replace(b"5.1.1", b"5.1.2")),
        RelayKind.POSTMARK: ({"authorization": "Basic " + b64encode(b"cadence:guess").decode()}, body),
        RelayKind.MAILGUN: (headers, body.replace(b"token-1", b"token-9")),
        RelayKind.SENDGRID: (headers, body.replace(b"5.1.1", b"5.1.2")),
    }[known.kind]
    for request in (wrong, ({}, wrong[1])):
        with pytest.raises(Unauthenticated):
            await known.hears(request)
    assert await received(known.world) == []


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"1", b'{"signature": []}', b"[" * 100_000])
async def test_what_is_no_report_is_refused(known, body):
    with pytest.raises((InvalidInput, Unauthenticated)):
        await known.hears(({}, body))


async def test_no_relay_reports_where_none_is_heard(world):
    relay = await through(world)
    for number in (relay.id, 99):
        with pytest.raises(NotFound):
            await relaying.take_in(world.app, number, {}, b"{}")


async def test_what_was_refused_is_logged_without_what_it_held(world, capsys):
    known = await relayed(world, RelayKind.POSTMARK)
    with pytest.raises(Unauthenticated):
        await known.hears(({HEADER: "a guessed secret"}, packed({"Email": DANA})))
    said = capsys.readouterr().out
    assert "a report of a relay was refused" in said
    assert "guessed secret" not in said
    assert DANA not in said


async def test_a_topic_is_confirmed_at_sns_and_nowhere_else(world):
    known = await relayed(world, RelayKind.SES)
    good = f"https://sns.{REGION}.amazonaws.com/?Action=ConfirmSubscription&Token=t"
    about = {"Token": "t", "SubscribeURL": good}
    await known.hears(({}, packed(known.sns.says("SubscriptionConfirmation", "Please confirm", **about))))
    assert known.sns.asked == [CERTIFICATE, good]
    for bad in (f"https://sns.{REGION}.amazonaws.com.evil.example/?x", "http://169.254.169.254/?x"):
        said = known.sns.says("SubscriptionConfirmation", "Please confirm", Token="t", SubscribeURL=bad)
        with pytest.raises(Unauthenticated):
            await known.hears(({}, packed(said)))
    assert known.sns.asked == [CERTIFICATE, good]


@pytest.mark.parametrize(
    "about",
    [
        {"TopicArn": TOPIC.replace("post", "other")},
        {"SigningCertURL": CERTIFICATE.replace("https", "http")},
        {"SigningCertURL": CERTIFICATE.replace(REGION, "us-east-1")},
        {"SigningCertURL": CERTIFICATE.replace(".amazonaws.com", ".amazonaws.com.evil.example")},
        {"SigningCertURL": CERTIFICATE.replace("/Simple", "/x/../Simple")},
        {"SigningCertURL": "https://evil.example/" + CERTIFICATE.rpartition("/")[2]},
        {"SignatureVersion": "3"},
        {"Type": "Other"},
        {"Signature": "AAAA"},
        {"Signature": "not base64!"},
    ],
)
async def test_whatever_sns_would_not_send_is_refused_before_anything_is_fetched(world, about):
    known = await relayed(world, RelayKind.SES)
    report = ses("Bounce", known.message_id, DANA, bounceType="Permanent", person=GONE)
    with pytest.raises(Unauthenticated):
        await known.hears(known.sns.tells(report, **about))
    assert known.sns.asked in ([], [CERTIFICATE] if "Signature" in about else [])
    assert await known.state() == "active"


async def test_what_ses_says_to_try_a_topic_out_is_passed_over(world):
    known = await relayed(world, RelayKind.SES)
    said = known.sns.says("Notification", "Successfully validated SNS topic for event publishing.")
    await known.hears(({}, packed(said)))
    assert await received(world) == []


async def test_the_certificate_of_sns_is_fetched_once_and_ends(world):
    known = await relayed(world, RelayKind.SES)
    for email in (DANA, "kim@lost.example"):
        await known.hears(known.bounced(email=email))
    assert known.sns.asked == [CERTIFICATE]
    world.now += timedelta(days=30)
    with pytest.raises(Unauthenticated, match="not valid now"):
        await known.hears(known.bounced())


async def test_a_token_of_mailgun_is_good_for_one_report(world):
    """It signs no report: whoever sees one could otherwise say with its token whatever they like."""
    known = await relayed(world, RelayKind.MAILGUN)
    request = known.gun(mailgun_event("delivered", known.message_id, DANA))
    await known.hears(request)
    await known.hears(request)  # it may be told again
    other = mailgun(KEY, world.now, "token-1", mailgun_event("complained", known.message_id, DANA))
    with pytest.raises(Unauthenticated, match="another report"):
        await known.hears(other)
    assert await known.state() == "active"


@pytest.mark.parametrize("days", [-2, 2])
async def test_what_mailgun_signed_long_ago_is_refused(world, days):
    known = await relayed(world, RelayKind.MAILGUN)
    event = mailgun_event("complained", known.message_id, DANA)
    with pytest.raises(Unauthenticated, match="too long ago"):
        await known.hears(mailgun(KEY, world.now + timedelta(days=days), "t", event))


async def test_tokens_are_forgotten_once_they_are_too_old_to_be_used(world):
    known = await relayed(world, RelayKind.MAILGUN)
    for _ in range(3):
        await known.hears(known.gun(mailgun_event("delivered", known.message_id, DANA)))
        world.now += timedelta(days=3)
    async with world.app.db.read() as tx:
        kept = sa.select(sa.func.count()).select_from(relay_tokens)
        assert (await tx.execute(kept)).scalar_one() == 1


async def test_postmark_may_show_its_secret_in_a_field_of_its_own(world):
    known = await relayed(world, RelayKind.POSTMARK)
    await known.hears(({HEADER: known.secret}, known.bounced()[1]))
    assert await known.state() == "bounced"


# --- what it takes to be heard ---


@pytest.mark.parametrize(
    ("kind", "key", "why"),
    [
        (RelayKind.SES, "arn:aws:sqs:eu-central-1:210987654321:x", "ARN"),
        (RelayKind.MAILGUN, "short", "signing key"),
        (RelayKind.SENDGRID, "AAAA", "public key"),
        (RelayKind.SENDGRID, None, "public key"),
        (RelayKind.POSTFIX, "x", "reports by mail"),
    ],
)
async def test_a_key_that_cannot_be_one_is_refused(world, kind, key, why):
    world.app.policy = replace(world.app.policy, public_url="https://cadence.vendor.example")
    await through(world, NewRelay("relay", kind, "smtp://relay.example:587"))
    with pytest.raises(InvalidInput, match=why):
        await relays.hear(world.app, "relay", key)


async def test_a_relay_is_heard_only_where_it_reaches_us(world):
    await through(world)
    with pytest.raises(Conflict, match="CADENCE_PUBLIC_URL"):
        await relays.hear(world.app, "post", "x")

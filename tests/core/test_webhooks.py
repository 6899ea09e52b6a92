"""How messages to webhooks are signed, and when they are tried again."""

from datetime import UTC, datetime, timedelta

from cadence.core import webhooks

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


def test_a_message_is_signed_as_the_specification_shows():
    # The example of the Standard Webhooks specification and its libraries.
    headers = webhooks.headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1614265330, UTC),
        b'{"test": 2432232314}',
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_while_a_secret_is_changed_both_sign():
    secrets = [webhooks.secret_of(b"a" * 32), webhooks.secret_of(b"b" * 32)]
    both = webhooks.headers("msg_1", NOW, b"{}", secrets)["webhook-signature"].split(" ")
    alone = [webhooks.headers("msg_1", NOW, b"{}", [one])["webhook-signature"] for one in secrets]
    assert both == alone


def test_waits_grow_for_some_days_and_then_end():
    at, tries = NOW, 0
    while (again := webhooks.again_at(at, tries + 1, key=0)) is not None:
        assert again > at
        at, tries = again, tries + 1
    assert tries == len(webhooks.WAITS)
    assert timedelta(days=3) < at - NOW < timedelta(days=4)


def test_what_failed_together_does_not_come_back_together():
    assert len({webhooks.again_at(NOW, 3, key) for key in range(100)}) == 100

"""Signing in by a code on another machine (RFC 8628), and what providers answer."""

from datetime import UTC, datetime

import pytest

from cadence.core.errors import InvalidInput, MailboxError, SignInRefused
from cadence.core.oauth import GOOGLE, Client, microsoft
from cadence.service.signing_in import SigningIn
from tests.servers.authority import Authority

NOW = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SLOW_DOWN = (400, b'{"error": "slow_down"}')


async def waited(authority: Authority, enters_after: int) -> list[float]:
    """Sign in by a code that somebody types in after some questions; gives the waits between them."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == enters_after:
            authority.enter("rep@vendor.test")

    signing_in = authority.signing_in
    client = signing_in.client("oauth")
    code = await signing_in.begin_by_code(client)
    assert (code.user_code, code.url) == ("ABCD-EFGH", f"http://localhost:{authority.port}/enter")
    tokens = await signing_in.await_code(client, code, lambda: NOW, sleep)
    assert tokens.access.startswith("access")
    return waits


async def test_a_provider_is_asked_as_often_as_it_wants() -> None:
    async with Authority().listening() as authority:
        assert await waited(authority, 2) == [5, 5]
        authority.answers.extend([SLOW_DOWN, (503, b"")])
        assert await waited(authority, 4) == [5, 10, 15, 15]


async def test_a_code_that_nobody_types_in_expires() -> None:
    async with Authority().listening() as authority:
        with pytest.raises(SignInRefused, match="before the code expired"):
            await waited(authority, 1_000)
        assert len(authority.asked) == 900 / 5


async def test_a_provider_that_is_not_set_up_is_named_with_its_setting() -> None:
    with pytest.raises(InvalidInput, match="CADENCE_MICROSOFT_CLIENT_ID"):
        SigningIn().client("microsoft")


async def test_google_lets_nobody_sign_in_to_mail_by_a_code() -> None:
    with pytest.raises(InvalidInput, match="by a code"):
        await SigningIn().begin_by_code(Client(GOOGLE, "id"))


async def test_an_authority_that_cannot_be_reached_is_a_passing_fault() -> None:
    async with Authority().listening() as authority:
        signing_in = authority.signing_in
    with pytest.raises(MailboxError, match="cannot be asked") as fault:
        await signing_in.renew(signing_in.client("oauth"), "refresh", NOW)
    assert fault.value.temporary


def test_the_least_that_mail_needs_is_asked_for() -> None:
    url = SigningIn().page(Client(GOOGLE, "id"), redirect="r", state="s", verifier="v", hint="a@b.test")
    assert "scope=https%3A%2F%2Fmail.google.com%2F&" in url
    assert "access_type=offline" in url
    assert microsoft("company.example").token_url.startswith("https://login.microsoftonline.com/company.ex")


def test_secrets_are_not_shown_by_accident() -> None:
    assert "s3cret" not in repr(Client(GOOGLE, "id", "s3cret"))

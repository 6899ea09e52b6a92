"""Mailboxes that are signed in: tokens are renewed in time, once for all, and a grant that dies is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from unittest.mock import AsyncMock

import pytest

from cadence.core.errors import MailboxError, NotFound
from cadence.core.model import Mailbox, MailboxState
from cadence.core.oauth import Client, Grant, Tokens, microsoft, tokens_of
from cadence.core.people import Role
from cadence.service import connecting, grant_care, trying_out
from cadence.service.app import Connections
from cadence.service.grants import Grants
from cadence.service.signing_in import SigningIn
from cadence.store import mailboxes, tasks
from cadence.store.database import insert
from cadence.store.tables import grants, users
from tests.servers.authority import Authority
from tests.service.conftest import World, mailbox
from tests.service.fakes import FakeSender

REP, SIGNED = "rep@vendor.test", "signed@vendor.test"


class Signed:
    """A mailbox that is signed in, beside one with a password; and whoever signs people in."""

    def __init__(self, world: World, authority: Authority) -> None:
        self.world, self.authority, self.app = world, authority, world.app
        grants = Grants(world.app.db, world.app.vault, authority.signing_in, world.app.clock)
        world.app.connections = Connections(world.app.db, world.app.vault, world.servers, grants)

    async def connect(self) -> None:
        answer = self.authority.grant(SIGNED)
        grant = Grant("oauth", tokens_of(answer, self.world.now))
        await connecting.add(self.app, replace(mailbox(SIGNED), password="", grant=grant))

    async def box(self) -> Mailbox:
        return await connecting.find(self.app, SIGNED)

    async def token(self) -> str:
        return await self.app.connections.password(await self.box())

    def another_process(self) -> Connections:
        app = self.app
        grants = Grants(app.db, app.vault, self.authority.signing_in, app.clock)
        return Connections(app.db, app.vault, self.world.servers, grants)


@pytest.fixture
async def signed(world: World) -> AsyncIterator[Signed]:
    async with Authority().listening() as authority:
        made = Signed(world, authority)
        await made.connect()
        yield made
        await made.app.connections.close()


async def test_a_token_is_used_until_shortly_before_its_end(signed: Signed) -> None:
    first = await signed.token()
    signed.world.now += timedelta(minutes=54)
    assert await signed.token() == first
    signed.world.now += timedelta(minutes=2)
    assert await signed.token() != first
    assert (await signed.box()).token_until == signed.world.now + timedelta(hours=1)
    signed.world.now += timedelta(hours=1)
    await signed.token()  # by the refresh token that came with the last one
    assert signed.authority.asked == ["refresh_token"] * 2


async def test_many_workers_renew_a_token_once_and_all_use_it(signed: Signed) -> None:
    signed.world.now += timedelta(hours=2)
    signed.authority.delay = 0.2
    box = await signed.box()
    others = [signed.another_process() for _ in range(3)]
    given = await asyncio.gather(*(each.password(box) for each in [signed.app.connections, *others]))
    assert len(set(given)) == 1
    assert signed.authority.asked == ["refresh_token"]


async def test_a_renewal_goes_on_where_nobody_waits_for_it_any_more(signed: Signed) -> None:
    signed.world.now += timedelta(hours=2)
    signed.authority.delay = 0.2
    waits = asyncio.create_task(signed.token())
    await signed.authority.was_asked.wait()
    waits.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waits
    await signed.token()
    assert signed.authority.asked == ["refresh_token"]


async def test_who_died_renewing_is_not_waited_for_for_long(signed: Signed) -> None:
    async with signed.app.db.write() as tx:
        await tx.execute(grants.update().values(busy_until=signed.world.now + timedelta(hours=2)))
    signed.world.now += timedelta(hours=2)
    await signed.token()


@pytest.mark.parametrize(
    "answer", [(503, b"<html>"), (200, b"[]"), (400, b'{"error": "temporarily_unavailable"}')]
)
async def test_an_authority_that_is_away_holds_up_nothing_for_good(
    signed: Signed, answer: tuple[int, bytes]
) -> None:
    signed.world.now += timedelta(hours=2)
    signed.authority.answers.append(answer)
    with pytest.raises(MailboxError) as fault:
        await signed.token()
    assert fault.value.temporary
    await signed.token()


async def test_a_secret_that_the_operator_must_renew_ends_no_grant(signed: Signed) -> None:
    signed.world.now += timedelta(hours=2)
    said = json.dumps({"error": "invalid_client", "error_description": "the secret has expired"}).encode()
    signed.authority.answers.append((401, said))
    with pytest.raises(MailboxError, match="the secret has expired") as fault:
        await signed.token()
    assert not fault.value.temporary
    await signed.token()


async def test_a_grant_that_died_is_noticed_within_a_day_and_told_from_another_mailbox(
    signed: Signed,
) -> None:
    person = {"name": "Ada", "zone": "UTC", "created_at": signed.world.now, "password": "x", "team": ""}
    async with signed.app.db.write() as tx:
        for email, role in (("ada@vendor.test", Role.ADMINISTRATOR), ("other@vendor.test", Role.REP)):
            await insert(tx, users, email=email, email_key=email, role=role, **person)
    signed.authority.withdraw(SIGNED)
    assert not await grant_care.look_after(signed.app)
    signed.world.now += timedelta(days=1, minutes=1)
    assert await grant_care.look_after(signed.app) == {"not_renewed": 1, "told": 1}
    (mail,) = signed.world.sent
    assert (mail.mailbox, mail.recipient) == (REP, "ada@vendor.test")
    assert b"Please sign in again: signed@vendor.test" in mail.raw
    box = await signed.box()
    assert box.state is MailboxState.FAULT
    assert box.state_reason
    assert "Sign in again" in box.state_reason
    async with signed.app.db.read() as tx:
        assert await tasks.is_open(tx, "mailbox_fault", box.id)
    signed.world.now += timedelta(days=2)
    assert not await grant_care.look_after(signed.app)
    with pytest.raises(MailboxError, match="Sign in again"):
        await signed.token()
    assert signed.authority.asked == ["refresh_token"], "a dead grant is not tried again and again"


@pytest.mark.parametrize("words", [None, "535 5.7.8 refused"])
async def test_whoever_finds_out_that_a_grant_died_the_mailbox_says_what_to_do(
    signed: Signed, words: str | None
) -> None:
    if words:
        await trying_out.report_fault(signed.app, (await signed.box()).id, words)
    signed.authority.withdraw(SIGNED)
    signed.world.now += timedelta(hours=2)
    with pytest.raises(MailboxError, match="Sign in again"):
        await signed.token()
    await grant_care.look_after(signed.app)
    box = await signed.box()
    assert (box.state, "Sign in again" in (box.state_reason or "")) == (MailboxState.FAULT, True)


async def test_a_token_that_was_refused_before_its_time_is_replaced(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FakeSender, "check", AsyncMock(return_value=None), raising=False)
    first = await signed.token()
    box = await signed.box()
    await trying_out.report_fault(signed.app, box.id, "535 invalid token")
    assert await trying_out.probe(signed.app, await signed.box())
    assert (await signed.box()).state is MailboxState.ACTIVE
    assert await signed.token() != first


async def test_tokens_are_sealed_and_shown_nowhere(signed: Signed) -> None:
    async with signed.app.db.read() as tx:
        (kept,) = await tx.execute(grants.select())
        access = await mailboxes.access(tx, (await signed.box()).id)
    assert "refresh" not in kept.refresh
    assert "access" not in access.secret
    assert "hidden" not in repr(Tokens("hidden", "hidden", signed.world.now))
    assert "hidden" not in repr(replace(mailbox(REP), password="hidden"))


async def test_a_password_takes_the_place_of_a_sign_in(signed: Signed) -> None:
    await connecting.change(signed.app, SIGNED, {}, "s3cret")
    assert (await signed.box()).oauth is None
    assert await signed.token() == "s3cret"
    async with signed.app.db.read() as tx:
        assert not list(await tx.execute(grants.select()))


async def test_a_mailbox_that_is_removed_gives_its_grant_back(signed: Signed) -> None:
    token = await signed.token()
    assert (await connecting.remove(signed.app, SIGNED)).left is None
    assert signed.authority.whose(token) is None


@pytest.mark.parametrize(("status", "answer"), [(503, b""), (400, b'{"error": "unsupported_token_type"}')])
async def test_a_grant_that_cannot_be_given_back_keeps_no_mailbox_from_being_removed(
    signed: Signed, status: int, answer: bytes
) -> None:
    signed.authority.answers.append((status, answer))
    left = (await connecting.remove(signed.app, SIGNED)).left
    assert left == (
        "the sign-in with oauth could not be given back: the authority answered what cannot be used "
        f"(HTTP {status}). Its owner withdraws it in their account there."
    )
    with pytest.raises(NotFound):
        await signed.box()


async def test_what_a_provider_takes_not_back_from_programs_its_owner_is_told_where_to_withdraw(
    signed: Signed,
) -> None:
    client = Client(microsoft("common"), "cadence")
    signed.app.connections.grants.signing_in = SigningIn({"oauth": client})
    left = (await connecting.remove(signed.app, SIGNED)).left
    assert left is not None
    assert left.endswith("Its owner withdraws it at https://myapps.microsoft.com.")

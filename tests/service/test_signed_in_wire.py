"""A signed-in mailbox on real servers: its token renewed, its grant withdrawn, signed in again; as the doctor
sees it, too.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cadence.core.model import MailboxState
from cadence.core.oauth import Grant, tokens_of
from cadence.service import connecting, consenting, doctor, grant_care, reading, trying_out
from cadence.service.app import App
from cadence.service.checks import Check, Level
from cadence.settings import Settings
from cadence.wiring import open_app
from tests.servers.authority import Authority
from tests.servers.dovecot import Dovecot
from tests.servers.fixtures import MailServer
from tests.service.test_doctor import Both, Names


def settings(folder: Path, authority: Authority) -> Settings:
    base = f"http://localhost:{authority.port}"
    urls = {"oauth_authorize_url": f"{base}/authorize", "oauth_token_url": f"{base}/token"}
    return Settings(data=folder, oauth_client_id="cadence", oauth_client_secret="s3cret&", **urls)  # type: ignore[arg-type]


def grant(authority: Authority, address: str) -> Grant:
    return Grant("oauth", tokens_of(authority.grant(address), datetime.now(UTC)))


async def examined(app: App, address: str) -> dict[str, Check]:
    mailbox = await connecting.find(app, address)
    return {c.name: c async for c in doctor.examine(app, mailbox, patience=20, lookup=Names())}


async def test_a_signed_in_mailbox_lives_through_all_that_happens_to_its_grant(
    mail_server: MailServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not isinstance(mail_server.backend, Dovecot):
        pytest.skip("the sandbox takes no tokens")
    address = (await mail_server.account()).address
    now = datetime.now(UTC)
    authority = Authority()
    monkeypatch.setattr(doctor, "COPY_SECONDS", 0.0)  # nothing here files copies
    async with (
        authority.listening(mail_server.backend.ports["authority"]),
        open_app(settings(tmp_path, authority), servers=Both(mail_server), clock=lambda: now) as app,
    ):
        urls = mail_server.smtp_url, mail_server.url
        new = connecting.NewMailbox(address, "Rep", *urls, address, "", grant=grant(authority, address))
        await trying_out.try_out(app, connecting.checked(app, new), new.secret)
        mailbox = await connecting.add(app, new)
        checks = await examined(app, address)
        assert {check.level for check in checks.values()} == {Level.OK}, checks
        assert "signed in with oauth" in checks["sign-in"].text
        now += timedelta(hours=1)
        await reading.sync(app, mailbox.id)
        assert authority.asked == ["refresh_token"] * 2

        authority.withdraw(address)
        now += timedelta(days=1, minutes=1)
        await grant_care.look_after(app)
        assert (await connecting.find(app, address)).state is MailboxState.FAULT
        (ended,) = [check for check in (await examined(app, address)).values() if check.is_fault]
        assert (ended.name, "--oauth oauth" in (ended.remedy or "")) == ("sign-in", True)

        stranger = grant(authority, "somebody.else@vendor.test")
        with pytest.raises(Exception, match="mail cannot leave"):
            await consenting.sign_in(app, mailbox, stranger)
        await consenting.sign_in(app, await connecting.find(app, address), grant(authority, address))
        assert (await connecting.find(app, address)).state is MailboxState.ACTIVE
        await reading.sync(app, mailbox.id)

"""Chats are told once of what calls for a person, in their words for it, and not in quiet hours."""

import json
import logging
from datetime import UTC, datetime, timedelta

import pytest

from cadence import logs
from cadence.core.errors import InvalidInput
from cadence.core.model import MailboxState
from cadence.core.notices import Topic
from cadence.core.people import CONSOLE, Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import alarming, answering, channels, delivering, dossier, forgetting
from cadence.service.channels import Wishes
from cadence.service.outside import Outside
from cadence.store import tasks
from cadence.store.database import insert
from cadence.store.tables import audit, deliveries, mailboxes, users, webhooks
from cadence.store.tables import channels as table
from tests.servers.receiver import receiving
from tests.service.fakes import reply

UNDECIDED = "We have not signed with anybody yet, the decision is still open. <!channel>"
TOO_DEAR = "It was too expensive for us."
KEEN = "Sure, let's talk. Tuesday after 2?"
ALL = tuple(Topic)


@pytest.fixture
async def chat(world):
    """An installation with a chat that can be posted to, and an administrator who connects it."""
    world.app.outside = Outside(private=True)
    about = {"email": "alex@vendor.test", "name": "Alex", "team": "", "zone": "UTC", "created_at": world.now}
    async with world.app.db.write() as tx:
        user_id = await insert(
            tx, users, email_key="alex@vendor.test", password="x", role=Role.ADMINISTRATOR, **about
        )
    user = User(id=user_id, role=Role.ADMINISTRATOR, **about)
    world.alex = Visitor(user, RIGHTS[Role.ADMINISTRATOR], "192.0.2.7")
    async with receiving() as receiver:
        world.receiver = receiver
        yield world


async def connected(chat, format_: str = "json", **more) -> int:
    wishes = Wishes(**{"name": "Sales", "format": format_, "topics": ALL, **more})
    return await channels.add(chat.app, chat.alex, chat.receiver.url, wishes)


async def answered(chat, words: str = UNDECIDED, who: str = "dana", number: int = 1, **more) -> None:
    address = f"{who}@{who}.example"
    await chat.enroll(address, company=f"{who.title()} Inc.", first_name=who.title(), **more)
    await chat.after(hours=2)
    await chat.arrives(reply(words, to=chat.sent[-1].raw, sender=address, at=chat.now, number=number))


async def told(chat) -> dict[str, int]:
    await alarming.look_after(chat.app)
    return dict(await delivering.look_after(chat.app))


async def open_task(chat):
    async with chat.app.db.read() as tx:
        return next(one for one in await tasks.opened(tx) if one.kind == "decision_open")


async def test_an_answer_that_calls_for_a_person_is_told_once_with_its_words(chat):
    await connected(chat)
    await answered(chat)
    assert await told(chat) == {"delivered": 1}
    assert await told(chat) == {}
    (request,) = chat.receiver.requests
    assert request.path == "/hook?from=cadence"
    assert request.told["kind"] == "decision_open"
    assert request.told["text"].startswith("Still undecided: Dana, Dana Inc.\n\nDana <dana@dana.example> of")
    assert f"> {UNDECIDED}" in request.told["text"]
    assert "webhook-signature" not in request.headers


async def test_slack_gets_blocks_in_which_nobody_is_pinged(chat):
    await connected(chat, "slack")
    await answered(chat)
    await told(chat)
    (request,) = chat.receiver.requests
    assert "<!channel>" not in request.body.decode()
    assert "&lt;!channel&gt;" in request.body.decode()


async def test_a_channel_hears_only_of_what_it_asked_for(chat):
    await connected(chat, topics=[Topic.INTERESTED])
    await answered(chat)
    assert await told(chat) == {}
    await answered(chat, KEEN, "lee", 2)
    assert await told(chat) == {"delivered": 1}
    assert chat.receiver.requests[0].told["kind"] == "interested"


async def test_a_channel_of_a_team_hears_of_that_teams_mailboxes_only(chat):
    await connected(chat, name="North", team="North")
    await connected(chat, name="South", team="South")
    async with chat.app.db.write() as tx:
        about = {"email": "rep@vendor.test", "email_key": "rep@vendor.test", "name": "R", "team": "North"}
        owner = await insert(tx, users, role=Role.REP, zone="UTC", password="x", created_at=chat.now, **about)
        await tx.execute(mailboxes.update().values(owner_id=owner))
    await answered(chat)
    assert await told(chat) == {"delivered": 1}


async def test_what_comes_in_quiet_hours_is_one_summary_at_their_end(chat):
    await connected(chat, begins="10:00", ends="20:00", zone="UTC")
    for number, who in enumerate(("dana", "lee", "kim"), 1):
        await answered(chat, who=who, number=number)
        assert await told(chat) == {}
    chat.now = chat.now.replace(hour=20, minute=0)
    assert await told(chat) == {"delivered": 1}
    (request,) = chat.receiver.requests
    assert request.told["kind"] == "summary"
    assert request.told["text"].startswith(
        "3 things call for a person\n\n• Still undecided: Dana, Dana Inc.\n"
    )
    chat.now += timedelta(days=1)
    assert await told(chat) == {}


async def test_an_open_decision_breaks_the_quiet_where_that_is_wanted(chat):
    await connected(chat, begins="10:00", ends="20:00", urgent=True)
    await answered(chat, KEEN, "lee", 2)
    assert await told(chat) == {}
    await answered(chat)
    assert await told(chat) == {"delivered": 1}
    assert chat.receiver.requests[0].told["kind"] == "decision_open"


async def test_what_somebody_saw_to_in_quiet_hours_is_not_told(chat):
    await connected(chat, begins="10:00", ends="20:00")
    await answered(chat)
    assert await told(chat) == {}
    await answering.answer(chat.app, (await open_task(chat)).id, "done")
    chat.now = chat.now.replace(hour=20, minute=0)
    assert await told(chat) == {"settled": 1}
    assert not chat.receiver.requests


async def test_a_chat_that_is_away_is_tried_again_with_what_came_meanwhile(chat):
    await connected(chat)
    chat.receiver.statuses = [500]
    await answered(chat)
    assert await told(chat) == {"refused": 1}
    await answered(chat, who="lee", number=2)
    chat.now += timedelta(minutes=1)
    assert await told(chat) == {"delivered": 1}
    assert [request.told["kind"] for request in chat.receiver.requests] == ["decision_open", "summary"]


async def test_a_channel_that_is_gone_is_switched_off_and_a_person_told_without_its_url(chat):
    await connected(chat)
    chat.receiver.statuses = [410]
    await answered(chat)
    assert await told(chat) == {"disabled": 1}
    async with chat.app.db.read() as tx:
        (asked,) = [one for one in await tasks.opened(tx) if one.kind == "webhook_disabled"]
    assert "http://localhost/…" in asked.text
    assert "/hook" not in asked.text


async def test_a_mailbox_at_fault_is_told_unless_it_works_again(chat):
    await connected(chat)

    async def becomes(state: MailboxState) -> None:
        async with chat.app.db.write() as tx:
            await tx.execute(mailboxes.update().values(state=state, state_reason="535 wrong password"))

    await becomes(MailboxState.FAULT)
    assert await told(chat) == {"delivered": 1}
    assert chat.receiver.requests[0].told["text"].startswith("Mailbox at fault: rep@vendor.test\n\n> 535")
    await becomes(MailboxState.ACTIVE)
    await becomes(MailboxState.FAULT)
    await becomes(MailboxState.ACTIVE)
    assert await told(chat) == {"settled": 1}


async def test_where_a_channel_listens_is_sealed_and_neither_logged_nor_audited(chat, caplog):
    caplog.set_level(logging.DEBUG)
    await connected(chat)
    chat.receiver.statuses = [500]
    await answered(chat)
    await told(chat)
    async with chat.app.db.read() as tx:
        kept = [
            repr(row) for of in (webhooks, table, audit, deliveries) for row in await tx.execute(of.select())
        ]
    assert not [row for row in kept if "/hook" in row]
    heard = [record for record in caplog.records if record.name.partition(".")[0] not in logs.QUIET]
    assert not [record for record in heard if "/hook" in record.getMessage()]


async def test_whoever_asks_what_is_kept_about_them_learns_which_chat_was_told(chat):
    await connected(chat)
    await answered(chat)
    await answered(chat, who="lee", number=2)
    await told(chat)
    kept = json.loads(
        dict((await dossier.of_address(chat.app, CONSOLE, "dana@dana.example")).files())["person.json"]
    )
    (post,) = kept["told"]
    assert (post["url"], post["type"]) == ("http://localhost/…", "decision_open")


async def test_nothing_is_told_of_somebody_who_was_erased_in_quiet_hours(chat):
    await connected(chat, begins="10:00", ends="20:00")
    await answered(chat)
    assert await told(chat) == {}
    await forgetting.forget(chat.app, CONSOLE, "dana@dana.example")
    chat.now = chat.now.replace(hour=20, minute=0)
    assert await told(chat) == {"settled": 1}


async def test_what_is_kept_of_a_post_holds_nobodys_words(chat):
    await connected(chat)
    await answered(chat)
    await told(chat)
    async with chat.app.db.read() as tx:
        (kept,) = await tx.execute(deliveries.select())
    assert "dana" not in kept.body
    assert kept.state == "delivered"


@pytest.mark.parametrize(
    "wrong",
    [
        {"format_": "irc"},
        {"topics": ["everything"]},
        {"topics": []},
        {"name": ""},
        {"zone": "Nowhere"},
        {"begins": "18:00"},
        {"begins": "8", "ends": "9"},
    ],
)
async def test_what_cannot_be_used_is_refused(chat, wrong):
    with pytest.raises(InvalidInput):
        await connected(chat, **wrong)
    async with chat.app.db.read() as tx:
        assert not (await tx.execute(webhooks.select())).all()


# --- the weekly digest ---


async def test_a_week_is_told_on_monday_with_reasons_words_and_what_reopened(chat):
    await connected(chat, topics=[Topic.DIGEST], zone="Europe/Berlin")
    for number, (who, words) in enumerate(
        (("dana", TOO_DEAR), ("lee", "Your price was too high for us."), ("kim", KEEN)), 1
    ):
        await answered(chat, words, who, number, deal={"product": "Shelves"})
    assert await told(chat) == {}
    chat.now = datetime(2026, 3, 9, 7, 59, tzinfo=UTC)
    assert await told(chat) == {}
    chat.now = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
    assert await told(chat) == {"delivered": 1}
    (request,) = chat.receiver.requests
    assert request.told["kind"] == "digest"
    assert "price: 2 of 2 who told us why (34%–100%)" in request.told["text"]
    assert "> Your price was too high for us.\n> — Lee Inc." in request.told["text"]
    assert "Talking to us again: Kim Inc." in request.told["text"]
    assert "@" not in request.told["text"]


async def test_a_channel_that_is_switched_off_hears_of_no_week(chat):
    id_ = await connected(chat, topics=[Topic.DIGEST])
    await answered(chat, TOO_DEAR, deal={"product": "Shelves"})
    await channels.switch(chat.app, chat.alex, id_, on=False)
    chat.now = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert await told(chat) == {}
    await channels.switch(chat.app, chat.alex, id_, on=True)
    assert await told(chat) == {}


async def test_of_a_week_that_taught_nothing_nothing_is_told(chat):
    await connected(chat, topics=[Topic.DIGEST], team="North")
    await answered(chat, TOO_DEAR, deal={"product": "Shelves"})
    chat.now = datetime(2026, 3, 9, 9, 0, tzinfo=UTC)
    assert await told(chat) == {"settled": 1}  # it was nobody's of that team
    chat.now += timedelta(days=6)
    assert await told(chat) == {}
    chat.now += timedelta(days=1)
    assert await told(chat) == {"settled": 1}
    assert not chat.receiver.requests

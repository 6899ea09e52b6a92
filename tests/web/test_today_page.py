"""Today: what waits for whom, in which order, and what can be done with it on the spot."""

import html
import re
from datetime import timedelta

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.model import TaskKind
from cadence.core.people import Role
from cadence.core.replies import Category
from cadence.service import connecting, publishing, users
from cadence.service.answering import ANSWERS
from cadence.store import tasks
from cadence.store import users as people
from cadence.store.tables import metadata
from cadence.web import words
from tests.service.conftest import SEQUENCE, mailbox, write_sequence
from tests.service.fakes import reply

DANA = "dana@lost.example"
UNSURE = "Hm. Well. You know."
QUESTION = "Are you certified to ISO 27001?"


@pytest.fixture
async def rep(site):
    """Robin, whose mailbox writes."""
    user = await site.person(Role.REP, "robin@vendor.test", team="north")
    await own(site, user, "rep@vendor.test")
    return await site.logged_in(user)


async def again(site):
    """Robin, who logged in anew: a session does not last through the days."""
    (user,) = [row for row in await site.rows("users") if row.email == "robin@vendor.test"]
    async with site.app.db.read() as tx:
        return await site.logged_in(await people.get(tx, user.id))


async def own(site, user, address):
    await users.own_mailbox(site.app, site.console, address, user.id)


async def answers(site, text, email=DANA, *, subject="Re: hello", headers="", number=1):
    """Somebody is written to, and answers."""
    enrollment = await site.world.enroll(email, first_name="Dana", last_name="Doe", company=f"Of {email}")
    await site.world.after(hours=2)
    to = next(mail for mail in reversed(site.world.sent) if mail.recipient == email)
    raw = reply(
        text, to=to.raw, sender=email, at=site.world.now, subject=subject, headers=headers, number=number
    )
    await site.world.arrives(raw)
    return enrollment


async def ask(site, kind, text="Something", **about):
    async with site.app.db.write() as tx:
        return await tasks.add(tx, kind, text, now=site.world.now, **about)


async def task_of(site, kind):
    (found,) = [row for row in await site.rows("tasks") if row.kind == kind and row.done_at is None]
    return found.id


async def ids_on(browser, path="/today"):
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return [int(found) for found in re.findall(r'<article [^>]*id="task-(\d+)"', page.text)]


async def ids_of_undo(browser):
    return re.findall(r'action="(/undo/\d+)"', (await browser.get("/today")).text)


# --- what is shown, and to whom ---


async def test_it_is_the_first_page_of_a_rep(site, rep):
    assert (await rep.get("/")).headers["location"] == "/today"
    assert "Nothing needs you." in (await rep.get("/today")).text


async def test_a_reply_is_shown_with_its_words_its_person_and_why(site, rep):
    await answers(site, QUESTION)
    page = (await rep.get("/today")).text
    for said in ("One thing needs you", "Dana Doe", "Of dana@lost.example", QUESTION, "Asked something"):
        assert said in page


async def test_the_most_urgent_comes_first_then_the_oldest(site, rep):
    enrollment = await site.world.enroll()
    about = {"enrollment_id": enrollment.id, "prospect_id": enrollment.prospect_id}
    wanted = [await ask(site, kind, f"{kind}", **about) for kind in reversed(TaskKind)][::-1]
    assert await ids_on(rep) == wanted
    later = await ask(site, TaskKind.QUESTION, "a second one", mailbox_id=1)
    wanted.insert(
        wanted.index(next(i for i, k in zip(wanted, TaskKind, strict=True) if k == "question")) + 1, later
    )
    assert await ids_on(rep) == wanted


def test_kinds_come_in_the_order_of_the_page():
    page = [
        "decision_open",
        "interested",
        "question",
        "approve_draft",
        "review_reply",
        "in_doubt",
        "mailbox_fault",
    ]
    assert [kind for kind in TaskKind if kind in page] == page


def test_whatever_can_be_asked_and_answered_has_words():
    assert set(words.TASKS) == set(TaskKind)
    assert set(words.CATEGORIES) == set(Category)
    asked = {kind: answers for kind, answers in ANSWERS.items() if kind is not TaskKind.REVIEW_REPLY}
    assert {answer for answers in asked.values() for answer in answers} == set(words.ANSWERS)


async def test_a_rep_sees_their_own_a_manager_the_teams_an_administrator_all(site, rep):
    await connecting.add(site.app, mailbox("other@vendor.test"))
    await own(site, await site.person(Role.REP, "other@vendor.test", team="south"), "other@vendor.test")
    (first, second) = [row.id for row in await site.rows("mailboxes")]
    mine = await ask(site, TaskKind.NOT_READ, "Mine", mailbox_id=first)
    theirs = await ask(site, TaskKind.NOT_READ, "Theirs", mailbox_id=second)
    north = await site.logged_in(await site.person(Role.MANAGER, "north@vendor.test", team="north"))
    admin = await site.logged_in(await site.person(Role.ADMINISTRATOR))
    assert await ids_on(rep) == [mine]
    assert await ids_on(north) == [mine]
    assert await ids_on(admin) == [mine, theirs]


@pytest.mark.parametrize(
    ("action", "typed"),
    [("answer", {"answer": "done"}), ("correct", {"category": "feedback"}), ("later", {"days": "1"})],
)
async def test_what_is_somebody_elses_can_neither_be_seen_nor_answered(site, rep, action, typed):
    await answers(site, QUESTION)
    task_id = await task_of(site, "question")
    other = await site.logged_in(await site.person(Role.REP, "other@vendor.test"))
    answer = await other.post(f"/today/{task_id}/{action}", data={"csrf": other.csrf, **typed})
    assert answer.status_code == 404
    assert await ids_on(rep) == [task_id]
    assert await ids_on(other) == []


async def test_a_long_list_comes_in_parts_and_none_is_left_out(site, rep):
    async with site.app.db.write() as tx:
        rows = [
            {"kind": kind, "text": f"{n}", "mailbox_id": 1, "created_at": site.world.now}
            for kind in ("not_read", "question")
            for n in range(60)
        ]
        await tx.execute(metadata.tables["tasks"].insert(), rows)
    seen, path = [], "/today"
    while path:
        seen += await ids_on(rep, path)
        following = re.search(r'href="([^"]+)">Show the next ones', (await rep.get(path)).text)
        path = html.unescape(following[1]) if following else ""
    assert seen == [*range(61, 121), *range(1, 61)]


async def test_one_kind_can_be_looked_at_alone(site, rep):
    await ask(site, TaskKind.NOT_READ, mailbox_id=1)
    held = await ask(site, TaskKind.HELD, mailbox_id=1)
    assert await ids_on(rep, "/today?kind=held") == [held]
    assert (await rep.get("/today?kind=nonsense")).status_code == 422


# --- answering ---


async def test_the_category_that_was_guessed_is_accepted_with_one_click(site, rep):
    enrollment = await answers(site, UNSURE)
    assert await site.world.state(enrollment) == "paused"
    task_id = await task_of(site, "review_reply")
    answer = await rep.submit("/today", f"/today/{task_id}/correct", category="acknowledgement")
    assert answer.headers["location"] == "/today"
    assert await site.world.state(enrollment) == "active"
    assert await ids_on(rep) == []
    assert (
        "robin@vendor.test",
        "task.answered",
        f"task {task_id}, review_reply: acknowledgement",
    ) in await site.audit()


async def test_what_was_understood_wrongly_is_corrected_and_acts_anew(site, rep):
    enrollment = await answers(site, QUESTION)
    task_id = await task_of(site, "question")
    await rep.submit("/today", f"/today/{task_id}/correct", category="not_interested")
    assert await site.world.state(enrollment) == "replied"
    assert await ids_on(rep) == []
    (correction,) = await site.rows("corrections")
    assert (correction.category, correction.actor) == ("not_interested", "robin@vendor.test")


async def test_a_sequence_is_stopped_from_a_reply_that_nobody_understood(site, rep):
    enrollment = await answers(site, UNSURE)
    await rep.submit("/today", f"/today/{await task_of(site, 'review_reply')}/answer", answer="stop")
    assert await site.world.state(enrollment) == "stopped"
    assert set((await site.world.mails(enrollment)).values()) == {"sent", "cancelled"}


async def test_what_was_answered_before_says_so(site, rep):
    await answers(site, QUESTION)
    path = f"/today/{await task_of(site, 'question')}/answer"
    for status in (303, 409):
        answer = await rep.post(path, data={"csrf": rep.csrf, "answer": "resume"})
        assert answer.status_code == status


async def test_a_mail_in_doubt_counts_as_what_the_rep_says(site, rep):
    site.world.servers.outcomes = [Outcome(OutcomeKind.IN_DOUBT, text="the line broke")]
    enrollment = await site.world.enroll()
    await site.world.after(hours=2)
    await rep.submit("/today", f"/today/{await task_of(site, 'in_doubt')}/answer", answer="sent")
    assert (await site.world.mails(enrollment))["thank-you"] == "sent"
    assert await ids_of_undo(rep) == []


# --- drafts ---


@pytest.fixture
async def draft(site):
    """A mail that waits for a yes."""
    toml = SEQUENCE.replace('subject = "Thank you"', 'subject = "Thank you"\nreview = true')
    write_sequence(site.world.templates, toml)
    await publishing.publish(site.app, site.world.templates, "lost")
    enrollment = await site.world.enroll(first_name="Dana")
    await site.world.after(hours=2)
    return enrollment, await task_of(site, "approve_draft")


async def test_a_draft_is_read_as_it_would_leave_and_leaves_after_a_yes(site, rep, draft):
    enrollment, task_id = draft
    page = await rep.get(f"/today/{task_id}/draft")
    assert "Hello Dana, thank you." in page.text
    frame = await rep.get(f"/today/{task_id}/draft/html")
    assert "Hello Dana, thank you." in frame.text
    assert "sandbox" in frame.headers["content-security-policy"]
    await rep.submit(f"/today/{task_id}/draft", f"/today/{task_id}/answer", answer="yes")
    await site.world.after(minutes=1)
    assert (await site.world.mails(enrollment))["thank-you"] == "sent"


async def test_a_refused_draft_is_left_out_and_what_follows_goes_on(site, rep, draft):
    enrollment, task_id = draft
    await rep.submit("/today", f"/today/{task_id}/answer", answer="no")
    assert await site.world.mails(enrollment) == {"thank-you": "skipped", "feedback": "planned"}


async def test_a_draft_that_waits_no_more_says_so(site, rep, draft):
    _, task_id = draft
    await rep.submit("/today", f"/today/{task_id}/answer", answer="no")
    assert "does not wait for anybody any more" in (await rep.get(f"/today/{task_id}/draft")).text


# --- later ---


async def test_what_is_put_off_comes_back_on_the_morning_of_its_day(site, rep):
    task_id = await ask(site, TaskKind.NOT_READ, mailbox_id=1)
    await rep.submit("/today", f"/today/{task_id}/later", days="3")
    assert await ids_on(rep) == []
    assert await ids_on(rep, "/today?later=1") == [task_id]
    site.later(days=2, hours=21, minutes=59)  # from 10:00 on
    assert await ids_on(await again(site)) == []
    site.later(minutes=1)
    assert await ids_on(await again(site)) == [task_id]


async def test_what_is_put_off_can_be_taken_back_at_once(site, rep):
    task_id = await ask(site, TaskKind.NOT_READ, mailbox_id=1)
    await rep.submit("/today", f"/today/{task_id}/later", days="3")
    await rep.submit("/today?later=1", f"/today/{task_id}/later")
    assert await ids_on(rep) == [task_id]


@pytest.mark.parametrize("until", ["2026-03-03", "2020-01-01", "2030-01-01", "nonsense"])
async def test_a_day_that_cannot_be_is_refused(site, rep, until):
    task_id = await ask(site, TaskKind.NOT_READ, mailbox_id=1)
    answer = await rep.post(f"/today/{task_id}/later", data={"csrf": rep.csrf, "until": until})
    assert answer.status_code == 422
    assert await ids_on(rep) == [task_id]


# --- taking back ---


async def everything(site):
    """What a person's answer may change, as the database has it."""
    names = ("prospects", "enrollments", "messages", "inbound", "tasks", "corrections", "suggestions")
    return {name: sorted(map(tuple, await site.rows(name)), key=lambda row: row[0]) for name in names}


@pytest.mark.parametrize(
    ("text", "kind", "action", "typed"),
    [
        (UNSURE, "review_reply", "correct", {"category": "feedback"}),
        (UNSURE, "review_reply", "correct", {"category": "not_interested"}),
        (UNSURE, "review_reply", "correct", {"category": "keep_in_touch"}),
        (UNSURE, "review_reply", "correct", {"category": "interested"}),
        (UNSURE, "review_reply", "answer", {"answer": "stop"}),
        (QUESTION, "question", "answer", {"answer": "stop"}),
        (QUESTION, "question", "answer", {"answer": "resume"}),
        (QUESTION, "question", "correct", {"category": "not_now"}),
    ],
)
async def test_an_answer_that_is_taken_back_leaves_everything_as_it_was(site, rep, text, kind, action, typed):
    await answers(site, text)
    await site.world.enroll("colleague@lost.example", company=f"Of {DANA}")
    before = await everything(site)
    task_id = await task_of(site, kind)
    await rep.submit("/today", f"/today/{task_id}/{action}", **typed)
    assert await everything(site) != before
    (path,) = await ids_of_undo(rep)
    answer = await rep.submit("/today", path)
    assert answer.status_code == 303
    assert await everything(site) == before
    assert await ids_on(rep) == [task_id]
    assert await ids_of_undo(rep) == []


async def test_an_answer_can_be_given_again_after_it_was_taken_back(site, rep):
    enrollment = await answers(site, UNSURE)
    path = f"/today/{await task_of(site, 'review_reply')}/correct"
    for _ in range(2):
        await rep.submit("/today", path, category="feedback")
        assert (await site.world.mails(enrollment))["thanks-for-it"] == "planned"
        await rep.submit("/today", (await ids_of_undo(rep))[0])
        assert await site.world.state(enrollment) == "paused"


async def test_nothing_is_taken_back_after_a_mail_has_left(site, rep):
    enrollment = await answers(site, UNSURE)
    await rep.submit("/today", f"/today/{await task_of(site, 'review_reply')}/correct", category="feedback")
    (path,) = await ids_of_undo(rep)
    await site.world.after(days=1, hours=1)
    assert (await site.world.mails(enrollment))["thanks-for-it"] == "sent"
    before, rep = await everything(site), await again(site)
    await rep.post(path, data={"csrf": rep.csrf})
    assert "something has followed" in (await rep.get("/today")).text
    assert await everything(site) == before


async def test_nothing_is_taken_back_after_another_reply_came(site, rep):
    enrollment = await answers(site, UNSURE)
    await rep.submit("/today", f"/today/{await task_of(site, 'review_reply')}/correct", category="feedback")
    (path,) = await ids_of_undo(rep)
    again = reply("Thanks!", to=site.world.sent[0].raw, sender=DANA, at=site.world.now, number=2)
    await site.world.arrives(again)
    await rep.post(path, data={"csrf": rep.csrf})
    assert "something has followed" in (await rep.get("/today")).text
    assert await site.world.state(enrollment) == "active"


async def test_who_wants_no_more_mail_is_never_brought_back(site, rep):
    await answers(site, UNSURE)
    await rep.submit(
        "/today", f"/today/{await task_of(site, 'review_reply')}/correct", category="unsubscribe"
    )
    assert await ids_of_undo(rep) == []
    assert await site.rows("undos") == []


async def test_only_who_did_it_takes_it_back_and_not_after_an_hour(site, rep):
    await answers(site, QUESTION)
    await rep.submit("/today", f"/today/{await task_of(site, 'question')}/answer", answer="stop")
    (path,) = await ids_of_undo(rep)
    manager = await site.logged_in(await site.person(Role.MANAGER, team="north"))
    assert (await manager.post(path, data={"csrf": manager.csrf})).status_code == 404
    site.world.now += timedelta(hours=2)
    assert await ids_of_undo(rep) == []


# --- in place ---

UNDECIDED = "Nothing is signed yet. The board decides next Thursday."


async def test_who_is_undecided_gets_a_reply_to_begin_with(site, rep):
    await answers(site, UNDECIDED)
    page = html.unescape((await rep.get("/today")).text)
    assert "what would have to be different in our offer" in page
    await answers(site, QUESTION, "lee@other.example", number=2)
    assert html.unescape((await rep.get("/today")).text).count("A reply to begin with") == 1


async def test_htmx_gets_the_list_as_it_is_then_with_what_was_done_and_its_undo(site, rep):
    await answers(site, QUESTION)
    task_id = await task_of(site, "question")
    here = {"hx-request": "true", "hx-current-url": "http://localhost/today?kind=question"}
    typed = {"csrf": rep.csrf, "answer": "stop"}
    answer = await rep.post(f"/today/{task_id}/answer", data=typed, headers=here)
    assert (answer.status_code, "<!doctype" in answer.text) == (200, False)
    assert "hx-swap-oob" in answer.text
    assert re.findall(r'hx-post="(/undo/\d+)"', answer.text) == await ids_of_undo(rep)
    (undo,) = await ids_of_undo(rep)
    back = await rep.post(undo, data={"csrf": rep.csrf}, headers=here)
    assert f'id="task-{task_id}"' in back.text
    assert "Taken back" in back.text


async def test_an_answer_written_on_the_spot_leaves_and_what_is_wrong_loses_no_word(site, rep):
    await answers(site, UNDECIDED)
    path = "/replies/1/letters"
    form = {"csrf": rep.csrf, "key": "k" * 32, "back": "today"}
    here = {"hx-request": "true", "hx-current-url": "http://localhost/today"}
    wrong = await rep.post(path, data={**form, "text": " "}, headers=here)
    assert (wrong.status_code, "<form" in wrong.text) == (422, False)
    done = await rep.post(path, data={**form, "text": "Thank you, Dana."}, headers=here)
    assert (done.status_code, "Nothing needs you." in done.text) == (200, True)
    assert b"Thank you, Dana." in site.world.sent[-1].raw


# --- news ---


async def test_news_are_told_to_whom_they_concern(site, rep):
    answer = await rep.get("/today/news")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.text.startswith("retry:")

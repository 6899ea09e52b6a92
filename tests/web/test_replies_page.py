"""Replies: the inbox over all mailboxes, one reply in full, its files and its HTML, and answers from here."""

import html
import re

import pytest

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.people import Role
from cadence.service import connecting, users
from cadence.store.tables import metadata
from tests.service.conftest import mailbox
from tests.service.fakes import reply

DANA = "dana@lost.example"
QUESTION = "Are you certified to ISO 27001?"
KEEP = "Glad to stay in touch, thanks."


@pytest.fixture
async def rep(site):
    user = await site.person(Role.REP, "robin@vendor.test", team="north")
    await users.own_mailbox(site.app, site.console, "rep@vendor.test", user.id)
    return await site.logged_in(user)


async def answers(site, text=QUESTION, email=DANA, *, number=1, raw=None, **more):
    """Somebody is written to, and answers."""
    enrollment = await site.world.enroll(
        email, first_name="Dana", last_name="Doe", company=f"Of {email}", **more
    )
    await site.world.after(hours=2)
    to = next(mail for mail in reversed(site.world.sent) if mail.recipient == email).raw
    mail = reply(text, to=to, sender=email, at=site.world.now, number=number)
    await site.world.arrives(raw(mail) if raw else mail)
    return enrollment


def with_parts(mail, *parts):
    """The same reply with more in it: (content type and disposition, body)."""
    head, _, body = mail.partition(b"MIME-Version")
    first = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body.partition(b"\r\n\r\n")[2]
    pieces = [first, *(f"{fields}\r\n\r\n{content}".encode() for fields, content in parts)]
    boundary = b"\r\n--b\r\n"
    whole = boundary + boundary.join(pieces) + b"\r\n--b--\r\n"
    return head + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" + whole


def subjects(page):
    return [html.unescape(found) for found in re.findall(r'<span class="subject">(.*?)</span>', page)]


async def fill(site, rows):
    """Many replies at once: (category, text) each."""
    await answers(site)
    (one,) = await site.rows("inbound")
    kept = [
        dict(one._mapping)
        | {"id": None, "uid": 1000 + n, "message_key": f"k{n}", "category": category, "subject": f"no. {n}"}
        | {"verdict": one.verdict | {"text": text}}
        for n, (category, text) in enumerate(rows)
    ]
    for row in kept:
        del row["id"]
    async with site.app.db.write() as tx:
        await tx.execute(metadata.tables["inbound"].insert(), kept)


# --- the list ---


async def test_a_reply_is_listed_with_who_what_it_means_and_its_words(site, rep):
    await answers(site)
    page = (await rep.get("/replies")).text
    for said in ("Dana Doe", "Of dana@lost.example", "asks a question", "needs you", QUESTION):
        assert said in page


async def test_the_newest_comes_first_and_parts_leave_nothing_out(site, rep):
    await fill(site, [("feedback", "x")] * 120)
    seen, path = [], "/replies"
    while path:
        page = (await rep.get(path)).text
        seen += subjects(page)
        following = re.search(r'<a class="button quiet" href="([^"]+)"', page)
        path = html.unescape(following[1]) if following else ""
    assert seen == [*(f"no. {n}" for n in range(119, -1, -1)), "Re: hello"]


async def test_htmx_gets_the_next_rows_alone(site, rep):
    await fill(site, [("feedback", "x")] * 60)
    path = re.search(r'hx-get="([^"]+)"', (await rep.get("/replies")).text)[1]
    part = await rep.get(html.unescape(path), headers={"HX-Request": "true"})
    assert part.text.lstrip().startswith("<li>")
    assert len(subjects(part.text)) == 11


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("category=not_now", ["no. 3", "no. 1"]),
        ("q=pricing", ["no. 0"]),
        ("q=PRICING+march", ["no. 0"]),
        ("q=100%25", ["no. 2"]),
        ("q=100_", []),
        ("q=%C3%BCBER", ["no. 3"]),
        ("q=dana%40lost.example&category=feedback", ["no. 2", "no. 0"]),
        ("needs=1", ["Re: hello"]),
        ("mailbox=1&category=question", ["Re: hello"]),
        ("mailbox=2", []),
    ],
)
async def test_filters_leave_what_is_wanted(site, rep, query, found):
    await fill(
        site,
        [
            ("feedback", "Your pricing, in March"),
            ("not_now", "in June"),
            ("feedback", "100% happy, 1000 times"),
            ("not_now", "Über den Sommer nicht"),
        ],
    )
    assert subjects((await rep.get(f"/replies?{query}")).text) == found


@pytest.mark.parametrize("query", ["category=nonsense", "mailbox=x", "after=nonsense", "q=" + "x" * 101])
async def test_a_filter_that_is_none_says_so(site, rep, query):
    assert (await rep.get(f"/replies?{query}")).status_code == 422


async def test_what_is_rare_among_many_is_found_further_back(site, rep, monkeypatch):
    monkeypatch.setattr("cadence.store.replies.LOOKED_THROUGH", 20)
    await fill(site, [("not_now", "rare"), *[("feedback", "x")] * 50])
    path, looks = "/replies?category=not_now", 0
    while not subjects(page := (await rep.get(path)).text):
        path, looks = html.unescape(re.search(r'href="([^"]+)"[^>]*>Look further back', page)[1]), looks + 1
    assert (subjects(page), looks) == (["no. 0"], 2)


async def test_a_rep_sees_what_answers_their_mails_whoever_got_it(site, rep):
    await answers(site)
    await connecting.add(site.app, mailbox("boss@vendor.test"))
    other = await site.logged_in(await site.person(Role.REP, "other@vendor.test"))
    boss = await site.person(Role.REP, "boss@vendor.test", team="south")
    await users.own_mailbox(site.app, site.console, "boss@vendor.test", boss.id)
    async with site.app.db.write() as tx:
        await tx.execute(metadata.tables["inbound"].update().values(mailbox_id=2))
        await tx.execute(metadata.tables["enrollments"].update().values(executive_mailbox_id=2))
    for browser, found in ((rep, 1), (await site.logged_in(boss), 1), (other, 0)):
        assert len(subjects((await browser.get("/replies")).text)) == found
        assert (await browser.get("/replies/1")).status_code == (200 if found else 404)


# --- one of them ---


async def test_one_reply_shows_its_evidence_and_what_it_did(site, rep):
    await answers(site)
    page = (await rep.get("/replies/1")).text
    (row,) = await site.rows("inbound")
    for evidence in row.verdict["evidence"]:
        assert evidence in html.unescape(page)
    for said in ("asked a question", "enrollment.paused", "reply.question", "rep@vendor.test"):
        assert said in page


async def test_what_is_somebody_elses_is_not_there(site, rep):
    await answers(site, raw=lambda mail: with_parts(mail, FILE, HTML))
    other = await site.logged_in(await site.person(Role.REP, "other@vendor.test"))
    for path in ("", "/html", "/files/0"):
        assert (await rep.get(f"/replies/1{path}")).status_code == 200
        assert (await other.get(f"/replies/1{path}")).status_code == 404
    for path in ("/correct", "/letters"):
        typed = {"csrf": other.csrf, "category": "feedback", "text": "Hello", "key": "k" * 32}
        assert (await other.post(f"/replies/1{path}", data=typed)).status_code == 404
    assert await site.rows("letters") == []


async def test_a_reply_is_corrected_and_acts_anew(site, rep):
    enrollment = await answers(site)
    await rep.submit("/replies/1", "/replies/1/correct", category="acknowledgement")
    assert await site.world.state(enrollment) == "active"
    assert "corrected" in (await rep.get("/replies")).text
    assert ("robin@vendor.test", "reply.corrected", "reply 1: acknowledgement") in await site.audit()


FILE = ('Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="a/../Préis.pdf"', "%PDF")
HTML = (
    "Content-Type: text/html; charset=utf-8",
    "<p onclick=x()>Hi <img src=http://spy.example/p.gif><script>x()</script><a href='javascript:x()'>a</a>",
)


async def test_a_file_is_listed_with_its_size_and_only_ever_downloaded(site, rep):
    await answers(site, raw=lambda mail: with_parts(mail, FILE))
    page = html.unescape((await rep.get("/replies/1")).text)
    assert "Préis.pdf" in page
    assert "4 Bytes" in page
    file = await rep.get("/replies/1/files/0")
    assert file.content == b"%PDF"
    assert file.headers["content-type"] == "application/octet-stream"
    assert file.headers["content-disposition"].startswith(
        "attachment; filename=\"Pr_is.pdf\"; filename*=UTF-8''Pr"
    )
    assert (await rep.get("/replies/1/files/1")).status_code == 404


async def test_foreign_html_comes_cleaned_under_a_policy_of_its_own(site, rep):
    await answers(site, raw=lambda mail: with_parts(mail, HTML))
    frame = await rep.get("/replies/1/html")
    for bad in ("script", "onclick", "javascript", "spy.example", "<img"):
        assert bad not in frame.text.partition("<body>")[2]
    policy = frame.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline';")
    assert "sandbox" in policy
    assert "img-src" not in policy
    assert 'sandbox="' in (await rep.get("/replies/1")).text


# --- answering ---


async def test_an_answer_leaves_once_from_the_reps_mailbox_in_the_thread(site, rep):
    enrollment = await answers(site, KEEP)
    assert await site.world.state(enrollment) == "active"
    ours = site.world.sent[-1]
    answer = await rep.submit("/replies/1", "/replies/1/letters", text="Gladly.\r\nOn Tuesday?")
    assert answer.status_code == 303
    mail = site.world.sent[-1]
    assert (mail.mailbox, mail.recipient) == ("rep@vendor.test", DANA)
    head, _, body = mail.raw.decode().partition("\r\n\r\n")
    assert "In-Reply-To: <reply-1@lost.example>" in head
    assert "Subject: Re: hello" in head
    assert re.search("Message-ID: (<.*?>)", ours.raw.decode())[1] in head
    assert body.startswith("Gladly.\r\nOn Tuesday?\r\n")
    assert f"> {KEEP}" in body
    assert "Gladly." in (await rep.get("/replies/1")).text
    assert ("robin@vendor.test", "letter.sent", f"reply 1, to {DANA}") in await site.audit()


async def test_after_an_answer_the_sequence_waits_until_the_rep_says_so(site, rep):
    enrollment = await answers(site, KEEP)
    await rep.submit("/replies/1", "/replies/1/letters", text="Gladly.")
    assert await site.world.state(enrollment) == "paused"
    assert "wrote to them in person" in (await rep.get("/today")).text


async def test_a_copy_in_sent_is_known_as_the_letter_that_it_is(site, rep):
    enrollment = await answers(site, KEEP)
    site.world.servers.outcomes = [Outcome(OutcomeKind.IN_DOUBT, text="the line broke")]
    await rep.submit("/replies/1", "/replies/1/letters", text="Gladly.")
    (letter,) = await site.rows("letters")
    assert letter.state == "in_doubt"
    (task,) = [row for row in await site.rows("tasks") if row.kind == "took_over"]
    await rep.submit("/today", f"/today/{task.id}/answer", answer="resume")
    copy = reply("Gladly.", to=None, sender="rep@vendor.test", at=site.world.now)
    copy = copy.replace(b"<reply-1@lost.example>", letter.message_id.encode())
    copy = copy.replace(b"To: rep@vendor.test", b"To: dana@lost.example")
    await site.world.arrives(copy, folder="Sent")
    (letter,) = await site.rows("letters")
    assert letter.state == "sent"
    assert await site.world.state(enrollment) == "active"
    assert "Did this leave?" not in (await rep.get("/today")).text


async def test_a_form_that_is_sent_twice_is_one_mail(site, rep):
    await answers(site)
    typed = {"csrf": rep.csrf, "text": "Yes, we are.", "key": "k" * 32}
    before = len(site.world.sent)
    statuses = [(await rep.post("/replies/1/letters", data=typed)).status_code for _ in range(2)]
    assert statuses == [303, 409]
    assert len(site.world.sent) == before + 1


async def test_what_did_not_leave_says_so_and_keeps_the_words(site, rep):
    enrollment = await answers(site, KEEP)
    site.world.servers.outcomes = [Outcome(OutcomeKind.DEFERRED, 451, text="come back later")]
    answer = await rep.submit("/replies/1", "/replies/1/letters", text="Gladly.")
    assert answer.status_code == 409
    assert "come back later" in answer.text
    assert "Gladly.</textarea>" in answer.text
    assert await site.world.state(enrollment) == "active"
    assert (await rep.submit("/replies/1", "/replies/1/letters", text="Gladly.")).status_code == 303


async def test_a_crash_while_sending_is_shown_and_never_sent_again(site, rep, monkeypatch):
    await answers(site)

    async def dies(self, raw, sender, recipient):
        raise MemoryError

    monkeypatch.setattr("tests.service.fakes.FakeSender.send", dies)
    answer = await rep.submit("/replies/1", "/replies/1/letters", text="Yes.")
    assert answer.status_code == 303
    assert "nobody knows whether it left" in (await rep.get("/replies/1")).text
    assert [row.state for row in await site.rows("letters")] == ["in_doubt"]


@pytest.mark.parametrize(("said", "state"), [("sent", "sent"), ("not-sent", "refused")])
async def test_an_answer_in_doubt_is_asked_about_on_today(site, rep, said, state):
    await answers(site, KEEP)
    site.world.servers.outcomes = [Outcome(OutcomeKind.IN_DOUBT, text="the line broke")]
    await rep.submit("/replies/1", "/replies/1/letters", text="Gladly.")
    today = (await rep.get("/today")).text
    assert "Did this leave?" in today
    assert "the line broke" in today
    assert "Look into the Sent folder of rep@vendor.test" in today
    (task,) = [row for row in await site.rows("tasks") if row.kind == "in_doubt"]
    await rep.submit("/today", f"/today/{task.id}/answer", answer=said)
    assert [row.state for row in await site.rows("letters")] == [state]
    assert "Did this leave?" not in (await rep.get("/today")).text


class _Died(BaseException):
    """What nobody catches: as if the process had ended there."""


async def test_an_answer_whose_process_died_is_asked_about(site, rep, monkeypatch):
    enrollment = await answers(site, KEEP)

    async def dies(*_):
        raise _Died

    monkeypatch.setattr("cadence.service.letters._hand_over", dies)
    with pytest.raises(_Died):
        await rep.submit("/replies/1", "/replies/1/letters", text="Yes.")
    await site.world.after(minutes=4)
    assert [row.state for row in await site.rows("letters")] == ["sending"]
    await site.world.after(minutes=2)
    assert [row.state for row in await site.rows("letters")] == ["in_doubt"]
    assert "died before it knew" in (await rep.get("/today")).text
    assert await site.world.state(enrollment) == "paused"


async def test_who_opted_out_is_not_answered(site, rep):
    await answers(site, "Please remove me from your list and never write again.")
    before = len(site.world.sent)
    answer = await rep.post("/replies/1/letters", data={"csrf": rep.csrf, "text": "But", "key": "k" * 32})
    assert answer.status_code == 409
    assert "never to be written to" in (await rep.get("/replies/1")).text
    assert len(site.world.sent) == before


@pytest.mark.parametrize("typed", [{"text": " "}, {"text": "x" * 20_001}, {"key": "short"}])
async def test_an_answer_that_cannot_be_used_leaves_nothing(site, rep, typed):
    await answers(site)
    answer = await rep.submit("/replies/1", "/replies/1/letters", **({"text": "Yes."} | typed))
    assert answer.status_code == 422
    assert await site.rows("letters") == []


async def test_an_urgent_task_is_done_with_an_answer(site, rep):
    await answers(site, "Yes please, let us talk. Can you call me tomorrow at ten?")
    assert "Wants to talk" in (await rep.get("/today")).text
    answer = await rep.submit("/today", "/replies/1/letters", text="I will.")
    assert answer.headers["location"] == "/today"
    assert "Nothing needs you" in (await rep.get("/today")).text


async def test_a_number_below_the_words_can_be_called(site, rep):
    await answers(site, "Let us talk tomorrow.\r\n\r\n-- \r\nDana Doe\r\nTel. +49 (0)30 1234 5678\r\n")
    for page in ("/today", "/replies/1"):
        assert 'href="tel:+493012345678"' in (await rep.get(page)).text

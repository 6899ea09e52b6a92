"""Sequences in the browser: the list, the storyboard, editing, previews, publishing, a mail to oneself."""

import asyncio
import html
import re
from email import message_from_bytes
from email.policy import default

import pytest

from cadence.content import drafts
from cadence.content.files import digest, read_snapshot
from cadence.core.people import Role
from cadence.service import connecting, counting, publishing, rehearsing, users
from cadence.worker.loops import Loops
from tests.service.conftest import mailbox
from tests.web.site import Browser, Site

PAGE = "/sequences/lost"
FEEDBACK = "lost/feedback.md.j2"
SAMPLE = """
[[sample]]
name     = "Dana"
prospect = { first_name = "Dana", email = "dana@theirs.example" }
account  = { name = "Bell & <Daughters>" }
deal     = { name = "Bell", lost_at = 2026-02-14 }
"""


@pytest.fixture
async def authors(site: Site) -> Site:
    """A site whose server has the templates folder."""
    site.app.templates = site.world.templates
    (site.world.templates / "lost/sample.toml").write_text(SAMPLE)
    return site


async def author(site: Site, role: Role = Role.AUTHOR) -> Browser:
    return await site.logged_in(await site.person(role))


def editing(path: str) -> str:
    return f"{PAGE}/edit?file={path}"


async def saved(browser: Browser, path: str, text: str) -> str:
    answer = await browser.submit(editing(path), f"{PAGE}/edit", text=text)
    assert answer.status_code == 303, answer.text
    return (await browser.get(answer.headers["location"])).text


async def test_the_list_says_what_is_published_what_differs_and_who_is_in_it(authors):
    await authors.world.enroll()
    page = (await (await author(authors, Role.REP)).get("/sequences")).text
    row = re.search(r"<tr>\s*<td><a href=\"/sequences/lost\">.*?</tr>", page, re.S)
    assert row
    assert "revision 1" in row[0]
    assert row[0].count('<td class="number">1</td>') == 2
    assert "differ" in row[0]  # the sample is new


async def test_the_storyboard_counts_what_is_planned_sent_and_answered(authors):
    await authors.world.enroll("dana@lost.example")
    await authors.world.after(hours=3)
    page = (await (await author(authors, Role.REP)).get(PAGE)).text
    assert page.count('role="img"') == 1
    assert "If nobody answers" in page
    assert "After a reply: feedback" in page
    assert "2 hours after the loss" in page
    assert "1 day after a reply: feedback" in page
    thanks = re.search(r"<td>thank-you</td>.*?</tr>", page, re.S)
    feedback = re.search(r"<td>feedback</td>.*?</tr>", page, re.S)
    assert thanks
    assert feedback
    assert re.findall(r'"number">(\d+)<', thanks[0]) == ["0", "1", "0"]
    assert re.findall(r'"number">(\d+)<', feedback[0]) == ["1", "0", "0"]


async def test_a_save_writes_the_file_and_sends_nothing_until_it_is_published(authors):
    browser = await author(authors)
    page = await saved(browser, FEEDBACK, "What decided it, {{ prospect.first_name or 'friend' }}?\r\n")
    assert "Saved. It is not sent" in page
    text = (authors.world.templates / FEEDBACK).read_text()
    assert text == "What decided it, {{ prospect.first_name or 'friend' }}?\n"
    assert await publishing.publish_clean(authors.app, authors.world.templates) == []
    assert len(await authors.rows("revisions")) == 1
    changes = await looked(browser)
    assert "What decided it?</td>" in changes
    assert "Nobody is enrolled now" in changes
    answer = await browser.submit(f"{PAGE}/changes", f"{PAGE}/publish")
    assert answer.status_code == 303, answer.text
    assert len(await authors.rows("revisions")) == 2
    assert not drafts.held_back(authors.world.templates)
    assert [(action, subject) for _, action, subject in await authors.audit()][-2:] == [
        ("sequence.saved", FEEDBACK),
        ("sequence.published", "lost, revision 2"),
    ]


async def test_an_error_is_shown_at_its_line_and_cannot_be_published(authors):
    browser = await author(authors)
    page = await saved(browser, FEEDBACK, "Hello,\n\nfrom {{ account.nmae }}\n")
    found = re.search(r'<li id="line-3" class="found".*?</li>', page, re.S)
    assert found
    assert "there is no `account.nmae`" in html.unescape(found[0])
    changes = (await browser.get(f"{PAGE}/changes")).text
    assert "There are errors in the files" in changes
    seen = digest(read_snapshot(authors.world.templates, "lost"))
    answer = await browser.post(f"{PAGE}/publish", data={"csrf": browser.csrf, "seen": seen})
    assert answer.status_code == 422
    assert len(await authors.rows("revisions")) == 1


async def test_what_changed_since_it_was_looked_at_is_not_published(authors):
    browser = await author(authors)
    (authors.world.templates / FEEDBACK).write_text("Another word?\n")
    answer = await browser.post(f"{PAGE}/publish", data={"csrf": browser.csrf, "seen": "0" * 64})
    assert answer.status_code == 409
    assert len(await authors.rows("revisions")) == 1


async def test_a_conflict_shows_both_versions_and_loses_none(authors):
    browser = await author(authors)
    await browser.get(editing(FEEDBACK))
    form = {"file": FEEDBACK, "version": drafts.read(authors.world.templates, FEEDBACK).version}
    (authors.world.templates / FEEDBACK).write_text("theirs, <b>\n")
    form |= {"csrf": browser.csrf, "text": "mine, <i>"}
    answer = await browser.post(f"{PAGE}/edit", data=form)
    assert answer.status_code == 409
    assert "theirs, &lt;b&gt;" in answer.text
    assert "mine, &lt;i&gt;</textarea>" in answer.text
    assert (authors.world.templates / FEEDBACK).read_text() == "theirs, <b>\n"
    version = re.search(r'name="version" value="(\w+)"', answer.text)
    assert version
    again = await browser.post(f"{PAGE}/edit", data=form | {"version": version[1]})
    assert again.status_code == 303
    assert (authors.world.templates / FEEDBACK).read_text() == "mine, <i>\n"


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "other/sequence.toml", "lost/evil.py", "lost/a/b.md.j2"]
)
async def test_no_other_file_is_opened_or_written(authors, path):
    browser = await author(authors)
    assert (await browser.get(editing(path))).status_code == 422
    form = {"csrf": browser.csrf, "file": path, "text": "words", "version": ""}
    for action in ("edit", "preview"):
        assert (await browser.post(f"{PAGE}/{action}", data=form)).status_code == 422


async def test_a_preview_is_of_what_stands_in_the_editor_and_runs_nothing(authors):
    browser = await author(authors)
    form = {
        "csrf": browser.csrf,
        "file": FEEDBACK,
        "text": "Dear {{ account.name }}, why?",
        "step": "feedback",
    }
    page = await browser.post(f"{PAGE}/preview", data=form, headers={"HX-Request": "true"})
    assert "<html" not in page.text
    assert "Dear Bell &amp; &lt;Daughters&gt;, why?" in page.text
    frame = re.search(r'<iframe class="mail" sandbox src="([^"]+)"', page.text)
    assert frame
    mail = await browser.get(html.unescape(frame[1]))
    assert "Dear Bell &amp; &lt;Daughters&gt;, why?" in mail.text
    assert "sandbox" in mail.headers["content-security-policy"]
    assert "default-src 'none'" in mail.headers["content-security-policy"]
    assert (authors.world.templates / FEEDBACK).read_text() == "What decided it?"
    assert (await browser.get("/sequences/frame?mail=forged")).status_code == 404


@pytest.mark.parametrize(
    "words",
    ["{{ 'a' * 10**10 }}", "{% for a in 'x' | lines %}" * 40 + "a" + "{% endfor %}" * 40, "{{ " + "(" * 9000],
)
async def test_a_draft_that_would_hurt_the_server_hurts_nobody(authors, words):
    browser = await author(authors)
    form = {"csrf": browser.csrf, "file": FEEDBACK, "text": words, "step": "feedback"}
    assert (await browser.post(f"{PAGE}/preview", data=form)).status_code == 200
    answer = await browser.submit(editing(FEEDBACK), f"{PAGE}/edit", text=words)
    assert answer.status_code == 303
    assert (await browser.get(f"{PAGE}/changes")).status_code == 200
    assert (await browser.get("/healthz")).status_code == 200


async def test_a_preview_that_fails_says_where(authors):
    browser = await author(authors)
    form = {"csrf": browser.csrf, "file": FEEDBACK, "text": "a\n{{ account.nmae }}", "step": "feedback"}
    page = await browser.post(f"{PAGE}/preview", data=form)
    assert "lost/feedback.md.j2:2" in page.text


async def test_a_preview_for_a_prospect_is_for_those_who_may_see_them(authors):
    await authors.world.enroll("dana@lost.example", first_name="Dana", company="Lost & Found")
    form = {
        "file": FEEDBACK,
        "text": "To {{ account.name }}.",
        "step": "feedback",
        "who": "dana@lost.example",
    }
    for role, sees in ((Role.ADMINISTRATOR, True), (Role.AUTHOR, False)):
        browser = await author(authors, role)
        page = await browser.post(f"{PAGE}/preview", data=form | {"csrf": browser.csrf})
        assert ("To Lost &amp; Found." in page.text) is sees


async def test_a_trial_mail_goes_to_oneself_marked_and_once(authors):
    user = await authors.person(Role.AUTHOR, "ada@vendor.test", name="Ada")
    browser = await authors.logged_in(user)
    assert "you have none" in (await browser.get(f"{PAGE}/edit")).text
    await connecting.add(authors.app, mailbox("ada@vendor.test"))
    await users.own_mailbox(authors.app, authors.console, "ada@vendor.test", user.id)
    page = (await browser.get(f"{PAGE}/edit")).text
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key
    form = {
        "csrf": browser.csrf,
        "key": key[1],
        "step": "feedback",
        "who": "Dana",
        "mailbox": "ada@vendor.test",
    }
    for _ in range(2):
        assert (await browser.post(f"{PAGE}/trial", data=form)).status_code == 303
    (mail,) = authors.world.sent
    assert (mail.mailbox, mail.recipient) == ("ada@vendor.test", "ada@vendor.test")
    letter = message_from_bytes(mail.raw, policy=default)
    assert letter["Subject"] == "[Trial] One question"
    body = letter.get_body(("plain",))
    assert body
    assert "No reader got it" in body.get_content()
    assert "sent already" in (await browser.get(PAGE)).text


async def test_a_trial_mail_leaves_from_no_mailbox_of_others(authors):
    browser = await author(authors, Role.ADMINISTRATOR)
    form = {
        "csrf": browser.csrf,
        "key": "k" * 32,
        "step": "feedback",
        "who": "",
        "mailbox": "rep@vendor.test",
    }
    await browser.post(f"{PAGE}/trial", data=form)
    assert authors.world.sent == []


async def test_a_step_that_people_wait_on_goes_only_when_it_is_said_so(authors):
    await authors.world.enroll()
    await authors.world.after(hours=3)
    toml = (authors.world.templates / "lost/sequence.toml").read_text()
    toml = toml.replace('name    = "feedback"', 'name    = "asked"')
    (authors.world.templates / "lost/sequence.toml").write_text(toml)
    (authors.world.templates / FEEDBACK).rename(authors.world.templates / "lost/asked.md.j2")
    browser = await author(authors)
    page = await looked(browser)
    assert "1 waits on <code>feedback</code>, which is gone" in page
    assert (await browser.submit(f"{PAGE}/changes", f"{PAGE}/publish")).status_code == 422
    assert (await browser.submit(f"{PAGE}/changes", f"{PAGE}/publish", drop="yes")).status_code == 303


async def test_no_page_waits_until_people_and_mails_are_counted(authors, slow_counts):
    await authors.world.enroll()
    browser = await author(authors)
    pages = {
        "/sequences": ('<td class="number">–</td>', '<td class="number">1</td>'),
        PAGE: ("The mails are being counted", '<td class="number">1</td>'),
        f"{PAGE}/changes": ("is being looked at", "1 person is enrolled"),
    }
    for path, (first, _) in pages.items():
        assert first in (await browser.get(path)).text, path
        slow_counts.set()
        await asyncio.gather(*counting.at_work())
        slow_counts.clear()
    slow_counts.set()
    for path, (_, then) in pages.items():
        assert then in (await browser.get(path)).text, path


async def test_the_look_at_those_who_are_enrolled_can_be_ended_and_begun_anew(authors, monkeypatch):
    await authors.world.enroll()
    browser, confined, ended = await author(authors), rehearsing.confined, []

    async def ended_meanwhile(function, *given, seconds):
        if function is rehearsing._of_people and not ended:
            ended.append(await browser.post(f"{PAGE}/changes", data={"csrf": browser.csrf}))
        return await confined(function, *given, seconds=seconds)

    monkeypatch.setattr(rehearsing, "confined", ended_meanwhile)
    await looked(browser)
    page = (await browser.get(f"{PAGE}/changes")).text
    assert "It was ended before all mails were tried" in page
    assert f"{PAGE}/publish" not in page
    await browser.submit(f"{PAGE}/changes", f"{PAGE}/changes", again="yes")
    assert "1 person is enrolled" in await looked(browser)


async def looked(browser):
    """The page, once it was looked at what publishing would mean."""
    await browser.get(f"{PAGE}/changes")
    await asyncio.gather(*counting.at_work())
    return (await browser.get(f"{PAGE}/changes")).text


async def test_a_server_without_a_folder_shows_and_edits_nothing(site):
    browser = await author(site)
    assert (await browser.get(PAGE)).status_code == 200
    answer = await browser.get(f"{PAGE}/edit")
    assert answer.status_code == 409
    assert "no templates folder" in answer.text


async def test_what_is_saved_in_the_browser_is_not_published_by_the_loop_that_watches_the_folder(authors):
    await saved(await author(authors), FEEDBACK, "A word more?")
    loops = Loops(authors.app, poll=60, templates=authors.world.templates)
    await loops._publish_saved()
    assert len(await authors.rows("revisions")) == 1


async def test_a_sequence_that_is_not_there_is_not_found(authors):
    browser = await author(authors)
    for path in ("/sequences/nothing", "/sequences/nothing/edit", "/sequences/nothing/changes"):
        assert (await browser.get(path)).status_code == 404

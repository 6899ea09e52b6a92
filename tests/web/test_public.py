"""The public pages: a GET asks, a POST acts, and nobody is followed."""

import re
from base64 import b64encode
from hashlib import sha256

import httpx
import pytest

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.service.one_question import LATER
from cadence.web.app import create_app
from cadence.web.public import CHOICES

ONE_CLICK = {"List-Unsubscribe": "One-Click"}
FORM = {"confirm": "yes"}


class FakeService:
    """Remembers who asked to stop, or fails as told."""

    def __init__(self):
        self.stopped = []
        self.answers = []
        self.later = []
        self.raises = None
        self.speaks = ""

    async def language(self, token):
        return self.speaks

    async def unsubscribe(self, token):
        if self.raises:
            raise self.raises
        self.stopped.append(token)

    async def put_off(self, token, months):
        if self.raises:
            raise self.raises
        self.later.append((token, months))

    async def answer(self, token, text):
        if self.raises:
            raise self.raises
        self.answers.append((token, text))


@pytest.fixture
def service():
    return FakeService()


@pytest.fixture
async def client(service):
    transport = httpx.ASGITransport(create_app(service))
    async with httpx.AsyncClient(transport=transport, base_url="https://cadence.example") as client:
        yield client


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_at_a_link_never_acts(client, service, method):
    answer = await client.request(method, "/u/token")
    assert answer.status_code == 200
    assert service.stopped == []


async def test_the_page_asks_with_a_form_that_posts_back_to_itself(client):
    page = (await client.get("/u/token")).text
    assert '<form method="post"><button name="confirm" value="yes">Unsubscribe</button></form>' in page
    assert "“stop”" in page


async def test_the_forms_button_unsubscribes(client, service):
    answer = await client.post("/u/a.b-c_d", data=FORM)
    assert answer.status_code == 200
    assert "You are unsubscribed" in answer.text
    assert service.stopped == ["a.b-c_d"]


async def test_one_click_unsubscribes_as_rfc_8058_has_it(client, service):
    assert (await client.post("/u/token", data=ONE_CLICK)).status_code == 200
    assert (
        await client.post("/u/token", files={k: (None, v) for k, v in ONE_CLICK.items()})
    ).status_code == 200
    assert service.stopped == ["token", "token"]


async def test_one_click_needs_no_cookie_and_is_not_redirected(client):
    answer = await client.post("/u/token", data=ONE_CLICK)
    assert not answer.is_redirect
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "application/x-www-form-urlencoded"),
        (b"confirm=no", "application/x-www-form-urlencoded"),
        (b"List-Unsubscribe=Two-Clicks", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "multipart/form-data; boundary=x"),
        (b"confirm=yes&" + b"x" * 5000, "application/x-www-form-urlencoded"),
    ],
)
async def test_any_other_post_only_asks(client, service, body, content_type):
    answer = await client.post("/u/token", content=body, headers={"Content-Type": content_type})
    assert answer.status_code == 400
    assert "Stop these mails?" in answer.text
    assert service.stopped == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_no_other_method_acts(client, service, method):
    assert (await client.request(method, "/u/token", content=b"confirm=yes")).status_code == 405
    assert service.stopped == []


@pytest.mark.parametrize("fault", [InvalidInput("not ours"), NotFound("nobody")])
async def test_a_link_that_means_nobody_says_what_else_to_do(client, service, fault):
    service.raises = fault
    answer = await client.post("/u/token", data=FORM)
    assert answer.status_code == 404
    assert "“stop”" in answer.text
    assert str(fault) not in answer.text


async def test_our_own_fault_is_not_shown_as_success(client, service):
    service.raises = CadenceError("the database is locked")
    answer = await client.post("/u/token", data=ONE_CLICK)
    assert answer.status_code == 503
    assert "database" not in answer.text


@pytest.mark.parametrize("answer", ["GET", "POST", "BAD"])
async def test_every_page_is_closed_to_scripts_frames_search_engines_and_caches(client, service, answer):
    if answer == "BAD":
        service.raises = NotFound("nobody")
    page = await client.request("GET" if answer == "GET" else "POST", "/u/token", data=FORM)
    policy = page.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_page_follows_nobody_and_its_style_is_the_one_the_policy_allows(client):
    answer = await client.get("/u/token")
    assert not re.search(r"<(script|img|link|iframe)|https?://|url\(", answer.text)
    style = re.search("<style>(.*)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in answer.headers["Content-Security-Policy"]


async def test_the_page_can_be_read_by_everybody(client):
    page = (await client.get("/u/token")).text
    assert page.startswith("<!doctype html>")
    for part in ('<html lang="en">', "<title>", "<main>", "<h1>", "viewport"):
        assert part in page


async def test_a_token_is_never_put_into_the_page(client):
    answer = await client.get("/u/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert "alert" not in answer.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/", "/u/", "/u/a/b"])
async def test_nothing_else_is_offered(client, path):
    assert (await client.get(path)).status_code == 404


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_looking_at_the_question_answers_nothing(client, service, method):
    assert (await client.request(method, "/q/token")).status_code == 200
    assert service.answers == []


async def test_an_answer_on_the_page_is_taken_in(client, service):
    page = (await client.get("/q/token")).text
    assert '<textarea id="answer" name="answer"' in page
    sent = await client.post("/q/a.b-c_d", data={"answer": "Zu teuer, 40 % über dem anderen."})
    assert "Your answer has arrived" in sent.text
    assert service.answers == [("a.b-c_d", "Zu teuer, 40 % über dem anderen.")]


async def test_the_question_is_asked_in_the_language_of_the_browser(client):
    for accepts, words in (
        ("de-AT,de;q=0.9", "Eine Zeile genügt"),
        ("nl, fr", "Une ligne suffit"),
        ("ja", "One line"),
    ):
        page = await client.get("/q/token", headers={"Accept-Language": accepts})
        assert words in page.text


async def test_what_was_typed_is_not_lost_where_it_cannot_be_taken(client, service):
    service.raises = InvalidInput("too long")
    answer = await client.post("/q/token", data={"answer": "<b>x</b>"})
    assert (answer.status_code, "&lt;b&gt;x&lt;/b&gt;</textarea>" in answer.text) == (400, True)
    for fault, status in ((NotFound("gone"), 404), (Conflict("enough"), 409), (CadenceError("away"), 503)):
        service.raises = fault
        assert (await client.post("/q/token", data={"answer": "x"})).status_code == status


@pytest.mark.parametrize("months", CHOICES)
async def test_who_would_rather_be_asked_later_is_not_opted_out(client, service, months):
    page = (await client.get("/u/token")).text
    assert f'name="later" value="{months}"' in page
    answer = await client.post("/u/token", data={"later": months})
    assert (answer.status_code, service.later, service.stopped) == (200, [("token", int(months))], [])
    assert "Until later, then" in answer.text


@pytest.mark.parametrize("months", ["", "0", "5", "1200", "x"])
async def test_a_time_that_is_not_offered_does_nothing(client, service, months):
    answer = await client.post("/u/token", data={"later": months})
    assert (answer.status_code, service.later, service.stopped) == (400, [], [])


@pytest.mark.parametrize(
    ("fault", "status"),
    [(InvalidInput("no"), 404), (NotFound("no"), 404), (Conflict("Nothing was asked yet."), 409)],
)
async def test_what_cannot_be_put_off_is_said(client, service, fault, status):
    service.raises = fault
    assert (await client.post("/u/token", data={"later": "3"})).status_code == status


def test_what_the_page_offers_is_what_the_service_knows():
    assert tuple(map(int, CHOICES)) == LATER

"""The words of the pages in every language: all gathered, all translated, the right ones said."""

import gettext
import re
from datetime import UTC, datetime
from io import BytesIO

import httpx
import pytest

from cadence.core.people import Role
from cadence.service.links import Purpose
from cadence.web.app import create_app
from cadence.web.languages import LANGUAGES, preferred, speaking
from cadence.web.service import WebService
from cadence.web.templates import day, when
from tests.web import messages
from tests.web.messages import TRANSLATED, WEB
from tests.web.site import one_database as database_url
from tests.web.test_public import FORM, FakeService

__all__ = ["database_url"]

TODAY = {"en": "Nothing needs you.", "de": "Nichts braucht Sie.", "fr": "Rien ne vous attend."} | {
    "es": "Nada le espera."
}
LOG_IN = {"en": "Log in", "de": "Anmelden", "fr": "Se connecter", "es": "Iniciar sesión"}
ASK = {"en": "Unsubscribe", "de": "Abmelden", "fr": "Se désabonner", "es": "Darse de baja"}
DONE = {"en": "You are unsubscribed", "de": "Sie sind abgemeldet", "fr": "Vous êtes désabonné"} | {
    "es": "Se ha dado de baja"
}


def accepting(language: str) -> dict[str, str]:
    return {"Accept-Language": language}


# --- the catalogs ---


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalog_holds_what_pages_say_and_nothing_else(language):
    kept = messages.path_of(language).read_bytes()
    assert messages.as_text(messages.updated(language)) == kept, "run `make messages`"


@pytest.mark.parametrize("language", TRANSLATED)
def test_everything_is_translated_with_the_values_of_the_original(language):
    catalog = messages.read(language)
    for one in catalog:
        said = one.string if isinstance(one.string, tuple) else (one.string,)
        assert all(said), f"{language}: {one.id}"
        assert list(one.check(catalog)) == [], f"{language}: {one.id}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_read_at_run_time_is_what_was_translated(language):
    compiled = messages.path_of(language, "mo").read_bytes()
    assert messages.compiled(messages.read(language)) == compiled, "run `make messages`"
    assert gettext.GNUTranslations(BytesIO(compiled)).gettext("Log in") == LOG_IN[language]


def translated_templates() -> list[str]:
    told = [
        path.name
        for path in (WEB / "html").glob("*.j2")
        if "set translated = true" in path.read_text(encoding="utf-8")
    ]
    return sorted([*told, "base.html.j2", "task.html.j2", "public.html.j2"])


@pytest.mark.parametrize("name", translated_templates())
def test_no_word_of_a_translated_template_is_unmarked(name):
    text = (WEB / "html" / name).read_text(encoding="utf-8")
    for markup in (r"\{#.*?#\}", r"\{%.*?%\}", r"\{\{.*?\}\}", r"<[^>]*>"):
        text = re.sub(markup, " ", text, flags=re.DOTALL)
    assert set(re.findall(r"[^\W\d_]{2,}", text)) <= {"Cadence"}


# --- which language ---


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("de-AT,de;q=0.9", "de"),
        ("nl, fr", "fr"),
        ("en;q=0.5, es;q=0.9", "es"),
        ("de;q=0, fr;q=0.1", "fr"),
        ("ja", "en"),
        ("*;q=0.1, de;q=nonsense", "en"),
        (",;=,", "en"),
    ],
)
def test_the_browser_is_answered_in_what_it_likes_best_of_what_there_is(header, language):
    assert preferred(header) == language


def test_what_was_chosen_goes_before_what_the_browser_says_if_there_is_such_a_language():
    assert preferred("de", "fr") == "fr"
    assert preferred("de", "nl") == "de"


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "3 Mar 2026"), ("de", "3. März 2026"), ("fr", "3 mars 2026"), ("es", "3 mar 2026")],
)
def test_a_day_is_written_as_the_language_writes_it(language, written):
    at = datetime(2026, 3, 3, 10, 5, tzinfo=UTC)
    with speaking(language):
        assert f">{written}</time>" in day(at.date())
        assert f">{written}, 11:05</time>" in when(at, "Europe/Berlin")


# --- the pages ---


@pytest.fixture
def service():
    return FakeService()


@pytest.fixture
async def reader(service):
    transport = httpx.ASGITransport(create_app(service))
    async with httpx.AsyncClient(transport=transport, base_url="https://cadence.example") as client:
        yield client


@pytest.mark.parametrize("language", LANGUAGES)
async def test_readers_of_our_mails_see_the_pages_in_their_language(reader, language):
    asked = await reader.get("/u/token", headers=accepting(language))
    assert f'<html lang="{language}">' in asked.text and f">{ASK[language]}</button>" in asked.text
    done = await reader.post("/u/token", data=FORM, headers=accepting(language))
    assert DONE[language] in done.text
    assert f'<html lang="{language}">' in (await reader.get("/q/token", headers=accepting(language))).text


async def test_the_language_of_our_mails_goes_before_the_browsers(reader, service):
    service.speaks = "de"
    assert ASK["de"] in (await reader.get("/u/token", headers=accepting("fr"))).text
    assert "Eine Zeile genügt" in (await reader.get("/q/token", headers=accepting("fr"))).text


async def test_a_link_tells_in_which_language_we_write_to_its_reader(site):
    german = await site.world.enroll("dana@lost.example", language="de")
    english = await site.world.enroll("dora@other.example", company="Other")
    web, links = WebService(site.app), site.app.links
    for purpose in Purpose:
        assert await web.language(links.sign(german.id, purpose)) == "de"
    assert await web.language(links.sign(english.id)) == "", "English may be nobody's choice"
    assert await web.language(links.sign(4711)) == await web.language("nonsense") == ""


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_workplace_speaks_the_language_of_the_browser(site, language):
    asked = (await site.browser().get("/login", headers=accepting(language))).text
    assert f'<html lang="{language}">' in asked and f"<h1>{LOG_IN[language]}</h1>" in asked
    rep = await site.logged_in(await site.person(Role.REP))
    today = (await rep.get("/today", headers=accepting(language))).text
    assert TODAY[language] in today and '<main id="main" tabindex="-1">' in today


async def test_a_page_that_is_not_translated_says_that_it_is_english(site):
    rep = await site.logged_in(await site.person(Role.REP))
    page = (await rep.get("/account", headers=accepting("de"))).text
    assert '<html lang="de">' in page and '<main id="main" tabindex="-1" lang="en">' in page


async def test_the_language_that_somebody_chose_stays_in_their_browser(site):
    rep = await site.logged_in(await site.person(Role.REP))
    await rep.submit("/account", "/account/profile", name="Robin", zone="UTC", language="Français")
    assert TODAY["fr"] in (await rep.get("/today", headers=accepting("de"))).text
    assert "<option selected>Français</option>" in (await rep.get("/account")).text
    await rep.submit("/account", "/account/profile", name="Robin", zone="UTC", language="The browser’s")
    assert TODAY["de"] in (await rep.get("/today", headers=accepting("de"))).text


async def test_the_language_that_somebody_chose_is_theirs_in_every_browser(site):
    user = await site.person(Role.REP)
    first = await site.logged_in(user)
    await first.submit("/account", "/account/profile", name="Robin", zone="UTC", language="Deutsch")
    second = await site.logged_in(user)
    assert TODAY["de"] in (await second.get("/today", headers=accepting("es"))).text
    assert "<option selected>Deutsch</option>" in (await second.get("/account")).text
    other = await site.logged_in(await site.person(Role.MANAGER, "manager@vendor.test"))
    assert TODAY["es"] in (await other.get("/today", headers=accepting("es"))).text
    await second.submit("/account", "/account/profile", name="Robin", zone="UTC", language="Klingon")
    assert TODAY["es"] in (await second.get("/today", headers=accepting("es"))).text

"""Pictures of the main pages, of made-up people: `python -m tests.web.pictures [FOLDER]` (docs/pictures).

The application runs behind its real server, on mail servers that answer as told; Chromium looks at it.
"""

import asyncio
import logging
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from unittest.mock import patch

import structlog
from playwright.async_api import Page, async_playwright

from cadence.core.oauth import GOOGLE, Client
from cadence.core.people import Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.core.sequence import From
from cadence.service import connecting, counting, crm_connecting, crm_visiting, doctor, publishing, users
from cadence.service.crm_connecting import Wanted
from cadence.service.outside import Outside
from cadence.service.signing_in import SigningIn
from cadence.store import crm_writes, examinations
from cadence.web.server import WebServer, listen, url_of
from tests.servers.crm_api import HOOK_SECRET, Firm, Person, id_of
from tests.servers.hubspot_api import HubSpotApi
from tests.service import doctor_cases
from tests.service.conftest import World, furnished, mailbox
from tests.service.fakes import reply
from tests.web.site import COOKIE, Site
from tests.web.test_in_chromium import CHROMIUM, FLAGS

ROOT = Path(__file__).parents[2]
WIDE, NARROW = (1200, 800), (390, 800)


@dataclass(frozen=True)
class Picture:
    """One picture. first: what is filled in or opened before it is taken."""

    name: str
    path: str
    size: tuple[int, int] = WIDE
    dark: bool = False
    first: Callable[[Page], Awaitable[None]] | None = None


async def connect(page: Page) -> None:
    """Say whose mailbox it is."""
    await page.fill("input[name=address]", "nora@vendor.test")
    await page.fill("input[name=name]", "Nora Winther")


async def sign_in(page: Page) -> None:
    """Go as far as to the provider's door."""
    await connect(page)
    await page.click("button[value=google]")
    await page.wait_for_selector("text=Go on to Google")


async def see_rules(page: Page) -> None:
    """What the rules come to with real deals."""
    await page.click("button[value=preview]")
    await page.wait_for_selector("text=What it comes to")


async def see_doctor(page: Page) -> None:
    """Scroll down to what the doctor said."""
    await page.evaluate("document.getElementById('examination').scrollIntoView()")


PICTURES = (
    Picture("today", "/today"),
    Picture("today-phone", "/today", NARROW, dark=True),
    Picture("prospects", "/prospects"),
    Picture("prospect", "/prospects/2"),
    Picture("reply", "/replies/1"),
    Picture("sequence", "/sequences/closed-lost"),
    Picture("learn", "/learn"),
    Picture("company", "/companies/1"),
    Picture("mailbox", "/mailboxes/1", dark=True),
    Picture("connect", "/mailboxes/connect?preset=google", first=connect),
    Picture("sign-in", "/mailboxes/connect?preset=google", NARROW, first=sign_in),
    Picture("doctor", "/mailboxes/1", first=see_doctor),
    Picture("crm", "/crm/1/setup", (1200, 2250), first=see_rules),
)

PEOPLE = (  # first name, last name, company, industry, reason, competitor, amount
    ("Maren", "Ellison", "Northwind Bakeries", "food", "price", "Rivalsoft", "48,000 EUR"),
    ("Tobias", "Falk", "Falk Logistics", "logistics", "missing_feature", "Osprey", "120,000 EUR"),
    ("Ines", "Duarte", "Duarte Foods", "food", "price", "Rivalsoft", "36,000 EUR"),
    ("Callum", "Reid", "Reid & Sons", "construction", "timing", "", "22,000 EUR"),
    ("Sanna", "Lehto", "Lehto Marine", "shipping", "incumbent", "Osprey", "310,000 EUR"),
    ("Pavel", "Novak", "Novak Depot", "logistics", "price", "Rivalsoft", "64,000 EUR"),
    ("Aisha", "Karim", "Karim Textiles", "textiles", "no_budget", "", "18,500 EUR"),
    ("Luc", "Bertin", "Bertin Imprimerie", "printing", "relationship", "Osprey", "75,000 EUR"),
    ("Greta", "Holm", "Holm Cold Chain", "logistics", "price", "Rivalsoft", "92,000 EUR"),
    ("Oren", "Baker", "Baker Dental", "health", "trust", "Quillworks", "27,000 EUR"),
)
WORDS = {
    "maren": "Thanks for the kind words. Honestly, your price was too high for us: Rivalsoft was a third "
    "cheaper, and that decided it.",
    "tobias": "Actually nothing is signed yet. We are still comparing, and the board decides next Thursday.",
    "ines": "Could you tell me whether you are certified to ISO 27001?",
    "callum": "We are on another project until autumn. Please ask me again in September.",
    "sanna": "Yes, let us talk. Can you call me on Tuesday at ten?\r\n\r\n"
    "-- \r\nSanna Lehto\r\nTel. +358 9 5550 1234",
    "pavel": "Hm. Well. You know how it is.",
    "luc": "Merci, c'est noté.",
}


async def furnish(world: World) -> None:
    """Lost deals of some weeks, and what people answered."""
    await connecting.add(world.app, mailbox("boss@vendor.test", From.EXECUTIVE))
    await publishing.publish(world.app, ROOT / "templates", "closed-lost")
    for number, (first, last, company, industry, reason, competitor, amount) in enumerate(PEOPLE):
        email = f"{first}@{company.split()[0]}.example".lower()
        deal = {"reason": reason, "competitor": competitor or None, "amount": amount}
        await world.enroll(
            email,
            sequence="closed-lost",
            first_name=first,
            last_name=last,
            company=company,
            industry=industry,
            size=20 * number + 15,
            deal_name="Route planning",
            deal={name: value for name, value in deal.items() if value},
            executive="boss@vendor.test",
        )
        await world.after(hours=22)
        await world.after(hours=26)
    for number, (name, words) in enumerate(WORDS.items(), 1):
        mail = next(one for one in reversed(world.sent) if one.recipient.startswith(f"{name}@"))
        raw = reply(
            words,
            to=mail.raw,
            sender=mail.recipient,
            at=world.now,
            number=number,
            subject="Re: Route planning",
        )
        await world.arrives(raw)
        await world.after(minutes=40)


async def examine(world: World) -> None:
    """The doctor looked at a mailbox whose mail goes astray: one elsewhere, the servers here say nothing."""
    with patch.object(doctor, "COPY_SECONDS", 0.5):
        found = await doctor_cases.findings_of(doctor_cases.into_junk, asyncio.Lock())
    plain = [asdict(replace(check, text=doctor_cases.steady(check.text))) for check in found]
    async with world.app.db.write() as tx:
        await examinations.begin(tx, 1, world.now)
        await examinations.keep(tx, 1, plain, world.now)


async def connect_crm(world: World, hubspot: HubSpotApi, alex: User) -> None:
    """A CRM is connected in which three deals were lost: one begins, one has nobody, one is argued about."""
    world.app.outside = Outside(private=True)
    who = Visitor(alex, RIGHTS[alex.role], "192.0.2.7")
    wanted = Wanted("hubspot", hubspot.secrets(), url=hubspot.url, hook=HOOK_SECRET)
    id_ = await crm_connecting.connect(world.app, who, wanted)
    rules = [
        {"sequence": "closed-lost", "start": "enroll", "pipeline": ["Sales"], "amount_to": 25_000},
        {"sequence": "closed-lost", "pipeline": ["Sales", "Renewals"], "amount_from": 25_000},
    ]
    read = {"reason": "closed_lost_reason", "competitor": "rival"}
    values = {
        "rule": rules,
        "read": read,
        "write": {"status": "win_back"},
        "reasons": {"Too expensive": "price"},
    }
    await crm_connecting.set_up(world.app, who, id_, values | {"sender": "rep@vendor.test"})
    hubspot.lose(id_of(1), "Too expensive")
    hubspot.lose(id_of(2), people=(), name="Label printers")
    people = (Person("kim@harbor.example", "Kim", "Osei"), Person("lena@harbor.example", "Lena"))
    firm = Firm("Harbor Freight", "harbor.example", "logistics", 85)
    hubspot.lose(id_of(3), "They know us", name="Dock planning", people=people, firm=firm)
    await crm_visiting.look_after(world.app)
    async with world.app.db.write() as tx:
        both = {"ours": "price", "theirs": "They know us"}
        await crm_writes.conflict(tx, id_, id_of(3), "reason", **both, now=world.now)


@asynccontextmanager
async def shown() -> AsyncIterator[tuple[str, Site, User]]:
    """The filled application: where it answers, and an administrator."""
    with tempfile.TemporaryDirectory() as folder, listen("127.0.0.1", 0) as listening:
        async with furnished(f"sqlite+aiosqlite:///{folder}/cadence.db", Path(folder) / "templates") as world:
            await furnish(world)
            await examine(world)
            site = Site(world)
            world.app.templates = ROOT / "templates"
            google = Client(GOOGLE, "a client of one's own")
            world.app.connections.grants.signing_in = SigningIn({GOOGLE.key: google})
            robin = await site.person(Role.REP, "robin@vendor.test", name="Robin Rep", team="North")
            await users.own_mailbox(world.app, site.console, "rep@vendor.test", robin.id)
            alex = await site.person(Role.ADMINISTRATOR, "alex@vendor.test", name="Alex Morgan")
            server = WebServer(site.web, listening)
            running = asyncio.create_task(server.run())
            try:
                async with HubSpotApi(now=world.now).listening() as hubspot:
                    await connect_crm(world, hubspot, alex)
                    yield url_of(listening), site, alex
            finally:
                server.stop()
                await running
                await asyncio.gather(*counting.at_work(), return_exceptions=True)
                await site.close()


async def take(folder: Path) -> None:
    """All pictures, into a folder."""
    async with shown() as (base, site, alex), async_playwright() as playwright:
        token = (await site.logged_in(alex)).cookies[COOKIE]
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for one in PICTURES:
            context = await browser.new_context(
                viewport={"width": one.size[0], "height": one.size[1]},
                color_scheme="dark" if one.dark else "light",
            )
            await context.add_cookies([{"name": COOKIE, "value": token, "url": base}])
            page = await context.new_page()
            await page.goto(base + one.path)
            if one.path == "/learn":  # counted beside the request at first
                await asyncio.gather(*counting.at_work())
                await page.reload()
            if one.first is not None:
                await one.first(page)
            await page.screenshot(path=folder / f"{one.name}.png")
            sys.stdout.write(f"{one.name}.png\n")
            await context.close()
        await browser.close()


if __name__ == "__main__":
    wanted = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    wanted.mkdir(parents=True, exist_ok=True)
    asyncio.run(take(wanted))

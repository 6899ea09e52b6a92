"""A deal that is closed as lost in a CRM, from there to won back, with everything at work."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from cadence.core.people import Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import answering, crm_connecting
from cadence.service.crm_connecting import Wanted
from cadence.service.outside import Outside
from cadence.store import tasks
from cadence.store.database import insert
from cadence.store.tables import deals, users
from tests.servers.crm_api import HOOK_SECRET, CrmApi, id_of
from tests.servers.crms import CRMS
from tests.worker.conftest import QUICK, Site, until

DEAL = id_of(41)
URL = "https://cadence.vendor.test/hooks/crm/1"
DEAL = id_of(41)
RULES = {"rule": [{"sequence": "lost", "amount_from": 1000}]}


async def connected(site: Site, crm: CrmApi) -> int:
    """An administrator connects a CRM; gives its id."""
    site.app.outside = Outside(private=True)
    email, role, now = "alex@vendor.test", Role.ADMINISTRATOR, site.app.clock()
    about: dict[str, Any] = {"email": email, "name": "Alex", "role": role, "team": "", "zone": "UTC"}
    async with site.app.db.write() as tx:
        user_id = await insert(tx, users, email_key=email, password="x", created_at=now, **about)
    visitor = Visitor(User(id=user_id, created_at=now, **about), RIGHTS[role], "192.0.2.7")
    wanted = Wanted(crm.kind.name, crm.secrets(), crm.url, HOOK_SECRET)
    id_ = await crm_connecting.connect(site.app, visitor, wanted)
    fields = {"read": {"reason": crm.reason}, "write": {"status": "win_back"}}
    await crm_connecting.set_up(site.app, visitor, id_, RULES | fields)
    return id_


async def passes(site: Site, crm: CrmApi, **time: float) -> None:
    site.shift += timedelta(**time)
    crm.now = site.app.clock()


@pytest.mark.parametrize("api", CRMS, ids=lambda api: api.kind.name)
async def test_a_closed_lost_deal_arrives_from_the_crm_and_ends_as_a_won_back_one(
    site: Site, api: type[CrmApi]
) -> None:
    async with api(now=site.app.clock()).listening() as crm:
        await site.add()
        id_ = await connected(site, crm)

        async def stands(said: str) -> None:
            """Wait until the CRM is told that; time passes faster meanwhile."""

            async def is_told() -> bool:
                await passes(site, crm, seconds=10)
                return crm.sales[DEAL].values.get("win_back") == said

            await until(is_told)

        async def has_left() -> bool:
            return bool(site.box.accepted)

        async with site.at_work(poll=0.3, rhythm=replace(QUICK, crms=0.05)):
            crm.lose(DEAL, "Too expensive")
            await crm_connecting.take_notice(site.app, id_, crm.notice([DEAL], URL))
            await stands("waits for somebody's yes")
            assert site.box.accepted == []

            async with site.app.db.read() as tx:
                [asked] = await tasks.opened(tx)
            await answering.answer(site.app, asked.id, "resume")
            await passes(site, crm, hours=3)
            await stands("being written to")
            await until(has_left)
            await site.answer("It was too expensive for us.")
            await stands("told us why")
            await passes(site, crm, days=30)
            crm.win(DEAL)
            await stands("won back")

    async with site.app.db.read() as tx:
        [deal] = await tx.execute(sa.select(deals))
    assert (deal.outcome, deal.outcome_amount, deal.reason) == ("won", "48,000 EUR", "Too expensive")
    [note] = crm.notes_of(DEAL)
    assert "too expensive for us" in note

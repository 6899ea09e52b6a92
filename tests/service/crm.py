"""An installation with a CRM that is connected to it, over real HTTP."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from cadence.core.people import Role, User
from cadence.core.rights import RIGHTS, Visitor
from cadence.service import crm_connecting, crm_visiting
from cadence.service.crm_connecting import Wanted
from cadence.service.outside import Outside
from cadence.store import crm as kept
from cadence.store import crm_writes, deals
from cadence.store.database import insert
from cadence.store.tables import crm_deals, enrollments, prospects, tasks, users
from tests.servers.crm_api import HOOK_SECRET, CrmApi
from tests.servers.hubspot_api import HubSpotApi
from tests.service.conftest import World


class Sold:
    """An installation, a CRM that is connected to it, and who connected it."""

    def __init__(self, world: World, crm: CrmApi, visitor: Visitor) -> None:
        self.world, self.crm, self.visitor = world, crm, visitor
        self.app, self.id = world.app, 0

    async def set_up(self, **values: Any) -> None:
        plain = {"read": {"reason": self.crm.reason}, "rule": [{"sequence": "lost"}]} | values
        await crm_connecting.set_up(self.app, self.visitor, self.id, plain)

    async def visit(self, **later: float) -> dict[str, int]:
        """Some time passes, and the CRM is visited."""
        self.world.now += timedelta(**(later or {"minutes": 2}))
        self.crm.now = self.world.now
        return dict(await crm_visiting.look_after(self.app))

    async def lose(self, deal_id: str = "41", **about: Any) -> dict[str, int]:
        self.crm.now = self.world.now
        self.crm.lose(deal_id, **about)
        return await self.visit()

    async def stand(self) -> dict[str, str]:
        """Who is enrolled: address → state."""
        async with self.app.db.read() as tx:
            rows = await tx.execute(
                sa.select(prospects.c.email, enrollments.c.state).join(
                    enrollments, enrollments.c.prospect_id == prospects.c.id
                )
            )
            return {row.email: row.state for row in rows}

    async def deal(self, deal_id: str = "41") -> Any:
        async with self.app.db.read() as tx:
            [found] = await deals.of_crm(tx, f"{self.crm.kind.name}-{self.id}:{deal_id}")
            return found

    async def row(self, deal_id: str = "41") -> Any:
        """What is kept of a deal of the CRM."""
        async with self.app.db.read() as tx:
            query = sa.select(crm_deals).where(crm_deals.c.remote_id == deal_id)
            return (await tx.execute(query)).one_or_none()

    async def connection(self) -> Any:
        async with self.app.db.read() as tx:
            [found] = await tx.execute(kept.connection_list(None).query)
            return found

    async def conflicts(self) -> dict[str, tuple[str, str]]:
        async with self.app.db.read() as tx:
            return {one.name: (one.ours, one.theirs) for one in await crm_writes.conflicts(tx, self.id)}

    async def tasks(self) -> list[str]:
        async with self.app.db.read() as tx:
            query = sa.select(tasks.c.kind).where(tasks.c.done_at.is_(None)).order_by(tasks.c.id)
            return list((await tx.execute(query)).scalars())

    def field(self, name: str, deal_id: str = "41") -> str:
        return self.crm.sales[deal_id].values.get(name, "")


@pytest.fixture
async def sold(world: World) -> AsyncIterator[Sold]:
    world.app.outside = Outside(private=True)
    async with HubSpotApi(now=world.now).listening() as crm:
        yield await connected(world, crm)


async def connected(world: World, crm: CrmApi, role: Role = Role.ADMINISTRATOR) -> Sold:
    about = {"email": "alex@vendor.test", "name": "Alex", "team": "", "zone": "UTC", "created_at": world.now}
    async with world.app.db.write() as tx:
        user_id = await insert(tx, users, email_key="alex@vendor.test", password="x", role=role, **about)
    user = User(id=user_id, role=role, **about)  # type: ignore[arg-type]
    sold = Sold(world, crm, Visitor(user, RIGHTS[role], "192.0.2.7"))
    wanted = Wanted(crm.kind.name, crm.secrets(), url=crm.url, hook=HOOK_SECRET)
    sold.id = await crm_connecting.connect(world.app, sold.visitor, wanted)
    await sold.set_up(write={"status": "win_back"})
    return sold

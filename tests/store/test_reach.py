"""What a query finds within a user's reach is what the rule says, for every role and owner."""

import pytest
import sqlalchemy as sa

from cadence.core.errors import Forbidden
from cadence.core.people import CONSOLE, Role, User
from cadence.core.rights import RIGHTS, Visitor, reaches
from cadence.service import connecting
from cadence.service import users as service
from cadence.store import users
from cadence.store.database import insert
from cadence.store.tables import enrollments
from cadence.store.tables import users as table
from tests.service.conftest import mailbox


async def test_queries_and_the_rule_agree(world):
    people: list[User] = []
    async with world.app.db.write() as tx:
        for number, (role, team) in enumerate(
            (role, team) for role in Role for team in ("North", "South", "")
        ):
            values = {
                "email": f"u{number}@vendor.test",
                "name": "U",
                "role": role,
                "team": team,
                "zone": "UTC",
            }
            user_id = await insert(
                tx, table, **values, email_key=values["email"], created_at=world.now, password="hash"
            )
            found = await users.get(tx, user_id)
            assert found
            people.append(found)
    for owner in (*people, None):
        address = f"box{owner.id if owner else 0}@vendor.test"
        box = await connecting.add(world.app, mailbox(address))
        async with world.app.db.write() as tx:
            await users.own(tx, box.id, owner.id if owner else None)
        await world.enroll(f"p{box.id}@lost.example", company=f"Company {box.id}", mailbox=address)
    async with world.app.db.read() as tx:
        boxes = (await tx.execute(sa.select(enrollments.c.mailbox_id))).scalars().all()
        owners = {box: await users.owner_of(tx, box) for box in boxes}
        for person in people:
            condition = users.in_reach(enrollments.c.mailbox_id, person)
            found = await tx.execute(sa.select(enrollments.c.mailbox_id).where(condition))
            assert set(found.scalars()) == {box for box in boxes if reaches(person, owners[box])}, person


async def test_a_use_case_refuses_what_is_out_of_reach(world):
    (box,) = [one.mailbox for one in await connecting.overview(world.app)]
    async with world.app.db.write() as tx:
        values = {"email": "u@vendor.test", "name": "U", "role": Role.REP, "team": "", "zone": "UTC"}
        user_id = await insert(tx, table, **values, email_key="u@vendor.test", created_at=world.now)
        user = await users.get(tx, user_id)
    assert user
    visitor = Visitor(user, RIGHTS[Role.REP], "192.0.2.7")
    with pytest.raises(Forbidden):
        await service.may_reach(world.app, visitor, box.id)
    await service.own_mailbox(world.app, CONSOLE, box.address, user_id)
    await service.may_reach(world.app, visitor, box.id)
    await service.own_mailbox(world.app, CONSOLE, box.address, None)
    with pytest.raises(Forbidden):
        await service.may_reach(world.app, visitor, box.id)

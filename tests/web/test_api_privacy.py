"""An administrator's software hands out what is kept about a person, and erases them; nobody else's does."""

import io
import json
import zipfile

from cadence.core.people import Role
from cadence.core.rights import RIGHTS, SCOPES
from tests.web.site import Site

DANA = "dana@lost.example"


async def test_an_administrator_exports_and_erases_a_person(site: Site) -> None:
    await site.world.enroll(DANA, first_name="Dana")
    admin = await site.software(await site.person(Role.ADMINISTRATOR), *SCOPES)
    answer = await admin.get("/api/v1/prospects/1/export")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert json.loads(archive.read("person.json"))["email"] == DANA
    erased = await admin.post("/api/v1/prospects/forget", json={"email": DANA})
    assert erased.json()["rows"]["prospects"] == 1
    assert (await admin.get("/api/v1/prospects/1")).json()["email"] == "erased-1@erased.invalid"
    again = await admin.post("/api/v1/enrollments", json={"email": DANA, "sequence": "lost"})
    assert again.status_code == 409
    assert "asked to be forgotten" in again.json()["detail"]


async def test_nobody_else_does(site: Site) -> None:
    await site.world.enroll(DANA)
    for role in set(Role) - {Role.ADMINISTRATOR}:
        client = await site.software(await site.person(role), *(SCOPES & RIGHTS[role]))
        assert (await client.get("/api/v1/prospects/1/export")).status_code == 403
        assert (await client.post("/api/v1/prospects/forget", json={"email": DANA})).status_code == 403

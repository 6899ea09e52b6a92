"""The audit trail: it only grows, and it is read in parts."""

import pytest
import sqlalchemy as sa

from cadence.core.people import Role
from cadence.core.rights import Right
from cadence.service import auditing


@pytest.fixture
async def filled(site):
    for number in range(120):
        await auditing.note(site.app, site.console, "test.happened", f"thing {number}")
    return site


@pytest.mark.parametrize(
    "change", ["UPDATE audit SET actor = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"]
)
async def test_the_database_refuses_to_change_it(filled, change):
    if "TRUNCATE" in change and "sqlite" in str(filled.app.db._engine.url):
        pytest.skip("SQLite knows no TRUNCATE")
    with pytest.raises(Exception, match="the audit trail is never changed"):
        async with filled.app.db.write() as tx:
            await tx.execute(sa.text(change))
    assert len(await filled.rows("audit")) == 120


async def test_software_reads_it_in_parts_and_misses_nothing(filled):
    software = await filled.software(await filled.person(Role.ADMINISTRATOR), Right.AUDIT)
    seen, after = [], ""
    while True:
        part = (
            await software.get(
                "/api/v1/audit", params={"limit": 50, "after": after} if after else {"limit": 50}
            )
        ).json()
        seen += [one["subject"] for one in part["items"]]
        await auditing.note(filled.app, filled.console, "test.happened", "later")  # moves nothing
        if not part["next"]:
            break
        after = part["next"]
    assert seen[1:] == [f"thing {number}" for number in reversed(range(120))]  # the token was first


@pytest.mark.parametrize(
    "after", ["x", "bnVsbA", "WzFd" * 200, "WyJ4Il0", "W3RydWVd", "WzEsMl0", "WzFlOTk5XQ", "é"]
)
async def test_a_cursor_of_somebody_elses_making_is_refused(filled, after):
    software = await filled.software(await filled.person(Role.ADMINISTRATOR), Right.AUDIT)
    assert (await software.get("/api/v1/audit", params={"after": after})).status_code == 422


async def test_the_page_shows_older_ones_with_and_without_scripts(filled):
    admin = await filled.logged_in(await filled.person(Role.ADMINISTRATOR))
    first = (await admin.get("/audit")).text
    assert first.count("<tr><td") == 50
    link = first.split('hx-get="')[1].split('"')[0]
    rows = (await admin.get(link, headers={"HX-Request": "true"})).text
    assert rows.lstrip().startswith("<tr>")
    page = (await admin.get(link)).text
    assert page.startswith("<!doctype html>")
    for whole in ("HX-Boosted", "HX-History-Restore-Request"):
        back = await admin.get(link, headers={"HX-Request": "true", whole: "true"})
        assert back.text.startswith("<!doctype html>")
    assert rows.count("<tr><td") == page.count("<tr><td") == 50

"""Every mail is tried on everybody who is enrolled, in portions that can be followed and ended."""

from collections.abc import AsyncIterator

import pytest

from cadence.content.files import read_snapshot
from cadence.content.samples import Sample
from cadence.core.errors import Conflict
from cadence.service import publishing, rehearsing
from cadence.service.rehearsing import Progress
from tests.service.conftest import World


@pytest.fixture
async def enrolled(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Three people, each a portion."""
    monkeypatch.setattr(publishing, "PORTION", 1)
    for name in ("ann", "bob", "cleo"):
        await world.enroll(f"{name}@{name}.example")
    return world


async def people(
    world: World, seen: list[Progress], end_after: int = 9
) -> AsyncIterator[tuple[list[Sample], int]]:
    """Those who are enrolled, and how far it was before each portion."""
    async for portion, total in publishing.enrolled_people(world.app, "lost"):
        seen.append(await rehearsing.progress(world.app, "how far"))
        if len(seen) == end_after:
            await rehearsing.end(world.app, "how far")
        yield portion, total


async def test_it_is_told_how_far_it_is(enrolled: World) -> None:
    seen: list[Progress] = []
    files = read_snapshot(enrolled.templates, "lost")
    await rehearsing.rehearse(enrolled.app, "how far", files, "lost", people(enrolled, seen))
    assert seen == [Progress(0, 0), Progress(1, 3), Progress(2, 3)]
    assert await rehearsing.progress(enrolled.app, "how far") == Progress(3, 3)


async def test_somebody_ends_it_before_the_next_portion(enrolled: World) -> None:
    seen: list[Progress] = []
    files = read_snapshot(enrolled.templates, "lost")
    with pytest.raises(Conflict, match="ended before"):
        await rehearsing.rehearse(enrolled.app, "how far", files, "lost", people(enrolled, seen, end_after=2))
    assert seen == [Progress(0, 0), Progress(1, 3)]


async def test_a_mail_that_would_be_wrong_for_somebody_is_found(enrolled: World) -> None:
    words = enrolled.templates / "lost/feedback.md.j2"
    words.write_text("{{ prospect.last_name }}\n")
    files = read_snapshot(enrolled.templates, "lost")
    found = await rehearsing.rehearse(enrolled.app, "how far", files, "lost", people(enrolled, []))
    assert [one.path for one in found if one.severity == "error"] == ["lost/feedback.md.j2"]

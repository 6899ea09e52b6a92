"""What an installation lacks is said before it begins."""

from cadence.service import publishing, readiness
from tests.service.conftest import STORY


async def lacking(world):
    ready = await readiness.look(world.app)
    return [check.text for check in readiness.lacks(world.app, ready, (), None)]


async def test_example_stories_are_named_in_one_line(world):
    assert not any("example" in text for text in await lacking(world))
    for number, name in enumerate(("bakery", "depot"), 1):
        made_up = STORY.format(title=name).replace('"\n+++', '"\nexample = true\n+++', 1)
        (world.templates / "stories" / f"{name}.md.j2").write_text(made_up, encoding="utf-8")
        await publishing.publish(world.app, world.templates, "lost")
        said = [text for text in await lacking(world) if "example" in text]
        what = "1 example story: replace it" if number == 1 else "2 example stories: replace them"
        assert said == [f"{what} by your own before you write to real people"]

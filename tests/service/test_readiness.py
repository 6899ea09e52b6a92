"""What an installation lacks is said before it begins."""

from dataclasses import replace

from cadence.service import publishing, readiness
from cadence.service.app import Company
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


async def test_a_missing_company_is_told_once_and_is_no_fault_of_the_templates(world):
    await world.enroll()
    layout = world.templates / "_shared" / "layout.txt.j2"
    layout.write_text(layout.read_text() + "{{ company.name }}", encoding="utf-8")
    app = replace(world.app, policy=replace(world.app.policy, company=Company()))
    published = await publishing.publish(app, world.templates, "lost")
    assert published.number == 2
    checks = readiness.lacks(app, await readiness.look(app), (published,), None)
    assert [check.text for check in checks if check.is_fault] == [
        f"CADENCE_COMPANY_{name} is not set, and the footer needs it: mails are held"
        for name in ("NAME", "POSTAL_ADDRESS")
    ]

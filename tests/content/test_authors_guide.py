"""The guide for authors tells of everything there is, and what it shows works."""

import json
import re
from pathlib import Path

import pytest

from cadence.content.filters import FILTERS
from cadence.content.keys import ANCHORS, DAYS, SEQUENCE, STEP, TABLES
from cadence.content.lint import lint
from cadence.content.occasions import KEYS as EVENT_KEYS
from cadence.content.samples import FROM_OTHERS
from cadence.content.schema import sequence_schema
from cadence.content.stories import KEYS
from cadence.content.variables import GROUPS, LANGUAGE, LAYOUT
from cadence.core.replies import Category, LossReason
from cadence.core.sequence import Unit

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "authors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```\w+\n(.*?)```", GUIDE, re.DOTALL)


def _section(title: str) -> str:
    return re.split(r"\n#{2,3} ", GUIDE.partition(f"# {title}\n")[2])[0]


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("The sequence", SEQUENCE),
        ("`[window]`: when mails may leave", TABLES["window"]),
        ("`[spacing]`: how close mails may come", TABLES["spacing"]),
        ("`[replies]`: where a reply names no date", TABLES["replies"]),
        ("`[[step]]`: one mail", STEP),
    ],
)
def test_every_key_is_told_in_its_section(title, keys):
    section = _section(title)
    told = set(re.findall(r"^\| `\[{0,2}(\w+)\]{0,2}` \|", section, re.MULTILINE))
    assert told == {key.name for key in keys}


def test_every_choice_is_told():
    for key in (*SEQUENCE, *STEP, *(key for keys in TABLES.values() for key in keys)):
        for choice in key.choices:
            assert f'"{choice}"' in GUIDE, choice
    for word in (*Category, *LossReason):
        assert f"`{word}`" in GUIDE, word
    for word in (*ANCHORS, DAYS[0], DAYS[-1]):
        assert word in GUIDE
    for unit in Unit:
        assert unit.removesuffix("s") in GUIDE, unit


def test_every_variable_is_told_and_no_other():
    told = set(
        re.findall(
            r"`([a-z_.]+)`", "\n".join(re.findall(r"^\| (.*?) \|", _section("Variables"), re.MULTILINE))
        )
    )
    assert told == {f"{g}.{v.name}" for g, variables in GROUPS.items() for v in variables} | {
        LANGUAGE,
        *LAYOUT,
    }


def test_what_is_always_known_is_told():
    for line in _section("Variables").splitlines():
        for group, name in re.findall(
            r"`(\w+)\.(\w+)`", line.split("|")[1] if line.startswith("| `") else ""
        ):
            always = next(v.always for v in GROUPS[group] if v.name == name)
            assert line.endswith("| always |") == always, line


def test_every_filter_is_told_and_no_other():
    rows = re.findall(r"^\| (`.*?`) \| ", _section("Filters"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(FILTERS)


def test_every_key_of_a_story_and_group_of_a_sample_is_told():
    assert set(re.findall(r"^\| `(\w+)` \|", _section("Stories"), re.MULTILINE)) == set(KEYS)
    for group in GROUPS:
        assert f"`{group}`" in _section("Samples"), group
    assert "without `sender`, `story` and `event`" in _section("Samples")
    assert FROM_OTHERS == ("sender", "story", "event")


def test_every_key_of_an_event_is_told():
    rows = re.findall(r"^\| (`.*?`) \| ", _section("Events"), re.MULTILINE)
    assert set(re.findall(r"`(\w+)`", " ".join(rows))) == set(EVENT_KEYS)


def test_the_sequence_it_shows_works(bench):
    files = {}
    for block in BLOCKS:
        if found := re.search(r"#\}? ?((?:welcome-back|stories)/\S+)", block):
            files[found[1]] = block
    assert len(files) == 4
    shared = {path: text for path, text in bench.snapshot().items() if path.startswith("_shared/")}
    findings = lint({**shared, **{path: text.encode() for path, text in files.items()}}, "welcome-back")
    assert [str(f) for f in findings] == []


def test_the_published_schema_is_that_of_the_reader():
    published = (DOCS / "sequence.schema.json").read_text(encoding="utf-8")
    assert json.loads(published) == sequence_schema(), "write it anew: see cadence/content/schema.py"


def test_its_links_lead_somewhere():
    titles = {
        re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
        for title in re.findall(r"^#+ (.*)$", GUIDE, re.MULTILINE)
    }
    for target in re.findall(r"\]\(#([^)]+)\)", GUIDE):
        assert target in titles, target

"""What `cadence new` begins with is right from the start, and teaches."""

import pytest

from cadence.content.catalogue import load, read_snapshot
from cadence.content.lint import lint
from cadence.content.skeleton import sequence_files, story_files
from cadence.core.errors import InvalidInput
from tests.content.test_shipped import TEMPLATES


def snapshot(*files: dict[str, str]) -> dict[str, bytes]:
    shared = {
        path: content
        for path, content in read_snapshot(TEMPLATES, "referral").items()
        if path.startswith("_shared/")
    }
    return shared | {path: text.encode() for each in files for path, text in each.items()}


def test_a_new_sequence_has_no_fault():
    assert lint(snapshot(sequence_files("spring-visit")), "spring-visit") == ()


def test_a_new_sequence_keeps_the_rules_that_it_teaches():
    content = load(snapshot(sequence_files("spring-visit")), "spring-visit")
    for step in content.sequence.steps:
        for sample in content.samples:
            words = content.render(step.name, sample.context).text.partition("\n-- ")[0]
            assert len(words.split()) < 120
            assert words.count("?") <= 1
    assert {bool(sample.context["prospect"].get("first_name")) for sample in content.samples} == {True, False}


def test_a_new_story_is_told_once_a_step_has_the_pool():
    files = sequence_files("spring-visit")
    board = files["spring-visit/sequence.toml"]
    pool = [line.removeprefix("# ") for line in board.splitlines() if line.startswith(("# [[", "# ", "#"))]
    told = "\n".join(line for line in pool if line.startswith("[[step]]") or " = " in line)
    files["spring-visit/sequence.toml"] = f"{board}\n{told}\n"
    found = lint(snapshot(files, story_files("a-bakery")), "spring-visit")
    assert [finding.message for finding in found] == [
        "all its 1 stories are examples (a-bakery): write your own"
    ]


def test_editors_are_told_of_the_schema_only_where_it_lies():
    with_schema = sequence_files("spring-visit", schema=True)["spring-visit/sequence.toml"]
    assert with_schema.startswith("#:schema ../sequence.schema.json\n")
    assert "#:schema" not in sequence_files("spring-visit")["spring-visit/sequence.toml"]


@pytest.mark.parametrize("name", ["", "Spring", "spring visit", "../x", "stories", "_shared", "a--b"])
def test_a_name_that_no_folder_can_have_is_refused(name: str):
    with pytest.raises(InvalidInput):
        sequence_files(name)

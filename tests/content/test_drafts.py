"""Files that are edited from afar: only known ones, as a whole, and never over what somebody else wrote."""

from pathlib import Path

import pytest

from cadence.content import drafts
from cadence.content.files import digest, read_snapshot
from cadence.core.errors import Conflict, InvalidInput, NotFound

WORDS = "demo/hello.md.j2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    for path, text in {
        "demo/sequence.toml": 'name = "Demo"\n',
        WORDS: "Hello,\n",
        "demo/hello/offer.txt": "attached",
        "other/sequence.toml": 'name = "Other"\n',
        "stories/bakery.md.j2": "A bakery\n",
        "_shared/layout.txt.j2": "{{ body }}\n",
    }.items():
        (made / path).parent.mkdir(parents=True, exist_ok=True)
        (made / path).write_text(text, encoding="utf-8")
    (tmp_path / "secret.md.j2").write_text("not yours", encoding="utf-8")
    return made


def test_a_sequence_is_made_up_of_its_own_files_and_the_shared_ones(folder):
    assert drafts.editable(folder, "demo") == [
        "demo/sequence.toml",
        WORDS,
        "_shared/layout.txt.j2",
        "stories/bakery.md.j2",
    ]


def test_a_save_replaces_the_file_and_gives_its_new_version(folder):
    before = drafts.read(folder, WORDS)
    after = drafts.save(folder, WORDS, "Good day,\r\n\r\nAda", before.version)
    assert (folder / WORDS).read_text() == "Good day,\n\nAda\n"
    assert drafts.read(folder, WORDS) == after
    assert [path.name for path in (folder / "demo").glob(".*")] == [drafts.MARK]


def test_a_file_that_changed_meanwhile_is_left_alone(folder):
    before = drafts.read(folder, WORDS)
    (folder / WORDS).write_text("theirs\n")
    with pytest.raises(Conflict):
        drafts.save(folder, WORDS, "mine", before.version)
    assert (folder / WORDS).read_text() == "theirs\n"
    assert not drafts.held_back(folder)


def test_a_new_file_is_made_only_where_there_is_none(folder):
    drafts.save(folder, "demo/news.de.md.j2", "Neues", "")
    assert (folder / "demo/news.de.md.j2").read_text() == "Neues\n"
    with pytest.raises(Conflict):
        drafts.save(folder, WORDS, "over it", "")
    with pytest.raises(Conflict):
        drafts.save(folder, "demo/gone.md.j2", "words", "0" * 64)


@pytest.mark.parametrize(
    "path",
    [
        "../secret.md.j2",
        "demo/../../secret.md.j2",
        "demo/../other/sequence.toml",
        "/etc/passwd",
        "demo//hello.md.j2",
        "demo/hello.md.j2\n",
        "demo/hello.py",
        "demo/.hidden.md.j2",
        "demo/hello/offer.txt",
        "stories/sequence.toml",
        "_shared/sample.toml",
        "sequence.toml",
        "demo\\hello.md.j2",
        "demo/hello.md.j2\0",
        "",
    ],
)
def test_no_path_leads_out_and_only_known_kinds_of_files_are_written(folder, path):
    before = digest(read_snapshot(folder, "demo"))
    for attempt in (lambda: drafts.save(folder, path, "words", ""), lambda: drafts.read(folder, path)):
        with pytest.raises(InvalidInput):
            attempt()
    assert digest(read_snapshot(folder, "demo")) == before


@pytest.mark.parametrize("link", ["a file", "a folder"])
def test_a_link_is_not_followed(folder, link):
    outside = folder.parent
    if link == "a file":
        (folder / "demo/linked.md.j2").symlink_to(outside / "secret.md.j2")
        path = "demo/linked.md.j2"
    else:
        (folder / "linked").symlink_to(outside)
        path = "linked/secret.md.j2"
    with pytest.raises(InvalidInput):
        drafts.read(folder, path)
    with pytest.raises(InvalidInput):
        drafts.save(folder, path, "mine", "")
    assert (outside / "secret.md.j2").read_text() == "not yours"


def test_a_folder_that_is_missing_is_not_made(folder):
    with pytest.raises(NotFound):
        drafts.save(folder, "nowhere/sequence.toml", "name", "")
    assert not (folder / "nowhere").exists()


@pytest.mark.parametrize("text", ["a" * (drafts.LARGEST_TEXT + 1), "a\0b", "a\x1bb", "\udc80"])
def test_what_no_mail_can_have_is_not_saved(folder, text):
    with pytest.raises(InvalidInput):
        drafts.save(folder, WORDS, text, drafts.read(folder, WORDS).version)
    assert (folder / WORDS).read_text() == "Hello,\n"


def test_the_line_ends_and_the_mode_of_a_file_stay(folder):
    (folder / WORDS).write_bytes(b"Hello,\r\nyou\r\n")
    (folder / WORDS).chmod(0o664)
    seen = drafts.read(folder, WORDS)
    assert seen.text == "Hello,\nyou\n"
    drafts.save(folder, WORDS, "Hello,\nall\n", seen.version)
    assert (folder / WORDS).read_bytes() == b"Hello,\r\nall\r\n"
    assert (folder / WORDS).stat().st_mode & 0o777 == 0o664


def test_what_was_saved_waits_until_it_is_published(folder):
    drafts.save(folder, WORDS, "new", drafts.read(folder, WORDS).version)
    assert drafts.held_back(folder) == {"demo"}
    drafts.published(folder, "demo", digest(read_snapshot(folder, "demo")))
    assert drafts.held_back(folder) == frozenset()


def test_what_was_saved_after_it_was_published_goes_on_waiting(folder):
    before = digest(read_snapshot(folder, "demo"))
    drafts.save(folder, WORDS, "new", drafts.read(folder, WORDS).version)
    drafts.published(folder, "demo", before)
    assert drafts.held_back(folder) == {"demo"}


def test_a_shared_file_holds_back_every_sequence(folder):
    drafts.save(folder, "stories/depot.md.j2", "A depot", "")
    assert drafts.held_back(folder) == {"demo", "other"}

"""Snapshots: what is read from disk, and when two of them are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.content.files import LARGEST_FILE, digest, read_snapshot, sequence_names, template_file
from cadence.content.run import Mode
from cadence.core.errors import InvalidInput, NotFound

SNAPSHOTS = st.dictionaries(st.text("ab/", max_size=3), st.binary(max_size=3), max_size=3)


@pytest.fixture
def folder(tmp_path, bench):
    for path, content in bench.snapshot().items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def test_sequences_are_folders_with_a_sequence_file(folder):
    (folder / "stories").mkdir()
    (folder / "other").mkdir()
    (folder / "other" / "sequence.toml").touch()
    assert sequence_names(folder) == ("demo", "other")
    assert sequence_names(folder / "nowhere") == ()


def test_a_snapshot_is_what_the_sequence_needs(folder, bench):
    (folder / "other").mkdir()
    (folder / "other" / "sequence.toml").touch()
    assert read_snapshot(folder, "demo") == bench.snapshot()


@pytest.mark.parametrize("name", [".hidden", "hello.md.j2~", "#hello.md.j2#", ".hello.md.j2.swp"])
def test_what_editors_leave_behind_is_not_read(name, folder, bench):
    (folder / "demo" / name).touch()
    assert read_snapshot(folder, "demo") == bench.snapshot()


def test_links_are_not_followed(folder, bench, tmp_path_factory):
    secret = tmp_path_factory.mktemp("elsewhere")
    (secret / "secret").touch()
    (folder / "demo" / "plan").symlink_to(secret)
    (folder / "demo" / "plan.md.j2").symlink_to(secret / "secret")
    assert read_snapshot(folder, "demo") == bench.snapshot()


@pytest.mark.parametrize("name", ["dmeo", "..", "../demo", "", "_shared"])
def test_a_sequence_that_does_not_exist_is_not_found(name, folder):
    with pytest.raises(NotFound):
        read_snapshot(folder, name)


def test_the_nearest_sequence_is_suggested(folder):
    with pytest.raises(NotFound, match='did you mean "demo"'):
        read_snapshot(folder, "dmeo")


def test_a_file_too_large_to_mail_is_refused(folder):
    with (folder / "demo" / "big.pdf").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(InvalidInput, match="larger than 10 MB"):
        read_snapshot(folder, "demo")


@given(SNAPSHOTS, SNAPSHOTS)
def test_only_equal_snapshots_have_the_same_digest(one, other):
    assert (digest(one) == digest(other)) == (one == other)
    assert digest(one) == digest(dict(reversed(one.items())))


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("demo/thank-you.md.j2", ("thank-you", None, Mode.MARKDOWN)),
        ("demo/thank-you.de.txt.j2", ("thank-you", "de", Mode.TEXT)),
        ("demo/thank-you.pt-BR.html.j2", ("thank-you", "pt-BR", Mode.HTML)),
        ("demo/Thank-You.md.j2", None),
        ("demo/thank-you.md", None),
        ("demo/thank-you.german.md.j2", None),
    ],
)
def test_the_name_of_a_template_tells_what_it_is_for(path, found):
    file = template_file(path)
    assert (file and (file.name, file.language, file.mode)) == found

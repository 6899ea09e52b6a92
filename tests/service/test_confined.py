"""What somebody else wrote runs in a process of its own, and is ended where it takes too long or too much."""

import os
from pathlib import Path

import pytest

from cadence.content.files import read_snapshot
from cadence.content.lint import lint
from cadence.content.toml import read
from cadence.core.errors import ContentError, InvalidInput, NotFound
from cadence.service.confined import TOO_LARGE, TOO_LONG, confined
from cadence.service.previewing import placed


async def test_a_job_runs_in_another_process_that_serves_the_next_one_too():
    first, second = await confined(os.getpid), await confined(os.getpid)
    assert os.getpid() not in {first, second}


async def test_a_job_that_never_ends_is_ended():
    with pytest.raises(InvalidInput, match=TOO_LONG[:20]):
        await confined(eval, "sum(1 for _ in iter(int, 1))", seconds=0.2)
    assert await confined(len, "abc") == 3


async def test_a_job_that_sleeps_is_ended_as_well(monkeypatch):
    monkeypatch.setattr("cadence.service.confined.PATIENCE", 0.3)
    with pytest.raises(InvalidInput):
        await confined(eval, "__import__('threading').Event().wait()", seconds=0.1)


async def test_a_job_that_grows_is_ended():
    with pytest.raises(InvalidInput, match=TOO_LARGE[:20]):
        await confined(eval, "len('a' * 10**10)")
    assert await confined(len, "abc") == 3


async def test_our_errors_come_back_as_they_are():
    with pytest.raises(ContentError) as content:
        await confined(read, "a = ", "demo/sequence.toml")
    assert (content.value.path, content.value.line) == ("demo/sequence.toml", 1)
    with pytest.raises(NotFound):
        await confined(read_snapshot, Path("/nowhere"), "demo")


async def test_another_fault_is_a_fault_of_ours():
    with pytest.raises(RuntimeError, match="AttributeError"):
        await confined(placed, None, None)


async def test_it_has_no_secret_and_no_file_to_write_to(tmp_path, monkeypatch):
    monkeypatch.setenv("CADENCE_SECRET_KEY", "secret")
    assert "CADENCE_SECRET_KEY" not in await confined(eval, "dict(__import__('os').environ)")
    with pytest.raises(RuntimeError, match="OSError"):
        await confined(Path.write_text, tmp_path / "file", "words")


async def test_a_template_that_would_fill_the_memory_is_ended():
    files = {
        "demo/sequence.toml": b'name = "D"\naudience = "lost"\nends = "1 year"\n'
        b'[[step]]\nname = "hello"\nafter = "1 day"\nsubject = "Hi"\n',
        "demo/hello.md.j2": b"{{ 'a' * 10**10 }}",
    }
    assert any("hello.md.j2:1" in str(finding) for finding in await confined(lint, files, "demo"))

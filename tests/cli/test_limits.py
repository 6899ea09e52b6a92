"""How many files a process may open."""

import resource

from cadence.cli import limits


def test_as_many_files_are_allowed_as_the_system_grants() -> None:
    before, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(before, 256), most))
    try:
        limits.lift()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (most, most)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (before, most))

"""The site of the documentation: every page is found in it, and it asks no other server for anything."""

from typing import Any

import yaml

from tests.delivery.conftest import ROOT

SITE = yaml.safe_load((ROOT / "mkdocs.yml").read_text())


def pages(entries: list[Any]) -> list[str]:
    """The files that a navigation leads to."""
    found = []
    for entry in entries:
        found += [entry] if isinstance(entry, str) else pages(next(iter(entry.values())))
    return found


def test_every_page_stands_in_the_navigation_once() -> None:
    written = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert sorted(pages(SITE["nav"])) == sorted(written)


def test_a_reader_of_the_site_is_shown_to_nobody_else() -> None:
    assert SITE["theme"]["font"] is False
    assert SITE["plugins"] == ["search"]
    assert not SITE.keys() & {"extra_javascript", "extra_css", "repo_url", "extra"}
    assert SITE["strict"]

"""The page of all routes says what the application does."""

from pathlib import Path

import cadence
from tests.web.routes import table


def test_the_page_of_all_routes_is_that_of_the_application():
    page = Path(cadence.__file__).parent.parent / "docs" / "routes.md"
    assert page.read_text(encoding="utf-8") == table(), "python -m tests.web.routes > docs/routes.md"

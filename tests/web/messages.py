"""`python -m tests.web.messages`: gathers the words of the pages into the catalogs, and compiles these.

What is to be translated: `_("…")` and `ngettext("…", "…", n)` in the templates, `message("…")` in Python, and
the tables of names that the templates say.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, extract, mofile, pofile

from cadence.web import navigation, standings, words
from cadence.web.languages import DOMAIN, LANGUAGES, LOCALE

WEB = LOCALE.parent
METHODS = [("html/**.j2", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "ngettext": (1, 2), "message": None}
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
BEGUN = datetime(2026, 1, 1, tzinfo=UTC)
HEADER = "# The words of the pages. `make messages` gathers them; what is said here is a translation.\n#"

LEFT_OUT = tuple(
    f'"{name}'.encode()
    for name in ("POT-C", "PO-Rev", "Generated-By", "Project-Id", "Report-Msgid", "Last-Tr", "Language-Team")
)
"""Lines of a catalog's head that say when, by which program and by nobody in particular."""


def gathered() -> Catalog:
    """Every message that there is, with the files that use it."""
    found = Catalog(domain=DOMAIN, header_comment=HEADER)
    for file, _, text, _, _ in extract.extract_from_dir(
        WEB, METHODS, {"html/**.j2": {"newstyle_gettext": "true"}}, KEYWORDS
    ):
        found.add(text, locations=[(file, None)])  # without lines: they change with every edit
    for name, table in tables():
        for text in table:
            found.add(text, locations=[(name, None)])
    return found


def tables() -> Iterator[tuple[str, list[str]]]:
    """The names that pages say as they stand in tables."""
    yield "navigation.py", [entry.title for entry in navigation.ENTRIES]
    yield "words.py", [title for title, _ in (*words.TASKS.values(), *words.CATEGORIES.values())]
    yield "words.py", list(words.ANSWERS.values())
    yield "standings.py", [title for title, _ in standings.JOBS.values()]


def path_of(language: str, kind: str = "po") -> Path:
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.{kind}"


def read(language: str) -> Catalog:
    """The catalog as it is kept; empty where there is none yet."""
    path = path_of(language)
    with path.open("rb") if path.exists() else BytesIO() as file:
        return pofile.read_po(file, locale=language, domain=DOMAIN)


def updated(language: str) -> Catalog:
    """The catalog with what is new, and without what nobody says any more."""
    catalog = read(language)
    catalog.update(gathered(), no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    catalog.header_comment, catalog.fuzzy = HEADER, False
    return catalog


def as_text(catalog: Catalog) -> bytes:
    """How a catalog is kept: in the order of the words, without dates, so that only what changed differs."""
    file = BytesIO()
    pofile.write_po(file, catalog, width=110, sort_output=True, include_lineno=False)
    return b"".join(line for line in file.getvalue().splitlines(True) if not line.startswith(LEFT_OUT))


def compiled(catalog: Catalog) -> bytes:
    """What gettext reads."""
    file = BytesIO()
    catalog.creation_date = catalog.revision_date = BEGUN  # else no two would be the same
    mofile.write_mo(file, catalog)
    return file.getvalue()


def main() -> None:
    for language in TRANSLATED:
        path_of(language).parent.mkdir(parents=True, exist_ok=True)
        path_of(language).write_bytes(as_text(updated(language)))
        path_of(language, "mo").write_bytes(compiled(read(language)))


if __name__ == "__main__":
    main()

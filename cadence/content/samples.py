"""Reads sample.toml, the made-up people for whom previews and lint render every mail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cadence.content.findings import Report, did_you_mean
from cadence.content.toml import Document, read
from cadence.content.variables import GROUPS, Context, names, plain
from cadence.core.errors import ContentError, InvalidInput

FROM_OTHERS = ("sender", "story", "event")
"""Groups that follow from the step, so a sample does not give them."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One person to render mails for: made up, or someone who is enrolled.

    name: what reports call the person; path and line: where the sample stands, None for enrolled people.
    """

    name: str
    context: Context = field(repr=False)
    language: str = "en"
    path: str | None = None
    line: int = 1


def _names(full: str, title: str) -> dict[str, object]:
    first = full.partition(" ")[0]
    return {
        "name": full,
        "first_name": first,
        "email": f"{first.lower()}@oursample.example",
        "title": title,
    }


STAND_IN: Mapping[str, Mapping[str, object]] = {
    "prospect": {"email": "reader@theirsample.example", "language": "en"},
    "account": {"name": "Theirsample"},
    "deal": {"name": "Theirsample, first year"},
    "rep": _names("Robin Sample", "Account Manager"),
    "executive": _names("Alex Sample", "Vice President"),
    "company": {"name": "Oursample", "postal_address": "1 Sample Street, Sampletown"},
    "links": {"unsubscribe": "https://mail.oursample.example/u/sample"},
    "thread": {"subject": "Our conversation"},
}
"""What holds where a sample says nothing about a whole group."""


def read_samples(texts: Mapping[str, str], path: str, report: Report) -> tuple[Sample, ...]:
    """Return the samples of a file, if there is one; what is wrong is reported, and left out."""
    if path not in texts:
        return ()
    try:
        return _read(read(texts[path], path), report)
    except ContentError as error:
        report.error(error.path, error.line, error.message)
        return ()


def _read(document: Document, report: Report) -> tuple[Sample, ...]:
    tables = document.values.get("sample")
    for key in document.values:
        if key != "sample":
            report.error(
                document.path,
                document.line(key),
                f"`{key}` is not known here: write [[sample]] for each person",
            )
    if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables) or not tables:
        report.error(
            document.path, document.line("sample"), "write [[sample]], with two brackets, for each person"
        )
        return ()
    found = (_sample(document, index, table, report) for index, table in enumerate(tables))
    return tuple(sample for sample in found if sample)


def _sample(document: Document, index: int, table: dict[str, Any], report: Report) -> Sample | None:
    before = len(report.errors)
    groups = {key: value for key, value in table.items() if key != "name"}
    for group, values in groups.items():
        _check_group(document, index, group, values, report)
    if len(report.errors) > before:
        return None
    context = {**STAND_IN, **groups}
    prospect = dict(context["prospect"])
    prospect.setdefault("language", "en")
    if full := " ".join(str(prospect[part]) for part in ("first_name", "last_name") if prospect.get(part)):
        prospect.setdefault("name", full)
    context["prospect"] = prospect
    line = document.line("sample", index)
    try:
        plain(context)
    except InvalidInput as error:
        report.error(document.path, line, str(error))
        return None
    name = str(table.get("name") or prospect.get("name") or prospect.get("email") or f"sample {index + 1}")
    return Sample(name, context, str(prospect["language"]), document.path, line)


def _check_group(document: Document, index: int, group: str, values: object, report: Report) -> None:
    line = document.line("sample", index, group)
    known = [name for name in GROUPS if name not in FROM_OTHERS]
    if group not in known:
        report.error(
            document.path, line, f"a sample has no group `{group}`{did_you_mean(group, ['name', *known])}"
        )
    elif not isinstance(values, dict):
        report.error(document.path, line, f"`{group}` is a table: {{ {names(group)[0]} = … }}")
    else:
        for name in values:
            if name not in names(group):
                where = document.line("sample", index, group, name)
                report.error(
                    document.path, where, f"there is no `{group}.{name}`{did_you_mean(name, names(group))}"
                )

"""Looks at a sequence as its readers will: every fault in its files, and every mail for every person."""

from collections.abc import Iterable, Iterator
from datetime import date

from cadence.content.catalogue import SequenceContent, Snapshot, examine
from cadence.content.findings import Finding, Report
from cadence.content.render import Rendered
from cadence.content.samples import STAND_IN, Sample
from cadence.content.stories import Story
from cadence.content.variables import GROUPS
from cadence.core.errors import ContentError, InvalidInput
from cadence.core.sequence import Step

LONG_SUBJECT = 70
"""Characters; phones cut a subject off well before this."""


def lint(snapshot: Snapshot, name: str, *, people: Iterable[Sample] = ()) -> tuple[Finding, ...]:
    """Return every finding, by file and line. people: those who are enrolled, besides the samples."""
    loaded = examine(snapshot, name)
    report = loaded.report
    if loaded.content is not None and not report.errors:
        _check_mails(loaded.content, tuple(people), report)
    return report.findings


def _check_mails(content: SequenceContent, people: tuple[Sample, ...], report: Report) -> None:
    path = f"{content.sequence.name}/sample.toml"
    if not content.samples:
        report.warning(path, 1, "there is no made-up person to try the mails on: write a [[sample]]")
    troubles: dict[tuple[str, int, str], list[str]] = {}
    for sample in (*content.samples, *people) or (_known(None),):
        for step, story in _mails(content):
            _try(content, step, story, sample, troubles, report)
    for (where, line, message), names in troubles.items():
        others = f" and {len(names) - 1} more" if len(names) > 1 else ""
        report.error(where, line, f"{message} (for {names[0]}{others})")
    _check_bare(content, set(troubles), report)


def _mails(content: SequenceContent) -> Iterator[tuple[Step, Story | None]]:
    for step in content.sequence.steps:
        if step.pool:
            yield from ((step, story) for story in content.stories)
        else:
            yield step, None


def _try(
    content: SequenceContent,
    step: Step,
    story: Story | None,
    sample: Sample,
    troubles: dict[tuple[str, int, str], list[str]],
    report: Report,
) -> None:
    try:
        mail = content.render(step.name, sample.context, story=story, language=sample.language)
    except ContentError as error:
        names = troubles.setdefault((error.path, error.line, error.message), [])
        if sample.name not in names:
            names.append(sample.name)
    except InvalidInput as error:
        # What is wrong with one enrolled person holds their mail, and nobody else's.
        path, _ = content.place(step)
        report.warning(sample.path or path, sample.line, f"mails to {sample.name} would be held: {error}")
    else:
        _check_mail(content, step, sample, mail, report)


def _check_mail(content: SequenceContent, step: Step, sample: Sample, mail: Rendered, report: Report) -> None:
    path, line = content.place(step)
    company, links = sample.context.get("company") or {}, sample.context.get("links") or {}
    for part, words in (("txt", mail.text), ("html", mail.html)):
        layout = f"_shared/layout.{part}.j2"
        link = str(links.get("unsubscribe"))
        if link not in words and link.replace("&", "&amp;") not in words:
            report.error(
                layout, 1, "no mail may leave without a way to opt out: write {{ links.unsubscribe }} in it"
            )
        address = str(company.get("postal_address")).split("\n")[0]
        if address not in words and address.replace("&", "&amp;") not in words:
            report.error(
                layout,
                1,
                "no mail may leave without our postal address: write {{ company.postal_address }} in it",
            )
    if len(mail.subject) > LONG_SUBJECT:
        report.warning(
            path,
            line,
            f"the subject has {len(mail.subject)} characters for {sample.name}; phones show about 40: "
            f'"{mail.subject}"',
        )


def _check_bare(content: SequenceContent, known: set[tuple[str, int, str]], report: Report) -> None:
    """Try each mail on a person of whom nothing is known but what always is: it would be held, not sent."""
    for step, story in _mails(content):
        field = step.at.field.split(".")[1] if step.at else None
        bare = _known(field)
        for code in sorted(content.languages(step, story)):
            try:
                content.render(step.name, bare.context, story=story, language=code)
            except ContentError as error:
                if (error.path, error.line, error.message) not in known:
                    report.warning(
                        error.path, error.line, f"this mail would be held for some people: {error.message}"
                    )


def _known(date_field: str | None) -> Sample:
    """A reader of whom only those variables are known that always are."""
    context: dict[str, dict[str, object]] = {}
    for group, variables in GROUPS.items():
        given = STAND_IN.get(group, {})
        context[group] = {v.name: given[v.name] for v in variables if v.always and v.name in given}
    context["deal"]["lost_at"] = date(2026, 3, 2)
    if date_field:
        context["deal"][date_field] = date(2027, 3, 2)
    context["executive"] = dict(STAND_IN["executive"])
    del context["sender"], context["story"]
    return Sample("somebody hardly known", context)

"""Looks at a sequence as its readers will: every fault in its files, and every mail for every person."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from html import unescape

from cadence.content.catalogue import SequenceContent, Snapshot, examine
from cadence.content.findings import Finding, Report
from cadence.content.render import Rendered
from cadence.content.samples import STAND_IN, Sample
from cadence.content.stories import Story
from cadence.content.tone.authored import Listener
from cadence.content.variables import GROUPS
from cadence.core.errors import ContentError, InvalidInput
from cadence.core.sequence import Step, Thread

LONG_SUBJECT = 70
"""Characters; phones cut a subject off well before this."""
MOST_WORDS_OF_A_MAIL, MOST_WORDS_OF_A_STORY = 120, 250


def lint(snapshot: Snapshot, name: str, *, people: Iterable[Sample] = ()) -> tuple[Finding, ...]:
    """Return every finding, by file and line. people: those who are enrolled, besides the samples."""
    loaded = examine(snapshot, name)
    report = loaded.report
    if loaded.content is not None and not report.errors:
        _check_stories(loaded.content, report)
        _check_mails(loaded.content, tuple(people), report)
    return report.findings


def _check_stories(content: SequenceContent, report: Report) -> None:
    examples = [story.name for story in content.stories if story.example]
    pool = next((step for step in content.sequence.steps if step.pool), None)
    if pool is None or not examples:
        return
    few = ", ".join(examples[:2]) + (" …" if len(examples) > 2 else "")
    count = len(examples)
    which = f"{count} of its {len(content.stories)}" if count < len(content.stories) else f"all its {count}"
    message = f"{which} stories are examples ({few}): write your own"
    report.warning(*content.place(pool), message)


def _check_mails(content: SequenceContent, people: tuple[Sample, ...], report: Report) -> None:
    path = f"{content.sequence.name}/sample.toml"
    if not content.samples:
        report.warning(path, 1, "there is no made-up person to try the mails on: write a [[sample]]")
    trial = _Trial(content, report)
    alike: set[object] = set()
    for sample in (*content.samples, *(_answering(person) for person in people)):
        for step, story in _mails(content):
            if _reaches(step, sample) and not (story and _is_alike(step, story, sample, alike)):
                trial.write(step, story, sample)
    for step, story in _mails(content):
        for language in sorted(content.languages(step, story)):
            trial.write_to_stranger(step, story, language)
    trial.conclude()


def _mails(content: SequenceContent) -> Iterator[tuple[Step, Story | None]]:
    for step in content.sequence.steps:
        if step.pool:
            yield from ((step, story) for story in content.stories)
        else:
            yield step, None


def _reaches(step: Step, sample: Sample) -> bool:
    """Tell whether the step would be sent at all: its date is known, and so is who signs it."""
    if step.at:
        group, _, field = step.at.field.partition(".")
        if (sample.context.get(group) or {}).get(field) is None:
            return False
    return any((sample.context.get(step.sender.value) or {}).values())


def _answering(person: Sample) -> Sample:
    """An enrolled person, with a conversation that a reply can take its subject from."""
    return replace(person, context={**person.context, "thread": STAND_IN["thread"]})


def _is_alike(step: Step, story: Story, sample: Sample, seen: set[object]) -> bool:
    """Tell whether a story was tried on somebody of whom the same facts are known: there are many of both."""
    known = frozenset(
        (group, name)
        for group, values in sample.context.items()
        for name, value in (values or {}).items()
        if value is not None
    )
    key = (step.name, story.name, sample.language, known, sample.path and sample.line)
    if key in seen:
        return True
    seen.add(key)
    return False


class _Trial:
    """Writes mails, and remembers what went wrong for whom, so that each fault is told once."""

    def __init__(self, content: SequenceContent, report: Report) -> None:
        self._content, self._report = content, report
        self._listener = Listener(report)
        for path, source, language in content.written():
            self._listener.template(path, source, language[:2])
        self._held: dict[tuple[str, int, str], list[str]] = {}
        self._long: dict[tuple[str, int], str] = {}

    def write(self, step: Step, story: Story | None, sample: Sample) -> None:
        """Try a mail, in each way that it is written, on a sample or on somebody who is enrolled."""
        for variant in self._content.variants(step, sample.language) or (None,):
            self._write(step, story, sample, variant)

    def _write(self, step: Step, story: Story | None, sample: Sample, variant: str | None) -> None:
        facts, language = sample.context, sample.language
        try:
            mail = self._content.render(step.name, facts, story=story, language=language, variant=variant)
        except ContentError as error:
            names = self._held.setdefault((error.path, error.line, error.message), [])
            if sample.name not in names:
                names.append(sample.name)
        except InvalidInput as error:
            # What is wrong with one enrolled person holds their mail, and nobody else's.
            where = (sample.path, sample.line) if sample.path else self._content.place(step)
            self._report.warning(*where, f"mails to {sample.name} would be held: {error}")
        else:
            self._look_at(step, story, sample, mail)

    def write_to_stranger(self, step: Step, story: Story | None, language: str) -> None:
        """Try a mail on a person of whom nothing is known but what always is."""
        for variant in self._content.variants(step, language) or (None,):
            self._write_to_stranger(step, story, language, variant)

    def _write_to_stranger(self, step: Step, story: Story | None, language: str, variant: str | None) -> None:
        stranger = _stranger(step)
        facts = stranger.context
        try:
            mail = self._content.render(step.name, facts, story=story, language=language, variant=variant)
        except ContentError as error:
            if (error.path, error.line, error.message) not in self._held:
                message = f"this mail would be held for some people: {error.message}"
                self._report.warning(error.path, error.line, message)
        else:
            self._look_at(step, story, stranger, mail, language)

    def _look_at(
        self, step: Step, story: Story | None, sample: Sample, mail: Rendered, language: str | None = None
    ) -> None:
        self._listen(step, story, mail, (language or sample.language)[:2])
        company, links = sample.context.get("company") or {}, sample.context.get("links") or {}
        link, address = str(links.get("unsubscribe")), str(company.get("postal_address")).split("\n")[0]
        for part, words in (("txt", mail.text), ("html", unescape(mail.html))):
            layout = f"_shared/layout.{part}.j2"
            if link not in words:
                self._report.error(
                    layout, 1, "no mail may leave without a way to opt out: {{ links.unsubscribe }}"
                )
            if address not in words:
                self._report.error(
                    layout, 1, "no mail may leave without our postal address: {{ company.postal_address }}"
                )
        if len(mail.subject) > LONG_SUBJECT:
            where = self._content.place(step)
            self._long[where] = max(self._long.get(where, ""), mail.subject, key=len)

    def _listen(self, step: Step, story: Story | None, mail: Rendered, language: str) -> None:
        most = MOST_WORDS_OF_A_STORY if story else MOST_WORDS_OF_A_MAIL
        self._listener.mail(mail.source, mail.words, language, most)
        self._listener.line(*self._content.place(step), mail.subject, language)

    def conclude(self) -> None:
        """Report what was gathered over all people."""
        self._listener.conclude()
        for (path, line, message), names in self._held.items():
            others = f" and {len(names) - 1} more" if len(names) > 1 else ""
            self._report.error(path, line, f"{message} (for {names[0]}{others})")
        for (path, line), subject in self._long.items():
            message = f'the subject has up to {len(subject)} characters; phones show about 40: "{subject}"'
            self._report.warning(path, line, message)


def _stranger(step: Step) -> Sample:
    """A reader of whom only that is known without which the step would not be sent."""
    context: dict[str, dict[str, object]] = {}
    for group, variables in GROUPS.items():
        given = STAND_IN.get(group, {})
        context[group] = {v.name: given[v.name] for v in variables if v.always and v.name in given}
    context["deal"]["lost_at"] = date(2026, 3, 2)
    if step.at:
        context["deal"][step.at.field.removeprefix("deal.")] = date(2027, 3, 2)
    if step.thread is Thread.REPLY:
        context["thread"] = dict(STAND_IN["thread"])
    context["executive"] = {v.name: STAND_IN["executive"][v.name] for v in GROUPS["rep"] if v.always}
    del context["sender"], context["story"]
    return Sample("somebody hardly known", context)

"""What a sequence consists of: loads a snapshot into steps, words, stories and samples, ready to render."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from cadence.content import variants
from cadence.content.files import (
    LAYOUT,
    POOLS,
    SHARED,
    Attachment,
    Snapshot,
    TemplateFile,
    attachments,
    digest,
    read_snapshot,
    sequence_names,
    template_file,
    template_files,
)
from cadence.content.filters import Fault
from cadence.content.findings import Report, did_you_mean
from cadence.content.occasions import told_of
from cadence.content.reader import SequenceFile, read_sequence
from cadence.content.render import Rendered, Subject, Writer, choose, groups, in_layout, one_line, tidy
from cadence.content.run import Mode
from cadence.content.samples import Sample, read_samples
from cadence.content.stories import Story, read_stories
from cadence.content.structure import check_structure
from cadence.content.templates import check_templates
from cadence.content.toml import decode, read
from cadence.content.variables import Context, plain
from cadence.core.errors import ContentError, InvalidInput, NotFound
from cadence.core.sequence import From, Sequence, Step, Thread

__all__ = [
    "Attachment",
    "Loaded",
    "Rendered",
    "SequenceContent",
    "Snapshot",
    "digest",
    "examine",
    "load",
    "read_snapshot",
    "sequence_names",
]


@dataclass(frozen=True, slots=True)
class SequenceContent:
    """A sequence with its words. Made by `load`; safe to share and to keep."""

    sequence: Sequence
    stories: tuple[Story, ...]
    samples: tuple[Sample, ...]
    language: str
    _file: SequenceFile = field(repr=False)
    _files: tuple[TemplateFile, ...] = field(repr=False)
    _shared: tuple[TemplateFile, ...] = field(repr=False)
    _stories: tuple[TemplateFile, ...] = field(repr=False)
    _writer: Writer = field(repr=False)
    _snapshot: Snapshot = field(repr=False)

    def render(
        self,
        step_name: str,
        context: Context,
        *,
        story: Story | str | None = None,
        language: str = "en",
        variant: str | None = None,
    ) -> Rendered:
        """Write the mail of a step.

        context: see variables.py; its `sender` may be left out, it follows from the step. story: for a
        step with a pool, itself or its name; variant: one of `variants`, else the plain one. Raises
        NotFound for a step or story that does not exist, InvalidInput for a context that no mail can be
        written from, ContentError (with the file and line) for a mail that would be wrong.
        """
        if variant:
            written = replace(self, _files=variants.instead(self._files, variant))
            return written.render(step_name, context, story=story, language=language)
        step = self.sequence.step(step_name)
        if step is None:
            raise NotFound(f'sequence "{self.sequence.name}" has no step "{step_name}"')
        if (story is not None) != (step.pool is not None):
            raise InvalidInput(f'step "{step_name}" {"needs a" if step.pool else "takes no"} story')
        if isinstance(story, str):
            story = self.story(story)
        values = plain(_with_sender(context, step))
        chosen = self._chosen_language(step, story, language)
        title = story.title_in(chosen) if story else None
        values["story"] = {"name": story.name, "title": title, "body": None} if story else {}
        values["event"] |= told_of(story.occasion) if story and story.occasion else {}
        variables = groups(values, chosen)
        subject = self._subject(step, story, chosen, variables)
        text, html = self._words(step, story, language, variables)
        return Rendered(
            subject=subject,
            text=tidy(self._laid_out(Mode.TEXT, text, subject, chosen, variables)),
            html=self._laid_out(Mode.HTML, html, subject, chosen, variables).strip() + "\n",
            attachments=attachments(self._snapshot, self.sequence.name, step.name),
            words=text,
            source=self._source(step, story, language),
        )

    def _chosen_language(self, step: Step, story: Story | None, language: str) -> str:
        """The language that the words are in, which the layout and the dates follow."""
        files, name = self._files_of(step, story)
        for mode in (Mode.MARKDOWN, Mode.TEXT):
            if (file := choose(files, name, mode, language)) and file.language:
                return file.language
        return story.language if story else self.language

    def _files_of(self, step: Step, story: Story | None) -> tuple[tuple[TemplateFile, ...], str]:
        """The files among which a mail's words are, and the name that theirs have."""
        if story is None:
            return self._files, step.name
        told = tuple(file for file in self._stories if file.path.partition(".")[0] == story.stem)
        return told, story.stem.rpartition("/")[2]

    def _source(self, step: Step, story: Story | None, language: str) -> str:
        """The file that a mail's words stand in."""
        files, name = self._files_of(step, story)
        found = choose(files, name, Mode.MARKDOWN, language) or choose(files, name, Mode.TEXT, language)
        return found.path if found else self._file.document.path

    def written(self) -> Iterator[tuple[str, str, str]]:
        """The files of words that its mails are made of: path, text, and language."""
        told = self._stories if any(step.pool for step in self.sequence.steps) else ()
        steps = {step.name for step in self.sequence.steps}
        own = (file for file in self._files if file.name in steps)
        for file in (*own, *(file for file in told if self._told_in(file))):
            if file.mode is not Mode.HTML:
                text = decode(self._snapshot[file.path], file.path)
                yield file.path, text, file.language or self._unnamed(file)

    def _unnamed(self, file: TemplateFile) -> str:
        """The language of a file that names none."""
        story = self._told_in(file)
        return story.language if story else self.language

    def _told_in(self, file: TemplateFile) -> Story | None:
        """The story whose words a file holds."""
        return next((story for story in self.stories if story.stem == file.path.partition(".")[0]), None)

    def _words(
        self, step: Step, story: Story | None, language: str, variables: Mapping[str, object]
    ) -> tuple[str, str]:
        own = choose(self._files, step.name, Mode.MARKDOWN, language)
        if story:
            told = choose(*self._files_of(step, story), Mode.MARKDOWN, language)
            assert told is not None, story.name
            return self._writer.words(told, variables, inside=own)
        if own:
            return self._writer.words(own, variables)
        text = choose(self._files, step.name, Mode.TEXT, language)
        html = choose(self._files, step.name, Mode.HTML, language)
        if text is None or html is None:
            raise ContentError(
                f'step "{step.name}" has no words', self._file.document.path, self._file.line(step)
            )
        return self._writer.part(text, variables), self._writer.part(html, variables)

    def _subject(
        self, step: Step, story: Story | None, language: str, variables: Mapping[str, object]
    ) -> str:
        path, line = self._file.document.path, self._file.line(step, "subject")
        try:
            if step.thread is Thread.REPLY and (subject := _thread_subject(variables)):
                return one_line(subject if subject.lower().startswith("re:") else f"Re: {subject}")
            if own := self.subject_of(step, language):
                return self._writer.subject(own, variables)
            if story:
                return one_line(story.title_in(language))
        except Fault as error:
            raise ContentError(str(error), path, line) from None
        raise ContentError(
            f'step "{step.name}" replies, but there is no conversation and no `subject`', path, line
        )

    def story(self, name: str) -> Story:
        """The story of that name; raises NotFound."""
        for story in self.stories:
            if story.name == name:
                return story
        raise NotFound(f'there is no story "{name}"{did_you_mean(name, (s.name for s in self.stories))}')

    def variants(self, step: Step, language: str) -> tuple[str, ...]:
        """The ways in which a step is written for readers of a language; none where there is but one."""
        return variants.of_step(self._files, step.name, language)

    def trials(self) -> dict[str, str]:
        """The steps that are written in two ways, each with the key of its words."""
        return variants.keys(self._files, self.sequence, self._snapshot)

    def place(self, step: Step) -> tuple[str, int]:
        """Where a step's subject stands, or the step itself: path and line."""
        return self._file.document.path, self._file.line(step, "subject")

    def languages(self, step: Step, story: Story | None = None) -> frozenset[str]:
        """The languages that a step's words, or a story, are written in."""
        files, name = self._files_of(step, story)
        unnamed = story.language if story else self.language
        return frozenset(file.language or unnamed for file in files if file.name == name)

    def subject_of(self, step: Step, language: str) -> Subject | None:
        """The subject as written for a language, or the one that names none."""
        document, index = self._file.document, self._file.index(step)
        for code in (language, language[:2]):
            if text := self._file.subjects.get((step.name, code)):
                return Subject(text, document.path, document.line("step", index, "subjects", code))
        if step.subject is None:
            return None
        return Subject(step.subject, document.path, document.line("step", index, "subject"))

    def _laid_out(
        self, mode: Mode, body: str, subject: str, language: str, variables: Mapping[str, object]
    ) -> str:
        own = choose(self._files, LAYOUT, mode, language)
        layout = own or choose(self._shared, LAYOUT, mode, language)
        if layout is None:
            raise ContentError("there is no layout", f"{SHARED}/layout.{mode.value}.j2")
        return self._writer.part(layout, in_layout(body, subject, variables))


def _thread_subject(variables: Mapping[str, object]) -> str | None:
    subject = variables["thread"].read("subject")  # type: ignore[attr-defined]
    return subject if isinstance(subject, str) else None


def _with_sender(context: Context, step: Step) -> Context:
    signs = "executive" if step.sender is From.EXECUTIVE else "rep"
    return context if context.get("sender") else {**context, "sender": context.get(signs)}


@dataclass(frozen=True, slots=True)
class Loaded:
    """A snapshot as far as it could be read: what was found wrong, and the content if any could be."""

    content: SequenceContent | None
    report: Report


def load(snapshot: Snapshot, name: str) -> SequenceContent:
    """Load a sequence. Raises ContentError, with path and line, for the first fault that `examine` finds."""
    loaded = examine(snapshot, name)
    for finding in loaded.report.errors:
        raise finding.as_error()
    assert loaded.content is not None
    return loaded.content


def examine(snapshot: Snapshot, name: str) -> Loaded:
    """Load as much as can be read, and report every fault that shows without rendering."""
    report = Report()
    path = f"{name}/sequence.toml"
    texts = _texts(snapshot, report)
    if path not in texts:
        if path not in snapshot:
            report.error(path, 1, "the sequence has no sequence.toml")
        return Loaded(None, report)
    try:
        file = read_sequence(read(texts[path], path), name, report)
    except ContentError as error:
        report.error(error.path, error.line, error.message)
        return Loaded(None, report)
    check_structure(file, report)
    pools = tuple(f"{folder}/" for folder in POOLS)
    stories, bodies = read_stories({p: t for p, t in texts.items() if p.startswith(pools)}, report)
    templates = {p: t for p, t in texts.items() if p.endswith(".j2") and not p.startswith(pools)} | bodies
    content = SequenceContent(
        sequence=file.sequence,
        stories=stories,
        samples=read_samples(texts, f"{name}/sample.toml", report),
        language=file.language,
        _file=file,
        _files=template_files(templates, name),
        _shared=template_files(templates, SHARED),
        _stories=tuple(found for path in bodies if (found := template_file(path))),
        _writer=Writer(templates),
        _snapshot=snapshot,
    )
    check_templates(file, templates, snapshot, stories, report)
    return Loaded(content, report)


def _texts(snapshot: Snapshot, report: Report) -> dict[str, str]:
    texts = {}
    for path in sorted(snapshot):
        if path.endswith((".toml", ".j2")):
            try:
                texts[path] = decode(snapshot[path], path)
            except ContentError as error:
                report.error(error.path, error.line, error.message)
    return texts

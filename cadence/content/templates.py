"""Checks the templates of a snapshot against its steps: every step has words, every file has a step,
and every name in them exists.
"""

import re
from collections.abc import Collection, Mapping

from cadence.content.files import (
    LAYOUT,
    SHARED,
    STORIES,
    Snapshot,
    TemplateFile,
    template_file,
    template_files,
)
from cadence.content.findings import Report, did_you_mean
from cadence.content.names import Place, examine
from cadence.content.reader import SequenceFile
from cadence.content.run import Mode
from cadence.content.sandbox import Sandbox
from cadence.content.stories import Story
from cadence.content.variables import GROUPS
from cadence.content.variables import LAYOUT as LAYOUT_VARIABLES
from cadence.content.variants import check_variants
from cadence.core.occasions import EVENTS
from cadence.core.sequence import Step

_WITHOUT_STORY = tuple(group for group in GROUPS if group not in ("story", "event"))
_GROUPS = {STORIES: (*_WITHOUT_STORY, "story"), EVENTS: tuple(GROUPS)}
"""What the files of a folder may name; those of others may name neither story nor event."""
_NOT_WORDS = frozenset({"sequence.toml", "sample.toml", "README.md"})
_LARGE, _TOO_LARGE = 1_000_000, 10_000_000
_QUOTED = re.compile(r"""["']([^"'\n]+\.j2)["']""")
_MOST_REMEMBERED = 10_000
_good: set[int] = set()
"""What was found good, by all that this depends on."""


def check_templates(
    file: SequenceFile,
    texts: Mapping[str, str],
    snapshot: Snapshot,
    stories: Collection[Story],
    report: Report,
) -> None:
    """Report what is missing, what is superfluous, and what is wrong inside."""
    _check_layouts(file, texts, report)
    own = template_files(texts, file.sequence.name)
    for step in file.sequence.steps:
        if step.pool:
            _check_pool(file, step, texts, stories, report)
        else:
            _check_words(file, step, own, report)
        _check_languages(file, step, own, report)
        _check_attachments(file, step, snapshot, report)
    check_variants(file, own, texts, report)
    _check_superfluous(file, snapshot, report)
    _check_names(file, texts, report)


def _check_layouts(file: SequenceFile, texts: Mapping[str, str], report: Report) -> None:
    for mode in (Mode.TEXT, Mode.HTML):
        name = f"{LAYOUT}.{mode.value}.j2"
        if f"{SHARED}/{name}" not in texts and f"{file.sequence.name}/{name}" not in texts:
            report.error(
                f"{SHARED}/{name}", 1, "this file is missing: it puts signature and footer around {{ body }}"
            )


def _check_pool(
    file: SequenceFile, step: Step, texts: Mapping[str, str], stories: Collection[Story], report: Report
) -> None:
    if not stories:
        line = file.line(step, "pool")
        message = f'step "{step.name}" tells stories, but there is none in {STORIES}/'
        report.error(file.document.path, line, message)
    for around in template_files(texts, file.sequence.name):
        if around.name == step.name and around.mode is not Mode.MARKDOWN:
            report.error(around.path, 1, f"words around stories are Markdown: {step.name}.md.j2")
        elif around.name == step.name and "story.body" not in texts[around.path]:
            report.error(around.path, 1, "the story is missing: write {{ story.body }} where it goes")


def _check_words(file: SequenceFile, step: Step, own: Collection[TemplateFile], report: Report) -> None:
    modes = {f.mode for f in own if f.name == step.name and f.language is f.variant is None}
    path, line, folder = file.document.path, file.line(step, "name"), file.sequence.name
    if Mode.MARKDOWN in modes and len(modes) > 1:
        report.error(
            path,
            line,
            f'step "{step.name}" has its words twice: keep {step.name}.md.j2, or the pair of .txt.j2 and '
            ".html.j2",
        )
    elif modes in ({Mode.TEXT}, {Mode.HTML}):
        missing = ({Mode.TEXT, Mode.HTML} - modes).pop()
        report.error(
            path,
            line,
            f'step "{step.name}" has no {folder}/{step.name}.{missing.value}.j2 beside the other part',
        )
    elif not modes:
        names = sorted({f.name for f in own} - {s.name for s in file.sequence.steps} - {LAYOUT})
        near = did_you_mean(step.name, names) if names else ""
        report.error(
            path, line, f'step "{step.name}" has no words: {folder}/{step.name}.md.j2 is missing{near}'
        )


def _check_languages(file: SequenceFile, step: Step, own: Collection[TemplateFile], report: Report) -> None:
    path = file.document.path
    written = {f.language for f in own if f.name == step.name and f.language}
    titled = {code for name, code in file.subjects if name == step.name}
    for code in sorted(written - titled):
        if step.subject is not None:
            line = file.line(step, "subject")
            report.warning(
                path,
                line,
                f'step "{step.name}" has words in "{code}" but no subject: `subjects = {{ {code} = "…" }}`',
            )
    for code in sorted(titled - written):
        if not step.pool:
            report.warning(
                path,
                file.line(step, "subjects"),
                f'step "{step.name}" has a subject in "{code}", but {step.name}.{code}.md.j2 is missing',
            )


def _check_attachments(file: SequenceFile, step: Step, snapshot: Snapshot, report: Report) -> None:
    prefix = f"{file.sequence.name}/{step.name}/"
    size = sum(len(content) for path, content in snapshot.items() if path.startswith(prefix))
    line = file.line(step, "name")
    if size > _TOO_LARGE:
        report.error(
            file.document.path,
            line,
            f'the files of step "{step.name}" are larger than 10 MB; many servers refuse that',
        )
    elif size > _LARGE:
        report.warning(
            file.document.path,
            line,
            f'the files of step "{step.name}" are larger than 1 MB; a link is kinder',
        )


def _check_superfluous(file: SequenceFile, snapshot: Snapshot, report: Report) -> None:
    folder = file.sequence.name
    steps = {step.name for step in file.sequence.steps}
    prefixes = {f"{folder}/{step}/" for step in steps}
    for path in snapshot:
        name = path.removeprefix(f"{folder}/")
        if name == path or name in _NOT_WORDS or any(path.startswith(prefix) for prefix in prefixes):
            continue
        found = template_file(path)
        if found and "/" not in name and found.name in (steps | {LAYOUT}):
            continue
        near = did_you_mean(found.name if found else name.split("/")[0], sorted(steps))
        report.warning(path, 1, f"no step uses this file{near}")


def _check_names(file: SequenceFile, texts: Mapping[str, str], report: Report) -> None:
    look = _Looks(texts, report)
    pools = {step.name for step in file.sequence.steps if step.pool}
    for path, text in texts.items():
        found = template_file(path)
        folder, _, _ = path.partition("/")
        is_around = found is not None and found.name in pools and folder == file.sequence.name
        place = Place(
            path=path,
            text=text,
            groups=tuple(GROUPS) if is_around else _GROUPS.get(folder, _WITHOUT_STORY),
            files=texts,
            extra=LAYOUT_VARIABLES if found and found.name == LAYOUT else (),
        )
        look.at(place, found.mode if found else Mode.MARKDOWN)
    for step in file.sequence.steps:
        for subject, line in _subjects(file, step):
            groups = tuple(GROUPS) if step.pool else _WITHOUT_STORY
            place = Place(file.document.path, subject, groups, texts, first_line=line)
            look.at(place, Mode.TEXT)


class _Looks:
    """Examines the templates of one snapshot; those that were found good before are not looked at again.

    An author saves one file of a hundred and waits for the outcome. Whether a template is good depends on its
    text and on those of the files that it names, and theirs; what is wrong is looked at each time.
    """

    def __init__(self, texts: Mapping[str, str], report: Report) -> None:
        self._texts, self._report = texts, report
        self._sandboxes = {mode: Sandbox(mode, texts) for mode in Mode}

    def at(self, place: Place, mode: Mode) -> None:
        """Report what is wrong in a template."""
        names = (place.path, mode, tuple(place.groups), tuple(place.extra))
        key = hash(
            (names, place.text, tuple((path, self._texts[path]) for path in self._named_in(place.text)))
        )
        if key in _good:
            return
        found = Report()
        examine(place, self._sandboxes[mode], found)
        self._report.add(found)
        if not found.findings:
            if len(_good) >= _MOST_REMEMBERED:
                _good.clear()
            _good.add(key)

    def _named_in(self, text: str) -> list[str]:
        """The files that a text names in quotes, and those that they name, each once."""
        found: dict[str, None] = {}
        waiting = [text]
        while waiting:
            for path in _QUOTED.findall(waiting.pop()):
                if path in self._texts and path not in found:
                    found[path] = None
                    waiting.append(self._texts[path])
        return sorted(found)


def _subjects(file: SequenceFile, step: Step) -> list[tuple[str, int]]:
    document, index = file.document, file.index(step)
    found = [(step.subject, file.line(step, "subject"))] if step.subject else []
    for (name, code), text in file.subjects.items():
        if name == step.name:
            found.append((text, document.line("step", index, "subjects", code)))
    return found

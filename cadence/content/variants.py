"""Decides which files are another way of writing a step, who reads it, and what is wrong with them.

`thank-you~b.de.md.j2` stands beside `thank-you.de.md.j2`, the file that it is another way of writing: what a
reader's language leads to comes first, and only of that file there may be a variant. So nobody gets a
language that is not theirs for the sake of a trial; who reads a file without a variant takes no part in it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from cadence.content.files import LAYOUT, Snapshot, TemplateFile, digest
from cadence.content.findings import Report
from cadence.content.reader import SequenceFile
from cadence.content.render import choose
from cadence.content.run import Mode
from cadence.core.sequence import Sequence
from cadence.core.trials import OTHER, VARIANTS

_KEY_LENGTH = 16


def of_step(files: Collection[TemplateFile], step: str, language: str) -> tuple[str, ...]:
    """The variants of which a reader of `language` gets one; none where the step is written in one way."""
    tried = {_place(file) for file in files if file.name == step and file.variant == OTHER}
    if not tried:  # as most steps are; asked for every mail
        return ()
    chosen = (choose(files, step, mode, language) for mode in (Mode.MARKDOWN, Mode.TEXT))
    return VARIANTS if any(file and _place(file) in tried for file in chosen) else ()


def instead(files: Iterable[TemplateFile], variant: str) -> tuple[TemplateFile, ...]:
    """The files with those of a variant in the places of the ones that they are other ways of writing."""
    known = tuple(files)
    others = {_place(file): replace(file, variant=None) for file in known if file.variant == variant}
    return tuple(others.get(_place(file), file) for file in known if file.variant is None)


def keys(files: Collection[TemplateFile], sequence: Sequence, snapshot: Snapshot) -> dict[str, str]:
    """Each step that is written in two ways → a key, another one whenever a word of either changes."""
    found = {}
    for step in sequence.steps:
        own = [file for file in files if file.name == step.name]
        tried = {_place(file) for file in own if file.variant == OTHER}
        if words := {file.path: snapshot[file.path] for file in own if _place(file) in tried}:
            found[step.name] = digest(words)[:_KEY_LENGTH]
    return found


def _place(file: TemplateFile) -> tuple[str, str | None, Mode]:
    return file.name, file.language, file.mode


def _plain(files: Collection[TemplateFile], other: TemplateFile) -> TemplateFile | None:
    return next((f for f in files if f.variant is None and _place(f) == _place(other)), None)


def check_variants(
    file: SequenceFile, own: Collection[TemplateFile], texts: Mapping[str, str], report: Report
) -> None:
    """Report variants that nobody would get, and readers who take no part in a trial."""
    steps = {step.name for step in file.sequence.steps}
    good = []
    for found in (f for f in own if f.variant):
        if fault := _fault(found, own, steps):
            report.error(found.path, 1, fault)
        elif found.name in steps:  # else no step uses it, which is said elsewhere
            good.append(found)
    for found in good:
        plain = _plain(own, found)
        if plain and texts[plain.path] == texts[found.path]:
            report.warning(found.path, 1, f"it says word for word what {plain.path} says")
    for step in sorted({found.name for found in good}):
        _check_languages(step, own, report)


def _fault(found: TemplateFile, own: Collection[TemplateFile], steps: Collection[str]) -> str | None:
    plain = found.path.replace(f"~{found.variant}", "", 1)
    if found.name == LAYOUT:
        return "a layout has no variants: only the words of a step have"
    if found.name not in steps:
        return None
    if found.variant != OTHER:
        return f"a step is written in two ways at most: {plain}, and the same with ~{OTHER}"
    if _plain(own, found) is None:
        return f"there is no {plain} beside it, of which it would be another way of writing"
    parts = [f for f in own if (f.name, f.language, f.variant) == (found.name, found.language, OTHER)]
    if found.mode is not Mode.MARKDOWN and len(parts) == 1:
        return "its other part is missing: the .txt.j2 and the .html.j2 are written together"
    return None


def _check_languages(step: str, own: Collection[TemplateFile], report: Report) -> None:
    """A translation without a variant is no fault, but the author should know who takes no part."""
    tried = {f.language for f in own if f.name == step and f.variant}
    for file in sorted((f for f in own if f.name == step and not f.variant), key=lambda f: f.path):
        if file.language not in tried and file.mode is not Mode.HTML:
            missing = file.path.replace(f"/{step}.", f"/{step}~{OTHER}.")
            message = f"its readers take no part in the trial of {step}: {missing} is missing"
            report.warning(file.path, 1, message)

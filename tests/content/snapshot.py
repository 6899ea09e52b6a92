"""`python -m tests.content.snapshot`: writes every shipped mail as its readers get it, to be read in a diff.

One file for each mail and language, in tests/content/snapshots: the subject and the text for somebody of whom
everything is known and for somebody of whom hardly anything is, and the HTML of the words. The layout around
them is the same for all and stands in layout.html.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from cadence.content.catalogue import Rendered, SequenceContent, load, read_snapshot, sequence_names
from cadence.content.samples import Sample
from cadence.content.stories import Story
from cadence.core.sequence import Step

TEMPLATES = Path(__file__).parents[2] / "templates"
FOLDER = Path(__file__).parent / "snapshots"
TELLS = "closed-lost"
"""The sequence in which the stories are told."""
_WORDS = re.compile(r'(<td class="words"[^>]*>)\n(.*?)\n(</td>)', re.DOTALL)


def files() -> dict[str, str]:
    """Path below the folder → what stands in it."""
    contents = {name: load(read_snapshot(TEMPLATES, name), name) for name in sequence_names(TEMPLATES)}
    found = {"layout.html": _layout(contents[TELLS])}
    for name, content in contents.items():
        for step in content.sequence.steps:
            if not step.pool:
                for language in sorted(content.languages(step)):
                    for variant in content.variants(step, language) or (None,):
                        mark = f"~{variant}" if variant else ""
                        text = _mail(content, step, None, language, variant)
                        found[f"{name}/{step.name}{mark}.{language}.txt"] = text
    told = contents[TELLS]
    pool = next(step for step in told.sequence.steps if step.pool)
    for story in told.stories:
        for language in sorted(story.languages):
            found[f"stories/{story.name}.{language}.txt"] = _mail(told, pool, story, language)
    return found


def _mail(
    content: SequenceContent, step: Step, story: Story | None, language: str, variant: str | None = None
) -> str:
    readers = _readers(content, step)
    mails = [
        content.render(step.name, reader.context, story=story, language=language, variant=variant)
        for reader in readers
    ]
    parts = [
        f"To: {reader.name}\nSubject: {mail.subject}\n\n{mail.text.strip()}\n"
        for reader, mail in zip(readers, mails, strict=True)
    ]
    return f"\n{'=' * 72}\n\n".join([*parts, _words(mails[0])])


def _readers(content: SequenceContent, step: Step) -> tuple[Sample, ...]:
    """The best known and the least known sample to whom the step would be sent."""
    reached = [sample for sample in content.samples if _has_date(sample, step)]
    known = sorted(reached, key=_known, reverse=True)
    return (known[0], known[-1])


def _has_date(sample: Sample, step: Step) -> bool:
    field = step.at.field.removeprefix("deal.") if step.at else "lost_at"
    return (sample.context["deal"] or {}).get(field) is not None


def _known(sample: Sample) -> int:
    return sum(value is not None for group in sample.context.values() for value in (group or {}).values())


def _words(mail: Rendered) -> str:
    found = _WORDS.search(mail.html)
    assert found, mail.html
    return found[2] + "\n"


def _layout(content: SequenceContent) -> str:
    step = content.sequence.steps[0]
    mail = content.render(step.name, _readers(content, step)[0].context)
    return _WORDS.sub(r"\1\nTHE WORDS\n\3", mail.html)


def kept() -> Iterator[tuple[str, Path]]:
    """The files as they are on disk."""
    yield from ((path.relative_to(FOLDER).as_posix(), path) for path in FOLDER.rglob("*.*"))


if __name__ == "__main__":
    wanted = files()
    for name, path in list(kept()):
        if name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / name).write_text(text, encoding="utf-8")

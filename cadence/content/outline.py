"""What a page must know of files before it shows them: the steps, the samples, and what is wrong."""

from dataclasses import dataclass

from cadence.content.catalogue import Snapshot, examine, load
from cadence.content.findings import Finding
from cadence.content.lint import lint
from cadence.content.samples import Sample
from cadence.core.relevance import StoryFacts
from cadence.core.sequence import Sequence


@dataclass(frozen=True, slots=True)
class Outline:
    """A sequence's files in short. sequence: None where they cannot be read; samples, stories: names; tried:
    the steps that are written in two ways.
    """

    sequence: Sequence | None
    samples: tuple[str, ...]
    stories: tuple[str, ...]
    findings: tuple[Finding, ...]
    tried: tuple[str, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether something keeps it from being published."""
        return any(finding.severity == "error" for finding in self.findings)


def outline(snapshot: Snapshot, name: str) -> Outline:
    """Read and lint a sequence's files, for its samples."""
    content = examine(snapshot, name).content
    found = lint(snapshot, name)
    if content is None:
        return Outline(None, (), (), found)
    samples = tuple(sample.name for sample in content.samples)
    stories = tuple(story.name for story in content.stories)
    return Outline(content.sequence, samples, stories, found, tuple(content.trials()))


def parts(snapshot: Snapshot, name: str) -> tuple[Sequence, tuple[StoryFacts, ...], tuple[Sample, ...]]:
    """What a simulation needs of files; raises ContentError."""
    content = load(snapshot, name)
    return content.sequence, tuple(story.facts for story in content.stories), content.samples

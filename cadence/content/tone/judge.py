"""Decides what is wrong with the tone of a text: by phrases, by a trained model, and by counting."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cadence.content.tone.counting import MOST_WORDS, counted
from cadence.content.tone.features import features_of, heard
from cadence.content.tone.kinds import ADVICE, Kind
from cadence.content.tone.model import model
from cadence.content.tone.passages import Passage, passages
from cadence.content.tone.phrases import set_phrases

LONGEST_SHOWN = 160
"""Characters of a finding's text."""
LEAST_WORDS = 3
"""Words of a sentence that the model is asked about; fewer are phrases or nothing."""
MOST_PAIRED = 40
"""Sentences of a text in which pairs are heard, too; no mail has more."""
LONGEST_PAIR = 40
"""Words that two sentences may have together to be heard as one thought."""
LEARNT_IN = frozenset({"en"})
"""The languages that the model learnt; in others phrases and counting have to do."""
_HEADER = re.compile(r"(?:[A-Z][\w-]{1,30}: [^\n]*\n(?:[ \t][^\n]*\n)*){2,40}\n")
_OPT_OUT = re.compile(
    r"unsubscri|opt[ -]?out|rather not (?:hear|get|receive)|not hear from|no longer (?:wish|want)|tell me to stop|say (?:so|stop)"
    r"|abmelden|abbestell|keine (?:mails|e-mails|nachrichten)|désabonn|désinscri|ne plus recevoir|dar(?:se)? de baja|no recibir",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, order=True)
class Tone:
    """One finding. line: where the sentence begins, from 1; text: what it concerns."""

    line: int
    kind: Kind
    text: str

    @property
    def why(self) -> str:
        """Why it costs goodwill."""
        return ADVICE[self.kind].why

    @property
    def better(self) -> str:
        """A better way."""
        return ADVICE[self.kind].better


def tone_of(text: str, language: str = "en", *, most_words: int = MOST_WORDS) -> tuple[Tone, ...]:
    """Everything that is wrong with the tone of a text, by line. language: ISO 639-1."""
    header = _HEADER.match(text)
    body = "\n" * header[0].count("\n") + text[header.end() :] if header else text
    sentences = passages(body)
    found = {Tone(one.line, kind, _shown(one.text)): None for one, kind in _said(sentences, language)}
    found |= {
        Tone(one.line, kind, _shown(words)): None
        for kind, one, words in counted(sentences, language, most_words)
    }
    if header and not _OPT_OUT.search(body):
        found[Tone(text.count("\n") + 1, Kind.NO_OPT_OUT, "")] = None
    return tuple(sorted(found))


def _said(sentences: Sequence[Passage], language: str) -> Iterator[tuple[Passage, Kind]]:
    """What lies in the words of each sentence, or of two that belong together."""
    faulty: set[Passage] = set()
    level = model().level(len(sentences))
    for one in sentences:
        for kind in _kinds(one.said, language, level):
            faulty.add(one)
            yield one, kind
    for one, after in pairwise(sentences if len(sentences) <= MOST_PAIRED else ()):
        together = f"{one.said} {after.said}"
        alone = faulty.isdisjoint((one, after)) and one.paragraph == after.paragraph
        if alone and len(together.split()) <= LONGEST_PAIR:
            for kind in _kinds(together, language, level):
                faulty.add(after)
                yield one, kind


def _kinds(said: str, language: str, level: float) -> tuple[Kind, ...]:
    phrases, chance, learnt = _heard(said, language)
    return tuple(dict.fromkeys([*phrases, *(learnt if chance >= level else ())]))


@lru_cache(maxsize=4096)  # an editor asks about the same sentences at every key
def _heard(said: str, language: str) -> tuple[tuple[Kind, ...], float, tuple[Kind, ...]]:
    """The kinds that phrases show; how likely the model thinks a fault, and of which kinds."""
    phrases = tuple(set_phrases(heard(said, language), language))
    if language not in LEARNT_IN or len(said.split()) < LEAST_WORDS:
        return phrases, 0.0, ()
    return phrases, *model().kinds(features_of(said, language, frozenset(phrases)))


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 1].rstrip() + "…"

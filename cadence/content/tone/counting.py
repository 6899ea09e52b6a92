"""Decides what can be counted in a text: questions, capitals, exclamation marks, words."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from collections.abc import Iterator, Sequence

from cadence.content.tone.features import lexicon
from cadence.content.tone.kinds import Kind
from cadence.content.tone.passages import Passage

MOST_WORDS = 200
"""Words of a mail of which nothing else is known; shorter limits are the caller's."""
LONGEST_SENTENCE = 40
"""Words up to a colon, a semicolon or a dash, where a reader takes breath."""
LEAST_WORDS = 60
"""A shorter text says too little about how hard it is to read as a whole."""
HARDEST = 65
"""Of the readability index LIX (Björnsson 1968): words a sentence plus the percentage of words of more than
six letters. Above 60 stand laws and dissertations."""

Found = tuple[Kind, Passage, str]
"""A kind, where, and the words it concerns."""

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_BREATH = re.compile(r"[:;]\s|\s[–—-]\s|\n")
_CAPITALS = re.compile(r"(?<![\w./@-])[A-ZÄÖÜÉÈÀÑ]{2,}(?:['’][A-Z]{1,2})?(?![\w/@-])")
_NAMING = re.compile(
    r"\b(?:says?|said|reads?|words?|called|labell?ed|marked|sign|button|named)\W{1,3}$", re.IGNORECASE
)
_EXCLAIMED = re.compile(r"!\s?!|\?!|!\?")
_LOUD_WORDS = (
    "not no now new you your yes all so big best only ever free out one much very really over here too again many just more "
    "stop last read this that please huge great nothing nobody never always everyone everything anything anywhere any must "
    "need see call wow hello dear today important urgent final buy sale hot open back we our is are and the why who "
    "nicht kein keine immer nie jetzt heute alle neu bitte wichtig letzte gratis "
    "pas jamais toujours tout tous maintenant nouveau gratuit urgent dernier "
    "nunca siempre ahora nuevo gratis todo todos urgente ultima"
)
_LOUD = frozenset(_LOUD_WORDS.split())
_ADDRESSED = re.compile(
    r"\b(?:you|your|yours|we|us|i|sie|ihr|ihnen|ihre[nmrs]?|wir|vous|votre|vos|nous|usted|ustedes|su|sus|nos)\b"
)
_ANSWERED = re.compile(r"\W*(?:because|so that|weil|damit|parce|pour|porque|para)\b", re.IGNORECASE)
_OTHERWISE = re.compile(r"\W*(?:or|oder|ou|o)\b", re.IGNORECASE)
_ASKS = re.compile(
    r"(?:^|,|;|:|\band|\bor|\btell (?:me|us)|\bknow|\bsay|\bask|\bwonder|\blearn) (?:also |then )?"
    r"(?:what|why|who|whom|whose|how|when|where|which|whether|if)\b(?! (?:so|not|possible|you like|you wish|any)\b)"
)
_WISH = re.compile(
    r"\?|\b(?:tell (?:me|us)|(?:like|love|want|help|helps) (?:me |us )?to (?:know|learn|understand)|i wonder|wondering|let me know)\b"
)
_REPORTED = re.compile(
    r"\b(?:asked|said|told|wrote|he|she|they)\b[^,;]{0,40}\b(?:what|why|who|how|when|where|which|whether|if)\b"
)


def counted(sentences: Sequence[Passage], language: str, most_words: int = MOST_WORDS) -> Iterator[Found]:
    """Everything that counting finds in a text."""
    yield from questions(sentences)
    yield from shouted(sentences, language)
    yield from too_much(sentences, most_words)


def questions(sentences: Sequence[Passage]) -> Iterator[Found]:
    """More than one question to the reader: the second one is where the text should have ended."""
    asked = [(one, times) for place, one in enumerate(sentences) if (times := _asked(sentences, place))]
    if sum(times for _, times in asked) < 2:
        return
    several = next((one for one, times in asked if times > 1), None)
    at = several or asked[1][0]
    yield Kind.MULTI_QUESTION, at, at.text


def _asked(sentences: Sequence[Passage], place: int) -> int:
    """How many questions a sentence asks of the reader."""
    one = sentences[place]
    said = one.said.lower()
    clauses = 0 if _REPORTED.search(said) else len(_ASKS.findall(said[:400]))
    if not said.rstrip("\"'”’»)*_ ").endswith(("?", "?!", "!?")):
        return clauses if clauses > 2 and _WISH.search(said) else 0
    after = sentences[place + 1] if place + 1 < len(sentences) else None
    follows = after is not None and after.paragraph == one.paragraph and "?" not in after.said
    if after is not None and follows and (_ANSWERED.match(after.said) or not _ADDRESSED.search(said)):
        return 0
    if place and _OTHERWISE.match(said) and len(said.split()) <= 6:
        return 0
    joined = "," in said or " and " in said
    return 2 if clauses > 2 or (clauses > 1 and joined) else 1


def shouted(sentences: Sequence[Passage], language: str) -> Iterator[Found]:
    """Words in capitals that are no abbreviations, and exclamation marks in rows or everywhere."""
    exclaimed = [one for one in sentences if one.said.rstrip(")*_\"'”’ ").endswith("!")]
    many = len(exclaimed) > 2 and 2 * len(exclaimed) > len(sentences)
    for one in sentences:
        if words := _capitals(one.said, language):
            yield Kind.SHOUTING, one, words
        elif _EXCLAIMED.search(one.said) or (many and one is exclaimed[2]):
            yield Kind.SHOUTING, one, one.text


def _capitals(said: str, language: str) -> str | None:
    loud = [
        found
        for found in _CAPITALS.finditer(said)
        if _is_loud(found[0].lower(), language)
        and not _NAMING.search(said[max(0, found.start() - 20) : found.start()])
    ]
    if len(loud) > 1 or (loud and (loud[0].start() > 0 or "!" in said)):
        return " ".join(found[0] for found in loud)
    return None


def _is_loud(word: str, language: str) -> bool:
    """Tell a word from an abbreviation."""
    return word in _LOUD or (len(word) > 3 and lexicon(language).knows(word)) or len(word) > 7


def too_much(sentences: Sequence[Passage], most_words: int) -> Iterator[Found]:
    """A text that is too long, sentences that are, and words that are."""
    lengths = [len(_WORD.findall(one.said)) for one in sentences]
    breaths = [max(len(_WORD.findall(part)) for part in _BREATH.split(one.said)) for one in sentences]
    words = sum(lengths)
    if words > most_words:
        at = next(one for place, one in enumerate(sentences) if sum(lengths[: place + 1]) > most_words)
        yield Kind.TOO_LONG, at, f"{words} words; {most_words} are the most"
    for one, breath in zip(sentences, breaths, strict=True):
        if breath > LONGEST_SENTENCE:
            yield Kind.HARD_TO_READ, one, one.text
    if words >= LEAST_WORDS and max(breaths) <= LONGEST_SENTENCE:
        long = sum(len(word) > 6 for one in sentences for word in _WORD.findall(one.said))
        if words / len(sentences) + 100 * long / words > HARDEST:
            yield Kind.HARD_TO_READ, sentences[0], sentences[0].text

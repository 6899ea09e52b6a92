"""Every phrase of tests/corpus/dates/seen.tsv names its day; of the unseen ones there are only counts."""

import pytest

from benchmarks.phrases import Phrase, phrases


@pytest.mark.parametrize("phrase", list(phrases("seen.tsv")), ids=lambda phrase: phrase.text[:60])
def test_a_phrase_names_its_day(phrase: Phrase):
    assert phrase.read() == phrase.meant

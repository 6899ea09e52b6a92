"""Word lists: what whole words, stems and phrases stand for, whatever their case and accents."""

from cadence.core.lexicon import read_lexicon

LIST = read_lexicon("# a note: with a colon\nsigning: ink, countersign*, dotted line\nmoney: café\n")


def test_words_stems_and_phrases_give_their_concept_where_they_begin() -> None:
    tokens = ["countersigned", "on", "the", "dotted", "line", "in", "ink"]
    assert LIST.concepts(tokens) == [["signing"], [], [], ["signing"], [], [], ["signing"]]


def test_words_are_compared_without_accents_and_numbers_are_numbers() -> None:
    assert LIST.concepts(["cafe", "14"]) == [["money"], ["number"]]
    assert LIST.knows("countersigns") and not LIST.knows("colon")


def test_a_word_of_which_nothing_is_left_has_no_concept() -> None:
    assert LIST.concepts(["", "ink"]) == [[], ["signing"]]

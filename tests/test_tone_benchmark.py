"""The measurement of tone counts what it says it counts."""

from benchmarks.tone import judged, summary, words_of

ROWS = [
    {"text": "Just checking in.", "kinds": ["just_checking"], "stock": True, "language": "en"},
    {"text": "The plan is attached.", "kinds": [], "language": "en"},
]


def test_what_training_has_the_like_of_is_left_out() -> None:
    assert [one.text for one in judged(ROWS, [words_of("the plan is attached")])] == ["Just checking in."]


def test_found_and_falsely_reported_are_counted() -> None:
    said = summary(judged(ROWS, []))
    assert "with a right kind   1/1 = 100%" in said
    assert "without any              -" in said
    assert "false alarms               0/1 = 0%" in said

"""Mailboxes are shared evenly, and none is watched twice or left alone."""

from hypothesis import given
from hypothesis import strategies as st

from cadence.core.sharing import share

NAMES = ["a", "b", "c", "d"]
WATCHED = st.dictionaries(st.integers(1, 30), st.sampled_from([None, *NAMES, "dead"]))


def settle(watched, alive):
    """Let every watcher act in turn until nothing moves; gives who has what, and how many rounds."""
    watched = dict(watched)
    for rounds in range(10):
        before = dict(watched)
        for me in alive:
            part = share(me, watched, alive)
            watched |= dict.fromkeys(part.give) | dict.fromkeys(part.take, me)
        if watched == before:
            return watched, rounds
    raise AssertionError("never settles")


@given(WATCHED, st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
def test_everything_is_watched_by_somebody_alive_and_evenly(watched, alive):
    settled, rounds = settle(watched, alive)
    assert set(settled.values()) <= set(alive)
    counts = [list(settled.values()).count(me) for me in alive]
    assert max(counts) <= -(-len(watched) // len(alive))
    assert rounds <= 2


@given(WATCHED, st.lists(st.sampled_from(NAMES), min_size=1, unique=True))
def test_nobody_takes_what_somebody_alive_watches(watched, alive):
    for me in alive:
        assert not [m for m in share(me, watched, alive).take if watched[m] in alive]


def test_what_is_even_stays_where_it_is():
    assert share("a", {1: "a", 2: "b"}, ["a", "b"]).keep == {1}
    assert not share("a", {1: "a", 2: "b"}, ["a", "b"]).give

"""The list of mutants fits the code: each takes out one guard that is there."""

import pytest

from tests.faults.mutants import MUTANTS, ROOT, Mutant


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.guard)
def test_each_guard_is_where_its_mutant_takes_it_out(mutant: Mutant) -> None:
    whole = (ROOT / mutant.path).read_text(encoding="utf-8")
    assert whole.count(mutant.old) == 1

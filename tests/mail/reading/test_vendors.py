"""A name in a reply about a choice is taken for the vendor; people, places and first words are not."""

import pytest

from cadence.mail.vendors import vendor_in


@pytest.mark.parametrize(
    ("text", "vendor"),
    [
        ("Corvane wanted another deposit this morning.", "Corvane"),
        ("We like Brandling & Howe, and they like us.", "Brandling & Howe"),
        ("Tarnbrook's lawyers have stopped being polite.", "Tarnbrook"),
        ("I've heard nothing since, and we've waited.", None),
        ("I told Mr. Harrow that it was over.", None),
        ("There is an office in Leeds.", None),
        ("Nothing was ever signed.", None),
    ],
)
def test_a_name_is_told_from_other_capitals(text: str, vendor: str | None):
    assert vendor_in(text, "en") == vendor


def test_german_nouns_are_no_vendors():
    assert vendor_in("Wir haben der Lösung den Zuschlag gegeben.", "de") is None

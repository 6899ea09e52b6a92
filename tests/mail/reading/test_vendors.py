"""The vendor they chose is told from people, places, our own names and the first words of sentences."""

import pytest

from cadence.core.replies import Category
from cadence.mail.vendors import names, read, vendor_in


@pytest.mark.parametrize(
    ("text", "language", "vendor"),
    [
        ("Corvane wanted another deposit this morning.", "en", "Corvane"),
        ("We like Brandling & Howe, and they like us.", "en", "Brandling & Howe"),
        ("Tarnbrook's lawyers have stopped being polite.", "en", "Tarnbrook"),
        ("it was the reporting. zephyrdesk does it out of the box", "en", "zephyrdesk"),
        ("Bei Rautenbach IT läuft es miserabel.", "de", "Rautenbach IT"),
        ("Chez Maison Grandval on rappelle le jour même.", "fr", "Maison Grandval"),
        ("Con Robles del Sur salía más barato.", "es", "Robles del Sur"),
        ("Verhoeven was goedkoper.", "nl", "Verhoeven"),
        ("Alla fine abbiamo scelto Ferrovia Dati.", "it", "Ferrovia Dati"),
        ("Ficámos com a Serralves Sistemas.", "pt", "Serralves Sistemas"),
        ("I've heard nothing since, and we've waited.", "en", None),
        ("I told Mr. Harrow that it was over.", "en", None),
        ("There is an office in Leeds.", "en", None),
        ("Nothing was ever signed.", "en", None),
        ("Wir haben der Lösung den Zuschlag gegeben.", "de", None),
    ],
)
def test_a_vendor_is_told_from_other_capitals(text: str, language: str, vendor: str | None):
    assert vendor_in(text, language, Category.FEEDBACK) == vendor


def test_our_own_name_is_never_the_vendor():
    text = "Corvane was cheaper."
    assert vendor_in(text, "en", Category.FEEDBACK) == "Corvane"
    assert vendor_in(text, "en", Category.FEEDBACK, frozenset({"corvane"})) is None


def test_a_run_of_capitals_is_tried_whole_and_in_parts():
    reading = read("We asked Studio Nord & Son", "en", frozenset())
    found = [name.text for name in names(reading)]
    assert "Studio Nord & Son" in found
    assert "Nord" in found

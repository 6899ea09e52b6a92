"""A few words are enough to tell which of seven languages they are written in."""

import pytest

from cadence.mail.language import language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Got it, cheers mate.", "en"),
        ("Der Chef will das anders.", "de"),
        ("Rien de neuf chez le patron.", "fr"),
        ("Soy nuevo aquí, pregunte al jefe.", "es"),
        ("Niemand heeft gebeld vandaag.", "nl"),
        ("Queste decisioni le prendono altrove.", "it"),
        ("Io faccio solo il magazzino.", "it"),
        ("Mi mandi pure il preventivo.", "it"),
        ("Precisamos de mais alguém cá.", "pt"),
        ("Tá bom, pode deixar.", "pt"),
    ],
)
def test_a_short_sentence_tells_its_language(text: str, language: str):
    assert language_of(text) == language


def test_a_sign_alone_tells_none():
    assert language_of("👍") is None

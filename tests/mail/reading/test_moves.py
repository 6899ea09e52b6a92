"""Whoever gives their own new address has moved; whoever names somebody else has not."""

import pytest

from cadence.core.replies import Person
from cadence.mail.address import Address
from cadence.mail.moves import moved_in
from cadence.mail.names import people_in

DANA = Address("Dana Lee", "dana.lee@lost.example")


def moved(words: str) -> Person | None:
    return moved_in(words, DANA, people_in(words, frozenset(), companies=False))


@pytest.mark.parametrize(
    ("words", "email", "company"),
    [
        (
            "I've moved to Fernhill Foods. My new address is d@fern.example.",
            "d@fern.example",
            "Fernhill Foods",
        ),
        ("I no longer work there. You can reach me at d@fern.example.", "d@fern.example", None),
        ("I have left. dana.lee@fern.example finds me now.", "dana.lee@fern.example", None),
        (
            "Ich bin jetzt bei Fernhill. Sie erreichen mich unter d@fern.example.",
            "d@fern.example",
            "Fernhill",
        ),
        ("J'ai quitté l'entreprise. Ma nouvelle adresse : d@fern.example", "d@fern.example", None),
        (
            "Ahora trabajo en Fernhill. Puede escribirme a d@fern.example.",
            "d@fern.example",
            "Fernhill",
        ),
    ],
)
def test_a_new_address_of_the_writer_is_found(words: str, email: str, company: str | None) -> None:
    assert moved(words) == Person("Dana Lee", email, company)


@pytest.mark.parametrize(
    "words",
    [
        "Leon, who was our CTO, is now at Glasswing: leon@glasswing.example",
        "I have moved to another team. Please talk to Kim Sample <kim@lost.example>.",
        "Please send it to my private address, d@home.example.",
        "I have left the company. Kim is my successor: kim@lost.example.",
    ],
)
def test_the_address_of_somebody_else_is_not_theirs(words: str) -> None:
    assert moved(words) is None

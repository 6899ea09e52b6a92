"""The end of their contract with the vendor they chose is read where a reply tells it, and nowhere else."""

from datetime import date

import pytest

from cadence.core.date_contracts import contract_ends_on

SENT = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("language", "text", "day"),
    [
        ("en", "Our contract with Marlow runs until March 2028, so not before then.", date(2028, 3, 31)),
        ("en", "The agreement ends on 30 June 2027.", date(2027, 6, 30)),
        ("en", "We're locked in through December 2027.", date(2027, 12, 31)),
        ("en", "Our renewal with them comes up at the end of the year, contract-wise.", date(2026, 12, 31)),
        ("en", "We just signed a three-year contract.", date(2029, 3, 4)),
        ("en", "We signed for 24 months in January.", date(2028, 1, 1)),
        ("de", "Der Vertrag läuft noch bis Ende 2027.", date(2027, 12, 31)),
        ("de", "Wir sind noch bis März 2028 gebunden.", date(2028, 3, 31)),
        ("fr", "Notre contrat court jusqu'au 30 juin 2027.", date(2027, 6, 30)),
        ("es", "Nuestro contrato vence el 31 de diciembre de 2027.", date(2027, 12, 31)),
        ("nl", "Ons contract loopt tot eind 2027.", date(2027, 12, 31)),
        ("it", "Il contratto scade il 31 dicembre 2027.", date(2027, 12, 31)),
        ("pt", "O nosso contrato termina a 31 de dezembro de 2027.", date(2027, 12, 31)),
    ],
)
def test_the_end_of_a_contract_is_read(language: str, text: str, day: date):
    assert contract_ends_on(text, SENT, language=language) == day


@pytest.mark.parametrize(
    "text",
    [
        "Call me in September.",
        "The contract went to somebody else. Try us in May.",
        "We signed the contract last week.",
        "Our contract with you ends in June, and we will not renew.",
        "I am away until 20 March.",
        "Our contract ended in January 2026.",
    ],
)
def test_no_end_of_a_contract_is_made_up(text: str):
    assert contract_ends_on(text, SENT) is None

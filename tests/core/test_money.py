"""Amounts as people write them: what is one is read, what is more or less is not."""

from decimal import Decimal

import pytest

from cadence.core.money import Money, read


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("EUR 12,500.00", "EUR", "12500.00"),
        ("12.500,00 EUR", "EUR", "12500.00"),
        ("12.500 €", "EUR", "12500"),
        ("€12,500", "EUR", "12500"),
        ("CHF 12'500", "CHF", "12500"),
        ("CHF 12’500.50", "CHF", "12500.50"),
        ("12 500,5 €", "EUR", "12500.5"),
        ("1\u202f250\u202f000 EUR", "EUR", "1250000"),
        ("1.250.000 eur", "EUR", "1250000"),
        ("$48k", "$", "48000"),
        ("US$ 1.2M", "USD", "1200000"),
        ("1,2 Mio. €", "EUR", "1200000"),
        ("48 kEUR", None, None),
        ("48k EUR", "EUR", "48000"),
        ("£0.5", "GBP", "0.5"),
        ("48000", "", "48000"),
        ("48,000", "", "48000"),
        ("1234.56", "", "1234.56"),
        ("0", "", "0"),
    ],
)
def test_a_number_with_a_currency_is_read(text, currency, amount):
    assert read(text) == (Money(currency, Decimal(amount)) if amount else None)


@pytest.mark.parametrize(
    "text",
    [
        "", "EUR", "about 48k", "40k-50k EUR", "EUR 12,000 per year", "12k/month", "-5 EUR", "12,34,567 INR",
        "1.2.3", "EUR 5 USD", "XYZ 12", "tbd", "1e6", "=1+1", "12 EUR 13", "9" * 100, "1,,5",
    ],
)  # fmt: skip
def test_whatever_says_more_or_less_is_not(text):
    assert read(text) is None

"""Which lost deals something new answers, by whose words, and whom it leaves in peace."""

from datetime import UTC, datetime, timedelta

import pytest

from cadence.core.errors import InvalidInput
from cadence.core.model import ProspectStatus
from cadence.core.news import Answers, Loss, Reader, Said, against, proof

NOW = datetime(2026, 3, 3, 10, tzinfo=UTC)
SSO = Answers.parse("features:sso|single sign-on")


def said(text: str, *reasons: str) -> tuple[Said, ...]:
    return (Said(frozenset(reasons), text),)


@pytest.mark.parametrize(
    ("loss", "words"),
    [
        (
            Loss(None, (), said("Sadly there was no SSO in it.", "features")),
            "they wrote: “Sadly there was no SSO in it.”",
        ),
        (
            Loss("features", (), said("We need Single-Sign-On.", "price")),
            "they wrote: “We need Single-Sign-On.”",
        ),
        (Loss("features", ("features", "single sign on")), "the rep noted: “single sign on”"),
        (Loss("they had no sso", ("they had no sso",)), "the rep noted: “they had no sso”"),
    ],
)
def test_the_words_that_prove_it_are_quoted_theirs_first(loss: Loss, words: str) -> None:
    assert proof(SSO, loss) == words


@pytest.mark.parametrize(
    "loss",
    [
        Loss("features", ("features",), said("Many lessons were learnt.", "features")),
        Loss("price", ("sso came up",)),
        Loss(None, (), said("Our SSO is fine, you were too dear.", "price")),
        Loss(None),
    ],
)
def test_a_word_within_another_or_another_reason_proves_nothing(loss: Loss) -> None:
    assert proof(SSO, loss) is None


def test_without_words_the_reason_alone_is_enough() -> None:
    price = Answers.parse("price")
    assert proof(price, Loss("price")) == "the rep says: price"
    assert (
        proof(price, Loss("features", (), said("Too dear for us.", "price")))
        == "they wrote: “Too dear for us.”"
    )
    assert proof(price, Loss("features")) is None
    assert str(SSO) == "features:sso|single sign-on"


@pytest.mark.parametrize("wrong", ["weather", "features:—", ""])
def test_what_answers_nothing_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInput):
        Answers.parse(wrong)


@pytest.mark.parametrize(
    ("reader", "why"),
    [
        (Reader(ProspectStatus.IN_TOUCH, "let_go"), "the deal was let go"),
        (Reader(ProspectStatus.IN_TOUCH, None, suppressed="asked to"), "opted out: asked to"),
        (Reader(ProspectStatus.LEFT, None), "is no longer there"),
        (Reader(ProspectStatus.CONTACTED, None, unreachable=True), "cannot be reached"),
        (Reader(ProspectStatus.CONTACTED, None, paused="away"), "is paused: away"),
        (
            Reader(ProspectStatus.CONTACTED, None, last_mail=NOW - timedelta(days=6)),
            "was in touch lately, on 2026-02-25",
        ),
        (
            Reader(ProspectStatus.NOT_INTERESTED, None, last_reply=NOW - timedelta(days=80)),
            "said no on 2025-12-13",
        ),
        (Reader(ProspectStatus.NOT_INTERESTED, None, last_reply=NOW - timedelta(days=91)), None),
        (Reader(ProspectStatus.CONTACTED, None, last_mail=NOW - timedelta(days=8)), None),
    ],
)
def test_who_is_left_in_peace_is_told_why(reader: Reader, why: str | None) -> None:
    assert against(reader, NOW) == why

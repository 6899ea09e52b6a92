"""Passwords at rest: sealed, opened with the right key only, carried over to a new key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.errors import InvalidInput
from cadence.service.vault import Vault

OLD, NEW = "o" * 32, "n" * 32
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXTS)
def test_what_is_sealed_opens_to_the_same_text(text):
    vault = Vault([OLD])
    assert vault.open(vault.seal(text)) == text


def test_a_sealed_password_shows_nothing_and_differs_every_time():
    vault = Vault([OLD])
    one, other = vault.seal("hush"), vault.seal("hush")
    assert "hush" not in one
    assert one != other


def test_a_wrong_key_says_what_to_do():
    with pytest.raises(InvalidInput, match="restore the key with which it was stored"):
        Vault([NEW]).open(Vault([OLD]).seal("hush"))


@pytest.mark.parametrize("sealed", ["", "garbage", "gAAAA=", "ünï"])
def test_garbage_is_refused(sealed):
    with pytest.raises(InvalidInput):
        Vault([OLD]).open(sealed)


def test_what_was_tampered_with_is_refused():
    sealed = Vault([OLD]).seal("hush")
    with pytest.raises(InvalidInput):
        Vault([OLD]).open(sealed[:-4] + "AAA=")


def test_a_new_key_in_front_still_opens_what_the_old_one_sealed():
    sealed = Vault([OLD]).seal("hush")
    both = Vault([NEW, OLD])
    assert both.open(sealed) == "hush"
    assert Vault([NEW]).open(both.seal("hush")) == "hush"


def test_after_resealing_the_old_key_can_go():
    resealed = Vault([NEW, OLD]).reseal(Vault([OLD]).seal("hush"))
    assert Vault([NEW]).open(resealed) == "hush"
    with pytest.raises(InvalidInput):
        Vault([NEW]).reseal(Vault([OLD]).seal("hush"))


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, "short"]])
def test_a_vault_without_a_proper_key_is_refused(keys):
    with pytest.raises(InvalidInput, match="at least 32 characters"):
        Vault(keys)

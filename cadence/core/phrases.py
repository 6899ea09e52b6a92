"""Decides in which form words are compared, and turns lists of phrases into patterns of linear time."""

import re
import unicodedata

_SPARE = r"(?:\S{1,30} ){0,4}?(?:\w{1,4}')?"
_ONE = r"(?:\S{1,30} ){0,1}?(?:\w{1,4}')?"


def fold(text: str) -> str:
    """Lower case, no accents, plain apostrophes, single spaces: the form in which phrases are compared."""
    text = (
        text.replace("’", "'")
        .replace("‘", "'")
        .replace("´", "'")
        .replace("`", "'")
        .replace("ß", "ss")
        .replace("œ", "oe")
    )
    decomposed = unicodedata.normalize("NFD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def phrases(lines: str) -> re.Pattern[str]:
    """Compile phrases, one a line. A "~ " stands for up to four words, "_ " for one or none."""
    alternatives = [_fold_pattern(line) for line in lines.strip().split("\n") if line.strip()]
    joined = "|".join(alternatives).replace("~ ", _SPARE).replace("_ ", _ONE)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)")


def _fold_pattern(line: str) -> str:
    """Fold a phrase, but not its escapes: \\S is no \\s. The blanks at its ends count."""
    parts = re.split(r"(\\.)", line)
    return "".join(part if number % 2 else _fold_letters(part) for number, part in enumerate(parts))


def _fold_letters(text: str) -> str:
    return " ".join(fold(word) for word in text.split(" "))

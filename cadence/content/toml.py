"""Reads TOML and remembers on which line every key and value stands.

tomllib checks and reads the text; a second pass over text known to be valid finds the lines, which
tomllib does not tell.
"""

import re
import tomllib
from dataclasses import dataclass, field
from typing import Any

from cadence.core.errors import ContentError

Path = tuple[str | int, ...]

LARGEST = 200_000
"""Characters; a file beyond this was not written by a person."""

_AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")
_AT_END = re.compile(r"\s*\(at end of document\)")
_PLAIN_WORDS = {
    "Expected '=' after a key": "this is not of the form name = value",
    "Expected newline or end of document": "the value ends here, but not the line; texts stand in quotes",
    "Invalid value": 'a value is missing or is none: texts stand in "straight quotes", yes is true',
    "Invalid statement": "this is neither name = value nor a [table]",
    "Invalid initial character for a key": "a name is missing, or begins with what no name begins with",
    "Unterminated string": "a text in quotes never ends",
    'Expected "\'"': "a text in quotes never ends",
    "Illegal character '\\n'": "a text in quotes must end on its line; longer ones stand in three quotes",
    "Unescaped '\\' in a string": "in double quotes a backslash is written twice; in single quotes once",
    "Unclosed": "a bracket is never closed",
    "Expected ']": "the brackets around the name of a table are not closed",
    "Cannot overwrite a value": "this name has a value already",
    "Cannot declare": "this table is there already",
    "Duplicate inline table key": "this name has a value already",
}
"""How tomllib's messages begin, and what they mean to somebody who has never read a grammar."""
_KEY_PART = re.compile(r"""[ \t]*(?:([A-Za-z0-9_-]+)|("(?:[^"\\]|\\.)*"|'[^']*'))[ \t]*""")
_BETWEEN = re.compile(r"(?:[ \t\n]+|#[^\n]*)*")
_SCALAR = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|[^,\]}\n#]+",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Document:
    """A TOML file: its values, and the line of each path such as ("step", 0, "after")."""

    path: str
    values: dict[str, Any]
    lines: dict[Path, int] = field(repr=False)
    first_line: int = 1

    def line(self, *path: str | int) -> int:
        """Return the line of the value at `path`, or of the nearest thing that holds it."""
        for end in range(len(path), 0, -1):
            if path[:end] in self.lines:
                return self.lines[path[:end]]
        return self.first_line


def decode(data: bytes, path: str) -> str:
    """Return the text of a UTF-8 file (a byte order mark is dropped); raises ContentError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ContentError("this is not UTF-8; save the file as UTF-8", path, line) from None
    if len(text) > LARGEST:
        raise ContentError(f"{len(text)} characters are too many (at most {LARGEST})", path)
    return text.replace("\r\n", "\n")


def read(text: str, path: str, first_line: int = 1) -> Document:
    """Read TOML 1.0; raises ContentError with the line. first_line: where the text begins in its file."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(error, text, path, first_line) from None
    except RecursionError:
        raise ContentError("nested too deeply", path, first_line) from None
    return Document(path, values, _Lines(text, first_line).found, first_line)


def _syntax_error(error: Exception, text: str, path: str, first_line: int) -> ContentError:
    words = str(error)
    at = _AT_LINE.search(words)
    line = int(at[1]) if at else text.rstrip("\n").count("\n") + 1
    said = _AT_END.sub("", _AT_LINE.sub("", words))
    plain = next((plain for begin, plain in _PLAIN_WORDS.items() if said.startswith(begin)), said)
    return ContentError(plain, path, line + first_line - 1)


class _Lines:
    """One pass over a valid TOML text; `found` maps each path to its line."""

    def __init__(self, text: str, first_line: int) -> None:
        self._text, self._at = text, 0
        self._line, self._counted = first_line, 0
        self._arrays: dict[Path, int] = {}
        self.found: dict[Path, int] = {}
        table: Path = ()
        while self._skip_blank():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)

    def _skip_blank(self) -> bool:
        self._at = self._match(_BETWEEN).end()
        return self._at < len(self._text)

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self._text, self._at)
        assert found, f"valid TOML, but not understood at {self._text[self._at : self._at + 20]!r}"
        return found

    def _here(self, path: Path) -> None:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        self.found.setdefault(path, self._line)

    def _header(self) -> Path:
        double = self._text.startswith("[[", self._at)
        self._at += 2 if double else 1
        path = self._inside(self._key(), open_last=not double)
        if double:
            self._arrays[path] = self._arrays.get(path, -1) + 1
            self._here(path)
            path = (*path, self._arrays[path])
        self._here(path)
        self._at += 2 if double else 1
        return path

    def _inside(self, key: Path, *, open_last: bool) -> Path:
        path: Path = ()
        for index, part in enumerate(key):
            path = (*path, part)
            if path in self._arrays and (open_last or index < len(key) - 1):
                path = (*path, self._arrays[path])
        return path

    def _key(self) -> Path:
        parts: list[str] = []
        while True:
            found = self._match(_KEY_PART)
            parts.append(found[1] or next(iter(tomllib.loads(f"{found[2]}=0"))))
            self._at = found.end()
            if self._text[self._at] != ".":
                return tuple(parts)
            self._at += 1

    def _pair(self, table: Path) -> None:
        start = self._at
        key = self._key()
        end, self._at = self._at, start
        for count in range(1, len(key) + 1):
            self._here(table + key[:count])
        self._at = end + 1  # past the "="
        self._skip_spaces()
        self._value(table + key)

    def _skip_spaces(self) -> None:
        while self._text[self._at] in " \t":
            self._at += 1

    def _value(self, path: Path) -> None:
        match self._text[self._at]:
            case "[":
                self._items(path)
            case "{":
                self._inline_table(path)
            case _:
                self._at = self._match(_SCALAR).end()

    def _items(self, path: Path) -> None:
        self._at += 1
        index = 0
        while self._skip_blank() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._here((*path, index))
            self._value((*path, index))
            index += 1
        self._at += 1

    def _inline_table(self, path: Path) -> None:
        self._at += 1
        while self._skip_blank() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
            else:
                self._pair(path)
        self._at += 1

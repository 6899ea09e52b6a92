"""The full-text index of people: the words of their name, address and company, by how these begin.

Triggers keep it, on either database in its own way. Words are compared without case, accents and signs.
"""

import unicodedata
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

_MOST_WORDS = 8
_LONGEST_WORD = 60
INDEX = "prospect_words"
"""The table of the full-text index, whose rows are no data of their own."""

INDEXING = "prospect_words_of_new"
"""The trigger that takes new people into it."""

_ON_SQLITE = sa.table(INDEX, sa.column("rowid", sa.Integer), sa.column(INDEX))
_ON_POSTGRESQL = sa.table(INDEX, sa.column("prospect_id", sa.BigInteger), sa.column("words"))


def words_of(text: str) -> list[str]:
    """The words that are looked for, without accents and signs, as the index has them."""
    plain = unicodedata.normalize("NFKD", text.lower())
    bare = "".join(char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return [word[:_LONGEST_WORD] for word in bare.split()[:_MOST_WORDS]]


def having(tx: AsyncConnection, words: Sequence[str]) -> sa.Select[Any]:
    """The ids of everybody who has these words, as a column `id`; on SQLite it can be walked along."""
    if tx.dialect.name == "sqlite":
        return sa.select(_ON_SQLITE.c.rowid.label("id")).where(_matching(words))
    return sa.select(_ON_POSTGRESQL.c.prospect_id.label("id")).where(_containing(words))


def has(
    tx: AsyncConnection, prospect_id: sa.ColumnElement[int], words: Sequence[str]
) -> sa.ColumnElement[bool]:
    """That one person has these words, asked of each."""
    if tx.dialect.name == "sqlite":
        return prospect_id.in_(having(tx, words))  # once for all: each look at that index begins anew
    return sa.exists().where(_ON_POSTGRESQL.c.prospect_id == prospect_id, _containing(words))


def _containing(words: Sequence[str]) -> sa.ColumnElement[bool]:
    asked = " & ".join(f"{word}:*" for word in words)
    return _ON_POSTGRESQL.c.words.op("@@")(sa.func.to_tsquery("simple", asked))


def _matching(words: Sequence[str]) -> sa.ColumnElement[bool]:
    return _ON_SQLITE.c[INDEX].op("MATCH")(" ".join(f'"{word}"*' for word in words))

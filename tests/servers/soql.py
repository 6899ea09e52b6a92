"""Answers SOQL over plain records, as far as the reference describes it and anybody here asks it.

Whatever else is asked is refused as Salesforce would: unknown fields, conditions that mix AND with OR without
parentheses, instants in quotes, ids that are none.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Record = Mapping[str, Any]
_TOKEN = re.compile(r"\s*('(?:[^'\\]|\\.)*'|\d{4}-\d\d-\d\dT[\d:.]+Z|[\w.]+|<=|>=|[<>=(),])")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?")
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda one, other: bool(one == other),
    ">": lambda one, other: bool(one > other),
    ">=": lambda one, other: bool(one >= other),
}


class Refused(Exception):
    """What Salesforce would say of a query that it does not answer."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass
class Table:
    """Records of one kind. fields: name (with a dot: of what it belongs to) → type."""

    fields: Mapping[str, str]
    records: list[Record]


@dataclass
class Query:
    """What is asked. order: fields, and whether the greatest comes first."""

    fields: list[str]
    source: str
    where: Callable[[Record], bool]
    order: list[tuple[str, bool]]
    limit: int | None


def answer(soql: str, tables: Mapping[str, Table]) -> list[Record]:
    """The records that a query finds, with the fields that it asks for; raises Refused."""
    said = _Parser(soql, tables).query()
    found = [record for record in tables[said.source].records if said.where(record)]
    for name, descending in reversed(said.order):
        found.sort(key=lambda record, name=name: value(record, name), reverse=descending)  # type: ignore[misc]
    return [_picked(record, said.fields, said.source) for record in found[: said.limit]]


def is_id(said: str) -> bool:
    """Whether Salesforce could give such an id."""
    return _ID.fullmatch(said) is not None


def value(record: Record, name: str) -> Any:
    """What a record has under a name, also of what it belongs to."""
    found: Any = record
    for part in name.split("."):
        found = None if found is None else found[part]
    return found


def _picked(record: Record, fields: list[str], source: str) -> Record:
    found: dict[str, Any] = {
        "attributes": {"type": source, "url": f"/services/data/v62.0/sobjects/{source}/x"}
    }
    for name in fields:
        parent, _, child = name.rpartition(".")
        if not parent:
            found[name] = record[name]
        elif record[parent] is None:
            found[parent] = None
        else:
            found.setdefault(parent, {"attributes": {"type": parent}})[child] = record[parent][child]
    return found


class _Parser:
    def __init__(self, soql: str, tables: Mapping[str, Table]) -> None:
        self._tokens = list(self._cut(soql))
        self._at = 0
        self._tables = tables
        self._fields: Mapping[str, str] = {}

    @staticmethod
    def _cut(soql: str) -> Iterator[str]:
        at = 0
        while at < len(soql.rstrip()):
            found = _TOKEN.match(soql, at)
            if found is None:
                raise Refused("MALFORMED_QUERY", f"unexpected token: {soql[at : at + 20]!r}")
            yield found[1]
            at = found.end()

    def query(self) -> Query:
        self._take("SELECT")
        fields = self._names()
        self._take("FROM")
        source = self._next()
        if source not in self._tables:
            raise Refused("INVALID_TYPE", f"sObject type '{source}' is not supported.")
        self._fields = self._tables[source].fields
        for name in fields:
            self._known(name)
        if len(set(fields)) < len(fields):
            raise Refused("INVALID_FIELD", "duplicate field selected")
        where = self._either() if self._has("WHERE") else lambda record: True
        order = self._order() if self._has("ORDER") else []
        limit = int(self._next()) if self._has("LIMIT") else None
        if self._at < len(self._tokens):
            raise Refused("MALFORMED_QUERY", f"unexpected token: {self._tokens[self._at]}")
        return Query(fields, source, where, order, limit)

    def _next(self) -> str:
        if self._at == len(self._tokens):
            raise Refused("MALFORMED_QUERY", "unexpected end of query")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, word: str) -> None:
        if (said := self._next()) != word:
            raise Refused("MALFORMED_QUERY", f"unexpected token: {said}")

    def _has(self, word: str) -> bool:
        found = self._at < len(self._tokens) and self._tokens[self._at] == word
        self._at += found
        return found

    def _names(self) -> list[str]:
        names = [self._next()]
        while self._has(","):
            names.append(self._next())
        return names

    def _known(self, name: str) -> str:
        if name not in self._fields:
            raise Refused("INVALID_FIELD", f"No such column '{name}' on entity.")
        return name

    def _order(self) -> list[tuple[str, bool]]:
        self._take("BY")
        found = [(self._known(self._next()), self._has("DESC"))]
        while self._has(","):
            found.append((self._known(self._next()), self._has("DESC")))
        return found

    def _either(self) -> Callable[[Record], bool]:
        parts, words = [self._one()], set()
        while self._at < len(self._tokens) and self._tokens[self._at] in ("AND", "OR"):
            words.add(self._next())
            parts.append(self._one())
        if len(words) > 1:
            raise Refused("MALFORMED_QUERY", "unexpected token: OR")
        joined = any if words == {"OR"} else all
        return lambda record: joined(part(record) for part in parts)

    def _one(self) -> Callable[[Record], bool]:
        if self._has("("):
            inner = self._either()
            self._take(")")
            return inner
        name = self._known(self._next())
        if self._has("IN"):
            self._take("(")
            wanted = {self._literal(name, one) for one in self._names()}
            self._take(")")
            return lambda record: value(record, name)[:15] in {one[:15] for one in wanted}
        compared, literal = _COMPARED[self._next()], self._literal(name, self._next())
        return lambda record: compared(value(record, name), literal)

    def _literal(self, name: str, said: str) -> Any:
        kind, is_quoted = self._fields[name], said.startswith("'")
        if kind == "datetime" and _INSTANT.fullmatch(said):
            return datetime.fromisoformat(said).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
        if kind in ("id", "reference") and is_quoted:
            if is_id(said[1:-1]):
                return said[1:-1]
            raise Refused("INVALID_QUERY_FILTER_OPERATOR", f"invalid ID field: {said[1:-1]}")
        if kind == "boolean" and said in ("true", "false"):
            return said == "true"
        raise Refused("INVALID_FIELD", f"value of filter criterion for field '{name}' must be of type {kind}")

"""The JSON Schema (2020-12) of sequence.toml, for editors; made from the table that the reader uses."""

from collections.abc import Callable, Iterable
from typing import Any

from cadence.content.keys import (
    ANCHORS,
    DAYS,
    LANGUAGE_PATTERN,
    NAME_PATTERN,
    SEQUENCE,
    STEP,
    TABLES,
    WINDOW,
    Key,
    Kind,
)
from cadence.core.replies import Category
from cadence.core.sequence import MAX_OCCURRENCES

Schema = dict[str, Any]

_SPAN = r"\d{1,5}\s+(minute|hour|business day|day|week|month|year)s?"
_CLOCK = r"([01]\d|2[0-4]):[0-5]\d"
_ANY_CATEGORY: Schema = {"enum": [category.value for category in Category]}
_TEXT: Schema = {"type": "string", "pattern": r"\S"}


def sequence_schema() -> Schema:
    """Return the schema as plain data, ready for json.dumps."""
    schema = _table(SEQUENCE)
    schema["properties"] |= {name: _table(keys) for name, keys in TABLES.items()}
    schema["properties"]["step"] = {"type": "array", "minItems": 1, "items": _step()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Cadence sequence",
        "description": "sequence.toml: who is written to, when, and in which order",
        **schema,
    }


def _step() -> Schema:
    """A step of the chain, a branch, or a step at a date: `after` and `at` exclude each other."""
    step = _table(STEP)
    step["properties"]["window"] = _table(WINDOW)
    never = ("after", "on", "repeat", "times")
    return {
        **step,
        "if": {"required": ["at"]},
        "then": {"properties": dict.fromkeys(never, False)},
        "else": {"required": ["after"]},
        "dependentRequired": {"times": ["repeat"]},
        "dependentSchemas": {"on": {"properties": {"repeat": False}}},
        "anyOf": [
            {"required": ["subject"]},
            {"required": ["pool"]},
            {"required": ["thread"], "properties": {"thread": {"const": "reply"}}},
        ],
    }


def _table(keys: Iterable[Key]) -> Schema:
    keys = tuple(keys)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [key.name for key in keys if key.required],
        "properties": {
            key.name: {"description": _description(key), **_KINDS[key.kind](key)}
            for key in keys
            if key.kind not in (Kind.TABLE, Kind.STEPS)
        },
    }


def _description(key: Key) -> str:
    return f"{key.meaning} (default: {key.default})" if key.default else key.meaning


def _fixed(schema: Schema) -> Callable[[Key], Schema]:
    return lambda key: schema


def _pattern(pattern: str) -> Callable[[Key], Schema]:
    return _fixed({"type": "string", "pattern": f"^\\s*({pattern})\\s*$"})


def _choices(key: Key) -> Schema:
    return {"enum": list(key.choices)}


_ANCHOR = "|".join(ANCHORS).replace(".", r"\.")

_KINDS: dict[Kind, Callable[[Key], Schema]] = {
    Kind.TEXT: _fixed(_TEXT),
    Kind.TEMPLATE: _fixed(_TEXT),
    Kind.TEMPLATES: _fixed(
        {
            "type": "object",
            "minProperties": 1,
            "propertyNames": {"pattern": f"^{LANGUAGE_PATTERN}$"},
            "additionalProperties": _TEXT,
        }
    ),
    Kind.NAME: _pattern(NAME_PATTERN),
    Kind.LANGUAGE: _pattern(LANGUAGE_PATTERN),
    Kind.CHOICE: _choices,
    Kind.DURATION: _pattern(_SPAN),
    Kind.LIMIT: _pattern(f"{_SPAN}|none"),
    Kind.ANCHOR: _pattern(rf"({_ANCHOR})(\s*[-+]\s*{_SPAN})?"),
    Kind.CATEGORY: _choices,
    Kind.CATEGORIES: _fixed(
        {"anyOf": [_ANY_CATEGORY, {"type": "array", "minItems": 1, "items": _ANY_CATEGORY}]}
    ),
    Kind.DAYS: _fixed({"type": "array", "minItems": 1, "items": {"enum": list(DAYS)}}),
    Kind.HOURS: _pattern(rf"{_CLOCK}\s*-\s*{_CLOCK}"),
    Kind.YES_NO: _fixed({"type": "boolean"}),
    Kind.COUNT: _fixed({"type": "integer", "minimum": 1, "maximum": MAX_OCCURRENCES}),
}

"""The JSON Schema accepts what the reader accepts, and rejects what it rejects by its form."""

import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cadence.content.keys import SEQUENCE, STEP, TABLES
from cadence.content.schema import sequence_schema

TEMPLATES = Path(__file__).parents[2] / "templates"
VALIDATOR = Draft202012Validator(sequence_schema())
STEP_END = 'subject = "Thank you"\n'


def test_the_schema_is_a_schema_and_plain_data():
    Draft202012Validator.check_schema(sequence_schema())
    assert json.loads(json.dumps(sequence_schema())) == sequence_schema()


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/sequence.toml")), ids=lambda path: path.parent.name)
def test_every_shipped_sequence_is_accepted(path):
    VALIDATOR.validate(tomllib.loads(path.read_text(encoding="utf-8")))


def test_every_key_is_described():
    schema = sequence_schema()
    for name, keys in TABLES.items():
        assert set(schema["properties"][name]["properties"]) == {key.name for key in keys}
    assert set(schema["properties"]) == {key.name for key in SEQUENCE}
    assert set(schema["properties"]["step"]["items"]["properties"]) == {key.name for key in STEP}


FAULTS = [
    ('audience = "lost"', 'audiense = "lost"'),
    ('audience = "lost"', 'audience = "lots"'),
    ('audience = "lost"', ""),
    ('ends = "18 months"', 'ends = "18 moons"'),
    ('ends = "18 months"', "ends = 18"),
    ('ends = "18 months"', 'ends = "18 months"\nlanguage = "german"'),
    ('ends = "18 months"', 'ends = "18 months"\nwindow = 1'),
    ('ends = "18 months"', 'ends = "18 months"\nwindow = { days = [] }'),
    ('ends = "18 months"', 'ends = "18 months"\nwindow = { days = ["monday"] }'),
    ('ends = "18 months"', 'ends = "18 months"\nwindow = { hours = "9-17" }'),
    ('ends = "18 months"', 'ends = "18 months"\nwindow = { hours = "09:00-25:00" }'),
    ('ends = "18 months"', 'ends = "18 months"\nspacing = { prospect = "nil" }'),
    ('ends = "18 months"', 'ends = "18 months"\nreplies = { later = "1 day" }'),
    ("[[step]]", "[step]"),
    ('name = "hello"', 'name = "Hello you"'),
    ('name = "hello"', ""),
    ('after = "2 hours"', ""),
    ('after = "2 hours"', 'after = "2 hours"\nat = "deal.lost_at"'),
    ('after = "2 hours"', 'at = "deal.lost_at"\nrepeat = "60 days"'),
    ('after = "2 hours"', 'at = "deal.lost"'),
    ('after = "2 hours"', 'at = "deal.lost_at + a while"'),
    ('after = "2 hours"', 'after = "2 hours"\non = "interested"'),
    ('after = "2 hours"', 'after = "2 hours"\non = "feedback"\nrepeat = "60 days"'),
    ('after = "2 hours"', 'after = "2 hours"\ntimes = 2'),
    ('after = "2 hours"', 'after = "2 hours"\nrepeat = "60 days"\ntimes = 0'),
    ('after = "2 hours"', 'after = "2 hours"\nfrom = "boss"'),
    ('after = "2 hours"', 'after = "2 hours"\nreview = "yes"'),
    ('after = "2 hours"', 'after = "2 hours"\nunless = []'),
    ('after = "2 hours"', 'after = "2 hours"\nunless = "nah"'),
    ('after = "2 hours"', 'after = "2 hours"\npool = "tales"'),
    ('after = "2 hours"', 'after = "2 hours"\nsubjects = { german = "Danke" }'),
    ('subject = "Thank you"', ""),
    ('subject = "Thank you"', 'subject = " "'),
]

RIGHT = [
    ('after = "2 hours"', 'at = "deal.competitor_contract_end - 90 days"'),
    ('after = "2 hours"', 'after = "2 hours"\non = "feedback"'),
    ('after = "2 hours"', 'after = "2 hours"\nrepeat = "60 days"\ntimes = 2\nwithin = "1 day"'),
    (
        'after = "2 hours"',
        'after = "2 hours"\nunless = ["feedback", "not_now"]\nwindow = { hours = "00:00-24:00" }',
    ),
    ('ends = "18 months"', 'ends = "18 months"\nspacing = { prospect = "none" }\nlanguage = "pt-BR"'),
]


@pytest.mark.parametrize(("was", "becomes"), FAULTS)
def test_what_the_reader_rejects_by_its_form_is_rejected(was, becomes, bench):
    text = bench.sequence.replace(was, becomes)
    assert any(": error: " in finding for finding in bench.lint({"demo/sequence.toml": text}))
    assert not VALIDATOR.is_valid(tomllib.loads(text))


@pytest.mark.parametrize(("was", "becomes"), RIGHT)
def test_what_the_reader_accepts_is_accepted(was, becomes, bench):
    text = bench.sequence.replace(was, becomes)
    faults = [f for f in bench.lint({"demo/sequence.toml": text}) if "sent first" not in f and ": error" in f]
    assert faults == []
    VALIDATOR.validate(tomllib.loads(text))

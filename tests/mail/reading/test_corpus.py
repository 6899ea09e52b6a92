"""Every mail of tests/corpus is read as expected.json says; all are made up, in the forms of real servers."""

import json
from pathlib import Path
from typing import Any

import pytest

from cadence.core.replies import BOUNCES
from cadence.mail.classify import classify
from cadence.mail.parse import parse

CORPUS = Path(__file__).parents[2] / "corpus"
EXPECTED: dict[str, dict[str, Any]] = json.loads((CORPUS / "expected.json").read_text())


def test_every_mail_of_the_corpus_is_expected_to_be_something():
    assert {path.name for path in CORPUS.glob("*.eml")} >= set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_mail_is_read_as_expected(name: str):
    want = EXPECTED[name]
    received = parse((CORPUS / name).read_bytes())
    verdict = classify(received)
    got: dict[str, Any] = {
        "category": verdict.category.value,
        "text": verdict.text,
        "automatic": verdict.automatic,
        "resume_on": verdict.resume_on.isoformat() if verdict.resume_on else None,
        "people": [person.email for person in verdict.people],
        "attachments": list(received.attachments),
        "not_bounce": verdict.category not in BOUNCES,
    }
    if verdict.bounce:
        got["recipient"] = verdict.bounce.recipient
        got["status"] = verdict.bounce.status
        got["original"] = verdict.bounce.original_message_id
        got["sender_fault"] = verdict.bounce.sender_fault
    assert {key: got.get(key) for key in want} == want

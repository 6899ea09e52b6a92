"""The new words of a reply come out whole, whichever client sent it and in whatever language it quotes."""

import json
from pathlib import Path

import pytest

from cadence.mail.classify import classify
from cadence.mail.parse import parse
from tests.mail.reading.clients import CLIENTS

REPLIES = Path(__file__).parents[2] / "corpus" / "replies" / "tuned.jsonl"
ROWS = [json.loads(line) for line in REPLIES.read_text().splitlines()]
LANGUAGES = sorted({row["language"] for row in ROWS})


@pytest.mark.parametrize("client", sorted(CLIENTS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_only_the_new_words_are_read(client: str, language: str):
    for row in [row for row in ROWS if row["language"] == language][:12]:
        verdict = classify(parse(CLIENTS[client](row["text"], language)))
        assert " ".join(verdict.text.split()) == " ".join(row["text"].split())

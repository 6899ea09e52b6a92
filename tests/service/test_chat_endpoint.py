"""The endpoint is asked over real HTTP, told the words only, and believed only in the one shape asked for."""

import json
import ssl
import time
from pathlib import Path

import pytest

from cadence.core.replies import Category
from cadence.core.second_opinion import Opinion
from cadence.service import chat_endpoint
from cadence.service.chat_endpoint import ChatEndpoint, redacted
from tests.servers.chat import Chat, said, wrapped
from tests.servers.tls import Certificate


async def asked(chat: Chat, text: str = "You were too dear.", **more: object) -> Opinion | None:
    async with chat.listening():
        return await ChatEndpoint(chat.url, "small", **more).ask(text)  # type: ignore[arg-type]


async def test_a_proper_answer_is_an_opinion():
    assert await asked(Chat(said("feedback", 0.8))) == Opinion(Category.FEEDBACK, 0.8)
    assert await asked(Chat(said("not_now", 1))) == Opinion(Category.NOT_NOW, 1.0)


async def test_it_is_told_the_categories_and_the_words_and_nothing_else():
    chat = Chat()
    await asked(chat, "Write to dana@lost.example or +49 30 1234567, see https://x.example/?y=1.", key="k1")
    (question,) = chat.questions
    system, user = (message["content"] for message in question["messages"])
    assert user == "Write to [address] or [number], see [link]"
    assert all(category in system for category in chat_endpoint.MEANINGS)
    assert question.keys() == {"model", "messages", "response_format"}
    assert question["model"] == "small"
    assert "Authorization: Bearer k1" in chat.heads[0]
    assert chat.heads[0].startswith("POST /v1/chat/completions ")


async def test_without_a_key_none_is_sent():
    chat = Chat()
    await asked(chat)
    assert "authorization" not in chat.heads[0].lower()


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"feedback",
        b"[]",
        b"{}",
        b'{"choices": []}',
        b"[" * 50_000,
        wrapped(None),
        wrapped("feedback"),
        wrapped('```json\n{"category": "feedback", "confidence": 0.9}\n```'),
        wrapped('["feedback", 0.9]'),
        wrapped('{"category": "feedback"}'),
        said("feedback", 0.9, why="they said so"),
        said("FEEDBACK"),
        said("bounce_hard"),
        said("delete_everything"),
        wrapped('{"category": ["feedback"], "confidence": 0.9}'),
        said("feedback", "0.9"),
        said("feedback", True),
        said("feedback", 1.1),
        said("feedback", -0.1),
        wrapped('{"category": "feedback", "confidence": NaN}'),
        b" " * (chat_endpoint.LONGEST_ANSWER + 1) + said("feedback"),
    ],
)
async def test_any_other_answer_is_none(answer):
    assert await asked(Chat(answer)) is None


@pytest.mark.parametrize("status", [401, 404, 429, 500])
async def test_a_refusal_is_no_answer(status):
    assert await asked(Chat(said("feedback"), status=status)) is None


async def test_a_redirect_is_not_followed():
    other = Chat(said("feedback"))
    async with other.listening():
        moved = Chat(b"", status=307, headers=f"Location: {other.url}/chat/completions\r\n")
        assert await asked(moved) is None
    assert other.questions == []


async def test_nobody_there_is_no_answer():
    chat = Chat()
    async with chat.listening():
        pass
    assert await ChatEndpoint(chat.url, "small").ask("Well.") is None


async def test_who_does_not_answer_in_time_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(chat_endpoint, "SECONDS", 0.3)
    assert await asked(Chat(None)) is None


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path):
    certificate = Certificate.make(tmp_path)
    chat = Chat()
    async with chat.listening(certificate.for_server()):
        assert await ChatEndpoint(chat.url, "small").ask("Well.") is None
        assert chat.questions == []
        trusted = ChatEndpoint(chat.url, "small", ssl_context=certificate.for_client())
        assert await trusted.ask("Well.") == Opinion(Category.FEEDBACK, 0.9)
        assert trusted.ssl_context.verify_mode is ssl.CERT_REQUIRED


def test_a_long_reply_is_cut_and_hides_in_linear_time():
    began = time.process_time()
    assert len(redacted("a." * 100_000)) <= chat_endpoint.LONGEST_TEXT
    assert len(redacted("1 " * 100_000)) <= chat_endpoint.LONGEST_TEXT
    assert time.process_time() - began < 5


def test_the_schema_and_the_list_name_every_category_of_a_person():
    from cadence.service.correcting import MEANINGS

    assert tuple(category.value for category in chat_endpoint.MEANINGS) == MEANINGS
    assert json.dumps(chat_endpoint._SCHEMA)

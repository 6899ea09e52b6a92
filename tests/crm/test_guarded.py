"""Whatever a CRM answers: it is read, or it is one line that says that it cannot be."""

import json
from collections.abc import Callable
from contextlib import suppress
from random import Random
from typing import Any

import pytest

from cadence.core.errors import CrmError
from cadence.crm.guarded import Guarded
from tests.servers.crm_api import BEGIN, CrmApi, Sale, id_of
from tests.servers.web import Reply

TRIED = 12
"""Odd answers to each visit."""
ODD: tuple[Any, ...] = (None, 7, "x", [], [7], {}, {"id": []}, {"properties": [7]}, {"stages": 7})
VISITS: dict[str, Callable[[Guarded], Any]] = {
    "check": lambda way: way.check(),
    "fields": lambda way: way.fields(),
    "pipelines": lambda way: way.pipelines(),
    "changes": lambda way: way.changes(way.cursor(BEGIN), now=BEGIN),
    "deals": lambda way: way.deals([id_of(41)], ["rival"]),
    "write": lambda way: way.write(id_of(41), {"win_back": "x"}),
    "note": lambda way: way.note(id_of(41), "reply7", "Too dear", BEGIN),
}


def bent(found: Any, odd: Any) -> list[Any]:
    """An answer with something odd in place of each of its parts."""
    if isinstance(found, dict):
        return [{**found, name: one} for name in found for one in (odd, *bent(found[name], odd))]
    if isinstance(found, list) and found:
        return [[one, *found[1:]] for one in (odd, *bent(found[0], odd))]
    return []


@pytest.mark.parametrize("visit", VISITS)
async def test_no_answer_breaks_anything_but_the_visit(
    crm: CrmApi, visit: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.put(Sale(id_of(41)))
    answers: list[Any] = []
    reply = crm.answer

    def remembered(request: Any) -> Reply:
        said = reply(request)
        answers.append(json.loads(said.body or b"null"))
        return said

    monkeypatch.setattr(crm, "answer", remembered)
    await VISITS[visit](Guarded(crm.connector()))
    all_of_them = [
        (place, said)
        for place, answer in enumerate(list(answers))
        for odd in ODD
        for said in (odd, *bent(answer, odd))
    ]
    for place, said in Random(visit).sample(all_of_them, min(len(all_of_them), TRIED)):
        crm.moods.clear()
        crm.moods.extend([""] * place + [Reply(200, json.dumps(said).encode())])
        with suppress(CrmError):
            await VISITS[visit](Guarded(crm.connector()))

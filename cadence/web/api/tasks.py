"""Tasks: what needs a person, and their answers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, computed_field

from cadence.core.model import TaskKind
from cadence.core.rights import Right
from cadence.service import deciding, lists
from cadence.service.answering import ANSWERS
from cadence.store.listing import task_list
from cadence.web.api.calls import Call, may, resources
from cadence.web.api.documents import After, Document, Given, Items, Limit, Name, Number, items
from cadence.web.api.replies import Done

routes = resources("tasks")


class Task(Document):
    """Something that a person must decide or do."""

    id: int
    kind: TaskKind
    text: str
    prospect_id: int | None
    email: str | None = Field(description="Of the prospect.", examples=["dana@lost.example"])
    enrollment_id: int | None
    message_id: int | None
    reply_id: int | None = Field(validation_alias="inbound_id")
    mailbox_id: int | None
    created_at: datetime
    done_at: datetime | None
    answer: str | None = Field(description="As it was given.", examples=["resume"])

    @computed_field(description="What it can be answered with.", examples=[["resume", "stop"]])  # type: ignore[prop-decorator]
    @property
    def answers(self) -> list[str]:
        """What it can be answered with."""
        return list(ANSWERS[self.kind])


class Which(StrEnum):
    """Which tasks."""

    OPEN = "open"
    DONE = "done"
    ALL = "all"


class Answer(Given):
    """What somebody decided."""

    answer: Name = Field(description="One of the task's `answers`.", examples=["resume"])


@routes.get("/tasks", summary="What needs a person")
async def tasks(
    call: Annotated[Call, may(Right.READ_TASKS)],
    which: Which = Which.OPEN,
    kind: TaskKind | None = None,
    after: After = None,
    limit: Limit = 50,
) -> Items[Task]:
    """Tasks about people and mailboxes within reach."""
    is_open = {Which.OPEN: True, Which.DONE: False, Which.ALL: None}[which]
    of = task_list(call.who.user, is_open=is_open, kind=kind)
    return items(Task, await lists.part(call.app, of, after=after, limit=limit))


@routes.get("/tasks/{task_id}", summary="One task")
async def task(call: Annotated[Call, may(Right.READ_TASKS)], task_id: Number) -> Task:
    """One task."""
    return Task.model_validate(await lists.one(call.app, task_list(call.who.user), task_id))


@routes.post("/tasks/{task_id}/answer", summary="Answer a task")
async def answer(call: Annotated[Call, may(Right.ANSWER_TASKS)], task_id: Number, given: Answer) -> Done:
    """Answer a task; what follows from the answer is carried out."""
    done: Any = await deciding.answer(call.app, call.who, task_id, given.answer)
    await call.app.wake()
    return Done(done=done)

"""The sequences: which there are, the storyboard of each, what a draft would change, and publishing it."""

from typing import Annotated

from fastapi import APIRouter, Form, Response

from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.rights import Right
from cadence.core.storyboard import storyboard
from cadence.service import authoring, tallies, trials
from cadence.service.publishing import Publication
from cadence.store.steps import Tally
from cadence.web.errors import status_of
from cadence.web.visits import Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Reader = Annotated[Visit, may(Right.READ_SEQUENCES)]
_Author = Annotated[Visit, may(Right.EDIT_SEQUENCES)]

MONTH_DAYS = 30.44
TICKS = (
    (7, "1 week"),
    (MONTH_DAYS, "1 month"),
    (3 * MONTH_DAYS, "3 months"),
    (6 * MONTH_DAYS, "6 months"),
    (12 * MONTH_DAYS, "12 months"),
    (18 * MONTH_DAYS, "18 months"),
    (24 * MONTH_DAYS, "24 months"),
    (36 * MONTH_DAYS, "36 months"),
)


@routes.get("/sequences")
async def sequences(visit: _Reader) -> Response:
    """All of them."""
    return visit.page(
        "sequences.html.j2",
        sequences=await authoring.listed(visit.app),
        edits=_edits(visit),
    )


@routes.get("/sequences/{name}")
async def sequence(visit: _Reader, name: str, of: str = "") -> Response:
    """One of them, as it is published, or as its draft stands (`of=draft`, for authors)."""
    listed = await authoring.one(visit.app, name)
    edits = _edits(visit) and listed.on_disk
    shows_draft = edits and (of == "draft" or listed.head is None)
    outline = None
    if shows_draft:
        outline = await authoring.outline_of(name, await authoring.draft(visit.app, name))
        shown = outline.sequence
    elif listed.head is None:
        shown = None
    else:
        shown = await authoring.published(visit.app, name)
    tried = [one for one in await trials.shown(visit.app) if one.sequence == name]
    return visit.page(
        "sequence.html.j2",
        listed=listed,
        trials=tried,
        in_two_ways=outline.tried if outline else [one.step for one in tried if one.ended_at is None],
        edits=edits,
        outline=outline,
        sequence=shown,
        board=storyboard(shown) if shown else None,
        ticks=TICKS,
        tallies=await tallies.of_steps(visit.app, name),
        unsent=Tally(),
    )


@routes.get("/sequences/{name}/changes")
async def changes(visit: _Author, name: str) -> Response:
    """What differs from what is published, and what publishing it would do."""
    return await _changes(visit, name)


@routes.post("/sequences/{name}/changes")
async def look(visit: _Author, name: str, again: _Text = "") -> Response:
    """End the look at what publishing would mean for the people, or begin it anew."""
    await (authoring.look_again if again else authoring.end_look)(visit.app, name)
    return visit.to(f"/sequences/{name}/changes")


@routes.post("/sequences/{name}/publish")
async def publish(
    visit: Annotated[Visit, may(Right.PUBLISH_SEQUENCES)], name: str, seen: _Text = "", drop: _Text = ""
) -> Response:
    """Let mails be sent from the files that were looked at."""
    try:
        done = await authoring.publish(visit.app, visit.who, name, seen, drop=bool(drop))
    except NotFound:
        raise
    except (InvalidInput, Conflict) as fault:
        if visit.app.templates is None:
            raise
        return await _changes(visit, name, fault)
    return visit.to(f"/sequences/{name}", _said(done))


def _said(done: Publication) -> str:
    if not done.changed:
        return "Nothing was changed: this is what is published."
    people = f"; {done.enrolled} people go on with it from their next mail" if done.enrolled else ""
    tried = "".join(f" The trial of {step} {what}." for step, what in done.trials.items())
    return f"Published as revision {done.number}{people}.{tried}"


async def _changes(visit: Visit, name: str, fault: CadenceError | None = None) -> Response:
    difference = await authoring.difference(visit.app, name)
    outline = await authoring.outline_of(name, await authoring.draft(visit.app, name))
    return visit.page(
        "sequence_changes.html.j2",
        block="looked",
        status=status_of(fault) if fault else 200,
        name=name,
        difference=difference,
        outline=outline,
        fault=fault,
        publishes=Right.PUBLISH_SEQUENCES in visit.who.rights,
    )


def _edits(visit: Visit) -> bool:
    return Right.EDIT_SEQUENCES in visit.who.rights

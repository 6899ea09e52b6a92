"""Long work: asked for, looked through, carried out after a yes, watched, cancelled; imports of files."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import StreamingResponse
from starlette.datastructures import UploadFile

from cadence.core.date_order import DateOrder
from cadence.core.errors import CadenceError, Conflict, Forbidden, InvalidInput, NotFound
from cadence.core.jobs import JobKind, JobState
from cadence.core.rights import Right
from cadence.service import fields, importing_jobs, jobs, prospecting, selections, spreadsheet
from cadence.store.jobs import Job
from cadence.store.searching import Wanted
from cadence.web import standings
from cadence.web.errors import status_of
from cadence.web.pages.prospects import FILTERS, Picked, until_of, wanted_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Reader = Annotated[Visit, may(Right.READ_PROSPECTS)]
_Changer = Annotated[Visit, may(Right.CHANGE_PROSPECTS)]
_Enroller = Annotated[Visit, may(Right.ENROLL)]
_Text = Annotated[str, Form()]
_ROOM = 100_000
"""Bytes of a request beside the file itself."""
_MOST_PICKED = 1000


# --- people who are known ---


@routes.get("/prospects/selection")
async def select(
    visit: _Changer,
    picked: Picked,
    act: str = "",
    ids: Annotated[list[int] | None, Query()] = None,
    all_: Annotated[str, Query(alias="all")] = "",
) -> Response:
    """What is to happen to those who were picked."""
    if not all_ and not ids:
        return visit.to("/prospects", "Pick somebody first, or all of them.", "bad")
    return await _selected(visit, act, picked if all_ else {}, ids or [], bool(all_))


@routes.post("/prospects/selection")
async def look_through(
    visit: _Changer,
    act: _Text = "",
    ids: Annotated[list[int] | None, Form()] = None,
    until: _Text = "",
    into: _Text = "",
    mailbox: _Text = "",
) -> Response:
    """Let it be looked through."""
    kind, form = _kind(act), await visit.form()
    is_all = bool(form.get("all"))
    picked = {name: str(form.get(name) or "") for name in FILTERS}
    try:
        wanted = wanted_of(picked) if is_all else Wanted(ids=_few(ids or []))
        job_id = await selections.ask(
            visit.app,
            visit.who,
            kind,
            wanted,
            until=until_of(visit, until) if kind is JobKind.PAUSE else None,
            sequence=into if kind is JobKind.ENROLL else "",
            mailbox=mailbox,
        )
    except (InvalidInput, NotFound, Forbidden) as fault:
        return await _selected(visit, act, picked if is_all else {}, ids or [], is_all, fault)
    return visit.to(f"/jobs/{job_id}")


def _kind(act: str) -> JobKind:
    if act not in set(JobKind) or not JobKind(act).is_about_known:
        raise InvalidInput("That cannot be done to prospects.")
    return JobKind(act)


def _few(ids: list[int]) -> tuple[int, ...]:
    if not ids:
        raise InvalidInput("Pick somebody first, or all of them.")
    if len(ids) > _MOST_PICKED:
        raise InvalidInput(f"Pick at most {_MOST_PICKED} one by one, or all of them.")
    return tuple(sorted({id_ for id_ in ids if 0 < id_ < 2**63}))


async def _selected(
    visit: Visit,
    act: str,
    picked: dict[str, str],
    ids: list[int],
    is_all: bool,
    fault: CadenceError | None = None,
) -> Response:
    return visit.page(
        "selection.html.j2",
        status=status_of(fault) if fault else 200,
        act=_kind(act).value,
        picked={name: value for name, value in picked.items() if value},
        ids=ids,
        is_all=is_all,
        choices=await prospecting.choices(visit.app, visit.who),
        changes=standings.CHANGES,
        today=visit.app.clock().date(),
        fault=fault,
    )


# --- files ---


@routes.get("/prospects/import")
async def ask_file(visit: _Enroller) -> Response:
    """The form for a file."""
    return visit.page("import.html.j2", fault=None, fields=fields.FIELDS, largest=importing_jobs.LARGEST)


@routes.post("/prospects/import", max_body_size=importing_jobs.LARGEST + _ROOM)
async def upload(visit: _Enroller) -> Response:
    """Keep the file, and ask which column is what."""
    form = await visit.form()
    try:
        job_id = await _kept(visit, form.get("file"))
    except InvalidInput as fault:
        return visit.page(
            "import.html.j2", status=422, fault=fault, fields=fields.FIELDS, largest=importing_jobs.LARGEST
        )
    finally:
        await form.close()
    return visit.to(f"/jobs/{job_id}/columns")


async def _kept(visit: Visit, file: object) -> int:
    if not isinstance(file, UploadFile) or not file.filename:
        raise InvalidInput("Choose a file first.")
    if (file.size or 0) > importing_jobs.LARGEST:
        raise InvalidInput(f"A file may have {importing_jobs.LARGEST // 1_000_000} MB.")
    return await importing_jobs.upload(visit.app, visit.who, file.filename, file.file)


@routes.get("/jobs/{job_id}/columns")
async def ask_columns(visit: _Enroller, job_id: Id) -> Response:
    """Which column is what."""
    job, _ = await jobs.look(visit.app, visit.who, job_id)
    if job.state not in (JobState.DRAFT, JobState.READY):
        return visit.to(f"/jobs/{job_id}")
    return await _columns(visit, job)


@routes.post("/jobs/{job_id}/columns")
async def map_columns(
    visit: _Enroller,
    job_id: Id,
    columns: Annotated[list[str] | None, Form()] = None,
    sequence: _Text = "",
    mailbox: _Text = "",
    date_order: _Text = "",
) -> Response:
    """Let all rows be looked through."""
    job, _ = await jobs.look(visit.app, visit.who, job_id)
    said: dict[str, Any] = {
        "columns": columns or [],
        "sequence": sequence,
        "mailbox": mailbox,
        "date_order": date_order,
    }
    try:
        await importing_jobs.map_columns(visit.app, visit.who, job_id, **said)
    except (InvalidInput, NotFound, Forbidden) as fault:
        return await _columns(visit, job, said, fault)
    return visit.to(f"/jobs/{job_id}")


async def _columns(
    visit: Visit, job: Job, said: dict[str, Any] | None = None, fault: CadenceError | None = None
) -> Response:
    if job.kind is not JobKind.IMPORT:
        raise NotFound("There is no file here.")
    known = job.asked.get("mapping")
    chosen = [known.get(name, "") for name in job.asked["header"]] if known else None
    return visit.page(
        "columns.html.j2",
        status=status_of(fault) if fault else 200,
        job=job,
        chosen=(said or {}).get("columns") or chosen or importing_jobs.guessed(job.asked["header"]),
        said=said or {name: job.asked.get(name, "") for name in ("sequence", "mailbox", "date_order")},
        fields=fields.FIELDS,
        choices=await prospecting.choices(visit.app, visit.who),
        orders=list(DateOrder),
        fault=fault,
    )


# --- any of them ---


@routes.get("/jobs")
async def all_jobs(visit: _Reader, after: str = "") -> Response:
    """What was asked for, newest first."""
    part = await jobs.mine(visit.app, visit.who, after=after)
    return visit.page("jobs.html.j2", block="rows", part=part, after=after, done=DONE, states=standings.JOBS)


@routes.get("/jobs/{job_id}")
async def job(visit: _Reader, job_id: Id) -> Response:
    """One of them; while it is worked on, the page asks for its progress again and again."""
    found, rejects = await jobs.look(visit.app, visit.who, job_id)
    if found.state is JobState.DRAFT:
        return visit.to(f"/jobs/{job_id}/columns")
    return visit.page(
        "job.html.j2",
        block="progress",
        job=found,
        rejects=rejects,
        is_carried_out=jobs.phase_of(found) is JobState.RUNNING,
        rows=importing_jobs.preview(found) if found.kind is JobKind.IMPORT else [],
        done=DONE,
        states=standings.JOBS,
    )


@routes.post("/jobs/{job_id}/start")
async def start(visit: _Changer, job_id: Id) -> Response:
    """Carry it out."""
    await jobs.approve(visit.app, visit.who, job_id)
    return visit.to(f"/jobs/{job_id}")


@routes.post("/jobs/{job_id}/cancel")
async def cancel(visit: _Changer, job_id: Id) -> Response:
    """Do no more of it."""
    try:
        await jobs.cancel(visit.app, visit.who, job_id)
    except Conflict as fault:
        return visit.to(f"/jobs/{job_id}", str(fault), "bad")
    return visit.to(f"/jobs/{job_id}", "Cancelled. What was done until now stays.")


@routes.get("/jobs/{job_id}/rejects.csv")
async def rejects(visit: Annotated[Visit, may(Right.EXPORT_PROSPECTS)], job_id: Id) -> Response:
    """Whom it left out, or would, with the reasons; no spreadsheet takes a cell of it for a formula."""
    found, _ = await jobs.look(visit.app, visit.who, job_id)
    headers = {"Content-Disposition": f'attachment; filename="rejects-{job_id}.csv"'}
    return StreamingResponse(_csv(visit, found), media_type="text/csv; charset=utf-8", headers=headers)


async def _csv(visit: Visit, found: Job) -> AsyncIterator[str]:
    is_import = found.kind is JobKind.IMPORT
    yield "\ufeff" + _line(["row", "reason", *found.asked["header"]] if is_import else ["email", "reason"])
    async for one in jobs.rejected(visit.app, found):
        yield _line([one.row, one.reason, *one.cells] if is_import else [one.email, one.reason])


def _line(cells: list[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([spreadsheet.harmless(cell) for cell in cells])
    return line.getvalue()


DONE: dict[JobKind, tuple[str, str, str]] = {
    JobKind.IMPORT: ("Import", "would be enrolled", "enrolled"),
    JobKind.ENROLL: ("Enroll", "would be enrolled", "enrolled"),
    JobKind.PAUSE: ("Pause", "would be paused", "paused"),
    JobKind.RESUME: ("Let go on", "would go on", "going on"),
    JobKind.STOP: ("Stop", "would be stopped", "stopped"),
    JobKind.REMOVE: ("Remove", "would be removed", "removed"),
    JobKind.TELL: ("Tell", "would be told", "told"),
    JobKind.SPARE: ("Leave in peace", "would be left in peace", "left in peace"),
}
"""Kind → the button, what would happen to people, and what did."""

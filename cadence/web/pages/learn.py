"""What we learn: why deals are lost, who wins them, what brings them back; each table as a download too."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from cadence.core.calendar import local
from cadence.core.errors import InvalidInput, NotFound
from cadence.core.model import Place
from cadence.core.rights import REACH, Right
from cadence.service import insight_tables as tables
from cadence.service import insights, trials
from cadence.service.insights import Period
from cadence.service.spreadsheet import harmless
from cadence.store.reports import Kept
from cadence.web.errors import status_of
from cadence.web.visits import Visit, may

routes = APIRouter()
_Text = Annotated[str, Query(max_length=100)]
_Reader = Annotated[Visit, may(Right.READ_REPORTS)]

DAYS = (30, 90, 365)
"""The periods that are one click away, in days until today."""
LONGEST_COUNT = 600.0
"""Seconds that a download waits for a report that was never counted."""


@routes.get("/learn")
async def learn(visit: _Reader, since: _Text = "", until: _Text = "", by: _Text = "month") -> Response:
    """The report of a period; htmx asks for it again while it is being counted."""
    by = by if by in tables.DIMENSION_NAMES else "month"
    today = local(visit.app.clock(), Place(visit.who.user.zone)).date()
    asked = {"since": since, "until": until, "by": by}
    try:
        period, fault = insights.period_of(since, until, today), None
    except InvalidInput as wrong:
        period, fault = Period(), wrong
    kept = await insights.report(visit.app, visit.who, period)
    return visit.page(
        "learn.html.j2",
        status=status_of(fault) if fault else 200,
        block="report",
        fault=fault,
        asked=asked,
        query=urlencode({name: value for name, value in asked.items() if name != "by" and value}),
        periods=_periods(today),
        reach=REACH[visit.who.user.role],
        dimensions=tables.DIMENSION_NAMES,
        **await _facts(visit, kept, by),
    )


@routes.get("/learn/{name}.csv")
async def download(
    visit: _Reader, name: str, since: _Text = "", until: _Text = "", by: _Text = "month"
) -> Response:
    """One table as a file that spreadsheets open and do not execute."""
    if by not in tables.DIMENSION_NAMES:
        raise InvalidInput("There is nothing to sort by of that name.")
    today = local(visit.app.clock(), Place(visit.who.user.zone)).date()
    period = insights.period_of(since, until, today)
    if name not in _TABLES:
        raise NotFound("There is no such table.")
    kept = await insights.report(visit.app, visit.who, period, patience=LONGEST_COUNT)
    if kept is None:
        raise NotFound("This could not be counted; please try again.")
    rows = await _rows(visit, kept, name, by)
    headers = {"Content-Disposition": f'attachment; filename="cadence-{name}-{today}.csv"'}
    return StreamingResponse(_written(rows), media_type="text/csv; charset=utf-8", headers=headers)


_TABLES = ("funnel", "reasons", "by", "results", "steps", "stories", "trials", "words", "amounts")


async def _rows(visit: Visit, kept: Kept, name: str, by: str) -> Iterator[Sequence[object]]:
    body = kept.body
    if name == "words":
        return tables.csv_words(await insights.words(visit.app, body))
    if name == "trials":
        return tables.csv_trials(await trials.shown(visit.app))
    if name in {"by", "results"}:
        make = tables.csv_by if name == "by" else tables.csv_results
        return make(body, by, await insights.rep_names(visit.app))
    plain = {"funnel": tables.csv_funnel, "reasons": tables.csv_reasons, "amounts": tables.csv_amounts}
    if name in plain:
        return plain[name](body)
    return tables.csv_mails(tables.steps(body) if name == "steps" else tables.stories(body))


async def _written(rows: Iterable[Sequence[object]]) -> AsyncIterator[bytes]:
    """Row by row, as it is asked for."""
    line = io.StringIO()
    writer = csv.writer(line)
    yield "\ufeff".encode()  # so that spreadsheets know it is UTF-8
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


async def _facts(visit: Visit, kept: Kept | None, by: str) -> dict[str, object]:
    if kept is None:
        return {"made_at": None}
    body = kept.body
    names = await insights.rep_names(visit.app) if by == "rep" else {}
    return {
        "made_at": kept.made_at,
        "body": body,
        "funnel": tables.funnel(body),
        "reasons": tables.reasons(body),
        "crosses": {
            title: tables.cross(body, version, by, names) for version, title in tables.VERSION_NAMES.items()
        },
        "competitors": tables.cross(body, "rep", "competitor", {}).groups,
        "named": {one.value: one.deals for one in tables.cross(body, "prospect", "competitor", {}).groups},
        "steps": tables.steps(body),
        "stories": tables.stories(body),
        "trials": await trials.shown(visit.app),
        "words": await insights.words(visit.app, body),
        "undecided": await insights.undecided(visit.app, body),
        "amount": tables.amount,
        "readable": tables.readable,
        "not_said": tables.NOBODY_SAID,
    }


def _periods(today: date) -> list[tuple[str, str]]:
    """Title and first day of each period that is one click away."""
    found = [(f"{days} days", (today - timedelta(days=days)).isoformat()) for days in DAYS]
    return [("Everything", ""), *found]

"""CRMs: connected, given rules and fields with a look at what they come to; conflicts and faults shown."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Response
from starlette.datastructures import FormData

from cadence.core.crm_setup import FACTS, TOLD, Setup, Start, plain, setup_of
from cadence.core.errors import CadenceError, CrmError, InvalidInput
from cadence.core.rights import Right
from cadence.crm.kinds import KINDS, kind_of
from cadence.service import crm_connecting, crm_showing
from cadence.service.crm_connecting import Choices, Wanted
from cadence.store.crm import Connection
from cadence.web import words
from cadence.web.errors import status_of
from cadence.web.visits import Id, Visit, may

routes = APIRouter()
_Manager = Annotated[Visit, may(Right.CRM)]
LONGEST_FIELD = 2000


@routes.get("/crm")
async def all_of_them(visit: _Manager) -> Response:
    """Every CRM within reach, and a form for each kind that connects one more."""
    return await _list(visit)


@routes.post("/crm")
async def connect(visit: _Manager) -> Response:
    """Try a CRM, and connect it."""
    form = await visit.form()
    try:
        kind = kind_of(_text(form, "kind"))
        secrets = {one.name: _text(form, one.name) for one in kind.secrets}
        since = _day(_text(form, "since"), visit.who.user.zone)
        wanted = Wanted(kind.name, secrets, _text(form, "url"), _text(form, "hook"), since)
        id_ = await crm_connecting.connect(visit.app, visit.who, wanted)
    except (InvalidInput, CrmError) as fault:
        return await _list(visit, fault)
    return visit.to(f"/crm/{id_}/setup", "Connected. Now say what follows from a lost deal.")


@routes.get("/crm/{crm_id}")
async def one(visit: _Manager, crm_id: Id) -> Response:
    """One CRM: how it stands, what waits for a decision, its faults, and what became of its deals."""
    return await _one(visit, crm_id)


@routes.post("/crm/{crm_id}/renew")
async def renew(visit: _Manager, crm_id: Id) -> Response:
    """Give it another token, or another secret of its webhooks."""
    form = await visit.form()
    connection = await crm_connecting.known(visit.app, visit.who, crm_id)
    secrets = {one.name: _text(form, one.name) for one in kind_of(connection.kind).secrets}
    try:
        await crm_connecting.renew(visit.app, visit.who, crm_id, secrets, _text(form, "hook"))
    except (InvalidInput, CrmError) as fault:
        return await _one(visit, crm_id, fault)
    return visit.to(f"/crm/{crm_id}", "Saved. It is visited now.")


@routes.post("/crm/{crm_id}/visit")
async def visit_now(visit: _Manager, crm_id: Id) -> Response:
    """Look there now, also at what had a fault."""
    await crm_connecting.try_again(visit.app, visit.who, crm_id)
    return visit.to(f"/crm/{crm_id}", "It is visited now, with whatever had a fault. Reload to see.")


@routes.post("/crm/{crm_id}/enable")
async def enable(visit: _Manager, crm_id: Id) -> Response:
    """Visit it again, beginning where it was left."""
    await crm_connecting.switch(visit.app, visit.who, crm_id, on=True)
    return visit.to(f"/crm/{crm_id}", "It is visited again, beginning where it was left.")


@routes.post("/crm/{crm_id}/disable")
async def disable(visit: _Manager, crm_id: Id) -> Response:
    """Neither read nor write there until somebody says so."""
    await crm_connecting.switch(visit.app, visit.who, crm_id, on=False)
    return visit.to(f"/crm/{crm_id}", "Nothing is read or written there until you switch it on again.")


@routes.post("/crm/{crm_id}/remove")
async def remove(visit: _Manager, crm_id: Id) -> Response:
    """Forget it; its people stay."""
    await crm_connecting.remove(visit.app, visit.who, crm_id)
    return visit.to("/crm", "Removed. Whoever was enrolled because of it stays enrolled.")


@routes.post("/crm/{crm_id}/conflicts/{conflict_id}")
async def decide(
    visit: _Manager, crm_id: Id, conflict_id: Id, counts: Annotated[str, Form(pattern="ours|theirs")]
) -> Response:
    """Let our value of a field count, or theirs."""
    ours = counts == "ours"
    await crm_connecting.decide(visit.app, visit.who, crm_id, conflict_id, ours=ours)
    return visit.to(f"/crm/{crm_id}", "Your choice is taken over." if ours else "Theirs is taken over.")


@routes.get("/crm/{crm_id}/setup")
async def setup(visit: _Manager, crm_id: Id) -> Response:
    """The rules and the fields."""
    connection = await crm_connecting.known(visit.app, visit.who, crm_id)
    return await _setup(visit, connection, plain(setup_of(connection.setup)))


@routes.post("/crm/{crm_id}/setup")
async def save(visit: _Manager, crm_id: Id) -> Response:
    """Show what rules and fields come to with real deals, or save them."""
    connection = await crm_connecting.known(visit.app, visit.who, crm_id)
    form = await visit.form()
    values = _setup_values(form)
    try:
        wanted = setup_of(values)
        if form.get("do") == "preview":
            return await _setup(visit, connection, values, looks_at=wanted)
        await crm_connecting.set_up(visit.app, visit.who, crm_id, values)
    except CadenceError as fault:
        return await _setup(visit, connection, values, fault=fault)
    return visit.to(f"/crm/{crm_id}", "Saved. What had a fault is looked at again.")


# --- what forms say ---


def _text(form: FormData | Mapping[str, Any], name: str) -> str:
    said = form.get(name, "")
    return said.strip()[:LONGEST_FIELD] if isinstance(said, str) else ""


def _day(said: str, zone: str) -> datetime | None:
    """The beginning of a day; raises InvalidInput."""
    if not said:
        return None
    try:
        return datetime.combine(date.fromisoformat(said), datetime.min.time(), ZoneInfo(zone))
    except ValueError:
        raise InvalidInput("Give a day.") from None


def _setup_values(form: FormData) -> dict[str, Any]:
    """The form of rules and fields, as a file holds it; a rule without a sequence is none."""
    columns = ("sequence", "start", "pipeline", "reason", "amount_from", "amount_to")
    told = zip(*(form.getlist(name) for name in columns), strict=False)
    rules: list[dict[str, Any]] = []
    for row in told:
        rule = {name: said.strip() for name, said in zip(columns, row, strict=True) if isinstance(said, str)}
        several = {name: _several(rule.pop(name, "")) for name in ("pipeline", "reason")}
        if rule.get("sequence"):
            rules.append({**{name: said for name, said in rule.items() if said}, **several})
    pairs = (line.split("=", 1) for line in _text(form, "reasons").splitlines() if "=" in line)
    return {
        "sender": _text(form, "sender"),
        "notes": form.get("notes") == "true",
        "rule": rules,
        "read": {name: said for name in FACTS if (said := _text(form, f"read.{name}"))},
        "write": {name: said for name in (*TOLD, *FACTS) if (said := _text(form, f"write.{name}"))},
        "reasons": {there.strip(): here.strip() for there, here in pairs},
    }


def _several(said: str) -> list[str]:
    return [one.strip() for one in said.split(";") if one.strip()]


# --- pages ---


async def _list(visit: Visit, fault: CadenceError | None = None) -> Response:
    return visit.page(
        "crms.html.j2",
        status=status_of(fault) if fault else 200,
        connections=await crm_showing.overview(visit.app, visit.who),
        kinds=KINDS,
        fault=fault,
    )


async def _one(visit: Visit, crm_id: int, fault: CadenceError | None = None) -> Response:
    public = visit.app.policy.public_url
    return visit.page(
        "crm.html.j2",
        status=status_of(fault) if fault else 200,
        shown=await crm_showing.look(visit.app, visit.who, crm_id),
        kinds=KINDS,
        names=words.CRM_FIELDS,
        hook_url=f"{public.rstrip('/')}/hooks/crm/{crm_id}" if public else None,
        fault=fault,
    )


async def _setup(
    visit: Visit,
    connection: Connection,
    typed: Mapping[str, Any],
    *,
    looks_at: Setup | None = None,
    fault: CadenceError | None = None,
) -> Response:
    """The form as it was typed; looks_at: what it comes to is shown as well."""
    try:
        choices = await crm_connecting.choices(visit.app, connection)
        examples = await crm_connecting.preview(visit.app, connection, looks_at) if looks_at else None
    except CadenceError as away:
        choices, examples, fault = Choices((), ()), None, fault or away
    return visit.page(
        "crm_setup.html.j2",
        status=status_of(fault) if fault else 200,
        connection=connection,
        label=kind_of(connection.kind).label,
        typed=typed,
        choices=choices,
        examples=examples,
        sequences=await crm_showing.sequences(visit.app),
        starts=words.CRM_STARTS,
        names=words.CRM_FIELDS,
        facts=FACTS,
        told=TOLD,
        draft=Start.DRAFT.value,
        fault=fault,
    )

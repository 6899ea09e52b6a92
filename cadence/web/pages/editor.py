"""The editor of a sequence's files: saving with findings at their lines, live previews, a mail to oneself."""

import json
from secrets import token_urlsafe
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse

from cadence.content.changes import Change, changes
from cadence.content.drafts import LARGEST_TEXT, Source
from cadence.content.files import Snapshot, template_file
from cadence.content.outline import Outline
from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.rights import Right
from cadence.service import authoring, previewing, trial_mail
from cadence.service.confined import confined
from cadence.service.previewing import Preview
from cadence.web.errors import status_of
from cadence.web.visits import Visit, may

routes = APIRouter()
_Text = Annotated[str, Form()]
_Author = Annotated[Visit, may(Right.EDIT_SEQUENCES)]

LONGEST_LINK = 40_000
"""Characters of a link to a preview, which carries the mail: more than any letter needs."""
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
"""Of a mail's HTML in its frame: it has styles of its own, and nothing else that a browser would act on."""
LARGEST_FORM = 3 * LARGEST_TEXT + 20_000
"""Bytes: a text as a form encodes it, of any language."""


@routes.get("/sequences/{name}/edit")
async def edit(visit: _Author, name: str, file: str = "") -> Response:
    """One file of a sequence, with what is wrong in it."""
    path = file or f"{name}/sequence.toml"
    return await _editor(visit, name, await authoring.source(visit.app, name, path))


@routes.post("/sequences/{name}/edit", max_body_size=LARGEST_FORM)
async def save(visit: _Author, name: str) -> Response:
    """Write the file; where somebody else did so meanwhile, both versions are shown and nothing is lost."""
    form = await visit.form()
    path, text, version = (str(form.get(field) or "") for field in ("file", "text", "version"))
    typed = Source(path, text, version)
    try:
        await authoring.save(visit.app, visit.who, name, path, text, version)
    except Conflict as fault:
        if visit.app.templates is None:
            raise
        return await _conflict(visit, name, typed, fault)
    except InvalidInput as fault:
        return await _editor(visit, name, typed, fault)
    outline = await authoring.outline_of(name, await authoring.draft(visit.app, name))
    errors = sum(finding.severity == "error" for finding in outline.findings)
    said = "Saved. It is not sent to anybody until it is published."
    if errors:
        said = f"Saved, with {errors} {'error' if errors == 1 else 'errors'} to mend."
    return visit.to(f"/sequences/{name}/edit?file={path}", said, "bad" if errors else "good")


@routes.post("/sequences/{name}/preview", max_body_size=LARGEST_FORM)
async def preview(visit: _Author, name: str) -> Response:
    """A mail as it would be with what stands in the editor, saved or not."""
    form = await visit.form()
    path, text, step, who, story = (
        str(form.get(field) or "") for field in ("file", "text", "step", "who", "story")
    )
    snapshot = dict(await authoring.draft(visit.app, name))
    if path and "text" in form:
        await authoring.source(visit.app, name, path)  # it may be edited
        snapshot[path] = text.replace("\r\n", "\n").encode("utf-8", "replace")
    mail, fault = None, None
    try:
        mail = await _mail(visit, name, snapshot, step, who.strip(), story)
    except (InvalidInput, NotFound, Conflict) as error:
        fault = error
    return visit.page(
        "preview.html.j2", block="mail", name=name, mail=mail, fault=fault, frame=_frame(visit, mail)
    )


async def _mail(
    visit: Visit, name: str, snapshot: Snapshot, step: str, who: str, story: str
) -> Preview | None:
    person = None
    if "@" in who and Right.READ_PROSPECTS in visit.who.rights:
        person = await previewing.prospect(visit.app, visit.who, who)
    today = visit.app.clock().date()
    given = (snapshot, name, person or who or None, today, step or None, story or None)
    return next(iter(await confined(previewing.of_files, *given)), None)


def _frame(visit: Visit, mail: Preview | None) -> str:
    """The link that a frame shows the mail by. It carries the mail, sealed, so that any process can serve
    it and nobody else's HTML is shown from here; empty where it would be too long.
    """
    if mail is None:
        return ""
    sealed = visit.app.vault.seal(json.dumps({"preview": mail.html}))
    return f"/sequences/frame?mail={sealed}" if len(sealed) <= LONGEST_LINK else ""


# Before /sequences/{name} in the list of pages: it is no name of a sequence.
frames = APIRouter()


@frames.get("/sequences/frame")
async def frame(visit: _Author, mail: str = "") -> Response:
    """A mail's HTML, for a frame in which nothing runs."""
    try:
        html = json.loads(visit.app.vault.open(mail))["preview"]
    except (InvalidInput, ValueError, KeyError, TypeError):
        raise NotFound("There is no such preview: it is older than this server's key.") from None
    headers = {"Content-Security-Policy": MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(html, headers=headers)


@routes.post("/sequences/{name}/trial")
async def trial(
    visit: _Author, name: str, step: _Text = "", who: _Text = "", mailbox: _Text = "", key: _Text = ""
) -> Response:
    """Send oneself the saved draft of a mail."""
    snapshot = await authoring.draft(visit.app, name)
    back = f"/sequences/{name}/edit"
    try:
        said = await trial_mail.send(
            visit.app, visit.who, name, snapshot, step=step, who=who, address=mailbox, key=key
        )
    except (InvalidInput, Conflict, NotFound) as fault:
        return visit.to(back, str(fault), "bad")
    return visit.to(back, said)


async def _editor(
    visit: Visit,
    name: str,
    source: Source,
    fault: CadenceError | None = None,
    theirs: Source | None = None,
    difference: tuple[Change, ...] = (),
) -> Response:
    outline = await authoring.outline_of(name, await authoring.draft(visit.app, name))
    found = [finding for finding in outline.findings if finding.path == source.path]
    by_line: dict[int, list[object]] = {}
    for finding in found:
        by_line.setdefault(finding.line, []).append(finding)
    return visit.page(
        "editor.html.j2",
        status=status_of(fault) if fault else 200,
        name=name,
        source=source,
        files=await authoring.files(visit.app, name),
        outline=outline,
        by_line=by_line,
        elsewhere=[finding for finding in outline.findings if finding not in found],
        step=_step_of(outline, name, source.path),
        mailboxes=await trial_mail.own_mailboxes(visit.app, visit.who),
        key=token_urlsafe(24),
        sees_prospects=Right.READ_PROSPECTS in visit.who.rights,
        fault=fault,
        theirs=theirs,
        difference=difference,
    )


async def _conflict(visit: Visit, name: str, typed: Source, fault: CadenceError) -> Response:
    """Both versions: what was typed stays in the editor, and saving it again replaces the other."""
    theirs = await authoring.source(visit.app, name, typed.path)
    mine = Source(typed.path, typed.text, theirs.version)
    before, after = ({typed.path: each.text.replace("\r\n", "\n").encode()} for each in (theirs, mine))
    found = await confined(changes, before, after)
    return await _editor(visit, name, mine, fault, theirs=theirs, difference=found)


def _step_of(outline: Outline, name: str, path: str) -> str:
    """The step whose words stand in a file, marked where they are a variant, or the first one."""
    steps = [step.name for step in outline.sequence.steps] if outline.sequence else []
    file = template_file(path)
    if file and file.name in steps and path.startswith(f"{name}/"):
        return f"{file.name}~{file.variant}" if file.variant else file.name
    if path.startswith("stories/") and outline.sequence:
        pools = [step.name for step in outline.sequence.steps if step.pool]
        return pools[0] if pools else ""
    return steps[0] if steps else ""

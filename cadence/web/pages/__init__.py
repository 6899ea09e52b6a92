"""The pages: one module for each, with its templates in html/."""

from fastapi import APIRouter

from cadence.web.pages import (
    account,
    audit,
    channels,
    companies,
    crm,
    deals,
    editor,
    enroll,
    home,
    invitation,
    jobs,
    learn,
    login,
    mailboxes,
    outcomes,
    people,
    prospects,
    replies,
    second_factor,
    sequences,
    sign_in,
    simulate,
    suggestions,
    today,
    webhooks,
    whats_new,
)

routes = APIRouter(include_in_schema=False)
routes.include_router(editor.frames)  # before /sequences/{name}
for _page in (
    home,
    login,
    invitation,
    account,
    second_factor,
    today,
    suggestions,
    replies,
    jobs,
    enroll,  # before /prospects/{prospect_id}
    prospects,
    companies,
    deals,
    learn,
    outcomes,
    whats_new,
    sign_in,  # before /mailboxes/{mailbox_id}
    mailboxes,
    sequences,
    editor,
    simulate,
    people,
    crm,
    channels,
    webhooks,
    audit,
):
    routes.include_router(_page.routes)

"""The pages: one module for each, with its templates in html/."""

from fastapi import APIRouter

from cadence.web.pages import account, audit, home, invitation, login, people, second_factor

routes = APIRouter(include_in_schema=False)
for _page in (home, login, invitation, account, second_factor, people, audit):
    routes.include_router(_page.routes)

"""How the first administrator comes in: by a link on the console, which whoever runs the server sees."""

from cadence.cli.shell import out
from cadence.service import invitations
from cadence.service.app import App


async def say_way_in(app: App, url: str) -> None:
    """Print the link as long as there is no administrator. url: where the pages are served."""
    if path := await invitations.first_administrator(app):
        out.print("Nobody can log in yet. Become the administrator here, within a day:", markup=False)
        out.print(f"  {url}{path}", markup=False)

"""Prints docs/routes.md: every route with its right and the roles that have it.

Run it with `python -m tests.web.routes > docs/routes.md` after adding a route.
"""

import sys
from typing import Any, cast

from cadence.core.people import Role
from cadence.core.rights import MEANINGS, RIGHTS, SCOPES
from cadence.web.app import create_app
from cadence.web.workplace import declared

_HEAD = """# Routes

Every route of the web part, the right that it needs, and the roles that have it. Made by
`python -m tests.web.routes`. Over whose prospects and mailboxes a right holds is a second question: see
[web.md](web.md). Routes under `/api/` take tokens of people of these roles, with the right among their
scopes; all others take a session.
"""


def table() -> str:
    """The whole page."""
    web = create_app(cast(Any, None), workplace=cast(Any, object()))
    rows, public = [], []
    for route, right in declared(web):
        methods = " ".join(sorted(set(route.methods or ()) - {"HEAD"}))
        if right is None:
            public.append(f"`{methods} {route.path}`")
            continue
        marks = " | ".join("yes" if right in RIGHTS[role] else "" for role in Role)
        rows.append(f"| `{methods} {route.path}` | `{right}` | {marks} |")
    heading = f"| route | right | {' | '.join(Role)} |\n| --- | --- |{' --- |' * len(Role)}"
    rights = [f"| `{one}` | {words} | {'yes' if one in SCOPES else ''} |" for one, words in MEANINGS.items()]
    parts = [
        _HEAD,
        f"{heading}\n" + "\n".join(rows),
        "\nPublic, for anybody: " + ", ".join(sorted(set(public))) + ".",
        "\n## Rights\n\n| right | lets one | can be a token's scope |\n| --- | --- | --- |\n"
        + "\n".join(rights),
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())

"""The demo without a terminal: one plain line for each thing that happens."""

from datetime import datetime

from rich.console import Console

from cadence.core.model import ProspectStatus
from cadence.demo.happenings import Happening, Kind


class Lines:
    """Prints lines; what is no news to a reader is left out."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def tell(self, happening: Happening) -> None:
        """Print what happened."""
        if happening.kind is Kind.STATE or happening.words == ProspectStatus.NEW:
            return
        at = f"{happening.at:%Y-%m-%d %H:%M}"
        line = f"{at}  {happening.kind:<6}  {happening.email:<42}  {happening.words}"
        self._console.print(line, markup=False, highlight=False, soft_wrap=True)

    def tick(self, now: datetime) -> None:
        """Time alone is no news."""

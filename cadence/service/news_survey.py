"""How many something new is for, and who of them comes first: counted exactly, or kept where they are many.

Whoever answered last comes first, of everybody, so all have to be looked at. A page does that itself where
companies are few; else it shows those who came first at the last count, and each as they stand now.
"""

import heapq
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.rights import REACH, Reach
from cadence.service import news_readers
from cadence.service.app import App
from cadence.service.news_readers import Person, Teller, sequence_of
from cadence.store import leavers, news, users

MOST = 1000
"""People of each kind who can be looked at in their order."""
FEW = 300
"""So many companies a page looks at itself."""


@dataclass(slots=True)
class First:
    """People of one kind, who are counted, and the first of whom are known. Each is kept as the place, the
    company and the id of the person.
    """

    total: int = 0
    known: list[list[Any]] = field(default_factory=list)

    def add(self, people: Iterable[Person]) -> None:
        """Count more of them."""
        for one in people:
            self.total += 1
            self.known.append([*one.place, one.account_id, one.prospect_id])
        if len(self.known) > 2 * MOST:
            self.trim()

    def trim(self) -> None:
        """Forget all but the first."""
        self.known = heapq.nsmallest(MOST, self.known)

    def companies(self, start: int, limit: int) -> list[int]:
        """Where those of one part are."""
        return [one[-2] for one in self.known[start : start + limit]]

    def ids(self, start: int = 0, limit: int = MOST) -> set[int]:
        """Those of one part."""
        return {one[-1] for one in self.known[start : start + limit]}


@dataclass(slots=True)
class Survey:
    """waiting: who would get the mail after a yes; others: who would not; told: how many were; companies: how
    many there are at all.
    """

    waiting: First = field(default_factory=First)
    others: First = field(default_factory=First)
    told: int = 0
    companies: int = 0

    def add(self, people: Collection[Person]) -> None:
        """Count more of them."""
        self.waiting.add(one for one in people if one.is_open)
        self.others.add(one for one in people if not one.is_open)

    def plain(self) -> dict[str, Any]:
        """As it is kept."""
        kinds = {"waiting": self.waiting, "others": self.others}
        totals = {"told": self.told, "companies": self.companies}
        return totals | {name: {"total": one.total, "known": one.known} for name, one in kinds.items()}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Survey":
        """As it was kept."""
        waiting, others = (First(**kept[name]) for name in ("waiting", "others"))
        return cls(waiting, others, told=kept["told"], companies=kept["companies"])


async def survey(app: App, tx: AsyncConnection, teller: Teller) -> Survey:
    """Look at everybody."""
    found = Survey(told=await news.count_told(tx, sequence_of(teller.news.id), teller.user))
    async for people in news_readers.every(app, tx, teller):
        found.add(people)
    found.companies = await leavers.count_companies(tx)
    for kind in (found.waiting, found.others):
        kind.trim()
    return found


async def are_few(tx: AsyncConnection) -> bool:
    """Whether there are so few companies that a page can look at all of them."""
    return len(await leavers.companies(tx, after=0, limit=FEW + 1)) <= FEW


async def key(tx: AsyncConnection, teller: Teller) -> str:
    """Under which a survey is kept: what it is of, within whose reach."""
    reach, user = "all", teller.user
    if user is not None and REACH[user.role] is not Reach.ALL:
        reach = ",".join(map(str, await users.reached_mailboxes(tx, user)))
    return f"whom {teller.news.id} is news for within {reach}"

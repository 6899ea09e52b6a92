"""How watchers share the mailboxes among them: evenly, and moving as few as possible."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Share:
    """What one watcher does next: mailboxes to go on with, to try to take, and to give back."""

    keep: frozenset[int]
    take: frozenset[int]
    give: frozenset[int]


def share(me: str, watched: Mapping[int, str | None], alive: Collection[str]) -> Share:
    """Decide what is mine. watched: mailbox → who waits on it; alive: all watchers, me among them.

    A fair part is the number of mailboxes by that of watchers, rounded up: more is given back, less is
    filled from those on which nobody alive waits.
    """
    fair = -(-len(watched) // max(len(alive), 1))
    mine = sorted(mailbox for mailbox, holder in watched.items() if holder == me)
    free = sorted(mailbox for mailbox, holder in watched.items() if holder not in alive)
    return Share(
        keep=frozenset(mine[:fair]),
        take=frozenset(free[: max(fair - len(mine), 0)]),
        give=frozenset(mine[fair:]),
    )

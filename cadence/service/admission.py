"""Who is let into a sequence: one set of rules, for one person and for a hundred thousand.

`vet` says who is refused and why, and changes nothing; `admit` stores the others. Rows are read and
written by the list, so that an import is as strict as a single enrollment and still fast.
"""

from collections.abc import Sequence as Rows

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.core.address import domain_of, normalize
from cadence.core.errors import CadenceError, Conflict, InvalidInput, NotFound
from cadence.core.legal import missing, supposed
from cadence.core.model import Enrollment, Mailbox
from cadence.core.sequence import From, Sequence
from cadence.service import forgotten
from cadence.service.app import App
from cadence.service.records import Applicant, store
from cadence.service.requests import Request, check
from cadence.store import bulk, locks, mailboxes, moves
from cadence.store.bulk import Known


async def admit(app: App, tx: AsyncConnection, requests: Rows[Request]) -> list[Enrollment | CadenceError]:
    """Let people into their sequences; gives an enrollment, or why there is none, for each.

    No address may come twice in one call. Refusals are InvalidInput, NotFound (sequence, mailbox) or
    Conflict (suppressed, erased, unreachable, enrolled), and leave no trace.
    """
    await locks.admission(tx)
    vetted = await vet(app, tx, requests)
    made = iter(await store(app, tx, [one for one in vetted if isinstance(one, Applicant)]))
    return [next(made) if isinstance(one, Applicant) else one for one in vetted]


async def vet(app: App, tx: AsyncConnection, requests: Rows[Request]) -> list[Applicant | CadenceError]:
    """Say for each request whether the person is let in, or why not; changes nothing."""
    desk = _Desk(app, await mailboxes.all_of(tx), await mailboxes.address_keys(tx))
    await desk.look_up(tx, requests)
    return [desk.vet(request) for request in requests]


class _Desk:
    """What the rules need to know, looked up for a list of requests at once."""

    def __init__(self, app: App, boxes: list[Mailbox], own: set[str]) -> None:
        self._app, self._now = app, app.clock()
        self._boxes, self._own = boxes, own
        self._by_key = {normalize(box.address): box for box in boxes}
        self._sequences: dict[str, Sequence | CadenceError] = {}
        self._known: dict[str, Known] = {}
        self._suppressed: dict[str, str] = {}
        self._forgotten: set[str] = set()

    async def look_up(self, tx: AsyncConnection, requests: Rows[Request]) -> None:
        """Read what the database knows of these people and sequences."""
        keys = sorted({key for request in requests if (key := _key(request))})
        self._known = await bulk.known_people(tx, keys)
        self._suppressed = await moves.suppressed_before(tx, keys) | await bulk.suppressed(tx, keys)
        self._forgotten = await forgotten.among(self._app, tx, keys)
        for name in {request.sequence for request in requests}:
            try:
                self._sequences[name] = (await self._app.library.published(tx, name)).content.sequence
            except CadenceError as fault:
                self._sequences[name] = fault

    def vet(self, request: Request) -> Applicant | CadenceError:
        """Apply the rules to one request."""
        try:
            return self._vetted(request)
        except CadenceError as fault:
            return fault

    def _vetted(self, request: Request) -> Applicant:
        key = normalize(request.email)
        check(request, self._now)
        sequence = self._sequences[request.sequence]
        if isinstance(sequence, CadenceError):
            raise sequence
        rep = self._mailbox(request.mailbox, From.REP)
        assert rep is not None
        executive = self._mailbox(request.executive, From.EXECUTIVE, besides=rep)
        self._may_be_written_to(key, request)
        known = self._known.get(key)
        self._has_ground(request, known, sequence, rep)
        domain = domain_of(key)
        if "." not in domain or domain.startswith("["):
            raise InvalidInput(f"{request.email}: {domain} is no domain of a company, such as firm.example")
        account_key = known.account_key if known else _company_key(request.company or domain)
        return Applicant(request, key, domain, account_key, sequence, rep, executive, known)

    def _may_be_written_to(self, key: str, request: Request) -> None:
        known = self._known.get(key)
        if key in self._forgotten:
            raise Conflict(f"{request.email} {forgotten.WHY}")
        if key in self._suppressed:
            raise Conflict(f"{request.email} is suppressed: {self._suppressed[key]}")
        if known and known.unreachable:
            raise Conflict(f"{request.email} cannot be reached: an earlier mail bounced, or they have moved")
        if key in self._own:
            raise InvalidInput(f"{request.email} is a mailbox of our own")
        if known and request.sequence in known.live_in:
            raise Conflict(f"{request.email} is already enrolled in {request.sequence}")

    def _has_ground(self, request: Request, known: Known | None, sequence: Sequence, rep: Mailbox) -> None:
        """Where their country's law lets nobody write to them, they are refused here, not mail by mail."""
        today, lost = self._now.date(), request.lost_at or self._now
        place = known.prospect.place if known else rep.place
        told = request.ground or (known.prospect.ground if known else None)
        ground = told or supposed(sequence.audience, lost.date(), today)
        if why := missing(ground, request.country or place.country, today):
            raise Conflict(f"{request.email}: {why}; if they consented, say so, and how that is known")

    def _mailbox(self, address: str | None, role: From, besides: Mailbox | None = None) -> Mailbox | None:
        """The mailbox of this address, or the only one of its role; an executive need not be.

        besides: the rep's, since what an executive asks is asked by somebody other than the rep.
        """
        if address is not None:
            found = self._by_key.get(normalize(address))
            if found is None:
                raise NotFound(f"there is no mailbox {address}; see `cadence mailbox list`")
            if found == besides:
                raise InvalidInput(f"{address} is the rep's own; an executive is somebody other than the rep")
            return found
        candidates = [box for box in self._boxes if box.role is role and box != besides]
        if len(candidates) > 1:
            names = ", ".join(box.address for box in candidates)
            option = "--mailbox" if role is From.REP else "--executive"
            raise InvalidInput(f"say with {option} which mailbox it is to be sent from: {names}")
        if not candidates and role is From.REP:
            raise NotFound("there is no mailbox to send from yet; see `cadence mailbox add`")
        return candidates[0] if candidates else None


def _company_key(name: str) -> str:
    """By which two spellings of a company are one."""
    return " ".join(name.casefold().split())


def _key(request: Request) -> str | None:
    try:
        return normalize(request.email)
    except InvalidInput:
        return None

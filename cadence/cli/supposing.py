"""Whom `cadence simulate` supposes: what the flags say of a person, on top of a sample or of nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from cadence.content.catalogue import SequenceContent
from cadence.content.samples import Sample
from cadence.core import calendar
from cadence.core.date_order import DateOrder, read_moment
from cadence.core.errors import InvalidInput
from cadence.core.model import Place
from cadence.core.outlook import Answer
from cadence.core.places import zone_of_country
from cadence.core.relevance import Profile
from cadence.core.replies import Category
from cadence.service import forecasting, requests, worded
from cadence.service.forecasting import Supposed
from cadence.service.requests import Request
from cadence.service.workload import Crowd


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the flags say. said: field → words; start: of the enrollment; place: of who names none."""

    said: Mapping[str, str | None]
    start: str | None
    place: Place
    order: DateOrder | None


def supposed_person(
    content: SequenceContent, name: str | None, wishes: Wishes, now: datetime, *, executive: bool
) -> Supposed | None:
    """The person to suppose; None where a name is given and no sample has it. Raises InvalidInput."""
    sample = forecasting.sample_of(content, name) if name else None
    if name and sample is None:
        return None
    request = _request(content, wishes, now)
    place = _place(request, wishes.place)
    start = _moment(wishes.start, place, wishes.order, now) if wishes.start else None
    deal = dict((sample.context.get("deal") if sample else None) or {})
    lost_at = request.lost_at or _instant(deal.get("lost_at"), place) or start or now
    end, ships = (
        request.deal.get(name) or deal.get(name) for name in ("competitor_contract_end", "missing_ships")
    )
    return Supposed(
        name=sample.name if sample else "somebody made up",
        lost_at=lost_at,
        place=place,
        start=start or lost_at,
        contract_end=end if isinstance(end, date) else None,
        ships=ships if isinstance(ships, date) else None,
        profile=_profile(content, sample, request),
        executive=executive,
    )


def crowd_of(content: SequenceContent, wishes: Wishes, months: int, now: datetime) -> Crowd:
    """People like the samples, from all over the world."""
    profiles = tuple(_profile(content, sample, _request(content, wishes, now)) for sample in content.samples)
    start = _moment(wishes.start, wishes.place, wishes.order, now) if wishes.start else now
    stories = tuple(story.facts for story in content.stories)
    return Crowd(content.sequence, stories, profiles or (Profile(),), start, months)


def answer_of(text: str, place: Place) -> Answer:
    """The reply that `feedback@2027-01-10` supposes; raises InvalidInput."""
    category, separator, when = text.partition("@")
    if not separator or category not in set(Category):
        names = ", ".join(Category)
        raise InvalidInput(f"--on {text}: write CATEGORY@DATE; the categories are {names}")
    said = read_moment(when)
    day = said if isinstance(said, datetime) else datetime.combine(said, time(12))
    return Answer(Category(category), day if day.tzinfo else calendar.instant(day, place))


def _request(content: SequenceContent, wishes: Wishes, now: datetime) -> Request:
    said = {"email": "somebody@made-up.example"} | dict(wishes.said)
    request = worded.request_of(
        said, sequence=content.sequence.name, now=now, place=wishes.place, order=wishes.order
    )
    place = _place(request, wishes.place)
    calendar.check_region(place)
    start = _moment(wishes.start, place, wishes.order, now) if wishes.start else now
    requests.check(replace(request, deal={}), max(now, start))
    return request


def _place(request: Request, default: Place) -> Place:
    if request.country or request.zone:
        zone = request.zone or zone_of_country(request.country) or default.zone
        return Place(zone, request.country, request.region)
    return replace(default, region=request.region or default.region)


def _moment(text: str, place: Place, order: DateOrder | None, now: datetime) -> datetime:
    return worded.moment_of(read_moment(text, order), place, now)


def _instant(value: object, place: Place) -> datetime | None:
    """A moment as a sample gives it."""
    if isinstance(value, datetime):
        return value if value.tzinfo else calendar.instant(value, place)
    return calendar.instant(datetime.combine(value, time(12)), place) if isinstance(value, date) else None


def _profile(content: SequenceContent, sample: Sample | None, request: Request) -> Profile:
    base = forecasting.profile_of_sample(content, sample) if sample else Profile(language=content.language)
    reason = request.deal.get("reason")
    return replace(
        base,
        industry=request.industry or base.industry,
        size=request.size or base.size,
        loss_reasons=(reason,) if reason else base.loss_reasons,
        language=request.language or base.language,
    )

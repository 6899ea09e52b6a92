"""Inviting people to events: which events still have room, and the invitation that goes along with a mail."""

from sqlalchemy.ext.asyncio import AsyncConnection

from cadence.content.catalogue import SequenceContent
from cadence.content.stories import Story
from cadence.core.model import OutboundMessage
from cadence.core.occasions import change_of, event_of
from cadence.core.relevance import StoryFacts
from cadence.mail.invitation import Invitation
from cadence.store import rsvps
from cadence.store.enrollments import Case


async def tellable(tx: AsyncConnection, content: SequenceContent) -> list[StoryFacts]:
    """The stories of a sequence, and the events to which somebody can still come."""
    return [story.facts for story in content.stories if not await _is_full(tx, story)]


async def _is_full(tx: AsyncConnection, story: Story) -> bool:
    event = story.occasion
    if event is None or event.capacity is None or change_of(story.name):
        return False
    return await rsvps.coming(tx, story.name) >= event.capacity


async def invitation(
    tx: AsyncConnection, case: Case, message: OutboundMessage, told: Story | None
) -> Invitation | None:
    """What goes along with a mail that invites somebody, or tells them of a change; None with any other.

    Its UID is the Message-ID of the mail that invited them, so it is theirs alone, and an answer leads back.
    """
    if told is None or told.occasion is None:
        return None
    event = event_of(told.name)
    assert event is not None
    invited_by = await rsvps.invitation_of(tx, case.prospect.id, event)
    occasion = told.occasion
    return Invitation(
        uid=(invited_by or message.message_id).strip("<>"),
        change=change_of(told.name),
        title=told.title_in(case.prospect.language),
        starts=occasion.starts,
        ends=occasion.ends,
        place=occasion.place,
        link=occasion.link,
        cancelled=occasion.cancelled,
        words=occasion.link or "",
    )

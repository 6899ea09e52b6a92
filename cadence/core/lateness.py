"""Decides when a mail comes too late to be sent, and what its rep can do by themselves in its place."""

from datetime import datetime, timedelta

from cadence.core.model import OutboundMessage, Place
from cadence.core.schedule import add
from cadence.core.sequence import Sequence, Step

STILL_OF_USE = timedelta(days=7)
"""So long a rep can make up for it. Of losses that are older when people are enrolled, often many at once,
nobody is asked anything."""


def is_late(step: Step, message: OutboundMessage, place: Place, now: datetime) -> bool:
    """Whether a mail of this step would be worse than none by now. place: of its reader."""
    return step.within is not None and now > add(message.base_at, step.within, place)


def made_up_for(sequence: Sequence, message: OutboundMessage, place: Place, now: datetime) -> str | None:
    """What to ask of the rep for a mail that was just left out, None where nothing is to be made up for."""
    step = sequence.step(message.step)
    if step is None or not is_late(step, message, place, now) or now - message.base_at > STILL_OF_USE:
        return None
    text = (
        f"{step.name}: it could not leave within {step.within}, and later it would be worse than none. Call "
        f"them, or write a line of your own that says it comes late"
    )
    chain = [one.name for one in sequence.chain]
    rest = chain[chain.index(step.name) + 1 :] if step.name in chain else []
    return f"{text}; the sequence goes on with {rest[0]}" if rest else text

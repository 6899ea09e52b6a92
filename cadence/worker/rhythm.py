"""How often the loops look, how patiently they try again, and how long they may take to end. In seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The waits of the embedded loops.

    tick: between two looks into the queue and at the list of mailboxes; upkeep: the longest time
    between two rounds of it; alarms, webhooks: between two looks for what people, and other software,
    are to be told; crms: between two looks for CRMs that are to be visited; saved: between two looks at
    the templates; again, longest_again: the first and the longest wait before a mailbox that cannot be
    read is tried again; refused: the first wait after a server refused us in earnest, since repeated
    log-ins lock accounts; probe, longest_probe: the same for a mailbox at fault; idle: the longest
    single wait for news, below the half hour after which a server may forget us (RFC 2177);
    reading_ends, sending_ends: how long a stop waits for what is read and for what is in flight.
    """

    tick: float = 1.0
    upkeep: float = 15.0
    alarms: float = 5.0
    webhooks: float = 1.0
    crms: float = 2.0
    saved: float = 2.0
    again: float = 1.0
    longest_again: float = 300.0
    refused: float = 300.0
    longest_refused: float = 3600.0
    probe: float = 300.0
    longest_probe: float = 4 * 3600.0
    idle: float = 25 * 60.0
    reading_ends: float = 5.0
    sending_ends: float = 30.0

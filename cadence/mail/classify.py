"""Decide what a received mail is: the order in which its readers are asked, and which of them wins."""

from cadence.core.replies import Category, Verdict
from cadence.mail.automatic import Automatic, read_automatic
from cadence.mail.bounce import read_bounce
from cadence.mail.complaint import read_complaint
from cadence.mail.parse import Received
from cadence.mail.quoting import new_words


def classify(received: Received) -> Verdict:
    """Return the verdict on a mail; never raises on what parse() returns.

    Bounces are asked first, since most rules for automatic mail fire on them too; then complaints,
    automatic mail, and last a person's words, which outrank the marks of a machine that relays them.
    """
    if received.unreadable:
        return Verdict(
            Category.OTHER, 0.0, (f"unreadable: {received.unreadable}",), text=received.text[:2_000]
        )
    if complaint := read_complaint(received):
        evidence = (f"feedback report: {complaint.kind}",)
        return Verdict(Category.COMPLAINT, 0.99, evidence, automatic=True, bounce=complaint.about)
    if bounce := read_bounce(received):
        evidence = (bounce.rule,)
        return Verdict(bounce.category, bounce.confidence, evidence, automatic=True, bounce=bounce.bounce)
    text = new_words(received.text)
    automatic = read_automatic(received, text)
    if automatic and not automatic.relayed:
        return _automatic(automatic, text)
    return Verdict(Category.OTHER, 0.3, ("no rule",), text=text)


def _automatic(automatic: Automatic, text: str) -> Verdict:
    return Verdict(automatic.category, automatic.confidence, (automatic.rule,), text=text, automatic=True)

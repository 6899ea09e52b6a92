"""Decide what a received mail is: the order in which its readers are asked, and which of them wins."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from dataclasses import replace
from datetime import date

from cadence.core.date_contracts import contract_ends_on
from cadence.core.dates import is_day_first, resume_on
from cadence.core.phrases import fold
from cadence.core.replies import Category, Person, Verdict
from cadence.mail import automatic_words
from cadence.mail.automatic import Automatic, Sureness, read_automatic
from cadence.mail.bounce import read_bounce
from cadence.mail.complaint import read_complaint
from cadence.mail.intent import Judgement, judge
from cadence.mail.intent.attending import attending
from cadence.mail.invitation_answer import Answered, read_answer
from cadence.mail.language import language_of
from cadence.mail.moves import moved_in
from cadence.mail.names import people_in
from cadence.mail.parse import Received
from cadence.mail.quoting import new_words
from cadence.mail.vendors import vendor_in

LONGEST_TEXT = 20_000
SURE_IN_A_FRAME = 0.85
"""How sure a wish must be that is read in what may be a program's words."""
FEW_WORDS = 4
"""In so many words beside an answer to an invitation nobody says anything but hello and thanks."""
SHORTEST_NAME = 4
"""Letters in a word that may name the writer's company or ours."""
MAY_WAIT = 0.1
"""The chance of `not_now` from which any day to come is taken for the one to come back on."""
SOON = 21
"""Days within which a date in a reply that wants to talk is the appointment, not a reason to wait."""
_TALKS_NOW = frozenset(
    {Category.INTERESTED, Category.DECISION_OPEN, Category.QUESTION, Category.OTHER, Category.REFERRAL}
)
_NEVER_WAITS = frozenset({Category.WRONG_PERSON, Category.ACKNOWLEDGEMENT, Category.UNSUBSCRIBE})
_SUBJECT_PREFIX = re.compile(
    r"^(?:\s*(?:re|aw|antw|sv|vs|rif|ris|r|res|fwd?|wg|tr|rv|enc|i|odp)\s?(?:\[\d+\])?:\s*)+", re.I
)
# What a machine's notice of absence says besides being away; no wish of the person can be read in it.
_BOILERPLATE = re.compile(
    r"urgent|emergenc|immediate|assist|meantime|absence|on my return|upon my return|please (?:contact|call|e-?mail|reach)|reach me|dringend|notf|vertret|eilig|rückkehr|urgence|absence|retour|urgent\w*|ausencia|regreso|spoed|dringende|afwezigheid|terugkomst|urgenz|urgenti|assenza|rientro|urgência|ausência|regresso|retorno",
    re.I,
)
_OUTRANKS = frozenset({Category.DECISION_OPEN, Category.INTERESTED, Category.UNSUBSCRIBE})
_OUTRANKS_WORDS = _OUTRANKS | {
    Category.FEEDBACK,
    Category.FEEDBACK_DECLINED,
    Category.NOT_INTERESTED,
    Category.REFERRAL,
}
_NAMES_PEOPLE = frozenset({Category.REFERRAL, Category.WRONG_PERSON, Category.OUT_OF_OFFICE, Category.OTHER})


def classify(received: Received) -> Verdict:
    """Return the verdict on a mail; never raises on what parse() returns.

    Bounces are asked first, since most rules for automatic mail fire on them too; then complaints,
    automatic mail, and last a person's words, which outrank the marks of a machine that relays them.
    """
    try:
        return _classify(received)
    except Exception as error:  # one mail that breaks a rule must not stop the mailbox
        evidence = (f"could not be understood: {type(error).__name__}: {error}"[:200],)
        return Verdict(Category.OTHER, 0.0, evidence, text=received.text[:2_000])


def _classify(received: Received) -> Verdict:  # noqa: PLR0911 - one return a rule, in their order
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
    author = received.sender.name if received.sender else ""
    text = new_words(received.text, author, received.html)[:LONGEST_TEXT]
    language = language_of(text)
    if answered := read_answer(received):
        return _of_calendar(received, answered, text)
    automatic = read_automatic(received, text)
    if automatic is None:
        return _of_person(received, text, language, judge(_meant(received, text), language))
    if automatic.relayed:
        return _of_person(received, text, language, judge(_unmarked(text), language))
    if spoken := _outranking(automatic, text, language):
        return _of_person(received, text, language, spoken)
    return _of_machine(received, automatic, text, language)


def words_judged(received: Received, text: str) -> str:
    """Return the words by which a person's mail was judged; text: its new words, as the verdict has them."""
    automatic = read_automatic(received, text)
    if automatic is None:
        return _meant(received, text)
    return _unmarked(text) if automatic.relayed else _spoken(text)


def _meant(received: Received, text: str) -> str:
    """A mail without words says in its subject what it wants ("unsubscribe")."""
    if text.strip():
        return text
    changed = _SUBJECT_PREFIX.sub("", received.subject)
    return changed if changed == received.subject or len(changed.split()) <= 2 else ""


def _unmarked(text: str) -> str:
    """Leave out the lines by which a ticket system frames what a person wrote."""
    return "\n".join(line for line in text.split("\n") if not automatic_words.RELAYED.search(line[:300]))


def _outranking(automatic: Automatic, text: str, language: str | None) -> Judgement | None:
    """A person who is away and answers nevertheless ("out until Monday, but yes, let's talk")."""
    spoken = _spoken(text)
    if all(automatic_words.MACHINE.search(line[:500]) for line in spoken.splitlines() if line.strip()):
        return None
    judgement = judge(spoken, language)
    likely = automatic.sureness is Sureness.LIKELY
    allowed, least = (_OUTRANKS_WORDS, 0.7) if likely else (_OUTRANKS, 0.85)
    return judgement if judgement.category in allowed and judgement.confidence >= least else None


def _spoken(text: str) -> str:
    """Leave out what tells of the absence, and what machines say around it."""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    spoken = [
        s for s in sentences if not automatic_words.AWAY.search(s[:500]) and not _BOILERPLATE.search(s[:500])
    ]
    spoken += [part for s in sentences if automatic_words.AWAY.search(s[:500]) for part in _turn(s)]
    return "\n".join(spoken)


def _turn(sentence: str) -> list[str]:
    """What follows a "but" in the sentence that tells of the absence."""
    return re.split(r"\b(?:but|however|aber|mais|pero|maar|ma|mas)\b", sentence[:500], maxsplit=1)[1:]


def _of_machine(received: Received, automatic: Automatic, text: str, language: str | None) -> Verdict:
    away = automatic.category is Category.OUT_OF_OFFICE
    people = _people(received, text, companies=False) if automatic.category in _NAMES_PEOPLE else ()
    verdict = Verdict(
        automatic.category,
        automatic.confidence,
        (automatic.rule,),
        text=text,
        language=language,
        resume_on=_resume_on(received, text, language, away=True) if away else None,
        people=people,
        automatic=True,
    )
    return _followed(received, verdict) if automatic.category is Category.WRONG_PERSON else verdict


def _followed(received: Received, verdict: Verdict) -> Verdict:
    """Whoever has moved is nobody's successor: they are followed to where they are now."""
    moved = moved_in(verdict.text, received.sender, verdict.people)
    if moved is None:
        return verdict
    others = tuple(person for person in verdict.people if person.email != moved.email)
    followed = replace(verdict, people=others, moved=moved)
    if verdict.category in _OUTRANKS or verdict.automatic:
        return followed
    evidence = (f"gives their new address: {moved.email}",)
    return replace(followed, category=Category.WRONG_PERSON, confidence=0.9, evidence=evidence, odds=())


def _of_calendar(received: Received, answered: Answered, text: str) -> Verdict:
    """A button that somebody pressed in their calendar, and what they typed beside it.

    What the program writes below is no word of theirs; only a wish that must not be missed is looked for there.
    """
    said = f"their calendar says: {answered.rsvp}"
    nothing = Verdict(
        Category.ACKNOWLEDGEMENT,
        0.97,
        (said,),
        text=answered.comment or text,
        language=language_of(answered.comment or text),
        rsvp=answered.rsvp,
        invitation=answered.uid,
    )
    spoken = _besides(received, answered.comment) if answered.comment else None
    if spoken is None:
        judgement = judge(_unmarked(text), nothing.language)
        if judgement.category not in _OUTRANKS or judgement.confidence < SURE_IN_A_FRAME:
            return nothing
        spoken = _spoken_by(received, text, nothing.language, judgement)
    return replace(spoken, text=nothing.text, rsvp=answered.rsvp, invitation=answered.uid)


def _of_person(received: Received, text: str, language: str | None, judgement: Judgement) -> Verdict:
    """What a person wrote; whether they answer an invitation, only the mail that is answered will show."""
    verdict = _spoken_by(received, text, language, judgement)
    heard = attending(text)
    if heard is None:
        return verdict
    rsvp, rest = heard
    return replace(verdict, rsvp=rsvp, apart=replace(_besides(received, rest), text=text))


def _besides(received: Received, text: str) -> Verdict:
    """What somebody says beside whether they come to an event, which is a no to nothing else."""
    heard = attending(text)
    rest = heard[1] if heard else text
    language = language_of(text)
    judgement = judge(rest, language)
    if judgement.category is not Category.UNSUBSCRIBE and (
        judgement.category is Category.NOT_INTERESTED or len(rest.split()) <= FEW_WORDS
    ):
        return Verdict(Category.ACKNOWLEDGEMENT, 0.9, ("says whether they come",), text, language)
    return _spoken_by(received, rest, language, judgement)


def _spoken_by(received: Received, text: str, language: str | None, judgement: Judgement) -> Verdict:
    resume_on = _waits_until(received, text, language, judgement)
    if judgement.category is Category.KEEP_IN_TOUCH and resume_on:
        judgement = _dated(judgement)
    category = judgement.category
    verdict = Verdict(
        category,
        judgement.confidence,
        judgement.evidence,
        text=text,
        language=language,
        loss_reasons=judgement.loss_reasons,
        competitor=vendor_in(text, language, category, _own_names(received)),
        resume_on=resume_on,
        people=_people(received, text, companies=category is Category.REFERRAL),
        firm_no=judgement.firm_no,
        contract_end=_contract_end(received, text, language),
        odds=judgement.odds,
    )
    return _followed(received, verdict)


def _dated(judgement: Judgement) -> Judgement:
    """Staying in touch from a given day is coming back later: any date makes it that."""
    odds = dict(judgement.odds)
    later = odds.get(Category.NOT_NOW, 0.0) + odds.get(Category.KEEP_IN_TOUCH, 0.0)
    moved = {Category.KEEP_IN_TOUCH: 0.0, Category.NOT_NOW: later}
    return replace(
        judgement,
        category=Category.NOT_NOW,
        confidence=round(max(later, judgement.confidence), 2),
        odds=tuple((category, moved.get(category, chance)) for category, chance in judgement.odds),
    )


def _own_names(received: Received) -> frozenset[str]:
    """Words that name the writer or us: of the display names, and of the domains without their endings."""
    people = [address for address in (received.sender, *received.reply_to) if address]
    told = [word for address in people for word in (address.name or "").split()]
    emails = [*(address.email for address in people), *received.recipients_seen]
    domains = [label for email in emails for label in email.rpartition("@")[2].split(".")[:-1]]
    return frozenset(fold(word) for word in (*told, *domains) if len(word) >= SHORTEST_NAME)


def _resume_on(
    received: Received, text: str, language: str | None, *, away: bool, asked: bool = True
) -> date | None:
    if received.date is None:
        return None
    day_first = _is_day_first(received, language)
    sent = received.date.date()
    return resume_on(text, sent, language=language or "en", day_first=day_first, away=away, asked=asked)


def _contract_end(received: Received, text: str, language: str | None) -> date | None:
    if received.date is None:
        return None
    day_first = _is_day_first(received, language)
    return contract_ends_on(text, received.date.date(), language=language or "en", day_first=day_first)


def _is_day_first(received: Received, language: str | None) -> bool:
    offset = received.date.utcoffset() if received.date else None
    return is_day_first(
        language=language,
        content_language=received.headers.get("content-language"),
        country=_country(received),
        utc_offset=offset.total_seconds() / 3600 if offset is not None else None,
    )


def _waits_until(received: Received, text: str, language: str | None, judgement: Judgement) -> date | None:
    """When to come back; a day proposed for a talk now, or told of somebody else, is none."""
    category = judgement.category
    asked = category is Category.NOT_NOW or dict(judgement.odds).get(Category.NOT_NOW, 0.0) >= MAY_WAIT
    if category in _NEVER_WAITS and not asked:
        return None
    found = _resume_on(received, text, language, away=False, asked=asked)
    near = found and received.date and (found - received.date.date()).days <= SOON
    return None if near and category in _TALKS_NOW else found


def _country(received: Received) -> str | None:
    """The country of a sender's address where its domain ends in one; .com and its like say nothing."""
    suffix = received.sender.domain.rpartition(".")[2] if received.sender else ""
    return suffix if len(suffix) == 2 and suffix not in ("io", "ai", "co", "tv", "me") else None


def _people(received: Received, text: str, *, companies: bool) -> tuple[Person, ...]:
    known = {email.lower() for email in received.recipients_seen}
    known.update(address.email.lower() for address in (received.sender, *received.reply_to) if address)
    return people_in(text, frozenset(known), companies=companies)

"""What people are told at once, by mail, when an answer calls for them: who hears of it, and in which words.

An account whose decision is still open, or that has become interested, is lost by the hour. So the mail
quotes the words of the answer and brings a reply to begin with, for a person to change and to send.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cadence.core.model import TaskKind
from cadence.core.people import Owner, Role, User
from cadence.core.rights import reaches

ALARMING = (TaskKind.DECISION_OPEN, TaskKind.INTERESTED)
"""The tasks that cannot wait until somebody looks at Today."""

LONGEST_QUOTE = 2_000
LEFT_TO_YOU = "Nothing more is sent to them by itself. Answer in person, today if you can."


@dataclass(frozen=True, slots=True)
class Alarm:
    """An answer that calls for a person. words: what it newly says; rep, mailbox: whom they answered;
    language: of the reader, such as de.
    """

    kind: TaskKind
    first_name: str | None
    name: str | None
    email: str
    company: str
    deal: str | None
    language: str | None
    words: str
    rep: str
    mailbox: str


def hearers(everybody: Iterable[User], owner: Owner | None, mailbox: str) -> tuple[str, ...]:
    """To whom it is told: whose mailbox was answered, and the managers of their team.

    A mailbox that belongs to nobody who logs in hears of it itself: it is the rep's.
    """
    active = [user for user in everybody if user.is_active]
    reps = [user.email for user in active if owner is not None and user.id == owner.user_id]
    managers = [user.email for user in active if user.role is Role.MANAGER and reaches(user, owner)]
    return tuple(dict.fromkeys([*(reps or [mailbox]), *managers]))


def subject(alarm: Alarm) -> str:
    """What the mail is about, in a line."""
    return f"{_HEADLINES[alarm.kind][0]}: {alarm.name or alarm.email}, {alarm.company}"


def opening(alarm: Alarm) -> str:
    """Who answered whom, and what it means."""
    about = f" about {alarm.deal}" if alarm.deal else ""
    who = f"{alarm.name} <{alarm.email}>" if alarm.name else alarm.email
    return f"{who} of {alarm.company} answered {alarm.rep}{about}. {_HEADLINES[alarm.kind][1]}"


def text(alarm: Alarm, link: str | None) -> str:
    """The mail. link: to the page on which the answer is written; None where pages have no address."""
    where = f"Answer from here: {link}" if link else f"Answer from the mailbox {alarm.mailbox}."
    parts = (
        opening(alarm),
        _quoted(alarm.words),
        LEFT_TO_YOU,
        f"A reply to begin with:\n\n{_indented(suggestion(alarm))}",
        where,
    )
    return "\n\n".join(parts) + "\n"


def suggestion(alarm: Alarm) -> str:
    """A reply to begin with, in the reader's language where we write it."""
    language = (alarm.language or "en").partition("-")[0].lower()
    hello, closing, bodies = _REPLIES.get(language, _REPLIES["en"])
    formal = language in _FORMAL
    name = alarm.name if formal else alarm.first_name
    greeting = hello.format(name=f"{'' if language != 'es' else ','} {name}" if name else "")
    return f"{greeting}\n\n{bodies[alarm.kind]}\n\n{closing}\n{alarm.rep}"


def _quoted(words: str) -> str:
    cut = words.strip()[:LONGEST_QUOTE]
    return "\n".join(f"> {line}".rstrip() for line in cut.splitlines())


def _indented(words: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in words.splitlines())


_HEADLINES = {
    TaskKind.DECISION_OPEN: ("Still undecided", "Nothing is signed yet: the deal can still be won."),
    TaskKind.INTERESTED: ("Wants to hear from you", "They would like to talk."),
}
_FORMAL = frozenset({"de", "fr", "es"})
_REPLIES = {
    "en": (
        "Hello{name},",
        "With best wishes,",
        {
            TaskKind.DECISION_OPEN: (
                "Thank you for telling me where you stand. I don't want to press you, so just one question:\n"
                "what would have to be different in our offer for it to be the right one for you?\n\n"
                "A line is enough. If a short call is easier, tell me when, and I'll ring you."
            ),
            TaskKind.INTERESTED: (
                "Thank you for writing. I'm glad to hear from you.\n\n"
                "Twenty minutes are enough for a start. When would suit you this week or next?"
            ),
        },
    ),
    "de": (
        "Guten Tag{name},",
        "Mit freundlichen Grüßen",
        {
            TaskKind.DECISION_OPEN: (
                "danke, dass Sie mir sagen, wie es steht. Ich möchte Sie nicht drängen und frage nur eines:\n"
                "Was müsste an unserem Angebot anders sein, damit es für Sie das richtige ist?\n\n"
                "Eine Zeile genügt. Wenn Ihnen ein kurzes Gespräch lieber ist, rufe ich Sie gern an."
            ),
            TaskKind.INTERESTED: (
                "danke für Ihre Nachricht, ich habe mich darüber gefreut.\n\n"
                "Für den Anfang genügen zwanzig Minuten. Wann passt es Ihnen in den nächsten Tagen?"
            ),
        },
    ),
    "fr": (
        "Bonjour{name},",
        "Bien cordialement,",
        {
            TaskKind.DECISION_OPEN: (
                "Merci de me dire où vous en êtes. Je ne veux pas vous presser ; une seule question :\n"
                "que faudrait-il changer à notre offre pour qu'elle vous convienne vraiment ?\n\n"
                "Une ligne suffit. Si vous préférez en parler de vive voix, je vous appelle volontiers."
            ),
            TaskKind.INTERESTED: (
                "Merci pour votre message, qui m'a fait plaisir.\n\n"
                "Vingt minutes suffisent pour commencer. Quand cela vous conviendrait-il ces jours-ci ?"
            ),
        },
    ),
    "es": (
        "Buenos días{name}:",
        "Un cordial saludo,",
        {
            TaskKind.DECISION_OPEN: (
                "Gracias por decirme cómo está el asunto. No quiero presionarle; solo una pregunta:\n"
                "¿qué tendría que ser distinto en nuestra oferta para que fuera la adecuada para ustedes?\n\n"
                "Basta una línea. Si prefiere hablarlo, le llamo con mucho gusto."
            ),
            TaskKind.INTERESTED: (
                "Gracias por su mensaje, me ha alegrado recibirlo.\n\n"
                "Para empezar bastan veinte minutos. ¿Cuándo le vendría bien, esta semana o la próxima?"
            ),
        },
    ),
}
"""Language → how the reply begins, how it ends, and what it says, by what it answers."""

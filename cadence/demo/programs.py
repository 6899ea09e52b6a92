"""How mail programs write an answer: what they quote and how, and the headers they set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from cadence.core.calendar import local
from cadence.demo import dates
from cadence.demo.cast import Character, How


@dataclass(frozen=True, slots=True)
class Original:
    """The mail that is answered, as its reader sees it. event: the UID of the event it invites them to."""

    message_id: str
    references: tuple[str, ...]
    subject: str
    text: str
    sender: str
    sender_name: str
    recipient: str
    at: datetime
    raw: bytes
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: by whom, with which words, when; message_id: of the answer."""

    how: How
    writer: Character
    words: str
    at: datetime
    message_id: str
    original: Original


Body = tuple[str, str | None]
"""The plain text and, where the program sends one, the HTML."""


def write(answer: Answer) -> bytes:
    """The answer as the writer's mail program sends it."""
    text, html = _PROGRAMS[answer.how](answer)
    original = answer.original
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _named(answer.writer.name, answer.writer.email)
    mail["To"] = _named(original.sender_name, original.sender)
    prefix = {"de": "AW: ", "es": "RE: "} if answer.how is How.OUTLOOK else {}
    mail["Subject"] = prefix.get(answer.writer.language, "Re: ") + _bare(original.subject)
    mail["Date"] = format_datetime(local(answer.at, answer.writer.place))
    mail["Message-ID"] = answer.message_id
    mail["In-Reply-To"] = original.message_id
    mail["References"] = " ".join((*original.references, original.message_id))
    for name, value in _MARKS.get(answer.how, {}).items():
        mail[name] = value
    mail.set_content(text, cte="quoted-printable")
    if html is not None:
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return mail.as_bytes()


_MARKS: dict[How, dict[str, str]] = {
    How.OUTLOOK: {"Thread-Topic": "mail", "X-Originating-IP": "[192.0.2.14]", "Content-Language": "en-US"},
    How.APPLE: {"X-Mailer": "Apple Mail (2.3826.700.81)"},
    How.THUNDERBIRD: {"User-Agent": "Mozilla Thunderbird"},
}


def _named(name: str, email: str) -> str:
    return f'"{name}" <{email}>'


def _bare(subject: str) -> str:
    while subject[:3].casefold() in ("re:", "aw:"):
        subject = subject[3:].lstrip()
    return subject


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}" if line else ">" for line in text.rstrip().splitlines())


def _paragraphs(text: str, tag: str = "div") -> str:
    blocks = (escape(block).replace("\n", "<br>") for block in text.split("\n\n"))
    return f"<{tag}><br></{tag}>".join(f"<{tag}>{block}</{tag}>" for block in blocks)


def _gmail(answer: Answer) -> Body:
    """Gmail: an attribution line, the quoted text, and both again in a gmail_quote block."""
    original, language = answer.original, answer.writer.language
    at = local(original.at, answer.writer.place)
    day, clock = dates.short(at.date(), language), dates.clock(at, language)
    who = f"{original.sender_name} <{original.sender}>"
    line = {
        "fr": f"Le {day} à {clock}, {who} a écrit :",
        "es": f"El {day} a las {clock}, {who} escribió:",
        "de": f"Am {day} um {clock} Uhr schrieb {who}:",
    }.get(language, f"On {day} at {clock} {who} wrote:")
    text = f"{answer.words}\n\n{line}\n\n{_quoted(original.text)}\n"
    html = (
        f'<div dir="ltr">{_paragraphs(answer.words)}</div><br>'
        '<div class="gmail_quote gmail_quote_container">'
        f'<div dir="ltr" class="gmail_attr">{escape(line)}<br></div>'
        '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid '
        f'rgb(204,204,204);padding-left:1ex">{_paragraphs(original.text)}</blockquote></div>'
    )
    return text, html


_OUTLOOK_WORDS = {
    "en": ("From", "Sent", "To", "Subject"),
    "de": ("Von", "Gesendet", "An", "Betreff"),
    "fr": ("De", "Envoyé", "À", "Objet"),
    "es": ("De", "Enviado", "Para", "Asunto"),
}


def _outlook(answer: Answer) -> Body:
    """Outlook: a signature, a rule, the head of the mail that is answered, and that mail unquoted."""
    original, writer = answer.original, answer.writer
    at = local(original.at, writer.place)
    labels = _OUTLOOK_WORDS[writer.language]
    when = f"{dates.long(at.date(), writer.language)} {dates.clock(at, writer.language)}"
    sender = f"{original.sender_name} <{original.sender}>"
    values = (sender, when, f"{writer.name} <{original.recipient}>", original.subject)
    head = [f"{label}: {value}" for label, value in zip(labels, values, strict=True)]
    signature = "\n".join(part for part in (writer.name, writer.title, writer.company) if part)
    legal = _LEGAL.get(writer.language, "")
    words = f"{answer.words}\n\n{signature}"
    text = f"{words}\n\n{legal}\n\n________________________________\n" + "\n".join(head)
    text += f"\n\n{original.text}\n"
    html_head = "<br>".join(f"<b>{one.partition(':')[0]}:</b>{escape(one.partition(':')[2])}" for one in head)
    html = (
        f'<div class="WordSection1">{_paragraphs(words, "p")}<p>{escape(legal)}</p></div>'
        '<hr style="display:inline-block;width:98%" tabindex="-1">'
        f'<div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif">{html_head}</font></div>'
        f"<div>{_paragraphs(original.text)}</div>"
    )
    return text, html


_LEGAL = {
    "en": "This email and any attachments are confidential and intended solely for the addressee. "
    "If you have received it in error, please notify the sender and delete it.",
    "de": "Diese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der richtige Adressat sind, "
    "informieren Sie bitte den Absender und löschen Sie diese E-Mail.",
}


def _apple(answer: Answer) -> Body:
    """Apple Mail: plain text, the attribution inside the quotation."""
    original, language = answer.original, answer.writer.language
    at = local(original.at, answer.writer.place)
    day, clock = dates.short(at.date(), language), dates.clock(at, language)
    who = f"{original.sender_name} <{original.sender}>"
    line = {
        "fr": f"Le {at.day} {dates.month(at.date(), 'fr')} {at.year} à {clock}, {who} a écrit :",
        "es": f"El {day}, a las {clock}, {who} escribió:",
    }.get(language, f"On {at.day} {dates.month(at.date(), 'en')[:3]} {at.year}, at {at:%H:%M}, {who} wrote:")
    return f"{answer.words}\n\n> {line}\n> \n{_quoted(original.text)}\n", None


def _thunderbird(answer: Answer) -> Body:
    """Thunderbird: plain text, a short attribution line, the quoted text."""
    at = local(answer.original.at, answer.writer.place)
    who = answer.original.sender_name
    line = f"On {at:%d/%m/%Y} {at:%H:%M}, {who} wrote:"
    if answer.writer.language == "de":
        line = f"Am {at:%d.%m.%y} um {at:%H:%M} schrieb {who}:"
    return f"{answer.words}\n\n{line}\n{_quoted(answer.original.text)}\n", None


_PROGRAMS: dict[How, Callable[[Answer], Body]] = {
    How.GMAIL: _gmail,
    How.OUTLOOK: _outlook,
    How.APPLE: _apple,
    How.THUNDERBIRD: _thunderbird,
}

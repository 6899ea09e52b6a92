"""Renders a reply as thirteen mail clients would send it, quoting our mail in their own way."""

# ruff: noqa: E501 - the clients write lines as long

import html
from collections.abc import Callable
from email.message import EmailMessage

SENT = "Wed, 04 Mar 2026 10:14:00 +0000"
OURS = """Dear Anna,

thank you for the time you gave us. May I ask what tipped the scales, and
have you signed already? We would love to talk.

Best regards
Tom Hale
Cadence Demo Ltd, 1 High Street, Leeds
To stop these mails reply "stop" or unsubscribe: https://links.ours.example/u/1"""

_WROTE = {
    "en": "On Tue, Mar 3, 2026 at 9:02 AM Tom Hale <tom@ours.example> wrote:",
    "de": "Am Di., 3. März 2026 um 09:02 Uhr schrieb Tom Hale <tom@ours.example>:",
    "fr": "Le mar. 3 mars 2026 à 09:02, Tom Hale <tom@ours.example> a écrit :",
    "es": "El mar, 3 mar 2026 a las 9:02, Tom Hale (<tom@ours.example>) escribió:",
    "nl": "Op di 3 mrt 2026 om 09:02 schreef Tom Hale <tom@ours.example>:",
    "it": "Il giorno mar 3 mar 2026 alle ore 09:02 Tom Hale <tom@ours.example> ha scritto:",
    "pt": "Em ter., 3 de mar. de 2026 às 09:02, Tom Hale <tom@ours.example> escreveu:",
}
_FIELDS = {
    "en": ("From", "Sent", "To", "Subject", "Tuesday, March 3, 2026 9:02 AM", "Original Message"),
    "de": ("Von", "Gesendet", "An", "Betreff", "Dienstag, 3. März 2026 09:02", "Ursprüngliche Nachricht"),
    "fr": ("De", "Envoyé", "À", "Objet", "mardi 3 mars 2026 09:02", "Message d'origine"),
    "es": ("De", "Enviado", "Para", "Asunto", "martes, 3 de marzo de 2026 9:02", "Mensaje original"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp", "dinsdag 3 maart 2026 09:02", "Oorspronkelijk bericht"),
    "it": ("Da", "Inviato", "A", "Oggetto", "martedì 3 marzo 2026 09:02", "Messaggio originale"),
    "pt": ("De", "Enviado", "Para", "Assunto", "terça-feira, 3 de março de 2026 09:02", "Mensagem original"),
}
_PHONE = {
    "en": "Sent from my iPhone",
    "de": "Von meinem iPhone gesendet",
    "fr": "Envoyé de mon iPhone",
    "es": "Enviado desde mi iPhone",
    "nl": "Verstuurd vanaf mijn iPhone",
    "it": "Inviato da iPhone",
    "pt": "Enviado do meu iPhone",
}
_OUTLOOK_PHONE = {
    "en": "Get Outlook for iOS",
    "de": "Outlook für iOS beziehen",
    "fr": "Télécharger Outlook pour iOS",
    "es": "Obtener Outlook para iOS",
    "nl": "Download Outlook voor iOS",
    "it": "Scarica Outlook per iOS",
    "pt": "Obter o Outlook para iOS",
}
_SIGNATURE = "Anna Berg\nHead of Purchasing\nFirm GmbH | +49 30 1234567\nanna@firm.example"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _paragraphs(text: str) -> str:
    return "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in text.split("\n"))


def _fields(language: str) -> tuple[str, str]:
    name, sent, to, subject, when, original = _FIELDS[language]
    block = f"{name}: Tom Hale <tom@ours.example>\n{sent}: {when}\n{to}: Anna Berg <anna@firm.example>\n{subject}: One question"
    return block, original


def _mail(plain: str | None, rich: str | None, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = "Anna Berg <anna@firm.example>"
    message["To"] = "Tom Hale <tom@ours.example>"
    message["Subject"] = "Re: One question"
    message["Date"] = SENT
    message["Message-ID"] = "<reply-1@firm.example>"
    message["In-Reply-To"] = "<step-1@ours.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if plain is not None:
        message.set_content(plain)
        if rich is not None:
            message.add_alternative(rich, subtype="html")
    else:
        message.set_content(rich or "", subtype="html")
    return message.as_bytes()


def gmail(text: str, language: str) -> bytes:
    wrote = _WROTE[language]
    rich = (
        f'<div dir="ltr">{_paragraphs(text)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">'
        f'{html.escape(wrote)}<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">'
        f"{_paragraphs(OURS)}</blockquote></div>"
    )
    head, _, tail = wrote.partition("<tom")
    return _mail(f"{text}\n\n{head}\n<tom{tail}\n\n{_quoted(OURS)}\n", rich)


def gmail_html_only(text: str, language: str) -> bytes:
    wrote = html.escape(_WROTE[language])
    return _mail(
        None,
        f'<div dir="ltr">{_paragraphs(text)}</div><div class="gmail_quote"><div class="gmail_attr">{wrote}<br></div><blockquote class="gmail_quote">{_paragraphs(OURS)}</blockquote></div>',
    )


def outlook_desktop(text: str, language: str) -> bytes:
    block, _ = _fields(language)
    shown = "<br>".join(
        f"<b>{html.escape(line.split(':')[0])}:</b>{html.escape(line.split(':', 1)[1])}"
        for line in block.split("\n")
    )
    body = "".join(
        f'<p class="MsoNormal">{html.escape(line) or "<o:p>&nbsp;</o:p>"}</p>' for line in text.split("\n")
    )
    signature = "".join(f'<p class="MsoNormal">{html.escape(line)}</p>' for line in _SIGNATURE.split("\n"))
    rich = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{margin:0}</style></head><body><div class="WordSection1">'
        f'{body}<p class="MsoNormal"><o:p>&nbsp;</o:p></p>{signature}<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal">{shown}</p></div>{_paragraphs(OURS)}</div></body></html>'
    )
    return _mail(f"{text}\n\n{_SIGNATURE}\n\n{block}\n\n{OURS}\n", rich, X_Auto_Response_Suppress="All")


def outlook_web(text: str, language: str) -> bytes:
    block, _ = _fields(language)
    shown = html.escape(block).replace("\n", "<br>")
    rich = (
        f'<div class="elementToProof">{_paragraphs(text)}</div><div id="Signature"><p>Anna Berg</p><p>Head of Purchasing</p></div><div id="appendonsend"></div><hr style="display:inline-block;width:98%">'
        f'<div id="divRplyFwdMsg" dir="ltr">{shown}</div>{_paragraphs(OURS)}'
    )
    return _mail(
        f"{text}\n\nAnna Berg\nHead of Purchasing\n________________________________\n{block}\n\n{OURS}\n",
        rich,
    )


def outlook_phone(text: str, language: str) -> bytes:
    block, _ = _fields(language)
    advert = _OUTLOOK_PHONE[language]
    rich = f'{_paragraphs(text)}<div id="ms-outlook-mobile-signature"><a href="https://aka.ms/o0ukef">{advert}</a></div><hr><div id="divRplyFwdMsg">{html.escape(block).replace(chr(10), "<br>")}</div>{_paragraphs(OURS)}'
    return _mail(
        f"{text}\n\n{advert}<https://aka.ms/o0ukef>\n________________________________\n{block}\n\n{OURS}\n",
        rich,
    )


def outlook_old(text: str, language: str) -> bytes:
    block, original = _fields(language)
    return _mail(f"{text}\n\n-----{original}-----\n{block}\n\n{OURS}\n", None)


def apple_mail(text: str, language: str) -> bytes:
    wrote = _WROTE[language]
    rich = f'<html><body>{_paragraphs(text)}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{html.escape(wrote)}</div><br><div>{_paragraphs(OURS)}</div></blockquote></div></body></html>'
    return _mail(f"{text}\n\n> {wrote}\n> \n{_quoted(OURS)}\n", rich)


def iphone(text: str, language: str) -> bytes:
    wrote, phone = _WROTE[language], _PHONE[language]
    rich = f'<html><body dir="auto">{_paragraphs(text)}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{phone}</div><div dir="ltr"><br><blockquote type="cite">{html.escape(wrote)}<br><br></blockquote></div><blockquote type="cite">{_paragraphs(OURS)}</blockquote></body></html>'
    return _mail(f"{text}\n\n{phone}\n\n> {wrote}\n> \n{_quoted(OURS)}\n", rich)


def thunderbird(text: str, language: str) -> bytes:
    return _mail(
        f"{text}\n\n{_WROTE[language]}\n{_quoted(OURS)}\n\n-- \n{_SIGNATURE}\n",
        None,
        User_Agent="Mozilla Thunderbird",
    )


def thunderbird_below(text: str, language: str) -> bytes:
    return _mail(f"{_WROTE[language]}\n{_quoted(OURS)}\n\n{text}\n\n-- \n{_SIGNATURE}\n", None)


def yahoo(text: str, language: str) -> bytes:
    wrote = html.escape(_WROTE[language])
    rich = f'<div class="ydp1yahoo-style-wrap"><div>{_paragraphs(text)}</div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>{wrote}</div><div>{_paragraphs(OURS)}</div></div>'
    return _mail(f"{text}\n\n    {_WROTE[language]}  \n \n {OURS}\n", rich)


def proton(text: str, language: str) -> bytes:
    wrote = _WROTE[language]
    rich = f'<div>{_paragraphs(text)}</div><div class="protonmail_signature_block"><div>Sent with <a href="https://proton.me">Proton Mail</a> secure email.</div></div><div class="protonmail_quote">{html.escape(wrote)}<br><blockquote class="protonmail_quote" type="cite">{_paragraphs(OURS)}</blockquote></div>'
    return _mail(f"{text}\n\nSent with Proton Mail secure email.\n\n{wrote}\n\n{_quoted(OURS)}\n", rich)


def mutt(text: str, language: str) -> bytes:
    return _mail(f"{_WROTE[language]}\n{_quoted(OURS)}\n\n{text}\n", None, User_Agent="Mutt/2.2.9")


CLIENTS: dict[str, Callable[[str, str], bytes]] = {
    render.__name__: render
    for render in (
        gmail, gmail_html_only, outlook_desktop, outlook_web, outlook_phone, outlook_old, apple_mail,
        iphone, thunderbird, thunderbird_below, yahoo, proton, mutt,
    )
}  # fmt: skip

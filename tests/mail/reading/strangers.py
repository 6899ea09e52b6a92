"""Renders replies as thirteen mail clients do, in another voice than clients.py; of these only counts are looked at.

Where clients.py has one reply above one quote, these vary what varies in the world: the answer stands above,
below or between the quoted lines, a gateway's banner stands on top, a signature and a legal footer below.
"""

# ruff: noqa: E501 - clients write lines as long

import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage


@dataclass(frozen=True)
class Voice:
    """Someone who answers in one language, and the words that mail clients put around the answer."""

    name: str
    words: str
    closing: str
    signature: str
    legal: str
    banner: str
    asked: tuple[str, str, str]
    answers: tuple[str, str]
    phone: str
    android: str
    outlook_phone: str
    wrote: dict[str, str]
    fields: tuple[str, str, str, str, str]
    mac_fields: tuple[str, str, str, str, str]
    original: str


@dataclass(frozen=True)
class Sample:
    client: str
    language: str
    form: str
    raw: bytes
    words: str


OUR = "Rosa Lindt <rosa.lindt@tidewell.example>"
VOICES: dict[str, Voice] = {
    "en": Voice(
        "Graham Pell",
        "Morning Rosa,\n\nWe ended up going the other way, I'm afraid: the board wanted one supplier for all three sites.\nNo hard feelings, your demo was the clearest of the lot.",
        "Kind regards,\nGraham",
        "Graham Pell\nFacilities Director\nOrmskirk Dairies Ltd\nT: 01695 555 0147 | M: 07700 900 812\nwww.ormskirkdairies.example",
        "This email and any files transmitted with it are confidential and intended solely for the use of the individual or entity to whom they are addressed. If you have received this email in error please notify the sender.\nOrmskirk Dairies Ltd. Registered in England No. 01234567.",
        "CAUTION: This email originated from outside of the organisation. Do not click links or open attachments unless you recognise the sender.",
        (
            "thanks for the time you gave us in the spring.",
            "What made the difference in the end?",
            "And would it be all right if I wrote again next year?",
        ),
        ("Price, mostly, and the fact that they have a depot in Preston.", "By all means do."),
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Get Outlook for Android",
        {
            "gmail": "On Thu, 12 Feb 2026 at 16:40, Rosa Lindt <rosa.lindt@tidewell.example> wrote:",
            "apple": "On 12 Feb 2026, at 16:40, Rosa Lindt <rosa.lindt@tidewell.example> wrote:",
            "thunderbird": "On 12/02/2026 16:40, Rosa Lindt wrote:",
            "yahoo": "On Thursday, 12 February 2026 at 16:40:03 GMT, Rosa Lindt <rosa.lindt@tidewell.example> wrote:",
            "proton": "On Thursday, February 12th, 2026 at 4:40 PM, Rosa Lindt <rosa.lindt@tidewell.example> wrote:",
            "mutt": "On Thu, Feb 12, 2026 at 04:40:03PM +0000, Rosa Lindt wrote:",
        },
        ("From", "Sent", "To", "Subject", "12 February 2026 16:40"),
        ("From", "Date", "To", "Subject", "Thursday, 12 February 2026 at 16:40"),
        "Original Message",
    ),
    "de": Voice(
        "Ulrike Brandner",
        "Guten Tag Frau Lindt,\n\ndie Geschäftsführung hat sich für den bisherigen Anbieter entschieden, ausschlaggebend war die Schnittstelle zu unserem ERP.\nFür 2027 wird neu ausgeschrieben.",
        "Mit freundlichen Grüßen\nUlrike Brandner",
        "Leiterin Einkauf\nHolzwerke Brandner GmbH & Co. KG\nSägmühlstraße 12, 87435 Kempten\nTelefon: +49 831 555-0120\nE-Mail: u.brandner@holzwerke.example",
        "Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen. Wenn Sie nicht der richtige Adressat sind, informieren Sie bitte sofort den Absender und vernichten Sie diese Mail.\nSitz der Gesellschaft: Kempten. Registergericht Kempten HRA 1234.",
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender. Bitte öffnen Sie keine Anhänge und klicken Sie nicht auf Links, wenn Sie den Absender nicht kennen.",
        (
            "vielen Dank noch einmal für das Gespräch im Frühjahr.",
            "Woran lag es am Ende?",
            "Darf ich mich nächstes Jahr wieder melden?",
        ),
        (
            "Am Preis lag es jedenfalls nicht, eher an der Lieferzeit.",
            "Gern, am besten nach den Sommerferien.",
        ),
        "Von meinem iPhone gesendet",
        "Diese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        "Outlook für Android herunterladen",
        {
            "gmail": "Am Do., 12. Feb. 2026 um 16:40 Uhr schrieb Rosa Lindt <rosa.lindt@tidewell.example>:",
            "apple": "Am 12.02.2026 um 16:40 schrieb Rosa Lindt <rosa.lindt@tidewell.example>:",
            "thunderbird": "Am 12.02.26 um 16:40 schrieb Rosa Lindt:",
            "yahoo": "Am Donnerstag, 12. Februar 2026 um 16:40:03 MEZ hat Rosa Lindt <rosa.lindt@tidewell.example> Folgendes geschrieben:",
            "proton": "Rosa Lindt <rosa.lindt@tidewell.example> schrieb am Donnerstag, 12. Februar 2026 um 16:40:",
            "mutt": "Am Thu, Feb 12, 2026 at 04:40:03PM +0100 schrieb Rosa Lindt:",
        },
        ("Von", "Gesendet", "An", "Betreff", "Donnerstag, 12. Februar 2026 16:40"),
        ("Von", "Datum", "An", "Betreff", "Donnerstag, 12. Februar 2026 um 16:40"),
        "Ursprüngliche Nachricht",
    ),
    "fr": Voice(
        "Hélène Marchadier",
        "Bonjour Madame,\n\nNous avons finalement retenu un prestataire local, plus proche de nos ateliers.\nVotre dossier reste dans nos archives pour le prochain appel d'offres.",
        "Bien cordialement,\nHélène Marchadier",
        "Responsable des achats\nFonderies Marchadier SAS\n4 rue des Forges – 42000 Saint-Étienne\nTél. : 04 77 55 01 20\nwww.fonderies-marchadier.example",
        "Ce message et ses pièces jointes peuvent contenir des informations confidentielles ou privilégiées et ne doivent donc pas être diffusés sans autorisation. Si vous avez reçu ce message par erreur, merci de le signaler à l'expéditeur.",
        "ATTENTION : Cet e-mail provient d'un expéditeur externe à l'organisation. Ne cliquez pas sur les liens sans vérifier l'expéditeur.",
        (
            "merci encore pour le temps accordé au printemps.",
            "Qu'est-ce qui a fait la différence ?",
            "Puis-je vous réécrire l'an prochain ?",
        ),
        ("Surtout le délai de mise en service.", "Oui, à partir de septembre si possible."),
        "Envoyé de mon iPhone",
        "Envoyé depuis mon appareil Samsung",
        "Télécharger Outlook pour Android",
        {
            "gmail": "Le jeu. 12 févr. 2026 à 16:40, Rosa Lindt <rosa.lindt@tidewell.example> a écrit :",
            "apple": "Le 12 févr. 2026 à 16:40, Rosa Lindt <rosa.lindt@tidewell.example> a écrit :",
            "thunderbird": "Le 12/02/2026 à 16:40, Rosa Lindt a écrit :",
            "yahoo": "Le jeudi 12 février 2026 à 16:40:03 UTC+1, Rosa Lindt <rosa.lindt@tidewell.example> a écrit :",
            "proton": "Le jeudi 12 février 2026 à 16:40, Rosa Lindt <rosa.lindt@tidewell.example> a écrit :",
            "mutt": "Le Thu, Feb 12, 2026 at 04:40:03PM +0100, Rosa Lindt a écrit :",
        },
        ("De", "Envoyé", "À", "Objet", "jeudi 12 février 2026 16:40"),
        ("De", "Date", "À", "Objet", "jeudi 12 février 2026 à 16:40"),
        "Message d'origine",
    ),
    "es": Voice(
        "Íñigo Salvatierra",
        "Buenos días, Rosa:\n\nAl final firmamos con la empresa que ya llevaba la planta de Vitoria; pesó más la cercanía que el precio.\nOs tendremos en cuenta la próxima vez.",
        "Un saludo,\nÍñigo Salvatierra",
        "Jefe de Compras\nTalleres Salvatierra, S.L.\nPol. Ind. Jundiz, nave 14\nTel. +34 945 55 01 20\nMóvil: +34 600 550 120",
        "Este mensaje y los ficheros adjuntos pueden contener información confidencial destinada solamente a la persona indicada. Si lo ha recibido por error, rogamos lo comunique al remitente y proceda a su eliminación.",
        "PRECAUCIÓN: Este correo procede de fuera de la organización. No abra enlaces ni archivos adjuntos si no reconoce al remitente.",
        (
            "gracias de nuevo por vuestro tiempo en primavera.",
            "¿Qué inclinó la balanza?",
            "¿Puedo volver a escribirte el año que viene?",
        ),
        ("Sobre todo la integración con SAP, que vosotros no teníais.", "Claro, sin problema."),
        "Enviado desde mi iPhone",
        "Enviado desde mi dispositivo Samsung Galaxy",
        "Obtener Outlook para Android",
        {
            "gmail": "El jue, 12 feb 2026 a las 16:40, Rosa Lindt (<rosa.lindt@tidewell.example>) escribió:",
            "apple": "El 12 feb 2026, a las 16:40, Rosa Lindt <rosa.lindt@tidewell.example> escribió:",
            "thunderbird": "El 12/02/2026 a las 16:40, Rosa Lindt escribió:",
            "yahoo": "En jueves, 12 de febrero de 2026, 16:40:03 CET, Rosa Lindt <rosa.lindt@tidewell.example> escribió:",
            "proton": "El jueves, 12 de febrero de 2026 a las 16:40, Rosa Lindt <rosa.lindt@tidewell.example> escribió:",
            "mutt": "El Thu, Feb 12, 2026 at 04:40:03PM +0100, Rosa Lindt escribió:",
        },
        ("De", "Enviado el", "Para", "Asunto", "jueves, 12 de febrero de 2026 16:40"),
        ("De", "Fecha", "Para", "Asunto", "jueves, 12 de febrero de 2026, 16:40"),
        "Mensaje original",
    ),
    "nl": Voice(
        "Wietske Dijkhuis",
        "Beste Rosa,\n\nWe hebben uiteindelijk voor een partij uit de regio gekozen, vooral vanwege de service op zaterdag.\nJullie offerte lag qua prijs heel dicht in de buurt.",
        "Met vriendelijke groet,\nWietske Dijkhuis",
        "Hoofd inkoop\nZuivelcoöperatie Dijkhuis B.V.\nHavenweg 8, 8861 XX Harlingen\nT +31 517 55 01 20",
        "De informatie verzonden in dit e-mailbericht is vertrouwelijk en uitsluitend bestemd voor de geadresseerde. Gebruik door anderen is verboden.",
        "LET OP: Deze e-mail is afkomstig van buiten de organisatie. Klik niet op links en open geen bijlagen tenzij u de afzender herkent.",
        (
            "nogmaals dank voor de tijd in het voorjaar.",
            "Wat gaf uiteindelijk de doorslag?",
            "Mag ik volgend jaar nog eens mailen?",
        ),
        ("De looptijd van het contract, eerlijk gezegd.", "Ja hoor, prima."),
        "Verstuurd vanaf mijn iPhone",
        "Verzonden vanaf mijn Galaxy",
        "Outlook voor Android downloaden",
        {
            "gmail": "Op do 12 feb 2026 om 16:40 schreef Rosa Lindt <rosa.lindt@tidewell.example>:",
            "apple": "Op 12 feb 2026 om 16:40 heeft Rosa Lindt <rosa.lindt@tidewell.example> het volgende geschreven:",
            "thunderbird": "Op 12-02-2026 om 16:40 schreef Rosa Lindt:",
            "yahoo": "Op donderdag 12 februari 2026 om 16:40:03 CET schreef Rosa Lindt <rosa.lindt@tidewell.example>:",
            "proton": "Op donderdag 12 februari 2026 om 16:40 schreef Rosa Lindt <rosa.lindt@tidewell.example>:",
            "mutt": "Op Thu, Feb 12, 2026 at 04:40:03PM +0100 schreef Rosa Lindt:",
        },
        ("Van", "Verzonden", "Aan", "Onderwerp", "donderdag 12 februari 2026 16:40"),
        ("Van", "Datum", "Aan", "Onderwerp", "donderdag 12 februari 2026 om 16:40"),
        "Oorspronkelijk bericht",
    ),
    "it": Voice(
        "Ottavia Ferrandi",
        "Gentile Rosa,\n\nalla fine abbiamo confermato il fornitore attuale: cambiare gestionale a metà anno era troppo rischioso.\nNe riparliamo volentieri quando scade il contratto.",
        "Cordiali saluti\nOttavia Ferrandi",
        "Responsabile Acquisti\nCartiere Ferrandi S.p.A.\nVia dei Mulini 3 - 55012 Capannori (LU)\nTel. 0583 550120\nCell. 347 5550120",
        "Le informazioni contenute in questo messaggio di posta elettronica sono riservate e destinate esclusivamente al destinatario. Ai sensi del Regolamento UE 2016/679 ne è vietata la diffusione.",
        "ATTENZIONE: questa e-mail proviene da un mittente esterno all'organizzazione. Non aprire allegati o link se non si conosce il mittente.",
        (
            "grazie ancora per il tempo che ci avete dedicato in primavera.",
            "Che cosa ha fatto la differenza?",
            "Posso riscriverle l'anno prossimo?",
        ),
        ("Il prezzo non c'entra, mancava il modulo per i turni.", "Certo, quando vuole."),
        "Inviato da iPhone",
        "Inviato dal mio dispositivo Galaxy",
        "Scarica Outlook per Android",
        {
            "gmail": "Il giorno gio 12 feb 2026 alle ore 16:40 Rosa Lindt <rosa.lindt@tidewell.example> ha scritto:",
            "apple": "Il giorno 12 feb 2026, alle ore 16:40, Rosa Lindt <rosa.lindt@tidewell.example> ha scritto:",
            "thunderbird": "Il 12/02/2026 16:40, Rosa Lindt ha scritto:",
            "yahoo": "Il giovedì 12 febbraio 2026 alle ore 16:40:03 CET, Rosa Lindt <rosa.lindt@tidewell.example> ha scritto:",
            "proton": "giovedì 12 febbraio 2026 16:40, Rosa Lindt <rosa.lindt@tidewell.example> ha scritto:",
            "mutt": "Il Thu, Feb 12, 2026 at 04:40:03PM +0100, Rosa Lindt ha scritto:",
        },
        ("Da", "Inviato", "A", "Oggetto", "giovedì 12 febbraio 2026 16:40"),
        ("Da", "Data", "A", "Oggetto", "giovedì, 12 febbraio 2026 alle ore 16:40"),
        "Messaggio originale",
    ),
    "pt": Voice(
        "Leonor Vilhena",
        "Bom dia Rosa,\n\nA direção optou por manter a solução atual até ao fim de 2026, por causa dos custos de migração.\nGostei muito da vossa apresentação e guardo o contacto.",
        "Com os melhores cumprimentos,\nLeonor Vilhena",
        "Diretora de Compras\nConservas Vilhena, Lda.\nAv. do Porto 120, 4450-000 Matosinhos\nTelef.: +351 22 555 01 20",
        "Esta mensagem e os seus anexos podem conter informação confidencial destinada exclusivamente ao destinatário. Se a recebeu por engano, agradecemos que a elimine.",
        "ATENÇÃO: Este e-mail foi enviado de fora da organização. Não clique em links nem abra anexos se não conhecer o remetente.",
        (
            "obrigada mais uma vez pelo tempo na primavera.",
            "O que pesou mais na decisão?",
            "Posso voltar a escrever no próximo ano?",
        ),
        ("O suporte em português, que vocês ainda não têm.", "Claro que sim."),
        "Enviado do meu iPhone",
        "Enviado do meu Galaxy",
        "Obter o Outlook para Android",
        {
            "gmail": "Rosa Lindt <rosa.lindt@tidewell.example> escreveu (quinta, 12/02/2026 à(s) 16:40):",
            "apple": "Em 12 de fev. de 2026, à(s) 16:40, Rosa Lindt <rosa.lindt@tidewell.example> escreveu:",
            "thunderbird": "Em 12/02/2026 16:40, Rosa Lindt escreveu:",
            "yahoo": "Em quinta-feira, 12 de fevereiro de 2026 às 16:40:03 WET, Rosa Lindt <rosa.lindt@tidewell.example> escreveu:",
            "proton": "Em quinta-feira, 12 de fevereiro de 2026 às 16:40, Rosa Lindt <rosa.lindt@tidewell.example> escreveu:",
            "mutt": "Em Thu, Feb 12, 2026 at 04:40:03PM +0000, Rosa Lindt escreveu:",
        },
        ("De", "Enviado", "Para", "Assunto", "quinta-feira, 12 de fevereiro de 2026 16:40"),
        ("De", "Data", "Para", "Assunto", "quinta-feira, 12 de fevereiro de 2026 às 16:40"),
        "Mensagem original",
    ),
}
_ADDRESS = "{}@answers.example"


def samples() -> Iterator[Sample]:
    """Every client in every language in each form that fits it."""
    for client, render in CLIENTS.items():
        for language, voice in VOICES.items():
            for form, (raw, words) in render(voice).items():
                yield Sample(client, language, form, raw, words)


Forms = dict[str, tuple[bytes, str]]


def _address(voice: Voice) -> str:
    return _ADDRESS.format(voice.name.split()[-1].lower().encode("ascii", "ignore").decode())


def _mail(voice: Voice, plain: str | None, rich: str | None = None) -> bytes:
    message = EmailMessage()
    message["From"] = f"{voice.name} <{_address(voice)}>"
    message["To"] = OUR
    message["Date"] = "Fri, 13 Feb 2026 09:12:44 +0100"
    message["Subject"] = "Re: Your decision"
    message["Message-ID"] = "<a.1@answers.example>"
    if plain is not None:
        message.set_content(plain, cte="quoted-printable")
        if rich is not None:
            message.add_alternative(rich, subtype="html", cte="base64")
    else:
        message.set_content(rich or "", subtype="html", cte="quoted-printable")
    return message.as_bytes()


def _marked(lines: str, mark: str = "> ") -> str:
    return "\n".join((mark + line).rstrip() for line in lines.split("\n"))


def _ours(voice: Voice) -> str:
    first, second, third = voice.asked
    return f"{first}\n\n{second}\n\n{third}\n\nRosa Lindt\nTidewell"


def _between(voice: Voice, mark: str = "> ") -> str:
    """Our mail with an answer below each question."""
    first, second, third = voice.asked
    one, two = voice.answers
    return f"{_marked(first, mark)}\n{mark.rstrip()}\n{_marked(second, mark)}\n\n{one}\n\n{_marked(third, mark)}\n\n{two}\n"


def _answers(voice: Voice) -> str:
    return "\n".join(voice.answers)


def _p(text: str, tag: str = "p", style: str = "") -> str:
    return "".join(f"<{tag}{style}>{html.escape(line) or '&nbsp;'}</{tag}>" for line in text.split("\n"))


def _block(voice: Voice, fields: tuple[str, str, str, str, str], *, bold: bool = False) -> str:
    who, when, to, about, date = fields
    colon = " :" if voice.name.startswith("Hélène") else ":"
    rows = ((who, OUR), (when, date), (to, f"{voice.name} <{_address(voice)}>"), (about, "Your decision"))
    form = "*{}{}* {}" if bold else "{}{} {}"
    return "\n".join(form.format(name, colon, value) for name, value in rows)


def _rich_block(voice: Voice, fields: tuple[str, str, str, str, str]) -> str:
    lines = _block(voice, fields).split("\n")
    parts = [line.partition(":") for line in lines]
    return "<br>\n".join(f"<b>{html.escape(a)}:</b>{html.escape(c)}" for a, _, c in parts)


def _signed(voice: Voice) -> str:
    return f"{voice.words}\n\n{voice.closing}"


def gmail(voice: Voice) -> Forms:
    wrote = voice.wrote["gmail"]
    attribution = f'<div dir="ltr" class="gmail_attr">{html.escape(wrote).replace("rosa.lindt", "<a href=mailto:rosa.lindt@tidewell.example>rosa.lindt", 1).replace(".example", ".example</a>", 1)}<br></div>'
    quote = f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">{_p(_ours(voice), "div")}</blockquote>'
    rich = f'<div dir="ltr">{_p(_signed(voice), "div")}<div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature" data-smartmail="gmail_signature">{_p(voice.signature, "div")}</div></div><br><div class="gmail_quote">{attribution}{quote}</div>'
    plain = f"{_signed(voice)}\n\n-- \n{voice.signature}\n\n\n{wrote}\n\n{_marked(_ours(voice))}\n"
    short = voice.answers[0]
    return {
        "signed": (_mail(voice, plain, rich), _signed(voice)),
        "short": (_mail(voice, f"{short}\n\n{wrote}\n\n{_marked(_ours(voice))}\n"), short),
        "between": (_mail(voice, f"{wrote}\n\n{_between(voice)}"), _answers(voice)),
        "below": (_mail(voice, f"{wrote}\n{_marked(_ours(voice))}\n\n{_signed(voice)}\n"), _signed(voice)),
    }


def gmail_html_only(voice: Voice) -> Forms:
    wrote = html.escape(voice.wrote["gmail"])
    first, second, third = voice.asked
    one, two = voice.answers
    quote = '<blockquote class="gmail_quote" style="border-left:1px solid #ccc">{}</blockquote>'
    inline = f'<div dir="ltr"><div class="gmail_quote"><div class="gmail_attr">{wrote}<br></div>{quote.format(_p(first + chr(10) + second, "div"))}<div>{one}</div>{quote.format(_p(third, "div"))}<div>{two}</div></div></div>'
    top = f'<html><head><style>.x{{color:red}}</style></head><body><div dir="auto">{_p(_signed(voice), "div")}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">{wrote}<br></div>{quote.format(_p(_ours(voice), "div"))}</div></body></html>'
    return {
        "signed": (_mail(voice, None, top), _signed(voice)),
        "between": (_mail(voice, None, inline), _answers(voice)),
    }


def outlook_desktop(voice: Voice) -> Forms:
    bold = _block(voice, voice.fields, bold=True)
    plain = f"{voice.banner}\n\n{_signed(voice)}\n{voice.signature}\n\n{bold}\n\n{_ours(voice)}\n"
    bare = f"{_signed(voice)}\n\n{voice.legal}\n\n{_block(voice, voice.fields)}\n\n{_ours(voice)}\n"
    normal = ' class="MsoNormal"'
    rich = (
        f'<html xmlns:w="urn:schemas-microsoft-com:office:word"><head><!--[if !mso]><style>v\\:* {{behavior:url(#default#VML);}}</style><![endif]--></head><body lang="X"><div class="WordSection1">{_p(_signed(voice), "p", normal)}{_p(voice.signature, "p", normal)}'
        f'<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">{_rich_block(voice, voice.fields)}<o:p></o:p></p></div></div>{_p(_ours(voice), "p", normal)}</div></body></html>'
    )
    first, second, third = voice.asked
    one, two = voice.answers
    blue = '<p class="MsoNormal"><span style="color:#1F497D">{}</span></p>'
    coloured = f'<div class="WordSection1"><div style="border:none;border-top:solid #B5C4DF 1.0pt"><p class="MsoNormal">{_rich_block(voice, voice.fields)}</p></div>{_p(first + chr(10) + second, "p", normal)}{blue.format(one)}{_p(third, "p", normal)}{blue.format(two)}{_p("Rosa Lindt", "p", normal)}</div>'
    return {
        "banner": (_mail(voice, plain), _signed(voice)),
        "legal": (_mail(voice, bare), _signed(voice)),
        "html": (_mail(voice, None, rich), _signed(voice)),
        "between in color": (_mail(voice, None, coloured), _answers(voice)),
    }


def outlook_web(voice: Voice) -> Forms:
    line = "_" * 32
    plain = (
        f"{_signed(voice)}\n{voice.signature}\n\n{line}\n{_block(voice, voice.fields)}\n\n{_ours(voice)}\n"
    )
    rich = f'<div class="elementToProof" style="font-family: Aptos">{_p(_signed(voice), "div")}</div><div id="appendonsend"></div><hr tabindex="-1" style="display:inline-block; width:98%"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri" color="#000000">{_rich_block(voice, voice.fields)}</font><div>&nbsp;</div></div>{_p(_ours(voice), "div")}'
    warned = f'<div><table border="0"><tr><td>{html.escape(voice.banner)}</td></tr></table></div>{rich}'
    return {
        "plain": (_mail(voice, plain), _signed(voice)),
        "html": (_mail(voice, None, rich), _signed(voice)),
        "banner": (_mail(voice, None, warned), _signed(voice)),
    }


def outlook_phone(voice: Voice) -> Forms:
    plain = f"{voice.words}\n\n{voice.outlook_phone}<https://aka.ms/AAb9ysg>\n________________________________\n{_block(voice, voice.fields)}\n\n{_ours(voice)}\n"
    rich = f'<div dir="auto">{_p(voice.words, "div")}</div><div id="ms-outlook-mobile-signature" dir="auto"><div><br></div>{voice.outlook_phone.split()[0]} <a href="https://aka.ms/AAb9ysg">{" ".join(voice.outlook_phone.split()[1:])}</a></div><hr><div id="divRplyFwdMsg" dir="ltr">{_rich_block(voice, voice.fields)}</div><br>{_p(_ours(voice), "div")}'
    return {"plain": (_mail(voice, plain), voice.words), "html": (_mail(voice, None, rich), voice.words)}


def outlook_old(voice: Voice) -> Forms:
    mark = f"-----{voice.original}-----"
    top = f"{_signed(voice)}\n\n{mark}\n{_block(voice, voice.fields)}\n\n\n{_ours(voice)}\n"
    first, second, third = voice.asked
    one, two = voice.answers
    name = voice.name
    inside = f"{mark}\n{_block(voice, voice.fields)}\n\n{first}\n\n{second}\n[{name}] {one}\n\n{third}\n[{name}] {two}\n\nRosa Lindt\n"
    marked = f"{top.partition(mark)[0]}{mark}\n{_marked(_block(voice, voice.fields))}\n>\n{_marked(_ours(voice))}\n"
    return {
        "top": (_mail(voice, top), _signed(voice)),
        "between by name": (_mail(voice, inside), _answers(voice)),
        "marked": (_mail(voice, marked), _signed(voice)),
    }


def apple_mail(voice: Voice) -> Forms:
    wrote = voice.wrote["apple"]
    rich = f'<html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"></head><body style="overflow-wrap: break-word;">{_p(_signed(voice), "div")}<br id="lineBreakAtBeginningOfMessage"><div><br><blockquote type="cite"><div>{html.escape(wrote)}</div><br class="Apple-interchange-newline"><div>{_p(_ours(voice), "div")}</div></blockquote></div><br></body></html>'
    one, two = voice.answers
    first, second, third = voice.asked
    inline = f'<html><body><div><blockquote type="cite"><div>{html.escape(wrote)}</div><div>{first}</div><div>{second}</div></blockquote><div><br></div>{one}</div><div><br><blockquote type="cite"><div>{third}</div></blockquote></div>{two}</body></html>'
    return {
        "top": (
            _mail(voice, f"{_signed(voice)}\n\n> {wrote}\n> \n{_marked(_ours(voice))}\n", rich),
            _signed(voice),
        ),
        "html": (_mail(voice, None, rich), _signed(voice)),
        "between": (_mail(voice, None, inline), _answers(voice)),
        "bare": (_mail(voice, f"{voice.words}\n\n{wrote}\n\n{_marked(_ours(voice))}\n"), voice.words),
    }


def iphone(voice: Voice) -> Forms:
    wrote = voice.wrote["apple"]
    plain = f"{voice.words}\n\n{voice.phone}\n\n> {wrote}\n> \n> \ufeff{_marked(_ours(voice))[2:]}\n"
    rich = f'<html><body dir="auto">{_p(voice.words, "div")}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">{voice.phone}</div><div dir="ltr"><br><blockquote type="cite">{html.escape(wrote)}<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff{_p(_ours(voice), "div")}</div></blockquote></body></html>'
    android = f"{voice.words}\n\n{voice.android}\n\n-------- {voice.original} --------\n{_block(voice, voice.mac_fields)}\n\n{_ours(voice)}\n"
    return {
        "plain": (_mail(voice, plain), voice.words),
        "html": (_mail(voice, None, rich), voice.words),
        "android": (_mail(voice, android), voice.words),
    }


def thunderbird(voice: Voice) -> Forms:
    wrote = voice.wrote["thunderbird"]
    rich = f'<html><body><p>{html.escape(_signed(voice)).replace(chr(10), "<br>")}</p><pre class="moz-signature" cols="72">-- \n{html.escape(voice.signature)}</pre><div class="moz-cite-prefix">{html.escape(wrote)}<br></div><blockquote type="cite" cite="mid:x@tidewell.example">{_p(_ours(voice))}</blockquote></body></html>'
    return {
        "top": (
            _mail(voice, f"{_signed(voice)}\n\n{wrote}\n{_marked(_ours(voice))}\n\n-- \n{voice.signature}\n"),
            _signed(voice),
        ),
        "html": (_mail(voice, None, rich), _signed(voice)),
    }


def thunderbird_below(voice: Voice) -> Forms:
    wrote = voice.wrote["thunderbird"]
    return {
        "below": (
            _mail(voice, f"{wrote}\n{_marked(_ours(voice))}\n\n{_signed(voice)}\n\n-- \n{voice.signature}\n"),
            _signed(voice),
        ),
        "between": (_mail(voice, f"{wrote}\n{_between(voice)}\n-- \n{voice.signature}\n"), _answers(voice)),
        "deeper": (
            _mail(
                voice,
                f"{wrote}\n{_marked(voice.wrote['mutt'])}\n{_marked(_ours(voice), '>> ')}\n> {voice.asked[1]}\n\n{voice.answers[0]}\n",
            ),
            voice.answers[0],
        ),
    }


def yahoo(voice: Voice) -> Forms:
    wrote = voice.wrote["yahoo"]
    indented = "\n".join(f" {line}" for line in _ours(voice).split("\n"))
    plain = f" {voice.words}\n\n    {wrote}  \n \n {indented}\n  "
    rich = f'<html><body><div class="ydpa1yahoo-style-wrap" style="font-size:16px"><div></div>{_p(voice.words, "div")}<div><br></div></div><div id="ydpb2yahoo_quoted_7" class="ydpb2yahoo_quoted"><div>{html.escape(wrote)}</div><div><br></div>{_p(_ours(voice), "div")}</div></body></html>'
    return {"plain": (_mail(voice, plain), voice.words), "html": (_mail(voice, None, rich), voice.words)}


def proton(voice: Voice) -> Forms:
    wrote = voice.wrote["proton"]
    older = f"{voice.words}\n\n-------- {voice.original} --------\n{voice.wrote['thunderbird']}\n\n{_marked(_ours(voice))}\n"
    rich = f'<div style="font-family: Arial">{_p(voice.words, "div")}</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-user protonmail_signature_block-empty"></div><div class="protonmail_signature_block-proton">Sent with <a href="https://proton.example/">Proton Mail</a> secure email.</div></div><br><div class="protonmail_quote">{html.escape(wrote)}<br><blockquote class="protonmail_quote" type="cite">{_p(_ours(voice), "div")}</blockquote><br></div>'
    return {
        "plain": (
            _mail(
                voice,
                f"{voice.words}\n\nSent with Proton Mail secure email.\n\n{wrote}\n\n{_marked(_ours(voice))}\n",
            ),
            voice.words,
        ),
        "older": (_mail(voice, older), voice.words),
        "html": (_mail(voice, None, rich), voice.words),
    }


def mutt(voice: Voice) -> Forms:
    wrote = voice.wrote["mutt"]
    initials = "".join(part[0] for part in ("Rosa", "Lindt"))
    return {
        "between": (_mail(voice, f"{wrote}\n{_between(voice)}"), _answers(voice)),
        "initials": (_mail(voice, f"{wrote}\n\n{_between(voice, f'{initials}> ')}"), _answers(voice)),
        "below": (
            _mail(voice, f"{wrote}\n{_marked(_ours(voice))}\n\n{voice.words}\n\n-- \n{voice.signature}\n"),
            voice.words,
        ),
    }


CLIENTS: dict[str, Callable[[Voice], Forms]] = {
    render.__name__: render
    for render in (
        gmail, gmail_html_only, outlook_desktop, outlook_web, outlook_phone, outlook_old, apple_mail,
        iphone, thunderbird, thunderbird_below, yahoo, proton, mutt,
    )
}  # fmt: skip

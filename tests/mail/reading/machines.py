"""Automatic mail as machines word it, and people's mail that looks like it; no rule was tuned on these."""

# ruff: noqa: E501 - machines write lines as long

from dataclasses import dataclass

from cadence.core.replies import Category

AWAY, NOTE, LEFT = Category.OUT_OF_OFFICE, Category.AUTO_REPLY, Category.WRONG_PERSON


@dataclass(frozen=True)
class Machine:
    """A mail, and what it is; None where a person wrote it."""

    name: str
    category: Category | None
    subject: str
    words: str
    fields: str = ""
    sender: str = "Jonas Weber <jonas.weber@kiesling.example>"

    @property
    def raw(self) -> bytes:
        fields = f"{self.fields}\n" if self.fields else ""
        return f"From: {self.sender}\nTo: rosa.lindt@tidewell.example\nSubject: {self.subject}\nDate: Thu, 12 Feb 2026 16:41:00 +0000\n{fields}Content-Type: text/plain; charset=utf-8\n\n{self.words}\n".encode()


MACHINES: tuple[Machine, ...] = (
    # --- fields that only machines set ---
    Machine(
        "rfc 3834",
        AWAY,
        "Re: One question",
        "Back on Monday.\nI am out of the office this week.",
        "Auto-Submitted: auto-replied",
    ),
    Machine(
        "rfc 3834, comment",
        AWAY,
        "Out",
        "I am on leave until 23 February.",
        "Auto-Submitted: auto-replied (vacation)",
    ),
    Machine(
        "rfc 3834, other",
        NOTE,
        "Your request",
        "We got it, somebody will look at it.",
        "Auto-Submitted: auto-generated",
    ),
    Machine(
        "exchange",
        AWAY,
        "Automatic reply: One question",
        "I'm travelling and will answer next week.",
        "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated",
    ),
    Machine(
        "exchange, german",
        AWAY,
        "Automatische Antwort: Eine Frage",
        "Ich bin bis einschließlich 20.02. nicht im Haus.",
        "X-Auto-Response-Suppress: All",
    ),
    Machine(
        "exchange, french",
        AWAY,
        "Réponse automatique : Une question",
        "Je suis en congés jusqu'au 20 février inclus.",
        "X-Auto-Response-Suppress: All",
    ),
    Machine(
        "exchange, spanish",
        AWAY,
        "Respuesta automática: Una pregunta",
        "Me encuentro de vacaciones hasta el 23 de febrero.",
    ),
    Machine(
        "exchange, dutch",
        AWAY,
        "Automatisch antwoord: Een vraag",
        "Ik ben met vakantie tot en met 20 februari.",
    ),
    Machine(
        "exchange, italian", AWAY, "Risposta automatica: Una domanda", "Sono in ferie fino al 20 febbraio."
    ),
    Machine(
        "exchange, portuguese",
        AWAY,
        "Resposta automática: Uma pergunta",
        "Estou de férias até 20 de fevereiro.",
    ),
    Machine(
        "gmail responder",
        AWAY,
        "Re: One question",
        "Hi, I'm away skiing with patchy signal until the 23rd.",
        "X-Autoreply: yes\nPrecedence: bulk\nAuto-Submitted: auto-replied",
    ),
    Machine(
        "autorespond",
        AWAY,
        "Away: One question",
        "Gone fishing, back 1 March.",
        "X-Autorespond: One question",
    ),
    Machine("precedence", NOTE, "Thank you", "Your mail is with us.", "Precedence: auto_reply"),
    Machine(
        "null sender",
        NOTE,
        "Received: One question",
        "This mailbox belongs to the purchasing team. We answer within two days.",
        "Return-Path: <>",
    ),
    Machine(
        "sieve",
        AWAY,
        "Auto: One question",
        "I am out this week.",
        "Auto-Submitted: auto-replied (vacation)\nPrecedence: bulk",
    ),
    Machine(
        "ticket",
        NOTE,
        "[#4711] One question",
        "Your ticket 4711 has been created. Our team will respond within 24 hours.",
        "X-Zendesk-From-Account-Id: 12\nAuto-Submitted: auto-generated",
        "Support <support@kiesling.example>",
    ),
    Machine(
        "google group",
        NOTE,
        "Your message awaits a moderator",
        "Your message to the list awaits moderator approval.",
        "Auto-Submitted: auto-replied\nPrecedence: bulk",
        "list-owner@kiesling.example",
    ),
    # --- without any field, in a thread of their own ---
    Machine(
        "bare, english",
        AWAY,
        "Out of office: Jonas Weber",
        "Hello,\n\nthank you for your message. I am currently out of the office with no access to email and will return on Monday 23 February. For urgent matters please contact Petra Maurer (p.maurer@kiesling.example).",
    ),
    Machine(
        "bare, english 2",
        AWAY,
        "Away until 23 Feb",
        "Thanks for getting in touch. I'm on annual leave until Monday 23 February and won't be reading mail.",
    ),
    Machine(
        "bare, english 3",
        AWAY,
        "On parental leave",
        "I'm on parental leave until the end of August. Please write to Petra Maurer instead.",
    ),
    Machine(
        "bare, german",
        AWAY,
        "Abwesenheitsnotiz",
        "Sehr geehrte Damen und Herren,\n\nich bin derzeit nicht im Büro und ab dem 23.02.2026 wieder erreichbar. Ihre Nachricht wird nicht weitergeleitet. In dringenden Fällen wenden Sie sich bitte an Petra Maurer.",
    ),
    Machine(
        "bare, german 2",
        AWAY,
        "Urlaub",
        "Vielen Dank für Ihre E-Mail. Ich befinde mich im Urlaub und bin ab 2. März wieder für Sie da.",
    ),
    Machine(
        "bare, french",
        AWAY,
        "Absence du bureau",
        "Bonjour,\n\nJe suis actuellement absent et serai de retour le 23 février. En cas d'urgence, contactez Petra Maurer.",
    ),
    Machine(
        "bare, spanish",
        AWAY,
        "Fuera de la oficina",
        "Hola, gracias por su correo. Estaré fuera de la oficina hasta el 23 de febrero. Para asuntos urgentes escriba a Petra Maurer.",
    ),
    Machine(
        "bare, dutch",
        AWAY,
        "Afwezigheidsbericht",
        "Bedankt voor uw bericht. Ik ben afwezig tot 23 februari. Neem voor dringende zaken contact op met Petra Maurer.",
    ),
    Machine(
        "bare, italian",
        AWAY,
        "Fuori ufficio",
        "Grazie per la mail. Sono fuori ufficio fino al 23 febbraio e risponderò al mio rientro.",
    ),
    Machine(
        "bare, portuguese",
        AWAY,
        "Fora do escritório",
        "Obrigado pelo contacto. Estou ausente até 23 de fevereiro. Em caso de urgência contacte Petra Maurer.",
    ),
    Machine(
        "bare, closed",
        AWAY,
        "Office closed",
        "Our offices are closed from 13 to 22 February for the company holidays. We will answer your mail after our return.",
    ),
    Machine(
        "bare, unmonitored",
        NOTE,
        "This mailbox is not monitored",
        "Please do not reply to this e-mail, this mailbox is not monitored.",
        sender="no-reply@kiesling.example",
    ),
    Machine(
        "bare, receipt german",
        NOTE,
        "Eingangsbestätigung",
        "Ihre Nachricht ist bei uns eingegangen. Dies ist eine automatisch generierte E-Mail, bitte antworten Sie nicht darauf.",
    ),
    Machine(
        "bare, receipt french",
        NOTE,
        "Accusé de réception",
        "Nous avons bien reçu votre message. Ceci est un message automatique, merci de ne pas y répondre.",
    ),
    Machine(
        "bare, receipt spanish",
        NOTE,
        "Acuse de recibo",
        "Hemos recibido su mensaje. Este es un correo generado automáticamente.",
    ),
    Machine(
        "bare, receipt italian",
        NOTE,
        "Conferma di ricezione",
        "Abbiamo ricevuto il suo messaggio. E-mail generata automaticamente, si prega di non rispondere a questo messaggio.",
    ),
    Machine(
        "bare, receipt dutch",
        NOTE,
        "Ontvangstbevestiging",
        "Wij hebben uw bericht ontvangen. Dit is een automatisch gegenereerd bericht.",
    ),
    Machine(
        "bare, receipt portuguese",
        NOTE,
        "Confirmação de receção",
        "Recebemos a sua mensagem. Esta é uma mensagem gerada automaticamente, por favor não responda a este e-mail.",
    ),
    # --- left for good ---
    Machine(
        "left, english",
        LEFT,
        "Automatic reply: One question",
        "Jonas Weber no longer works for Kiesling. Please contact Petra Maurer at p.maurer@kiesling.example.",
        "Auto-Submitted: auto-replied",
    ),
    Machine(
        "left, german",
        LEFT,
        "Automatische Antwort: Eine Frage",
        "Herr Weber ist nicht mehr für unser Unternehmen tätig. Bitte wenden Sie sich an Frau Maurer.",
    ),
    Machine(
        "left, french",
        LEFT,
        "Réponse automatique : Une question",
        "Jonas Weber ne fait plus partie de notre société.",
    ),
    Machine(
        "left, italian", LEFT, "Risposta automatica: Una domanda", "Jonas Weber non lavora più in azienda."
    ),
    # --- receipts ---
    Machine(
        "read, english",
        NOTE,
        "Read: One question",
        "Your message\n\n   To: Jonas Weber\n   Subject: One question\n   Sent: Thursday, February 12, 2026 4:40 PM\n\nwas read on Thursday, February 12, 2026 5:02 PM.",
    ),
    Machine(
        "read, german",
        NOTE,
        "Gelesen: Eine Frage",
        "Ihre Nachricht\n\n   An: Jonas Weber\n   Betreff: Eine Frage\n   Gesendet: Donnerstag, 12. Februar 2026 16:40\n\nwurde am Donnerstag, 12. Februar 2026 17:02 gelesen.",
    ),
    Machine(
        "read, french",
        NOTE,
        "Lu : Une question",
        "Votre message\n\n   À : Jonas Weber\n   Objet : Une question\n\na été lu le jeudi 12 février 2026 17:02.",
    ),
    Machine(
        "deleted unread",
        NOTE,
        "Not read: One question",
        "Your message\n\n   To: Jonas Weber\n   Subject: One question\n\nwas deleted without being read on Friday, February 13, 2026.",
    ),
    # --- people ---
    Machine(
        "suppress alone",
        None,
        "Re: One question",
        "We went with the other one, their price was better.",
        "X-Auto-Response-Suppress: All",
    ),
    Machine(
        "bulk on a list",
        None,
        "Re: [garden] One question",
        "We took the other tool and are happy with it.",
        "Precedence: bulk\nList-Id: <garden.lists.example>",
    ),
    Machine("auto-submitted no", None, "Re: One question", "Thanks, we are fine.", "Auto-Submitted: no"),
    Machine(
        "speaks of leave",
        None,
        "Re: One question",
        "Sorry for the delay, I was on holiday. We chose somebody else because of the price.",
    ),
    Machine(
        "speaks of an office",
        None,
        "Re: One question",
        "We decided against it: half of us are never in the office, so a desk tool makes no sense.",
    ),
    Machine(
        "speaks of vacation, german",
        None,
        "AW: Eine Frage",
        "Entschuldigen Sie die späte Antwort, ich war im Urlaub. Wir haben uns anders entschieden, der Preis war zu hoch.",
    ),
    Machine(
        "speaks of automation",
        None,
        "Re: One question",
        "We needed automatic replies to our customers and your tool has none, so we took another.",
    ),
    Machine(
        "speaks of tickets",
        None,
        "Re: One question",
        "Your support never answered our ticket number 12, that is why we left.",
    ),
    Machine(
        "relayed",
        None,
        "[#4711] Re: One question",
        "##- Please type your reply above this line -##\n\nJonas Weber has replied:\n\nYes, let us talk on Tuesday.",
        "X-Zendesk-From-Account-Id: 12",
        "Kiesling Support <support@kiesling.example>",
    ),
    Machine(
        "relayed, automatic field",
        None,
        "[KIE-12] Re: One question",
        "Jonas Weber commented:\n\nThe price was too high, we signed with the other one.\n\nReply above this line to add a comment.",
        "Auto-Submitted: auto-generated\nX-Jira-Fingerprint: a",
        "Kiesling Jira <jira@kiesling.example>",
    ),
    Machine(
        "outlook person with odd class",
        None,
        "RE: One question",
        "Too expensive for us, sorry.",
        "X-MS-Exchange-Organization-AuthAs: Internal\nX-Auto-Response-Suppress: DR, OOF, AutoReply",
    ),
)

"""What mail servers and mail programs answer by themselves: absences, tickets, delivery reports, opt-outs."""

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from cadence.core.calendar import local
from cadence.demo.cast import How
from cadence.demo.programs import Answer


def write(answer: Answer) -> bytes:
    """The automatic mail as the machine sends it."""
    return MACHINES[answer.how](answer)


def _mail(answer: Answer, subject: str, **fields: str) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f'"{answer.writer.name}" <{answer.writer.email}>'
    mail["To"] = answer.original.sender
    mail["Subject"] = subject
    mail["Date"] = format_datetime(local(answer.at, answer.writer.place))
    mail["Message-ID"] = answer.message_id
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    return mail


def _away(answer: Answer) -> bytes:
    """Exchange's automatic reply."""
    original = answer.original
    mail = _mail(
        answer,
        f"Automatic reply: {original.subject}",
        In_Reply_To=original.message_id,
        References=original.message_id,
        Auto_Submitted="auto-generated",
        X_Auto_Response_Suppress="All",
        X_MS_Exchange_Generated_Message_Source="Mailbox Rules Agent",
    )
    mail.set_content(answer.words + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _vacation(answer: Answer) -> bytes:
    """Gmail's vacation responder (RFC 3834)."""
    original = answer.original
    mail = _mail(
        answer,
        f"Out of office Re: {original.subject}",
        In_Reply_To=original.message_id,
        References=original.message_id,
        Auto_Submitted="auto-replied",
        Precedence="bulk",
        X_Autoreply="yes",
    )
    mail.set_content(answer.words + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _ticket(answer: Answer) -> bytes:
    """A help desk that opens a ticket for whatever arrives."""
    original = answer.original
    mail = _mail(
        answer,
        f"[Request received] {original.subject} (#48213)",
        In_Reply_To=original.message_id,
        Auto_Submitted="auto-generated",
        X_Zendesk_From_Account_Id="7f3a2c",
    )
    mail.set_content(answer.words + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _unsubscribe_button(answer: Answer) -> bytes:
    """A mail program's button: a mail to the address of List-Unsubscribe (RFC 2369), in no thread."""
    mail = _mail(answer, "unsubscribe")
    mail.set_content("\n")
    return mail.as_bytes()


_REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@{domain}>
To: {sender}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: {message_id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

This is a MIME-encapsulated message.

--{boundary}
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.{domain}.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{recipient}>: host mx.{domain} said: {said}
    (in reply to end of DATA command)

--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.{domain}
Arrival-Date: {arrival}

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {said}

--{boundary}
Content-Type: text/rfc822-headers

{returned}
--{boundary}--
"""


def _bounce(answer: Answer) -> bytes:
    """A delivery report (RFC 3464) from the recipient's own server, with the head of the lost mail."""
    original = answer.original
    report = _REPORT.format(
        domain=original.recipient.partition("@")[2],
        sender=original.sender,
        date=format_datetime(local(answer.at, answer.writer.place)),
        message_id=answer.message_id,
        boundary="C3A9.1772457120/mx",
        recipient=original.recipient,
        said=answer.words,
        arrival=format_datetime(original.at),
        status=answer.words.split()[1],
        returned=original.raw.split(b"\r\n\r\n")[0].decode("ascii", "replace").replace("\r\n", "\n"),
    )
    return report.replace("\n", "\r\n").encode()


def _calendar(answer: Answer) -> bytes:
    """What a calendar sends when its button is pressed (RFC 5546 §3.2.3): it names the event, and no mail."""
    status = answer.words.upper()
    mail = _mail(answer, f"{answer.words.title()}: {answer.original.subject}")
    mail.set_content(f"{answer.writer.name} has answered your invitation: {answer.words}.\n")
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Made up//Calendar//EN",
        "METHOD:REPLY",
        "BEGIN:VEVENT",
        f"UID:{answer.original.event}",
        f"ATTENDEE;PARTSTAT={status}:mailto:{answer.writer.email}",
        f"DTSTAMP:{answer.at:%Y%m%dT%H%M%SZ}",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    mail.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": "REPLY"})
    return mail.as_bytes()


MACHINES: dict[How, Callable[[Answer], bytes]] = {
    How.AWAY: _away,
    How.VACATION: _vacation,
    How.TICKET: _ticket,
    How.UNSUBSCRIBE_BUTTON: _unsubscribe_button,
    How.HARD_BOUNCE: _bounce,
    How.SOFT_BOUNCE: _bounce,
    How.CALENDAR: _calendar,
}

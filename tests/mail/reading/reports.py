"""Delivery reports as mail systems word them, and ordinary mail that only sounds like one; no rule was tuned on these.

The wordings are those of real systems, with people, hosts and subjects made up.
"""

# ruff: noqa: E501 - servers write lines as long

from dataclasses import dataclass

from cadence.core.replies import Category

HARD, SOFT, NOTE = Category.BOUNCE_HARD, Category.BOUNCE_SOFT, Category.AUTO_REPLY
WHO = "jonas.weber@kiesling.example"
MINE = "rosa.lindt@tidewell.example"
ID = "<20260212164003.4711@tidewell.example>"
RETURNED = f"""From: Rosa Lindt <{MINE}>
To: {WHO}
Subject: One question about your decision
Date: Thu, 12 Feb 2026 16:40:03 +0000
Message-ID: {ID}

Dear Jonas, thank you for your time.
"""


@dataclass(frozen=True)
class Report:
    """A report, the one recipient that counts (None: any), what became of the mail, and whose fault it is."""

    system: str
    raw: bytes
    recipient: str | None
    category: Category
    sender_fault: bool = False


def _plain(head: str, body: str) -> bytes:
    return f"{head.strip()}\nDate: Thu, 12 Feb 2026 16:41:00 +0000\nMessage-ID: <r1@mx.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{body.strip()}\n".encode()


def _dsn(head: str, words: str, fields: str, returned: str = RETURNED) -> bytes:
    return (
        f'{head.strip()}\nDate: Thu, 12 Feb 2026 16:41:00 +0000\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="=_b"\n\n'
        f"--=_b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{words.strip()}\n\n--=_b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n{fields.strip()}\n\n"
        f"--=_b\nContent-Type: message/rfc822\n\n{returned}\n--=_b--\n"
    ).encode()


_DAEMON = f"From: Mail Delivery System <MAILER-DAEMON@mx.example>\nTo: {MINE}\nReturn-Path: <>\nSubject: "
_POSTMASTER = f"From: postmaster@kiesling.example\nTo: {MINE}\nReturn-Path: <>\nSubject: "
_STATUS = f"Final-Recipient: rfc822; {WHO}\nAction: {{}}\nStatus: {{}}\nDiagnostic-Code: smtp; {{}}"

REPORTS: tuple[Report, ...] = (
    # --- machine-readable reports (RFC 3464) ---
    Report(
        "postfix",
        _dsn(
            _DAEMON + "Undelivered Mail Returned to Sender",
            f"This is the mail system at host mx.example.\n\n<{WHO}>: host mail.kiesling.example[203.0.113.4] said: 550 5.1.1 <{WHO}>: Recipient address rejected: User unknown (in reply to RCPT TO command)",
            _STATUS.format("failed", "5.1.1", f"550 5.1.1 <{WHO}>: Recipient address rejected: User unknown"),
        ),
        WHO,
        HARD,
    ),
    Report(
        "postfix, no such domain",
        _dsn(
            _DAEMON + "Undelivered Mail Returned to Sender",
            f"<{WHO}>: Host or domain name not found. Name service error for name=kiesling.example type=A: Host not found",
            _STATUS.format("failed", "5.4.4", "Host or domain name not found"),
        ),
        WHO,
        HARD,
    ),
    Report(
        "postfix, delayed",
        _dsn(
            _DAEMON + "Delayed Mail (still being retried)",
            f"####################################################################\n# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n####################################################################\n\n<{WHO}>: connect to mail.kiesling.example[203.0.113.4]:25: Connection timed out",
            _STATUS.format("delayed", "4.4.1", "connect to mail.kiesling.example: Connection timed out"),
        ),
        WHO,
        SOFT,
    ),
    Report(
        "postfix, expired",
        _dsn(
            _DAEMON + "Undelivered Mail Returned to Sender",
            f"<{WHO}>: connect to mail.kiesling.example[203.0.113.4]:25: No route to host",
            _STATUS.format(
                "failed", "4.4.1", "connect to mail.kiesling.example[203.0.113.4]:25: No route to host"
            ),
        ),
        WHO,
        SOFT,
    ),
    Report(
        "postfix, delivered",
        _dsn(
            _DAEMON + "Successful Mail Delivery Report",
            f"<{WHO}>: delivery via mail.kiesling.example: 250 2.0.0 Ok",
            _STATUS.format("relayed", "2.0.0", "250 2.0.0 Ok: queued"),
        ),
        WHO,
        NOTE,
    ),
    Report(
        "sendmail, expanded",
        _dsn(
            _DAEMON + "Return receipt",
            f"   ----- The following addresses had successful delivery notifications -----\n<{WHO}>  (expanded by mailing list)",
            _STATUS.format("expanded", "2.1.5", "250 ok"),
        ),
        WHO,
        NOTE,
    ),
    Report(
        "sendmail, quota",
        _dsn(
            _DAEMON + "Returned mail: see transcript for details",
            f"   ----- The following addresses had permanent fatal errors -----\n<{WHO}>\n    (reason: 552 5.2.2 Over quota)",
            _STATUS.format("failed", "5.2.2", "552 5.2.2 Over quota"),
        ),
        WHO,
        SOFT,
    ),
    Report(
        "sendmail, partly",
        _dsn(
            _DAEMON + "Returned mail: see transcript for details",
            f"   ----- The following addresses had permanent fatal errors -----\n<{WHO}>\n   ----- The following addresses had successful delivery notifications -----\n<info@kiesling.example>",
            "Final-Recipient: RFC822; info@kiesling.example\nAction: delivered\nStatus: 2.1.5\n\n"
            + _STATUS.format("failed", "5.1.1", "550 5.1.1 unknown"),
        ),
        WHO,
        HARD,
    ),
    Report(
        "sendmail, alias",
        _dsn(
            _DAEMON + "Returned mail: User unknown",
            "The original message was received.",
            f"Original-Recipient: rfc822;{WHO}\nFinal-Recipient: rfc822; jw-old@inside.kiesling.example\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown",
        ),
        WHO,
        HARD,
    ),
    Report(
        "exchange online",
        _dsn(
            f"From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@tidewell.example>\nTo: {MINE}\nSubject: Undeliverable: One question about your decision\nAuto-Submitted: auto-replied",
            f"Your message to {WHO} couldn't be delivered.\njonas.weber wasn't found at kiesling.example.",
            _STATUS.format(
                "failed",
                "5.1.10",
                "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup",
            ),
        ),
        WHO,
        HARD,
    ),
    Report(
        "exchange online, sender blocked",
        _dsn(
            f"From: postmaster@tidewell.example\nTo: {MINE}\nSubject: Undeliverable: One question",
            "Your message couldn't be delivered because you weren't recognized as a valid sender. The most common reason for this is that your email address is suspected of sending spam and it's no longer allowed to send email.",
            _STATUS.format("failed", "5.1.8", "550 5.1.8 Access denied, bad outbound sender AS(42004)"),
        ),
        WHO,
        HARD,
        sender_fault=True,
    ),
    Report(
        "exchange online, spf",
        _dsn(
            _POSTMASTER + "Undeliverable: One question",
            "The message was rejected by the recipient's email system.",
            _STATUS.format(
                "failed",
                "5.7.23",
                "550 5.7.23 The message was rejected because of Sender Policy Framework violation",
            ),
        ),
        WHO,
        HARD,
        sender_fault=True,
    ),
    Report(
        "exchange online, closed list",
        _dsn(
            _POSTMASTER + "Undeliverable: One question",
            "Your message can't be delivered because delivery to this address is restricted.",
            _STATUS.format(
                "failed",
                "5.7.133",
                "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group",
            ),
        ),
        WHO,
        HARD,
    ),
    Report(
        "exchange, german",
        _dsn(
            _POSTMASTER + "Unzustellbar: One question about your decision",
            f"Fehler bei der Nachrichtenzustellung an folgende Empfänger oder Gruppen:\n\n{WHO}\nDie eingegebene E-Mail-Adresse konnte nicht gefunden werden.",
            _STATUS.format("failed", "5.1.1", "550 5.1.1 RESOLVER.ADR.RecipNotFound; not found"),
        ),
        WHO,
        HARD,
    ),
    Report(
        "gmail",
        _dsn(
            f"From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: {MINE}\nX-Failed-Recipients: {WHO}\nAuto-Submitted: auto-replied\nSubject: Delivery Status Notification (Failure)",
            f"** Address not found **\n\nYour message wasn't delivered to {WHO} because the address couldn't be found, or is unable to receive mail.",
            _STATUS.format(
                "failed", "5.1.1", "550-5.1.1 The email account that you tried to reach does not exist."
            ),
        ),
        WHO,
        HARD,
    ),
    Report(
        "gmail, delay",
        _dsn(
            "From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nSubject: Delivery Status Notification (Delay)",
            f"** Delivery incomplete **\n\nThere was a temporary problem delivering your message to {WHO}. Gmail will retry for 46 more hours. You'll be notified if the delivery fails permanently.",
            _STATUS.format(
                "delayed", "4.4.1", "The recipient server did not accept our requests to connect."
            ),
        ),
        WHO,
        SOFT,
    ),
    Report(
        "amazon ses",
        _dsn(
            "From: MAILER-DAEMON@eu-west-1.amazonses.com\nSubject: Delivery Status Notification (Failure)",
            f"An error occurred while trying to deliver the mail to the following recipients:\n{WHO}",
            _STATUS.format("failed", "5.1.1", "550 5.1.1 user unknown"),
        ),
        WHO,
        HARD,
    ),
    Report(
        "exim, report",
        _dsn(
            _DAEMON + "Mail delivery failed: returning message to sender",
            f"This message was created automatically by mail delivery software.\n\n  {WHO}\n    host mail.kiesling.example [203.0.113.4]\n    SMTP error from remote mail server after RCPT TO:<{WHO}>:\n    550 5.7.1 Service unavailable; client [198.51.100.7] blocked using zen.spamhaus.org",
            f"Action: failed\nFinal-Recipient: rfc822;{WHO}\nStatus: 5.0.0\nRemote-MTA: dns; mail.kiesling.example\nDiagnostic-Code: smtp; 550 5.7.1 Service unavailable; client [198.51.100.7] blocked using zen.spamhaus.org",
        ),
        WHO,
        HARD,
        sender_fault=True,
    ),
    Report(
        "rfc 6533",
        _dsn(
            _DAEMON + "Undelivered",
            "no such user",
            "Final-Recipient: utf-8; jürgen@kiesling.example\nAction: failed\nStatus: 5.1.1",
        ).replace(b"message/delivery-status", b"message/global-delivery-status"),
        "jürgen@kiesling.example",
        HARD,
    ),
    Report(
        "domino",
        _dsn(
            _POSTMASTER
            + "DELIVERY FAILURE: User jonas.weber (jonas.weber@kiesling.example) not listed in Domino Directory",
            "Your message\n\n  Subject: One question about your decision\n\nwas not delivered to:\n\n  jonas.weber@kiesling.example\n\nbecause:\n\n  User jonas.weber not listed in Domino Directory",
            _STATUS.format("failed", "5.1.1", "X-Notes; User not listed in Domino Directory"),
        ),
        WHO,
        HARD,
    ),
    Report(
        "two failed, first delayed",
        _dsn(
            _DAEMON + "Undelivered Mail",
            "see below",
            "Final-Recipient: rfc822; info@kiesling.example\nAction: delayed\nStatus: 4.2.1\n\n"
            + _STATUS.format("failed", "5.1.1", "550 unknown"),
        ),
        WHO,
        HARD,
    ),
    # --- reports in plain words ---
    Report(
        "qmail",
        _plain(
            _DAEMON + "failure notice",
            f"Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<{WHO}>:\n203.0.113.4 does not like recipient.\nRemote host said: 550 5.1.1 sorry, no mailbox here by that name\nGiving up on 203.0.113.4.\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <{MINE}>\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "qmail, long failing",
        _plain(
            _DAEMON + "failure notice",
            f"Hi. This is the qmail-send program at mx.example.\n\n<{WHO}>:\nSorry, I wasn't able to establish an SMTP connection. (#4.4.1)\nI'm not going to try again; this message has been in the queue too long.\n\n--- Below this line is a copy of the message.\n\n{RETURNED}",
        ),
        WHO,
        SOFT,
    ),
    Report(
        "exim, old",
        _plain(
            _DAEMON + "Mail delivery failed: returning message to sender\nX-Failed-Recipients: " + WHO,
            f"This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {WHO}\n    Unrouteable address\n\n------ This is a copy of the message, including all the headers. ------\n\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "exim, warning",
        _plain(
            _DAEMON + "Warning: message 1abCDe-0001Xy-2Z delayed 24 hours",
            f"This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.\n\nThe address to which the message has not yet been delivered is:\n\n  {WHO}\n\nNo action is required on your part. Delivery attempts will continue for\nsome time, and this warning may be repeated at intervals.",
        ),
        WHO,
        SOFT,
    ),
    Report(
        "exchange 2003",
        _plain(
            f"From: System Administrator <postmaster@kiesling.example>\nTo: {MINE}\nSubject: Undeliverable: One question about your decision",
            "Your message did not reach some or all of the intended recipients.\n\n      Subject:\tOne question about your decision\n      Sent:\t2/12/2026 4:40 PM\n\nThe following recipient(s) could not be reached:\n\n      jonas.weber@kiesling.example on 2/12/2026 4:41 PM\n            The e-mail account does not exist at the organization this message was sent to.\n            <mx.kiesling.example #5.1.1>",
        ),
        WHO,
        HARD,
    ),
    Report(
        "yahoo",
        _plain(
            f"From: MAILER-DAEMON@yahoo.example\nTo: {MINE}\nSubject: Failure Notice",
            f"Sorry, we were unable to deliver your message to the following address.\n\n<{WHO}>:\n554: delivery error: dd This user doesn't have a kiesling.example account ({WHO}) [0] - mta1.example\n\n--- Forwarded message:\n\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "gmx",
        _plain(
            f'From: "GMX Mailer Daemon" <mailer-daemon@gmx.example>\nTo: {MINE}\nSubject: Mail delivery failed: returning message to sender',
            f"This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n{WHO}:\nSMTP error from remote server for RCPT TO command, host: mail.kiesling.example (203.0.113.4) reason: 550 5.1.1 mailbox unavailable\n\n--- The header of the original message is following. ---\n\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "t-online",
        _plain(
            f"From: MAILER-DAEMON@mailout.example\nTo: {MINE}\nReturn-Path: <>\nSubject: Unzustellbare Nachricht",
            f"|------------------------- Message log follows: -------------------------|\n no valid recipients were found for this message\n|------------------------- Failed addresses follow: ---------------------|\n <{WHO}> ... unknown user\n|------------------------- Message text follows: ------------------------|\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "orange",
        _plain(
            f"From: Mail Delivery System <MAILER-DAEMON@smtp.orange.example>\nTo: {MINE}\nSubject: Échec de remise du message",
            f"Bonjour,\n\nVotre message n'a pas pu être remis au destinataire suivant :\n\n{WHO}\n\nMotif : 550 5.1.1 Adresse d au moins un destinataire invalide. Invalid recipient.",
        ),
        WHO,
        HARD,
    ),
    Report(
        "libero",
        _plain(
            f"From: MAILER-DAEMON@libero.example\nTo: {MINE}\nSubject: Mancata consegna del messaggio",
            f"Il messaggio non è stato consegnato al seguente destinatario:\n\n<{WHO}>: casella di posta piena (452 4.2.2 mailbox full)",
        ),
        WHO,
        SOFT,
    ),
    Report(
        "terra",
        _plain(
            f"From: Postmaster <postmaster@terra.example>\nTo: {MINE}\nSubject: No se pudo entregar su mensaje",
            f"Su mensaje no pudo ser entregado a los siguientes destinatarios:\n\n   {WHO}\n\nRazón: 550 el usuario no existe",
        ),
        WHO,
        HARD,
    ),
    Report(
        "uol",
        _plain(
            f"From: Mail Delivery System <MAILER-DAEMON@uol.example>\nTo: {MINE}\nSubject: Falha na entrega da sua mensagem",
            f"A sua mensagem não pôde ser entregue ao destinatário abaixo:\n\n<{WHO}>\nMotivo: 550 5.1.1 usuário desconhecido",
        ),
        WHO,
        HARD,
    ),
    Report(
        "kpn",
        _plain(
            f"From: Mail Delivery System <MAILER-DAEMON@kpn.example>\nTo: {MINE}\nSubject: Onbestelbaar: One question",
            f"Uw bericht kon niet worden bezorgd bij de volgende ontvanger:\n\n{WHO}\n\nReden: 550 5.1.1 onbekende gebruiker",
        ),
        WHO,
        HARD,
    ),
    Report(
        "mdaemon",
        _plain(
            f"From: MDaemon at kiesling.example <MDaemon@kiesling.example>\nTo: {MINE}\nX-MDaemon-Deliver-To: {MINE}\nSubject: Permanent Delivery Failure",
            f"The attached message had PERMANENT fatal delivery errors!\n\nAfter one or more unsuccessful delivery attempts the attached message has\nbeen removed from the mail queue on this server.\n\nFailed address: {WHO}\n\n--- Session Transcript ---\n Thu 2026-02-12 16:41:00: --> RCPT To:<{WHO}>\n Thu 2026-02-12 16:41:00: <-- 550 5.1.1 no such user\n--- End Transcript ---",
        ),
        WHO,
        HARD,
    ),
    Report(
        "imail",
        _plain(
            f"From: Postmaster <postmaster@imail.example>\nTo: {MINE}\nX-Mailer: <SMTP32 v8.22>\nSubject: Undeliverable Mail",
            f"Unknown user: {WHO}\n\n\nOriginal message follows.\n\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "groupwise",
        _plain(
            f"From: Mailer-Daemon@kiesling.example\nTo: {MINE}\nSubject: Message status - undeliverable",
            f"The message that you sent was undeliverable to the following:\n\t{WHO} (user not found)\n\nPossibly truncated original message follows:\n\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "communigate",
        _plain(
            f"From: <MAILER-DAEMON@cgp.example>\nTo: {MINE}\nSubject: Undeliverable mail: One question",
            f"Failed to deliver to '{WHO}'\nSMTP module(domain kiesling.example) reports:\n account is full (quota exceeded)",
        ),
        WHO,
        SOFT,
    ),
    Report(
        "courier",
        _plain(
            _DAEMON + "NOTICE: mail delivery status.",
            f"\n         This is a delivery status notification from mx.example,\n         running the Courier mail server, version 0.65.\n\n---------------------------------------------------------------------------\n\nUNDELIVERABLE MAIL\n\nYour message to the following recipients cannot be delivered:\n\n<{WHO}>:\n    mail.kiesling.example [203.0.113.4]:\n<<< 550 5.1.1 unknown or illegal alias: {WHO}\n\n---------------------------------------------------------------------------\n\nIf your message was also sent to additional recipients, their delivery\nstatus is not included in this report.",
        ),
        WHO,
        HARD,
    ),
    Report(
        "opensmtpd",
        _plain(
            f"From: Mailer Daemon <MAILER-DAEMON@osd.example>\nTo: {MINE}\nSubject: Delivery status notification: error",
            f"    Hi!\n\n    This is the MAILER-DAEMON, please DO NOT REPLY to this email.\n\n    An error has occurred while attempting to deliver a message for\n    the following list of recipients:\n\n{WHO}: 550 5.1.1 No such user\n\n    Below is a copy of the original message:\n\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "mimecast",
        _plain(
            f"From: Postmaster <postmaster@mimecast.example>\nTo: {MINE}\nSubject: [Postmaster] Email Delivery Failure",
            f"This is a delivery failure notification message indicating that\nan email you addressed to email address :\n-- {WHO}\n\ncould not be delivered. The problem appears to be :\n-- Recipient email server rejected the message\n\nAdditional information follows :\n-- 5.1.1 User Unknown",
        ),
        WHO,
        HARD,
    ),
    Report(
        "smartermail",
        _plain(
            f"From: System Administrator <postmaster@smarter.example>\nTo: {MINE}\nSubject: Delivery Failure",
            f"Could not deliver message to the following recipient(s):\n\nFailed Recipient: {WHO}\nReason: Remote host said: 550 No such recipient\n\n   -- The header and top 20 lines of the message follows --\n\n{RETURNED}",
        ),
        WHO,
        HARD,
    ),
    Report(
        "hmailserver",
        _plain(
            f"From: mailer-daemon@hms.example\nTo: {MINE}\nSubject: Message undeliverable: One question",
            f"Your message did not reach some or all of the intended recipients.\n\n   Sent: Thu, 12 Feb 2026 16:40:03 +0000\n   Subject: One question\n\nThe following recipient(s) could not be reached:\n\n{WHO}\n   Error Type: SMTP\n   Remote server (203.0.113.4) issued an error.\n   hMailServer sent: RCPT TO:<{WHO}>\n   Remote server replied: 550 5.1.1 unknown\n\nhMailServer",
        ),
        WHO,
        HARD,
    ),
    Report(
        "kerio",
        _plain(
            f"From: Mail Delivery Subsystem <mailer-daemon@kerio.example>\nTo: {MINE}\nSubject: Undelivered mail: One question",
            f"Your message could not be delivered to the following recipients:\n\n{WHO}\n  Reason: 5.1.1 Unknown user\n",
        ),
        WHO,
        HARD,
    ),
    Report(
        "james",
        _plain(
            f"From: postmaster@james.example\nTo: {MINE}\nSubject: Delivery failure",
            f"Hi. This is the James mail server at james.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out. Below\nI include the list of recipients and the reason why I was unable to deliver\nyour message.\n\n\nFailed recipient(s):\n{WHO}\n\nError message:\nError while delivering message. 550 no such user",
        ),
        WHO,
        HARD,
    ),
    Report(
        "zimbra, quota in words",
        _plain(
            _DAEMON + "Undelivered Mail Returned to Sender",
            f"I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients. It's attached below.\n\n<{WHO}>: host zimbra.kiesling.example said: 452 4.2.2 Over quota (in reply to end of DATA command)",
        ),
        WHO,
        SOFT,
    ),
    Report(
        "barracuda",
        _plain(
            f"From: Mail Delivery Service <MAILER-DAEMON@barracuda.example>\nTo: {MINE}\nSubject: Delivery Status Notification (Failure)",
            f"Your message to: {WHO}\nwas blocked by our Spam Firewall. The email you sent with the following subject has NOT BEEN DELIVERED:\n\nSubject: One question about your decision",
        ),
        WHO,
        HARD,
        sender_fault=True,
    ),
    Report(
        "office 365, sending limit",
        _plain(
            f"From: Microsoft Outlook <postmaster@outlook.example>\nTo: {MINE}\nSubject: Undeliverable: One question",
            f"Delivery has failed to these recipients or groups:\n\n{WHO}\nYour message can't be sent because you've reached your daily limit for message recipients.\n\nRemote Server returned '550 5.1.90 Your message can't be sent because you've reached your daily limit for message recipients'",
        ),
        WHO,
        HARD,
        sender_fault=True,
    ),
    Report(
        "gmail, sending limit",
        _plain(
            f"From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: {MINE}\nSubject: Delivery Status Notification (Failure)\nX-Failed-Recipients: {WHO}",
            "You have reached a limit for sending mail. Your message was not sent.\n\n550 5.4.5 Daily user sending limit exceeded.",
        ),
        WHO,
        HARD,
        sender_fault=True,
    ),
    Report(
        "our own relay refuses",
        _plain(
            _DAEMON + "Undelivered Mail Returned to Sender",
            f"<{WHO}>: host smtp.tidewell.example[198.51.100.7] said: 530 5.7.0 Authentication Required (in reply to MAIL FROM command)",
        ),
        WHO,
        HARD,
        sender_fault=True,
    ),
    Report(
        "ids of no address",
        _plain(
            _DAEMON + "Returned mail: Host unknown (Name server: kiesling.example: host not found)",
            f"   ----- The following addresses had permanent fatal errors -----\n{WHO}\n\n   ----- Transcript of session follows -----\n550 5.1.2 {WHO}... Host unknown (Name server: kiesling.example: host not found)",
        ),
        WHO,
        HARD,
    ),
    Report(
        "greylisted in the end",
        _plain(
            _DAEMON + "Delivery delayed",
            f"Your message to <{WHO}> has been delayed.\n\n451 4.7.1 Greylisted, please try again later. We will keep trying for 3 days.",
        ),
        WHO,
        SOFT,
    ),
    Report(
        "html only",
        f'{_POSTMASTER}Undeliverable: One question\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<html><body><h2>Delivery has failed to these recipients or groups:</h2><p><a href="mailto:{WHO}">{WHO}</a><br>The email address you entered couldn\'t be found.</p><p>#550 5.1.1 RESOLVER.ADR.RecipNotFound; not found ##</p></body></html>\n'.encode(),
        WHO,
        HARD,
    ),
)

ORDINARY: tuple[tuple[str, str], ...] = (
    (
        "Re: Delivery failed last week",
        "Hi Rosa,\n\nthe parcel to hall 3 could not be delivered, the driver says the address was unknown. Can you ask dispatch@kiesling.example?\n\nJonas",
    ),
    (
        "Re: One question",
        "Hello, your last mail to info@kiesling.example bounced, so I answer from here. We took the other offer.",
    ),
    (
        "Undeliverable pallets",
        "Two pallets came back as undeliverable. Please contact lager@kiesling.example.",
    ),
    (
        "Re: Failure notice of the pump",
        "The failure notice you sent to service@kiesling.example is with the technicians.",
    ),
    (
        "Fwd: Undelivered Mail Returned to Sender",
        "I got this when I wrote to you, is your address right?\n\n> <rosa.lindt@tidewel.example>: Host not found",
    ),
    (
        "Re: Mail delivery",
        "Mail delivery to our office is at 10. Parcels for erika@kiesling.example go to the gate.",
    ),
    (
        "Returned mail",
        "We returned the mailer you sent us; please do not send brochures to jonas.weber@kiesling.example by post.",
    ),
    (
        "Error report",
        "There is an error in your quote: user unknown should read user known. Ask otto@kiesling.example.",
    ),
    (
        "Warning: contract ends",
        "This is a warning only: our contract ends on 30 June. Write to einkauf@kiesling.example.",
    ),
    (
        "Re: Your decision",
        "jonas.weber@kiesling.example does not exist any more, he left. Please use p.maurer@kiesling.example.",
    ),
    (
        "Nicht zugestellt",
        "Ihr Paket wurde nicht zugestellt, bitte melden Sie sich bei empfang@kiesling.example.",
    ),
    ("Échec de la livraison", "La livraison a échoué, contactez quai@kiesling.example."),
    (
        "Delivery status",
        "The delivery status of order 4711 is: failed. You can reach logistics@kiesling.example.",
    ),
    (
        "Re: permanent error in the ERP",
        "We have a permanent error in the ERP. admin@kiesling.example looks after it.",
    ),
    ("Mailbox full?", "Is your mailbox full? I tried twice. Regards, Jonas, jonas.weber@kiesling.example"),
)


def ordinary(subject: str, words: str) -> bytes:
    return f"From: Jonas Weber <{WHO}>\nTo: {MINE}\nSubject: {subject}\nDate: Thu, 12 Feb 2026 18:00:00 +0100\nContent-Type: text/plain; charset=utf-8\n\n{words}\n".encode()

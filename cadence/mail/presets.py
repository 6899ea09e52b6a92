"""What is known of the servers of the large providers: where they are, and what their users must do first;
and of relays, what they do to the mails that they are given.

Each fact has the page of the provider that says so; look there when something does not work any more.
"""

from dataclasses import dataclass

from cadence.core.oauth import API
from cadence.core.relays import RelayKind


@dataclass(frozen=True, slots=True)
class Preset:
    """A provider. smtp, imap: URLs, empty where each installation has its own; exchangers: the ends of the
    names of the servers that take its domains' mail (MX); steps: what its user does first; source: URLs;
    api: where its API for mail is, empty where it has none that is spoken.
    """

    key: str
    name: str
    smtp: str
    imap: str
    steps: tuple[str, ...]
    exchangers: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    warning: str = ""
    api: str = ""


PRESETS = (
    Preset(
        "google",
        "Google Workspace, Gmail",
        "smtps://smtp.gmail.com:465",
        "imaps://imap.gmail.com:993",
        (
            "In your Google account, under Security, turn on 2-Step Verification.",
            "Open myaccount.google.com/apppasswords, make one named Cadence, and copy its 16 letters.",
            "Paste them below as the password; your own password does not work here.",
            "If there are no app passwords, your administrator has turned them off for your organization.",
        ),
        exchangers=(".google.com", ".googlemail.com"),
        source=(
            "https://support.google.com/mail/answer/7126229",
            "https://support.google.com/accounts/answer/185833",
        ),
        api="gmail://gmail.googleapis.com",
    ),
    Preset(
        "microsoft",
        "Microsoft 365",
        "smtp://smtp.office365.com:587",
        "imaps://outlook.office365.com:993",
        (
            "Ask your administrator whether IMAP and authenticated SMTP are on for your mailbox.",
            "Sign in with Microsoft: the button is below once your administrator has set that up.",
            "Where a gateway of your own still takes passwords, choose “Another server” and enter that.",
        ),
        exchangers=(".mail.protection.outlook.com", ".olc.protection.outlook.com", ".mx.microsoft"),
        source=(
            "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/"
            "deprecation-of-basic-authentication-exchange-online",
        ),
        warning="Microsoft 365 lets nobody read mail with a password any more (Exchange Online asks for "
        "OAuth): a password works only where a gateway of your own takes it.",
        api="graph://graph.microsoft.com",
    ),
    Preset(
        "fastmail",
        "Fastmail",
        "smtps://smtp.fastmail.com:465",
        "imaps://imap.fastmail.com:993",
        (
            "In Fastmail, open Settings, Privacy & Security, and manage app passwords.",
            "Make one for mail (IMAP and SMTP), named Cadence, and copy it.",
            "Paste it below as the password, with your full address as the user name.",
        ),
        exchangers=(".messagingengine.com",),
        source=("https://www.fastmail.help/hc/en-us/articles/1500000278342",),
    ),
    Preset(
        "other",
        "Another server",
        "",
        "",
        (
            "Ask whoever runs it, or look at its help pages, for the servers for IMAP and SMTP.",
            "Ports are usually 993 for IMAP and 465 or 587 for SMTP (RFC 8314).",
        ),
    ),
)


def of_key(key: str) -> Preset | None:
    """The preset of that name."""
    return next((preset for preset in PRESETS if preset.key == key), None)


def key_of(imap: str) -> str | None:
    """With whom a mailbox that is read there is signed in: a provider, or a provider's API."""
    for preset in PRESETS:
        if imap and imap in (preset.imap, preset.api):
            return f"{preset.key}{API}" if imap == preset.api else preset.key
    return None


def servers_of(key: str) -> tuple[str, str] | None:
    """Where mail leaves and is read with a provider, or a provider's API; None where that is not known."""
    preset = of_key(key.removesuffix(API))
    if preset is None:
        return None
    smtp, imap = (preset.api, preset.api) if key.endswith(API) else (preset.smtp, preset.imap)
    return (smtp, imap) if smtp else None


def of_exchangers(names: list[str]) -> Preset | None:
    """The provider that takes the mail of a domain, by the names of its servers."""
    hosts = [f".{name.rstrip('.').lower()}" for name in names]
    found = (p for p in PRESETS for end in p.exchangers for host in hosts if host.endswith(end))
    return next(found, None)


_OUTLOOK = ".outlook.com"


def of_autodiscover(hosts: list[str]) -> Preset | None:
    """The provider whom Outlook would ask: Microsoft 365, or none that is known."""
    at_microsoft = any(f".{host.rstrip('.').lower()}".endswith(_OUTLOOK) for host in hosts)
    return of_key("microsoft") if at_microsoft else None


@dataclass(frozen=True, slots=True)
class RelayPreset:
    """What a relay does. smtp: its URL, or how it begins and ends; signs: it signs mails for the sender's
    domain itself (DKIM); writes_over: the fields of a mail that it replaces; answers_with: the Message-ID
    that it gives a mail stands in its reply to it; keeps_sender: bounces go to the envelope sender that we
    name; fields: what tells it to leave a mail as it is, which it takes out again; about: the field that it
    repeats in its reports, which there holds up to LONGEST_ABOUT characters; limits: in words; source: URLs.
    """

    kind: RelayKind
    name: str
    smtp: str
    signs: bool
    limits: str
    writes_over: tuple[str, ...] = ()
    answers_with: bool = False
    keeps_sender: bool = False
    fields: tuple[tuple[str, str], ...] = ()
    about: str | None = None
    source: tuple[str, ...] = ()


LONGEST_ABOUT = 80
"""Postmark cuts off metadata that is longer."""

RELAYS = {
    preset.kind: preset
    for preset in (
        RelayPreset(
            RelayKind.SES,
            "Amazon SES",
            "smtp://email-smtp.REGION.amazonaws.com:587",
            signs=True,
            limits="40 MB a mail; 200 mails a day and 1 a second until AWS lets you out of the sandbox",
            writes_over=("Message-ID", "Date", "Return-Path"),
            answers_with=True,
            source=(
                "https://docs.aws.amazon.com/ses/latest/dg/header-fields.html",
                "https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html",
            ),
        ),
        RelayPreset(
            RelayKind.POSTMARK,
            "Postmark",
            "smtp://smtp.postmarkapp.com:587",
            signs=True,
            limits="10 MB a mail",
            fields=(("X-PM-KeepID", "true"), ("X-PM-TrackOpens", "false"), ("X-PM-TrackLinks", "None")),
            about="X-PM-Metadata-cadence",
            source=(
                "https://postmarkapp.com/developer/user-guide/send-email-with-smtp",
                "https://postmarkapp.com/developer/webhooks/bounce-webhook",
            ),
        ),
        RelayPreset(
            RelayKind.MAILGUN,
            "Mailgun",
            "smtp://smtp.mailgun.org:587",
            signs=True,
            limits="25 MB a mail; in Europe the server is smtp.eu.mailgun.org",
            fields=(("X-Mailgun-Track", "no"),),
            source=("https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",),
        ),
        RelayPreset(
            RelayKind.SENDGRID,
            "SendGrid",
            "smtp://smtp.sendgrid.net:587",
            signs=True,
            limits="30 MB a mail",
            fields=(
                (
                    "X-SMTPAPI",
                    '{"filters": {"clicktrack": {"settings": {"enable": 0}},'
                    ' "opentrack": {"settings": {"enable": 0}}}}',
                ),
            ),
            source=("https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/event",),
        ),
        RelayPreset(
            RelayKind.POSTFIX,
            "Postfix, or another server of your own",
            "",
            signs=False,
            limits="what its administrator set",
            keeps_sender=True,
            source=("https://www.postfix.org/VERP_README.html",),
        ),
    )
}

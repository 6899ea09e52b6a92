"""Says what a person can do where a mailbox lets nobody in."""

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.model import Mailbox
from cadence.mail.endpoint import is_api
from cadence.mail.tls import is_about_trust


def of_outcome(mailbox: Mailbox, against: Outcome, *, relay: str | None = None) -> str:
    """What to do where mail cannot leave. relay: the name of the one through which it would."""
    if relay is not None and against.kind is OutcomeKind.MAILBOX_FAULT and not is_about_trust(against.text):
        return f"`cadence relay change {relay} --password-stdin`, then `cadence relay test {relay}`."
    return of_log_in(mailbox, against.text, temporary=against.kind is OutcomeKind.DEFERRED)


def of_log_in(mailbox: Mailbox, why: str, *, temporary: bool) -> str:
    """What to do where a log-in failed, or it did not come to one; why: as it was told."""
    if is_about_trust(why):
        return (
            "Take host and port from the provider's help pages: smtps:// and imaps:// speak TLS from the "
            "first byte, smtp:// and imap:// begin without. For a server of your own, SSL_CERT_FILE names "
            "who vouches for it."
        )
    if temporary:
        return "Check host and port, and whether a firewall is in between; then try again."
    if is_api(mailbox.imap):
        return (
            "Whoever signed in must own this address, or the name by which the provider knows it "
            "(--username), and an administrator must allow the API: docs/connecting.md says where."
        )
    if mailbox.oauth is not None:
        return (
            "Whoever signed in must own this address, and an administrator must allow it IMAP and "
            "authenticated SMTP: docs/connecting.md says where."
        )
    return (
        "Check user name and password (many providers want an app password, or IMAP to be allowed first); "
        "then `cadence mailbox change ADDRESS --password-stdin`."
    )

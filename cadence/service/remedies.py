"""Says what a person can do where a mailbox lets nobody in."""

from cadence.core.delivery import Outcome, OutcomeKind
from cadence.core.model import Mailbox
from cadence.mail.endpoint import is_api


def of_outcome(mailbox: Mailbox, against: Outcome) -> str:
    """What to do where mail cannot leave."""
    if is_api(mailbox.smtp):
        return of_log_in(mailbox, temporary=against.kind is OutcomeKind.DEFERRED)
    return of_log_in(mailbox, temporary=against.code // 100 != 5)


def of_log_in(mailbox: Mailbox, *, temporary: bool) -> str:
    """What to do where a log-in failed."""
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

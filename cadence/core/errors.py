"""The one tree of errors; shells map it to exit codes and HTTP statuses.

CadenceError
├── InvalidInput        what was given cannot be used           exit 2, HTTP 422
│   └── ContentError    ... and it stands in a file at a line
├── NotFound            no such thing                           exit 2, HTTP 404
├── Conflict            it exists, but not in a state for this  exit 2, HTTP 409
│   └── Stale           ... somebody changed it meanwhile       HTTP 412
├── Unauthenticated     nobody knows who asks                   HTTP 401
├── Forbidden           who asks may not do this                HTTP 403
├── TooManyTries        not now: it was tried too often         HTTP 429
├── DatabaseAway        the database cannot be used now: locked, full, restarting
├── DeliveryError       a mail server would not take the mail
├── Unreachable         somebody else's server does not answer, or may not be asked
├── CrmError            a CRM does not do what it was asked
│   └── GrantRefused    ... because it does not let us in, or not any more
└── MailboxError        a mailbox cannot be used: log-in, TLS, folder, connection
    └── SignInRefused   ... whoever signs people in says no (OAuth 2)
"""

from datetime import timedelta
from pathlib import Path


class CadenceError(Exception):
    """A fault with one clear line for the person who reads it."""


class InvalidInput(CadenceError):
    """What was given cannot be used; nothing was changed."""


class ContentError(InvalidInput):
    """A fault in a file that an author wrote, with its place."""

    def __init__(self, message: str, path: Path | str, line: int = 1) -> None:
        super().__init__(f"{path}:{line}: {message}")
        self.message = message
        self.path = str(path)
        self.line = line


class NotFound(CadenceError):
    """There is no such thing."""


class Conflict(CadenceError):
    """The thing exists, but its state does not allow this."""


class Stale(Conflict):
    """Somebody changed it since it was looked at; nothing was changed now."""


class Unauthenticated(CadenceError):
    """Nobody knows who asks: no session, a wrong password, a token that has expired."""


class Forbidden(CadenceError):
    """Who asks may not do this, or not to these people."""


class TooManyTries(CadenceError):
    """It was tried too often. wait: how long until another try makes sense."""

    def __init__(self, message: str, *, wait: timedelta) -> None:
        super().__init__(message)
        self.wait = wait


class DatabaseAway(CadenceError):
    """The database cannot be used now; nothing was changed, or nobody knows whether it was."""


class Unreachable(CadenceError):
    """Somebody else's server does not answer, or it is one that we do not ask; the words say why."""


class CrmError(CadenceError):
    """A CRM does not do what it was asked.

    temporary: whether the same may succeed later; status: of HTTP, 0 where there was no answer; wait: seconds
    for which it asks not to be asked, where it says so.
    """

    def __init__(self, message: str, *, temporary: bool, status: int = 0, wait: float | None = None) -> None:
        super().__init__(message)
        self.temporary = temporary
        self.status = status
        self.wait = wait


class GrantRefused(CrmError):
    """A CRM does not let us in, or not to this; a person must act."""

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message, temporary=False, status=status)


class DeliveryError(CadenceError):
    """A mail server would not take the mail.

    temporary: whether a later try may succeed; code: the SMTP reply code (RFC 5321 §4.2), 0 where
    none was received; enhanced: the enhanced status code (RFC 3463) or None.
    """

    def __init__(self, message: str, *, temporary: bool, code: int = 0, enhanced: str | None = None) -> None:
        super().__init__(message)
        self.temporary = temporary
        self.code = code
        self.enhanced = enhanced


class MailboxError(CadenceError):
    """A mailbox cannot be used.

    temporary: True for a fault of the world (connection, time-out), False where a person must act
    (wrong password, certificate that does not verify).
    """

    def __init__(self, message: str, *, temporary: bool) -> None:
        super().__init__(message)
        self.temporary = temporary


class SignInRefused(MailboxError):
    """Whoever signs people in says no. code: why, as RFC 6749 §5.2 and RFC 8628 §3.5 name it."""

    def __init__(self, message: str, *, temporary: bool, code: str) -> None:
        super().__init__(message, temporary=temporary)
        self.code = code

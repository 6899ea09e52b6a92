"""Decides by which mechanism an SMTP server is shown a password or a token (RFC 4954).

Once, by one mechanism: repeated failures lock accounts.
"""

import aiosmtplib

from cadence.mail.endpoint import Credentials, Endpoint
from cadence.mail.sasl import bearer


async def log_in(smtp: aiosmtplib.SMTP, credentials: Credentials, endpoint: Endpoint) -> str | None:
    """Authenticate; None once that is done, else why this server offers no way to do it.

    Raises what aiosmtplib raises, SMTPAuthenticationError for a refusal.
    """
    offered = smtp.server_auth_methods
    if credentials.token is not None:
        return await _show(smtp, credentials.username, credentials.token, endpoint)
    password = credentials.password or ""
    if "plain" in offered:
        await smtp.auth_plain(credentials.username, password)
    elif "login" in offered:
        await smtp.auth_login(credentials.username, password)
    elif "cram-md5" in offered:
        await smtp.auth_crammd5(credentials.username, password)
    else:
        return f"{endpoint} offers no way to log in with a password"
    return None


async def _show(smtp: aiosmtplib.SMTP, username: str, token: str, endpoint: Endpoint) -> str | None:
    """Log in by an access token; a refusal is explained by a challenge, and ends with our answer to it."""
    exchange = bearer({name.upper() for name in smtp.server_auth_methods}, username, token, endpoint)
    if exchange is None:
        return f"{endpoint} takes no OAuth tokens (neither OAUTHBEARER nor XOAUTH2)"
    said = await smtp.execute_command(b"AUTH", exchange.mechanism.encode(), exchange.first.encode())
    if said.code == 334:
        said = await smtp.execute_command(exchange.last.encode())
    if said.code != 235:
        raise aiosmtplib.SMTPAuthenticationError(said.code, said.message)
    return None

"""How an access token is shown: by the standard where that is offered, else by its forerunner."""

import base64

from cadence.mail.endpoint import Endpoint
from cadence.mail.sasl import bearer

IMAP = Endpoint.parse("imaps://imap.vendor.test", kind="imap")


def shown(offered: set[str], username: str = "rep@vendor.test") -> tuple[str, bytes]:
    exchange = bearer(offered, username, "t0ken", IMAP)
    assert exchange is not None
    return exchange.mechanism, base64.b64decode(exchange.first)


def test_the_standard_goes_before_its_forerunner() -> None:
    expected = b"n,a=rep@vendor.test,\x01host=imap.vendor.test\x01port=993\x01auth=Bearer t0ken\x01\x01"
    assert shown({"PLAIN", "XOAUTH2", "OAUTHBEARER"}) == ("OAUTHBEARER", expected)
    expected = b"user=rep@vendor.test\x01auth=Bearer t0ken\x01\x01"
    assert shown({"PLAIN", "XOAUTH2"}) == ("XOAUTH2", expected)


def test_a_name_cannot_break_out_of_its_field() -> None:
    assert shown({"OAUTHBEARER"}, "a=b,c")[1].startswith(b"n,a=a=3Db=2Cc,\x01host=")


def test_a_server_that_takes_no_token_gets_none() -> None:
    assert bearer({"PLAIN", "LOGIN"}, "rep@vendor.test", "t0ken", IMAP) is None


def test_a_token_is_never_shown_by_accident() -> None:
    exchange = bearer({"XOAUTH2"}, "rep@vendor.test", "t0ken", IMAP)
    assert exchange is not None
    assert exchange.first not in repr(exchange)

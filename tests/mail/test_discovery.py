"""Where the servers of a mailbox are, as its domain publishes it; and whatever is not safe is passed over."""

import pytest

from cadence.mail import discovery, presets
from cadence.mail.discovery import LARGEST_FILE, Found, Server
from cadence.mail.endpoint import Endpoint

ADDRESS, DOMAIN = "robin@vendor.example", "vendor.example"
FILE = """<?xml version="1.0"?>
<!-- who we are -->
<clientConfig version="1.1"><emailProvider id="vendor.example">
<incomingServer type="pop3"><hostname>pop.vendor.example</hostname><port>995</port>
<socketType>SSL</socketType>
</incomingServer>
<incomingServer type="imap"><hostname>imap.%EMAILDOMAIN%</hostname><port>993</port>
<socketType>{imap}</socketType><authentication>{way}</authentication><username>%EMAILLOCALPART%</username>
</incomingServer>
<outgoingServer type="smtp"><hostname>smtp.vendor.example</hostname><port>587</port>
<socketType>STARTTLS</socketType></outgoingServer>
</emailProvider></clientConfig>"""


def file(imap="SSL", way="password-cleartext"):
    return FILE.format(imap=imap, way=way).encode()


class Records:
    """A DNS in memory."""

    def __init__(self, **servers):
        self.found = servers

    async def servers(self, name):
        service = name.split(".")[0].removeprefix("_")
        assert name == f"_{service}._tcp.{DOMAIN}"
        return self.found.get(service, [])

    async def exchangers(self, domain):
        return self.found.get("mx", [])

    async def alias(self, name):
        return ""


async def by_dns(**servers):
    return await discovery.by_dns(Records(**servers), ADDRESS, DOMAIN)


# --- SRV records ---


async def test_the_most_preferred_server_is_taken():
    imaps = [Server(20, 0, 993, "b.vendor.example"), Server(10, 1, 993, "c.vendor.example")]
    imaps.append(Server(10, 5, 993, "a.vendor.example"))
    found = await by_dns(imaps=imaps, submission=[Server(0, 0, 587, "smtp.vendor.example")])
    assert found == Found(
        "smtp://smtp.vendor.example:587", "imaps://a.vendor.example:993", ADDRESS, "the DNS of vendor.example"
    )


async def test_tls_from_the_first_byte_comes_first():
    server = {name: [Server(0, 0, port, "m.vendor.example")] for name, port in
              {"imap": 143, "imaps": 993, "submission": 587, "submissions": 465}.items()}  # fmt: skip
    found = await by_dns(**server)
    assert (found.smtp, found.imap) == ("smtps://m.vendor.example:465", "imaps://m.vendor.example:993")


@pytest.mark.parametrize(
    "imaps",
    [
        [],
        [Server(0, 0, 0, "")],  # decidedly not offered (RFC 6186 §3.4)
        [Server(0, 0, 993, "127.0.0.1")],
        [Server(0, 0, 993, "localhost")],
        [Server(0, 0, 99999, "a.vendor.example")],
        [Server(0, 0, 993, "a b.vendor.example/@")],
    ],
)
async def test_without_both_servers_nothing_is_found(imaps):
    assert await by_dns(imaps=imaps, submission=[Server(0, 0, 587, "smtp.vendor.example")]) is None


# --- the file on the web site ---


def test_a_file_names_both_servers_and_the_user():
    assert discovery.by_file(file(), ADDRESS, DOMAIN) == Found(
        "smtp://smtp.vendor.example:587",
        "imaps://imap.vendor.example:993",
        "robin",
        "the web site of vendor.example",
    )


@pytest.mark.parametrize(
    "bad",
    [
        file(imap="plain"),
        file(way="OAuth2"),
        b"",
        b"<html><body>Not found</body>",
        b"<clientConfig/>",
        b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + file(),
        b" " * LARGEST_FILE + file(),
        b"\xff\xfe\x00",
        file().replace(b"993", b"-1"),
        file().replace(b"993", "٩٩٣".encode()),
        file().replace(b"imap.%EMAILDOMAIN%", b"10.0.0.1"),
    ],
)
def test_a_file_that_is_none_or_not_safe_is_passed_over(bad):
    assert discovery.by_file(bad, ADDRESS, DOMAIN) is None


# --- providers ---


@pytest.mark.parametrize("preset", presets.PRESETS)
def test_a_preset_has_servers_that_can_be_used_steps_and_a_source(preset):
    for kind, url in (("smtp", preset.smtp), ("imap", preset.imap)):
        assert not url or str(Endpoint.parse(url, kind=kind)) == url
    assert preset.steps
    assert all(url.startswith("https://") for url in preset.source)
    assert preset.source or preset.key == "other"


@pytest.mark.parametrize(
    ("exchanger", "key"),
    [
        ("aspmx.l.google.com", "google"),
        ("ALT1.ASPMX.L.GOOGLE.COM.", "google"),
        ("vendor-example.mail.protection.outlook.com", "microsoft"),
        ("in1-smtp.messagingengine.com", "fastmail"),
    ],
)
def test_a_provider_is_known_by_who_takes_the_mail(exchanger, key):
    assert presets.of_exchangers(["backup.vendor.example", exchanger]).key == key


def test_a_name_that_only_looks_like_a_provider_is_none():
    assert presets.of_exchangers(["notgoogle.com", "google.com.vendor.example"]) is None

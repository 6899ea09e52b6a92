"""Judges what a domain publishes about its mail: will receivers believe that we wrote it?"""

from collections.abc import AsyncIterator

from cadence.mail import domain_records
from cadence.mail.domain_records import Lookup
from cadence.mail.parse import Received
from cadence.service.checks import Check, fault, ok, warning

_NO_ANSWER = "no resolver answers here, so this could not be looked up"


async def examine(lookup: Lookup, domain: str, arrived: Received | None) -> AsyncIterator[Check]:
    """Look at SPF, DKIM and DMARC. arrived: a mail of this domain; without one, DKIM shows nowhere."""
    if domain_records.is_for_tests(domain):
        yield ok("domain", f"{domain} is a name for tests, so there is nothing to look up")
        return
    yield _on_spf(domain, await domain_records.spf(lookup, domain))
    if arrived is not None:
        yield await _on_dkim(lookup, _signature(arrived))
    yield _on_dmarc(domain, await domain_records.dmarc(lookup, domain))


def _signature(received: Received) -> tuple[str, str] | None:
    """Domain and selector of a mail's DKIM signature (RFC 6376 §3.5), None where it is not signed."""
    said = domain_records.tags(received.headers.get("dkim-signature"))
    return (said["d"], said["s"]) if said.get("d") and said.get("s") else None


def _on_spf(domain: str, records: list[str] | None) -> Check:
    remedy = f"Publish one TXT record at {domain} that names your provider; its help pages give the words."
    if records is None:
        return warning("SPF", _NO_ANSWER, "Look at it with any online SPF checker.")
    if not records:
        return warning("SPF", f"{domain} does not say which servers may send its mail", remedy)
    if len(records) > 1:
        return fault("SPF", f"{domain} has {len(records)} SPF records, which counts as none", remedy)
    last = records[0].lower().split()[-1]
    if last in ("+all", "all"):
        return fault("SPF", f"{domain} lets anybody send its mail ({last})", remedy)
    return ok("SPF", f"{domain} says which servers may send its mail")


async def _on_dkim(lookup: Lookup, signed: tuple[str, str] | None) -> Check:
    if signed is None:
        return warning(
            "DKIM",
            "the mail to oneself was not signed; many servers sign only what leaves them",
            'Write to an account elsewhere and look for "dkim=pass" in the header of what arrives.',
        )
    domain, selector = signed
    found = await domain_records.dkim_key(lookup, domain, selector)
    if found is None:
        return warning("DKIM", _NO_ANSWER, "Look at it with any online DKIM checker.")
    if not found:
        return fault(
            "DKIM",
            f"mail is signed, but the key {selector}._domainkey.{domain} is not published",
            "Publish the key that your provider gives you.",
        )
    return ok("DKIM", f"mail is signed by {domain}, and the key is published")


def _on_dmarc(domain: str, record: str | None) -> Check:
    if record is None:
        return warning("DMARC", _NO_ANSWER, "Look at it with any online DMARC checker.")
    if not record:
        return warning(
            "DMARC",
            f"{domain} does not say what to do with mail that only pretends to be from it",
            f'Publish a TXT record at _dmarc.{domain}: "v=DMARC1; p=none" to begin with.',
        )
    policy = domain_records.tags(record).get("p", "none")
    return ok("DMARC", f"{domain} asks receivers: p={policy}")

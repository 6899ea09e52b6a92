"""Looks up where the servers of an address are; whatever is found is only proposed to a person."""

from dataclasses import dataclass

from cadence.core.address import domain_of, normalize
from cadence.core.errors import InvalidInput, Unreachable
from cadence.mail import discovery, presets
from cadence.mail.discovery import Found, Names, SystemNames
from cadence.mail.domain_records import is_for_tests
from cadence.mail.presets import Preset
from cadence.service.outside import Outside


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the servers of an address probably are. found: None where nothing was; preset: its provider."""

    address: str
    preset: Preset
    found: Found | None


async def propose(address: str, *, names: Names | None = None, outside: Outside | None = None) -> Proposal:
    """Look it up: by its provider, by SRV records, on the web site of its domain; raises InvalidInput."""
    normalize(address)
    address = address.strip()
    domain = domain_of(address)
    if is_for_tests(domain) and names is None:
        return Proposal(address, _other(), None)
    names = names or SystemNames()
    preset = presets.of_exchangers(await names.exchangers(domain)) or presets.of_autodiscover(
        await discovery.autodiscover_hosts(names, domain)
    )
    if preset is not None:
        return Proposal(
            address, preset, Found(preset.smtp, preset.imap, address, f"the provider, {preset.name}")
        )
    found = await discovery.by_dns(names, address, domain)
    if found is None:
        found = await _on_the_web(address, domain, outside or Outside())
    return Proposal(address, _other(), found)


async def _on_the_web(address: str, domain: str, outside: Outside) -> Found | None:
    try:
        file = await outside.get(discovery.autoconfig_url(domain), discovery.LARGEST_FILE)
    except (Unreachable, InvalidInput):
        return None
    return discovery.by_file(file, address, domain) if file else None


def _other() -> Preset:
    other = presets.of_key("other")
    assert other is not None
    return other

"""What is told of a person, as columns of a spreadsheet or flags call it.

FIELDS is the one table: the name by which a fact is given, what it means, and how headers call it in the
languages that spreadsheets come in. worded.py reads what stands there.
"""

import unicodedata
from dataclasses import dataclass

from cadence.core.legal import Basis
from cadence.core.replies import LossReason


@dataclass(frozen=True, slots=True)
class Field:
    """One fact. headers: how columns are called, folded as `fold` does."""

    name: str
    meaning: str
    headers: tuple[str, ...]


def _field(name: str, meaning: str, headers: str) -> Field:
    return Field(name, meaning, tuple(fold(part) for part in (name, *headers.split("|"))))


def fold(text: str) -> str:
    """A header as it is compared: lower case, no accents, letters and digits only."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if char.isalnum())


FIELDS: tuple[Field, ...] = (
    _field(
        "email",
        "the address, the only fact that must be there",
        "e-mail|mail|email address|e-mail address|mail address|contact email|work email|business email|"
        "e-mail-adresse|mailadresse|emailadresse|courriel|adresse e-mail|adresse mail|adresse électronique|"
        "correo|correo electrónico|dirección de correo|posta elettronica|indirizzo e-mail|e-mailadres|"
        "endereço de e-mail|correio eletrónico|correio eletrônico",
    ),
    _field(
        "first_name",
        "first name",
        "first|given name|forename|vorname|prénom|nombre de pila|nome proprio|voornaam|primeiro nome|"
        "primer nombre|contact first name",
    ),
    _field(
        "last_name",
        "last name",
        "last|surname|family name|nachname|familienname|zuname|nom de famille|apellido|apellidos|cognome|"
        "achternaam|sobrenome|apelido|contact last name",
    ),
    _field(
        "name",
        "full name, where it is one column: Maren Ellison, or Ellison, Maren",
        "full name|contact|contact name|person|ansprechpartner|ansprechpartnerin|kontakt|vollständiger name|"
        "nom complet|nom et prénom|nombre completo|contacto|nome completo|nome e cognome|naam|contatto|"
        "contato",
    ),
    _field(
        "title",
        "job title",
        "job title|position|role|function|funktion|stelle|berufsbezeichnung|fonction|poste|cargo|puesto|"
        "ruolo|qualifica|functie|função",
    ),
    _field("language", "language, such as de", "lang|sprache|langue|idioma|lingua|taal|língua"),
    _field(
        "zone",
        "time zone, such as Europe/Berlin",
        "time zone|timezone|zeitzone|fuseau horaire|zona horaria|fuso orario|tijdzone|fuso horário",
    ),
    _field("country", "country, such as DE or Germany", "land|pays|país|paese|nazione"),
    _field(
        "region",
        "region for public holidays, such as BY or DE-BY",
        "state|province|bundesland|kanton|région|provincia|comunidad autónoma|regione|provincie|estado",
    ),
    _field(
        "company",
        "the company",
        "account|account name|organization|organisation|company name|firma|unternehmen|kunde|firmenname|"
        "société|entreprise|client|empresa|compañía|azienda|società|bedrijf|bedrijfsnaam|companhia",
    ),
    _field(
        "industry",
        "the company's industry",
        "sector|branche|secteur|secteur d'activité|industria|settore|setor|vertical",
    ),
    _field(
        "size",
        "the company's employees, such as 320 or 51-200",
        "employees|number of employees|headcount|company size|mitarbeiter|mitarbeiterzahl|anzahl mitarbeiter|"
        "effectif|nombre d'employés|empleados|número de empleados|dipendenti|medewerkers|funcionários",
    ),
    _field(
        "deal_name",
        "name of the deal",
        "deal|opportunity|opportunity name|geschäft|verkaufschance|projekt|affaire|opportunité|oportunidad|"
        "negocio|opportunità|kans|oportunidade|negócio",
    ),
    _field(
        "lost_at",
        "when it was lost",
        "lost|lost on|lost date|date lost|close date|closed|closed date|closing date|verloren am|verloren|"
        "abschlussdatum|date de perte|perdu le|date de clôture|fecha de pérdida|perdido el|fecha de cierre|"
        "data di chiusura|perso il|verloren op|data de perda|data de fechamento",
    ),
    _field("product", "what it was about", "solution|produkt|produit|producto|prodotto|produto"),
    _field(
        "reason",
        "why it was lost: " + ", ".join(LossReason),
        "loss reason|lost reason|closed lost reason|reason lost|grund|verlustgrund|absagegrund|motif|raison|"
        "motif de perte|motivo|motivo de pérdida|razón|motivo della perdita|reden|motivo da perda",
    ),
    _field(
        "competitor",
        "who won",
        "winner|vendor|competition|wettbewerber|konkurrent|mitbewerber|concurrent|competidor|concorrente|"
        "lost to|verloren an",
    ),
    _field(
        "competitor_contract_end",
        "when the winner's contract ends",
        "contract end|contract end date|contract ends|renewal date|renewal|vertragsende|laufzeitende|"
        "fin de contrat|date de fin|fin del contrato|fin de contrato|fine contratto|einde contract|"
        "fim do contrato",
    ),
    _field(
        "amount",
        "what it was worth",
        "value|deal value|betrag|wert|volumen|montant|valeur|importe|valor|importo|valore|bedrag|waarde",
    ),
    _field(
        "missing",
        "what we could not do, in a few words",
        "missing feature|feature|feature gap|fehlende funktion|fonction manquante|función que faltaba",
    ),
    _field("missing_ships", "when we will be able to do it", "ships|ship date|feature date|lieferbar ab"),
    _field(
        "alternative",
        "another supplier, or a person, who can help them where we cannot",
        "alternative supplier|introduction|alternativer anbieter|autre fournisseur|otro proveedor",
    ),
    _field(
        "referred_by",
        "who named them to us; it is told in the mails, so only with that person's consent",
        "referrer|referral by|empfohlen von|recommandé par|recomendado por",
    ),
    _field(
        "basis",
        "the ground to write to them, unless it is the deal itself: " + ", ".join(Basis),
        "legal basis|lawful basis|gdpr basis|rechtsgrundlage|base légale|base jurídica|base giuridica",
    ),
    _field(
        "basis_source",
        "how that is known, such as a form",
        "consent source|basis source|quelle der einwilligung",
    ),
    _field("basis_since", "since when it counts", "consent date|basis date|opt-in date|einwilligung am"),
    _field("basis_until", "its last day, where it has one", "consent until|consent expiry|basis expiry"),
    _field("mailbox", "our mailbox that sends", "rep email|owner email|sender email|sender mailbox"),
    _field("executive", "our executive's mailbox", "executive email|vice president"),
)
BY_NAME = {field.name: field for field in FIELDS}
_HEADERS = {header: field.name for field in reversed(FIELDS) for header in field.headers}


def guess(header: str) -> str | None:
    """The field that a column of this name holds, or None."""
    return _HEADERS.get(fold(header))

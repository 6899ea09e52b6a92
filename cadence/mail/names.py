"""Decide which capitalized words of a reply are names: the vendor they chose, and people with addresses."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

from cadence.core.replies import Person
from cadence.mail.address import EMAIL

LONGEST_TEXT = 8_000
MOST_PEOPLE = 10
_CAP = r"[A-ZÀ-ÖØ-Þ][\w&'’.+-]{0,30}"
_NAME = rf"(?:(?:Dr|Mr|Mrs|Ms|Herrn?|Frau|M|Mme|Sr|Sra|Dott|Ing|Prof)\.? )?{_CAP}(?: (?:(?:van|von|de|der|den|da|dos|di|del|le|la|zu|ter) ){{0,2}}{_CAP}){{0,3}}"
_VENDOR = rf"(?P<name>(?:[A-Z][\w&'’+-]{{0,30}}|[a-z]{{1,12}}[A-Z][\w]{{0,20}}|[A-Z0-9]{{2,12}})(?:[ .](?:{_CAP}|[A-Z0-9]{{1,6}}|&)){{0,3}})"
_CHOSE = (
    r"(?:went|go|going|gone|goes|moved|moving|move|decided to go|proceed(?:ed|ing)?|partnered|signed(?: up)?|sign(?:ing)?|stay(?:ed|ing)?|stick(?:ing)?|stuck|remain(?:ed|ing)?|renew(?:ed|ing)?|contracted|settled|working|continu(?:e|ed|ing)|live|deal|agreement|contract|happy|unhappy|disappointed|frustrated|struggling|evaluating|piloting|trial) (?:up )?(?:ahead )?(?:instead )?(?:with|on|to|over to)|(?:chose|choose|choosing|picking|selecting|chosen|picked|selected|select|awarded (?:it |the contract |the deal |the tender |the work )?to|opted for|opting for|preferred|went for|going for|switched to|switching to|bought|purchased|lost (?:out )?to|(?:decided|decision) (?:on|for|in favou?r of)|in favou?r of|favou?red|gave it to|gave|awarded|implemented|use|using|prefer|hired|adopted|rolled out|rolling out)"
    r"|(?:entschieden|Entscheidung|Wahl|Zuschlag) (?:\S+ ){0,3}?(?:für|auf|an)(?: die Firma| den Anbieter)?|für (?:die Firma|den Anbieter)|(?:bleiben|geblieben|bei) (?:bei|der Firma)|(?:gewechselt|wechseln|Wechsel) zu|zu|gewählt haben wir|(?:mit|bei) (?=[A-Z][\w&.-]+ (?:unterschrieben|unterzeichnet|abgeschlossen|zusammen|geblieben|weiter))"
    r"|(?:choisi|retenu|opté pour|sélectionné|signé (?:avec|chez)|parti\w? (?:sur|avec|chez)|restons (?:chez|avec)|partis (?:sur|avec|chez)|privilégié|préféré|confié \S+ \S+ à|passés? (?:chez|à))(?: la société| l'offre de)?"
    r"|(?:elegido|elegimos|optado por|optamos por|escogimos|escogido|decidido por|decidimos por|decantado por|decantamos por|firmado con|firmamos con|seguir con|seguimos con|quedamos con|contratado a|contratamos a|adjudicado a|trabajar con)(?: la empresa| a)?"
    r"|(?:gekozen voor|kozen(?: we)? voor|keuze (?:is )?(?:gevallen op|voor)|in zee(?: gegaan)? met|getekend (?:bij|met)|blijven bij|gebleven bij|overgestapt naar|gegund aan|verder met)"
    r"|(?:scelto|optato per|firmato con|deciso (?:per|di andare con)|restiamo con|rimaniamo con|affidat\w a|affidati a|preferito|aggiudicat\w a|siamo andati con|andati con)(?: la ditta| a)?"
    r"|(?:escolhemos|escolhido|optámos (?:por|pela|pelo)|optamos (?:por|pela|pelo)|optado (?:por|pela|pelo)|assinámos com|assinamos com|assinado com|decidimos (?:por|pela|pelo)|decidido (?:por|pela|pelo)|ficámos com|ficamos com|fechamos com|fechámos com|seguimos com|contratamos|contratámos)(?: a empresa| a| o)?"
)
_COMPETITOR = re.compile(
    rf"(?<!\w)(?i:{_CHOSE}) (?:the |die |den |das |la |le |el |il |o |a |de |by |of |using |[a-z]+ \(|\"|“|„|«\s?)?{_VENDOR}"
)
_BETTER = re.compile(
    rf"(?<![\w@.]){_VENDOR}(?:'s|’s)? (?:(?:simply|just|really|also|already|has|have|had|who|then) )?(?:(?:was|were|is|are) (?:\S+ ){{0,2}}(?:cheaper|better|closer|faster|quicker|lower|stronger|local|bigger|safer|nearer|larger|easier)|offered|came in|had (?:the|a|better|more|already)|could (?:deliver|start|do)|gave us|won|beat|undercut|provided|told us|(?:can|could|did|do|does|has|is)n['’]t (?:deliver|delivered|working|work|hold)|fell through|backed out|pulled out|dropped out|went (?:bust|bankrupt|under)|failed|(?:ever )?lets? us down|missed|over-?promised|doubled|raised (?:their|its)|(?:war|waren|lag|ist) (?:\S+ ){{0,2}}(?:günstiger|billiger|besser|schneller|näher)|hat (?:uns )?(?:abgesagt|angeboten)|était moins cher|propos(?:ait|e)|era más barat\w|ofrec\w+|was goedkoper|bood|era più economic\w|offriva|era mais barat\w|ofereceu|oferecia)"
    rf"|(?:[Mm]it|[Vv]on|[Ff]ür|[Ww]ith|[Aa]bout|met|op|da|do|de|di|van) (?P<other>{_CAP}(?: (?:{_CAP}|&)){{0,2}}) (?:\S+ ){{0,3}}(?:zufrieden|unzufrieden|enttäuscht|entschieden|unterschrieben|zusammen|now|these days|in zee|gevallen|era mais|era più|era más|was lager)|(?:^|[.!?] |: |, )(?P<asked>{_CAP})\? (?:Doubled|Gone|Bust|Disaster|They)"
)
_NO_VENDOR_WORDS = """
have decision todavía agora dieses diese construtora aún ainda noch nog ancora i'd we'd got yes,
let's lets remember off hold ink board who ha honestly, well i we you they he she it this that these
those there the a an my our your their his her its and but so if in on at as to for from by of not no
yes ok thanks thank hi hello dear best regards one two another someone somebody something everything
nothing what why when where how which monday tuesday wednesday thursday friday saturday sunday
january february march april may june july august september october november december q1 q2 q3 q4 h1
h2 ceo cfo cto cio coo hr it's i'm we're don't budget price pricing support legal procurement finance
management team sso api erp crm sap-connector gdpr iso soc us eu uk usd eur also honestly
unfortunately however anyway actually frankly overall plus price-wise since because after before
while although though still then now just feature features product service both neither either none
nobody everyone all some most please let sorry maybe perhaps once and/or given based hope sent get
see wir ihr sie er es das die der dem den ein eine einen einem anbieter angebot lösung lösungen
wettbewerber mitbewerber konkurrenz preis preise kosten unternehmen partner lieferant lieferanten
firma kollegen kollegin kollege herr frau ihnen ihre ihren euch projekt vertrag system systeme
entscheidung gründe grund vergleich zeit moment kontakt bitte danke leider aber und oder auch als bei
mit für nach zum zur am im vom termin gespräch haus hause zukunft hersteller dienstleister variante
option alternative einsatz schluss geschäftsführung vorstand einkauf funktionen schnittstelle
bestandslieferanten bestandslieferant marktführer internen eigenentwicklung jahr jahre monat monate
ende anfang mitte nous vous ils elle il le la les un une des votre notre leur ce cette mais et ou car
merci bonjour prix cordialement en pour avec chez concurrent concurrents prestataire fournisseur
malheureusement vos nos son sa je c'est nosotros ustedes su sus el los las una nuestro nuestra precio
gracias hola pero y o proveedor competencia desgraciadamente lamentablemente ellos me se lo si wij
jullie u de het een onze ons uw prijs bedankt maar leverancier helaas zij ze ik hun dat deze noi voi
lei gli nostro vostro prezzo grazie ma e fornitore concorrente purtroppo loro ci vi questo nós vocês
os um uma nosso seu preço obrigado mas fornecedor infelizmente eles elas isso
"""
_NO_VENDOR = frozenset(_NO_VENDOR_WORDS.split())
_RUNS = re.compile(
    rf"(?P<name>{_NAME}) (?:is )?(?:now )?(?:handles|runs|manages|took over|has taken over|takes over|is (?:in charge|responsible|handling|the new)|übernimmt|hat (?:jetzt |nun )?übernommen|s'en occupe|a repris|se encarga|lleva ahora|neemt (?:het )?over|se ne occupa|cuida|assumiu)"
)
_ROLE = re.compile(
    rf"(?<!\w)(?:(?i:contact|contacting|reach(?:ing)? out to|reach|talk(?:ing)? to|speak(?:ing)? (?:to|with)|write to|e-?mail|try|ask(?: for)?|call|meet|introduce you to|connect (?:you )?with|refer you to|get in touch with|in touch with|successor(?: is| will be|,|:)?|replacement(?: is| will be|,|:)?|replaced by|taken over by|colleagues?,?(?: is|:)?|my (?:boss|manager|assistant|deputy|friend|cousin|brother|sister|contact|counterpart|former colleague|old boss|buddy),?|handled (?:now )?by|is with|that's with|(?:ceo|coo|cfo|cto|cio|owner|director|buyer|purchaser|head of \w+),|now with|ask for|successor is called|responsible is|stand-?in(?: is|:)?|covered by|direct \S+ to|forward(?:ed)? (?:\S+ ){{0,3}}to|passed (?:\S+ ){{0,4}}to|name is|person is|"
    rf"wenden sie sich (?:bitte )?(?:\S+ )?an|an|kontaktieren sie|nachfolger(?:in)?(?: ist|,|:)?|kolleg(?:e|in|en)(?: ist|,|:)?|vertretung(?: ist| durch|:)?|vertritt mich|vertreten durch|ansprechpartner(?:in)?(?: ist|:)?|zuständig ist(?: jetzt| nun)?|sprechen sie mit|bekannter,?|freund,?|"
    rf"contactez|contacter|adressez-vous à|adresser à|successeur(?: est|,)?|remplaçante?(?: est|,)?|collègue,?|parlez à|voyez avec|ami,?|rapprocher de|"
    rf"contacte (?:con|a)|contactar (?:con|a)|escriba a|hable con|diríjase a|póngase en contacto con|sucesora?(?: es|,)?|sustitut[ao](?: es|,)?|compañer[ao],?|colega,?|amig[ao],?|"
    rf"neem contact op met|contact op(?:nemen)? met|opvolg(?:er|ster)(?: is|,)?|vervang(?:er|ster)(?: is|,)?|collega,?|mail|spreek met|richten (?:aan|tot)|vriend,?|"
    rf"contatti|contattare|contattate|si rivolga a|rivolgersi a|rivolgetevi a|scriva a|successore(?: è|,)?|sostitut[ao](?: è|,)?|parli con|amic[ao],?|"
    rf"contate|contacte|contactar|contatar|fale com|falar com|entre em contat?o com|entre em contacto com|sucessora?(?: é|,)?|substitut[ao](?: é|,)?|procure)) "
    rf"(?:(?:my|our|the|his|her|meine[nr]?|unsere[nr]?|die|den|mon|ma|notre|mi|nuestr[ao]|mijn|onze|il mio|la mia|il|la|o|a|meu|minha|nosso|nossa|el|colleague|colleagues|successor|boss|manager|head of \w+|Kollegin|Kollegen|Herrn|Frau|collègue|compañer[ao]|colega|collega|friend|former colleague|new|neue[nr]?|cfo|cto|ceo|coo|CFO|CTO|CEO|COO|IT|purchasing|procurement) ){{0,4}}(?P<name>{_NAME})"
)
_COMPANY = re.compile(
    rf"^,? ?(?:\([^)]{{0,80}}\) ?)?(?:,? (?:at|from|of|over at|who runs|who works (?:at|for)|bei|von|der Firma|von der|chez|de chez|de|en|de la empresa|bij|van|presso|di|della|na|da|no)) (?:the |der |die |la |le |el |il |o |a )?(?P<company>{_CAP}(?: (?:{_CAP}|&|und|and)){{0,3}})"
)
_BAD_NAME_WORDS = """
me us you him her them it this i we our my your the in on at and or if for to from by monday tuesday
wednesday thursday friday january february march april may june july august september october
november december mr mrs ms dr herr herrn frau mme monsieur madame procurement purchasing sales
marketing finance hr einkauf abteilung achats compras inkoop acquisti ihnen sie mich uns ihre unser
unsere wir vous nous ustedes department team ende anfang mitte montag dienstag mittwoch donnerstag
freitag stelle hand q1 q2 q3 q4 next linkedin
"""
_BAD_NAME = frozenset(_BAD_NAME_WORDS.split())


_LAST_WORDS = frozenset(
    {"system", "systeme", "partner", "team", "service", "support", "product", "solution", "lösungen"}
)


def competitor_in(text: str) -> str | None:
    """Return the vendor they chose or name against us, as written; None where none is named."""
    text = text[:LONGEST_TEXT]
    for pattern in (_COMPETITOR, _BETTER):
        for found in pattern.finditer(text):
            groups = found.groupdict()
            name = _vendor(groups.get("name") or groups.get("other") or groups.get("asked") or "")
            if name:
                return name
    return None


def is_no_vendor(word: str) -> bool:
    """Whether a word, in lower case, is one of those that are capitalized without being a name."""
    return word.strip(".,'’") in _NO_VENDOR


def _vendor(name: str) -> str | None:
    words = name.split()
    while len(words) > 1 and words[-1].lower().strip(".,'’") in _NO_VENDOR - _LAST_WORDS:
        words.pop()
    if not words or words[0].lower().strip(".,'’") in _NO_VENDOR:
        return None
    name = " ".join(words).strip(" .,'’\"-")
    name = re.sub(r"['’]s$", "", name)
    name = name.split(". ")[0]
    return name if len(name) > 1 and not name.isdigit() else None


def people_in(text: str, known: frozenset[str], *, companies: bool) -> tuple[Person, ...]:
    """Return the people named: by address, or by name behind words such as "contact" or "my successor".

    known: addresses, in lower case, that are the writer's or ours; companies: whether a company named
    with a person is another business.
    """
    text = " ".join(text[:LONGEST_TEXT].split())
    found: list[tuple[int, Person]] = []
    named = [
        (m.start("name"), m.end("name"), name)
        for pattern in (_ROLE, _RUNS)
        for m in pattern.finditer(text)
        if (name := _person_name(m["name"]))
    ]
    used: set[int] = set()
    for match in EMAIL.finditer(text):
        email = match[1].strip(".'`")
        if email.lower() in known:
            continue
        near = _name_near(text, match.start(1), match.end(1), named)
        if near:
            used.add(near[0])
        company = _company_after(text, near[1]) if near and companies else None
        found.append((match.start(), Person(near[2] if near else None, email, company)))
    for start, end, name in named:
        if start not in used and not any(person.name and name in person.name for _, person in found):
            found.append((start, Person(name, None, _company_after(text, end) if companies else None)))
    found.sort(key=lambda item: item[0])
    return tuple(dict.fromkeys(person for _, person in found))[:MOST_PEOPLE]


def _person_name(name: str) -> str | None:
    name = re.sub(r"^(?:Dr|Mr|Mrs|Ms|Herrn?|Frau|M|Mme|Sr|Sra|Dott|Ing|Prof)\.? ", "", name)
    words = name.split()
    for index, word in enumerate(words):
        if word.endswith((".", ",")) and len(word) > 3:
            words = [*words[:index], word.rstrip(".,")]
            break
    while words and words[0].lower().strip(".,'") in _BAD_NAME:
        words.pop(0)
    while words and words[-1].lower().strip(".,'") in _BAD_NAME:
        words.pop()
    result = " ".join(words).strip(" .,'’-")
    return result if len(result) > 1 and "@" not in result else None


def _name_near(
    text: str, start: int, end: int, named: list[tuple[int, int, str]]
) -> tuple[int, int, str] | None:
    """The name that belongs to an address: right before it, or the last one introduced in the sentence."""
    before = text[max(0, start - 90) : start]
    direct = re.search(
        rf"(?P<name>{_NAME})(?: ?[<(\[:,–-]| \S{{0,2}}(?:at|on|under|unter|via|à|en|op|su|em|per)?)? ?[<(\[]?(?:mailto:)?$",
        before,
    )
    offset = max(0, start - 90)
    introduced = [
        item
        for item in named
        if item[1] <= start and start - item[1] < 90 and ". " not in text[item[1] : start]
    ]
    if introduced:
        return introduced[-1]
    if direct and (name := _person_name(direct["name"])) and (" " in name or len(name) > 2):
        return offset + direct.start("name"), offset + direct.end("name"), name
    after = re.match(rf" ?[(\[]?(?P<name>{_NAME})[)\]]", text[end : end + 60])
    if after and (name := _person_name(after["name"])):
        return end + after.start("name"), end + after.end("name"), name
    return None


def _company_after(text: str, end: int) -> str | None:
    found = _COMPANY.match(text[end : end + 120])
    if not found:
        return None
    words = found["company"].split()
    return " ".join(words).strip(" .,'’") if words[0].lower() not in _BAD_NAME else None

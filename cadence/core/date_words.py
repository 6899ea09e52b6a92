"""The words of which date phrases are made, in seven languages; no rule is here, only vocabulary."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from dataclasses import dataclass

# Each entry: spellings apart by "|"; a spelling of several words has spaces.
_MONTHS = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept october|oct november|nov december|dec",
    "de": "januar|jan|jänner|jaenner februar|feb|feber märz|maerz|mär|mrz april|apr mai juni|jun juli|jul august|aug september|sep|sept oktober|okt november|nov dezember|dez",
    "fr": "janvier|janv|jan février|fevrier|févr|fév|fev mars avril|avr mai juin juillet|juil août|aout septembre|sept octobre|oct novembre|nov décembre|decembre|déc|dec",
    "es": "enero|ene febrero|feb marzo|mar abril|abr mayo junio|jun julio|jul agosto|ago septiembre|setiembre|sept|sep octubre|oct noviembre|nov diciembre|dic",
    "nl": "januari|jan februari|feb maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sep|sept oktober|okt november|nov december|dec",
    "it": "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago settembre|set|sett ottobre|ott novembre|nov dicembre|dic",
    "pt": "janeiro|jan fevereiro|fev março|marco|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set outubro|out novembro|nov dezembro|dez",
}
_WEEKDAYS = {
    "en": "monday|mon tuesday|tue|tues wednesday|wed thursday|thu|thur|thurs friday|fri saturday|sat sunday",
    "de": "montag|mo dienstag|di mittwoch|mi donnerstag|do freitag|fr samstag|sonnabend sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles|miercoles jueves viernes sábado|sabado domingo",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "it": "lunedì|lunedi martedì|martedi mercoledì|mercoledi giovedì|giovedi venerdì|venerdi sabato domenica",
    "pt": "segunda-feira|segunda terça-feira|terca-feira|terça quarta-feira|quarta quinta-feira|quinta sexta-feira|sexta sábado|sabado domingo",
}
# one to twelve, then those worth having
_NUMBERS = {
    "en": "one|a|an two three four five six seven eight nine ten eleven twelve 14=fourteen 15=fifteen 16=sixteen 18=eighteen 20=twenty 24=twenty-four 30=thirty 36=thirty-six 48=forty-eight 60=sixty 90=ninety",
    "de": "ein|eine|einem|einer|einen|eins zwei drei vier fünf|fuenf sechs sieben acht neun zehn elf zwölf|zwoelf 14=vierzehn 15=fünfzehn 18=achtzehn 20=zwanzig 30=dreißig 60=sechzig 90=neunzig 24=vierundzwanzig",
    "fr": "un|une deux trois quatre cinq six sept huit neuf dix onze douze 14=quatorze 15=quinze 18=dix-huit 20=vingt 30=trente 60=soixante 24=vingt-quatre 36=trente-six",
    "es": "un|una|uno dos tres cuatro cinco seis siete ocho nueve diez once doce 14=catorce 15=quince 18=dieciocho 20=veinte 30=treinta 60=sesenta 90=noventa 24=veinticuatro",
    "nl": "een|één twee drie vier vijf zes zeven acht negen tien elf twaalf 14=veertien 15=vijftien 18=achttien 30=dertig 60=zestig 90=negentig 24=vierentwintig",
    "it": "un|una|uno due tre quattro cinque sei sette otto nove dieci undici dodici 14=quattordici 15=quindici 18=diciotto 30=trenta 60=sessanta 90=novanta 24=ventiquattro",
    "pt": "um|uma dois|duas três|tres quatro cinco seis sete oito nove dez onze doze 14=catorze|quatorze 15=quinze 18=dezoito 20=vinte 30=trinta 60=sessenta 90=noventa 24=vinte-e-quatro",
}
_ORDINALS = {
    "en": "first|1st second|2nd third|3rd fourth|4th",
    "de": "erste|ersten|erstes|erster|1. zweite|zweiten|zweites|zweiter|2. dritte|dritten|drittes|3. vierte|vierten|viertes|4.",
    "fr": "premier|première|1er|1ère deuxième|second|seconde|2e|2ème troisième|3e|3ème quatrième|dernier|4e|4ème",
    "es": "primer|primero|primera|1er segundo|segunda|2º tercer|tercero|tercera|3er cuarto|4º",
    "nl": "eerste|1e tweede|2e derde|3e vierde|4e",
    "it": "primo|prima secondo|seconda terzo|terza quarto",
    "pt": "primeiro|primeira|1º segundo|segunda|2º terceiro|terceira|3º quarto|4º",
}
_UNITS = {
    "en": "day|days;week|weeks|wk|wks|weeks' time;month|months|month's|months'|mth|mths;quarter|quarters|qtr;half-year|half year|half of the year|half;year|years|yr|yrs|year's|years'|fiscal year|financial year|calendar year",
    "de": "tag|tage|tagen;woche|wochen;monat|monate|monaten|monats;quartal|quartale|quartalen|quartals;halbjahr|halbjahres|jahreshälfte|hälfte des jahres|hälfte;jahr|jahre|jahren|jahres|geschäftsjahr|geschäftsjahres|kalenderjahr",
    "fr": "jour|jours;semaine|semaines;mois;trimestre|trimestres;semestre|semestres|moitié de l'année;an|ans|année|années|l'année|l'an|exercice",
    "es": "día|días|dia|dias;semana|semanas;mes|meses;trimestre|trimestres;semestre|semestres|mitad del año|mitad de año;año|años|ano|ejercicio|ejercicio fiscal",
    "nl": "dag|dagen;week|weken;maand|maanden;kwartaal|kwartalen;halfjaar|half jaar|helft van het jaar|jaarhelft|helft;jaar|jaren|boekjaar",
    "it": "giorno|giorni;settimana|settimane;mese|mesi;trimestre|trimestri;semestre|semestri|metà dell'anno;anno|anni|l'anno|esercizio",
    "pt": "dia|dias;semana|semanas;mês|mes|meses;trimestre|trimestres;semestre|semestres|metade do ano;ano|anos|exercício",
}
UNITS = ("day", "week", "month", "quarter", "half", "year")
_CLASSES = {
    "en": """wait: give me|give us|give it|give this|wait|need|needs|another|for another|for the next|allow|leave it|leave it for|leave this|leave us|leave me|park it|park it for|park this for|let it rest|let it rest for|hold off|hold off for|hold fire for|snooze me for|snooze this for|on hold for|on ice for|back in|quiet for|come back in
next: next|the following|the coming|coming|upcoming|the new|new|the next
over: is over|is out|is done|is behind us|is through|is past|is finished|is closed|is wrapped up|has passed|has closed|has been and gone|closes|ends|comes to an end|runs out|has ended
rest: rest of|the rest of|the remainder of|remainder of|what is left of|the balance of
afternext: after next
this: this|the current|current
in: in|within
on: on|from|starting|as of|effective|around|about|beginning
after: after|past|once we are past|not until after|until after|till after
until: until|till|til|until at least|to at least|not before|nothing before|nothing much before|nobody before|before resuming
through: through|thru|until and including|up to and including|up to and incl|inclusive of|through to
inclusive: inclusive|included|incl
before: before|by|prior to
from: from|between
to: to|and|-|–|—|until|till|through|thru
early: early|beginning of|start of|the beginning of|the start of|early in|at the start of|first week of|first thing in|first days of|first half of the month of
mid: mid|middle of|the middle of|mid-|halfway through
late: late|late in|later in|latter part of|towards the end of|toward the end of
end: end of|the end of|end|eo|at the end of|last day of
weekof: week of|the week of|week commencing|week beginning|w/c|week starting
tomorrow: tomorrow
overmorrow: day after tomorrow
today: today
yearend: year end|year s end|the year s end
newyear: new year|the new year|start of the new year|turn of the year
fortnight: fortnight|fortnights|fortnight s
sametime: same time|this time|around this time|at this time|the same time
ago: ago|last|since|back in|previous|earlier this|over the past|in the past|during the last|for the last|for the past
hence: from now|hence|from today|today|time|later|down the road|down the line
halfyear: half a year|six-month|half year
of: of|the|,|in|on|for|sometime|around|about|,the""",
    "de": """wait: gib mir|warten sie|wartet|lassen sie uns|lasst uns|lassen sie mir|frühestens in|geben sie mir|geben sie uns|gebt mir|gebt uns|brauche|brauchen|noch|weitere
next: nächste|nächsten|nächster|nächstes|nächstem|neuen|neues|neue|neuem|naechste|naechsten|naechstes|kommende|kommenden|kommender|kommendes|kommendem|folgenden|folgende
afternext: übernächste|übernächsten|übernächster|übernächstes|uebernaechste
over: vorbei ist|vorbei|rum ist|um ist|durch ist|vorüber ist|abgeschlossen ist|zu ende ist|zu ende|gelaufen ist|endet
rest: rest des|restliche|restlichen|restliches
this: diese|diesen|dieser|dieses|diesem|laufenden|laufende|laufendes
in: in|innerhalb von|binnen
on: am|ab|ab dem|ab der|im|zum|vom|gegen|zur|ab anfang
after: nach|nach dem|nach der|erst nach|später als
until: bis|bis zum|bis zur|bis mindestens|nicht vor|nicht vor dem|nichts vor|nichts vor dem|bis in den|frühestens
through: bis einschließlich|bis einschl|bis inklusive|bis inkl|bis und mit|bis einschliesslich|bis zum einschließlich
inclusive: einschließlich|inklusive|einschl|inkl|einschliesslich
before: vor|vor dem
from: von|vom|zwischen
to: bis|bis zum|und|-|–|—
early: anfang|beginn|zu beginn|anfangs|zum beginn|start
mid: mitte
late: spät im
end: ende|zum ende|gegen ende
weekof: in der woche vom|woche vom|woche ab|woche des
tomorrow: morgen
overmorrow: übermorgen
today: heute
sametime: selbe zeit|gleiche zeit|um diese zeit|zur selben zeit|zur gleichen zeit
yearend: jahresende|jahresschluss
newyear: neuen jahr|neues jahr|neue jahr|neuen jahres|jahreswechsel|jahresanfang|jahresbeginn
ago: vor|letzten|letzte|letzter|letztes|seit|vergangenen|vergangene|letztem
hence: ab heute|von heute an|später
halfyear: halben jahr|halbes jahr|halben jahres
of: des|der|dem|den|,|im|in|von|am""",
    "fr": """wait: laissez-moi|laissez passer|laisser passer|laissez|patientez|laissez-nous|donnez-moi|donnez-nous|laisse-moi|encore|attendez
over: passé|passée|terminé|terminée|fini|finie|bouclé|bouclée|clos|derrière nous|est passé|est terminé|est fini
rest: le reste de|reste de|le restant de
next: nouveau|nouvelle|nouvel|prochain|prochaine|prochains|suivant|suivante|qui vient|à venir
this: ce|cette|cet|en cours|courant
in: dans|d'ici|sous
on: le|à partir du|à partir de|à partir d'|dès|dès le|à compter du|en|au|au mois de|courant|vers
after: après|après le|passé|après la|après la fin
until: jusqu'à|jusqu'au|jusqu'en|jusqu|jusque|pas avant|pas avant le|rien avant|rien avant le|jusqu'à la|avant
through: jusqu'au inclus
inclusive: inclus|inclusivement|compris|y compris|incluse
before: avant|avant le|d'ici le|d'ici
from: du|de|entre le|entre
to: au|à|et|et le|-|–|—
early: début|au début|au début de|debut|en début de|en début d'|début de|au début du|début d'
mid: mi|mi-|mi de|milieu|au milieu de
late: fin fin
end: fin|à la fin|à la fin de|à la fin du|en fin de|en fin d'|fin de|d'ici fin|fin d'|d'ici la fin de|d'ici la fin du
weekof: la semaine du|semaine du
tomorrow: demain
overmorrow: après-demain
today: aujourd'hui
fortnight: quinzaine
sametime: même époque|à la même époque|à cette époque|même période
newyear: nouvelle année|nouvel an|la nouvelle année
ago: il y a|dernier|dernière|depuis|passé|passée|derniers
hence: plus tard
halfyear: semestre prochain
of: de|du|de la|des|d'|le|la|l'|,|en""",
    "es": """wait: deme|dejen pasar|deje pasar|esperen|dame|denos|dadnos|dadme|déme|espere|otros|otras
over: acabe|termine|pase|cierre|haya pasado|haya terminado|haya acabado|acaba|termina
rest: resto de|resto del|lo que queda de
next: próximo|próxima|próximos|proximo|proxima|que viene|siguiente|entrante|nuevo|nueva
this: este|esta|presente|en curso
in: en|dentro de|de aquí a
on: el|a partir del|a partir de|desde|desde el|en|para|hacia|el día|a contar del
after: después de|después del|tras|pasado|pasada|tras el|pasado el|despues de|despues del
until: hasta|hasta el|no antes de|no antes del|nada antes de|nada antes del|hasta la|hasta que pase
through: hasta el día inclusive
inclusive: inclusive|incluido|ambos inclusive
before: antes de|antes del
from: del|de|desde el|entre el|entre
to: al|a|hasta el|y el|y|-|–|—
early: principios de|a principios de|comienzos de|a comienzos de|inicio de|inicios de|a inicios de|principios del|comienzos del|a principio de|primeros de|a primeros de|principio de|principios
mid: mediados de|a mediados de|mediados del|mitad de|medio
late: a últimos de|últimos de
end: finales de|a finales de|fin de|fines de|a fines de|final de|finales del|a fin de|a final de|finales|final del|fin del
weekof: la semana del|semana del
tomorrow: mañana
overmorrow: pasado mañana
today: hoy
fortnight: quincena
sametime: por estas fechas|estas fechas|misma época|a estas alturas
newyear: año nuevo|nuevo año
ago: hace|pasado|pasada|desde hace|último|última
hence: más adelante|después
halfyear: medio año
of: de|del|de la|el|la|los|,|en|mes de|de el""",
    "nl": """wait: geef me|laat het|wacht nog|geef ons|geef mij|nog|wacht
over: voorbij is|voorbij|om is|achter de rug is|achter de rug|afgelopen is|is afgelopen
rest: de rest van|rest van
next: nieuwe|nieuw|volgende|volgend|komende|komend|aankomende|eerstvolgende
this: deze|dit|huidige|lopende
in: over|binnen|in
on: op|vanaf|per|in|rond|met ingang van
after: na|pas na|na de|later dan
until: tot|tot en tot|niet voor|niet vóór|niets voor|niets vóór|tot minstens|tot de|tot aan
through: t/m|tot en met|t.e.m.|tem
inclusive: inbegrepen|inclusief
before: voor|vóór|uiterlijk
from: van|tussen
to: tot|en|-|–|—|t/m|tot en met
early: begin|begin van|het begin van|aan het begin van|start van|vroeg in
mid: half|medio|midden|midden in|halverwege
late: laat in
end: eind|einde|eind van|het einde van|aan het eind van|einde van|het eind van
weekof: de week van|week van
tomorrow: morgen
overmorrow: overmorgen
today: vandaag
sametime: zelfde tijd|deze tijd|rond deze tijd|dezelfde tijd
yearend: jaareinde
newyear: nieuwe jaar|nieuwjaar|jaarwisseling
ago: geleden|afgelopen|vorige|vorig|sinds
hence: later
halfyear: half jaar|halfjaar
of: van|van de|de|het|,|in|op""",
    "it": """wait: mi dia|lasci passare|lasciate passare|dammi|dateci|datemi|ci dia|ancora|altri|altre|aspetti
over: sia finito|è finito|finito|finita|è passato|sia passato|finisce|si chiude|è chiuso
rest: il resto di|resto di|resto del|resto dell'
next: nuovo|nuova|prossimo|prossima|prossimi|successivo|successiva|che viene|venturo|entrante
this: questo|questa|corrente|in corso
in: tra|fra|entro|in
on: il|dal|da|a partire dal|a partire da|ad|a|nel|in|verso|l'|per|dall'
after: dopo|dopo il|passato|passata|dopo la|oltre il|dopo l'
until: fino a|fino al|fino ad|sino a|sino al|fino|non prima di|non prima del|niente prima di|niente prima del|nulla prima di|fino all'
through: fino al compreso
inclusive: compreso|incluso|inclusa|compresa
before: prima di|prima del|entro il|entro
from: dal|da|tra il|dall'
to: al|a|e il|e|all'|-|–|—
early: inizio|inizi di|all'inizio di|agli inizi di|inizio di|all'inizio del|all'inizio|primi di|ai primi di|inizi|inizio del
mid: metà|a metà|metà di|verso metà
late: tardo
end: fine|fine di|a fine|alla fine di|alla fine del|fine del|per fine
weekof: la settimana del|settimana del
tomorrow: domani
overmorrow: dopodomani
today: oggi
sametime: stesso periodo|in questo periodo|a quest' ora
newyear: nuovo anno|anno nuovo
ago: fa|scorso|scorsa|da|ultimo|ultima
hence: più avanti
halfyear: mezzo anno
of: di|del|della|dell'|il|la|,|nel|in|mese di|de""",
    "pt": """wait: me dê|deixe passar|esperem|dê-me|deem-nos|me dá|mais|espere|aguarde
over: acabar|terminar|passar|fechar|tiver acabado|acabe|termine|passe
rest: resto de|resto do|o que falta de
next: próximo|próxima|próximos|proximo|proxima|que vem|seguinte|novo|nova
this: este|esta|deste|desta|neste|nesta|corrente|em curso
in: em|dentro de|daqui a|dentro|daqui
on: em|a partir de|a partir do|desde|no|na|no dia|ao|dia|para|por volta de|a
after: após|depois de|depois do|apos|após o|passado o|depois da
until: até|até ao|até o|até a|até à|não antes de|nada antes de|ate|só em|só a partir de|até dia|até ao dia
through: até dia inclusive
inclusive: inclusive|inclusivé|incluído
before: antes de|antes do
from: de|do|entre|desde|do dia|entre os dias
to: a|ao|até|e|e o|-|–|—|até ao|ao dia
early: início de|inicio de|no início de|no inicio de|começo de|no começo de|princípio de|início do|no início do|começo do|princípios de
mid: meados de|em meados de|meio de|meados do|meio do|a meio do
late: tarde de
end: fim de|final de|no fim de|no final de|finais de|fins de|fim do|final do|no final do|no fim do
weekof: a semana de|semana de|semana do dia
tomorrow: amanhã
overmorrow: depois de amanhã
today: hoje
sametime: por esta altura|mesma altura|nesta altura|nesta época|mesma época
newyear: ano novo|novo ano
ago: há|passado|passada|último|última
hence: mais tarde|mais para a frente
halfyear: meio ano
of: de|do|da|dos|,|em|mês de|no|o|a""",
}


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The vocabulary of one language: phrases of one to five words, each with what it can mean."""

    meanings: dict[tuple[str, ...], dict[str, int]]
    longest: int


def _entries(language: str) -> list[tuple[str, str, int]]:
    entries: list[tuple[str, str, int]] = []
    for kind, table in (("month", _MONTHS), ("weekday", _WEEKDAYS), ("ordinal", _ORDINALS)):
        for number, spellings in enumerate(table[language].split(), start=kind != "weekday"):
            entries.extend((word, kind, number) for word in spellings.split("|"))
    for number, spellings in enumerate(_NUMBERS[language].split(), start=1):
        value, _, words = spellings.rpartition("=")
        entries.extend((word, "number", int(value) if value else number) for word in words.split("|"))
    for number, spellings in enumerate(_UNITS[language].split(";")):
        entries.extend((word, "unit", number) for word in spellings.split("|"))
    for line in _CLASSES[language].split("\n"):
        kind, _, spellings = line.partition(": ")
        entries.extend((word, kind, 1) for word in spellings.split("|"))
    return entries


def _lexicon(language: str) -> Lexicon:
    meanings: dict[tuple[str, ...], dict[str, int]] = {}
    for phrase, kind, value in _entries(language):
        words = tuple(split_words(phrase))
        meanings.setdefault(words, {}).setdefault(kind, value)
    return Lexicon(meanings, max(len(words) for words in meanings))


def split_words(phrase: str) -> list[str]:
    """Split a phrase as text is split: "jusqu'au" is two words, "mid-" one."""
    return phrase.replace("’", "'").replace("'", "' ").replace("mid-", "mid ").replace("mi-", "mi ").split()


LEXICONS = {language: _lexicon(language) for language in _MONTHS}

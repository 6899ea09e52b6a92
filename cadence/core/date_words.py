"""The words of which date phrases are made, in seven languages; no rule is here, only vocabulary."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

from dataclasses import dataclass

from cadence.core.date_ties import TIES

# Each entry: spellings apart by "|"; a spelling of several words has spaces.
_MONTHS = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept october|oct november|nov december|dec",
    "de": "januar|januars|jan|jänner|jaenner februar|februars|feb|feber märz|maerz|mär|mrz april|aprils|apr mai|mais juni|junis|jun juli|julis|jul august|augusts|aug september|septembers|sep|sept oktober|oktobers|okt november|novembers|nov dezember|dezembers|dez",
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
    "en": "first|1st second|2nd third|3rd fourth|4th fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first",
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
    "it": "giorno|giorni;settimana|settimane|settimanina;mese|mesi|mesetto;trimestre|trimestri;semestre|semestri|metà dell'anno;anno|anni|annetto|l'anno|esercizio",
    "pt": "dia|dias;semana|semanas;mês|mes|meses;trimestre|trimestres;semestre|semestres|metade do ano;ano|anos|exercício",
}
_HOLIDAYS = {
    "en": "new year=new year's day|new years day;easter=easter|easter monday|easter sunday;pentecost=pentecost|whitsun;ascension=ascension day;good friday=good friday;christmas=christmas|xmas|christmas day;new year's eve=new year's eve;thanksgiving=thanksgiving;labor day=labor day|labour day;epiphany=epiphany",
    "de": "new year=neujahr;easter=ostern|osterfest;pentecost=pfingsten;ascension=himmelfahrt|christi himmelfahrt;good friday=karfreitag;corpus christi=fronleichnam;christmas=weihnachten|weihnacht;new year's eve=silvester;epiphany=dreikönig|heilige drei könige|heilig drei könig|heiligen drei königen|dreikönigstag;assumption=mariä himmelfahrt;unity=tag der deutschen einheit;all saints=allerheiligen;labour=tag der arbeit",
    "fr": "new year=jour de l'an|nouvel an;easter=pâques|paques;pentecost=pentecôte|pentecote;ascension=ascension;christmas=noël|noel;new year's eve=saint-sylvestre;assumption=assomption|15-août;all saints=toussaint;labour=fête du travail;epiphany=épiphanie",
    "es": "new year=año nuevo|día de año nuevo;easter=pascua;holy week=semana santa;good friday=viernes santo;christmas=navidad|navidades;new year's eve=nochevieja|fin de año;epiphany=reyes|día de reyes;assumption=asunción;all saints=todos los santos;labour=día del trabajo;corpus christi=corpus",
    "nl": "new year=nieuwjaar|nieuwjaarsdag|oud en nieuw;easter=pasen;pentecost=pinksteren;ascension=hemelvaart|hemelvaartsdag;good friday=goede vrijdag;christmas=kerst|kerstmis;new year's eve=oudejaarsdag;saint nicholas=sinterklaas;all saints=allerheiligen",
    "it": "new year=capodanno;easter=pasqua|pasquetta;pentecost=pentecoste;christmas=natale;new year's eve=san silvestro;epiphany=befana|epifania;assumption=ferragosto;all saints=ognissanti|tutti i santi",
    "pt": "new year=ano novo|ano-novo;easter=páscoa|pascoa;good friday=sexta-feira santa;holy week=semana santa;corpus christi=corpus christi;christmas=natal;new year's eve=réveillon|passagem de ano;epiphany=dia de reis;all saints=todos os santos;all souls=finados",
}
HOLIDAYS = (
    "new year",
    "epiphany",
    "good friday",
    "easter",
    "holy week",
    "ascension",
    "pentecost",
    "corpus christi",
    "labour",
    "assumption",
    "labor day",
    "unity",
    "all saints",
    "all souls",
    "thanksgiving",
    "saint nicholas",
    "christmas",
    "new year's eve",
)
UNITS = ("day", "week", "month", "quarter", "half", "year")
_COMPOUNDS = {
    "de": (
        "januar februar märz april mai juni juli august september oktober november dezember monats quartals wochen",
        "woche hälfte ende anfang beginn mitte",
    ),
    "nl": ("maand kwartaal", "einde begin"),
}
"""What is written in one word, which the words themselves mean the other way round: "Juniwoche"."""
_NO_COMPOUNDS = frozenset({"wochenende"})
_SHORTEST_MISSPELT = 7
"""Letters of a month in which one may be wrong, missing or too much without making another word of it."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The vocabulary of one language: phrases of one to five words, each with what it can mean.

    compounds: words that stand for two; nearly: what is left of a month's name without one of its letters.
    """

    meanings: dict[tuple[str, ...], dict[str, int]]
    longest: int
    compounds: dict[str, tuple[str, str]]
    nearly: dict[str, int]

    def misspelt_month(self, word: str) -> int:
        """Return the month whose name has one letter wrong, missing, too much or in the wrong place, else 0."""
        if len(word) < _SHORTEST_MISSPELT - 1 or (word,) in self.meanings:
            return 0
        shorter = (word[:place] + word[place + 1 :] for place in range(1, len(word)))
        return next((self.nearly[one] for one in (word, *shorter) if one in self.nearly), 0)


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
    for named in _HOLIDAYS[language].split(";"):
        name, _, words = named.partition("=")
        entries.extend((word, "holiday", HOLIDAYS.index(name)) for word in words.split("|"))
    for line in TIES[language].split("\n"):
        kind, _, spellings = line.partition(": ")
        entries.extend((word, kind, 1) for word in spellings.split("|"))
    return entries


def _lexicon(language: str) -> Lexicon:
    meanings: dict[tuple[str, ...], dict[str, int]] = {}
    for phrase, kind, value in _entries(language):
        words = tuple(split_words(phrase))
        meanings.setdefault(words, {}).setdefault(kind, value)
    firsts, seconds = (words.split() for words in _COMPOUNDS.get(language, ("", "")))
    compounds = {
        first + second: (second, first)
        for first in firsts
        for second in seconds
        if first + second not in _NO_COMPOUNDS
    }
    return Lexicon(meanings, max(len(words) for words in meanings), compounds, _nearly(language))


def _nearly(language: str) -> dict[str, int]:
    """The long names of months, whole and without each of their letters but the first."""
    nearly: dict[str, int] = {}
    for number, spellings in enumerate(_MONTHS[language].split(), start=1):
        for name in spellings.split("|"):
            if len(name) >= _SHORTEST_MISSPELT:
                nearly |= {name[:place] + name[place + 1 :]: number for place in range(1, len(name))}
                nearly[name] = number
    return nearly


def split_words(phrase: str) -> list[str]:
    """Split a phrase as text is split: "jusqu'au" is two words, "mid-" one."""
    return phrase.replace("’", "'").replace("'", "' ").replace("mid-", "mid ").replace("mi-", "mi ").split()


LEXICONS = {language: _lexicon(language) for language in _MONTHS}

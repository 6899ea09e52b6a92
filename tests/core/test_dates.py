"""Date phrases are read by the rules of docs/replies.md, in seven languages."""

# ruff: noqa: E501 - a phrase a line

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cadence.core.dates import is_day_first, next_working_day, resume_on

SENT = date(2026, 3, 4)  # a Wednesday
PHRASES: list[tuple[str, int, str, str | None]] = [
    ("en", 0, "Try me again in Q3.", "2026-07-01"),
    ("en", 0, "Circle back in two quarters", "2026-07-01"),
    ("en", 0, "Call me in six months", "2026-09-04"),
    ("en", 0, "Please get back to us next month", "2026-04-01"),
    ("en", 0, "ping me next week", "2026-03-09"),
    ("en", 0, "the week of June 10 would work better", "2026-06-08"),
    ("en", 0, "No budget until November", "2026-11-01"),
    ("en", 0, "call me in September", "2026-09-01"),
    ("en", 0, "We could revisit in mid-April", "2026-04-15"),
    ("en", 0, "late May is the earliest", "2026-05-25"),
    ("en", 0, "come back at the end of June", "2026-06-30"),
    ("en", 0, "after March 20", "2026-03-21"),
    ("en", 0, "after June, please", "2026-07-01"),
    ("en", 0, "We signed for 24 months in May", "2027-05-01"),
    ("en", 0, "We just signed a three-year contract", "2029-03-04"),
    ("en", 0, "in a few months maybe", None),
    ("en", 0, "I'd say come back in H2.", "2026-07-01"),
    ("en", 0, "Nothing before the start of next year, sorry.", "2027-01-01"),
    ("en", 0, "Do contact us again in the last quarter of the year.", "2026-10-01"),
    ("en", 0, "Let's talk again on Monday week.", "2026-03-16"),
    ("en", 0, "Drop me a note a week on Friday.", "2026-03-13"),
    ("en", 0, "Give it until the second week of May, then ring me.", "2026-05-08"),
    ("en", 0, "Tuesday the 17th works for that.", "2026-03-17"),
    ("en", 0, "We've two years left on the contract.", "2028-03-04"),
    ("de", 0, "In gut drei Monaten können wir gerne reden.", "2026-06-04"),
    ("de", 0, "Bitte am 15. des nächsten Monats nachhaken.", "2026-04-15"),
    ("de", 0, "Melden Sie sich bitte im letzten Quartal des Jahres.", "2026-10-01"),
    ("es", 0, "Contácteme de nuevo en la segunda quincena de junio.", "2026-06-16"),
    ("fr", 0, "Rappelez-moi le mardi 17.", "2026-03-17"),
    ("pt", 1, "Estou fora do escritório até segunda-feira, 16 de março.", "2026-03-16"),
    ("en", 1, "I'm out of the office starting 2 March and will not return until 16 March.", "2026-03-16"),
    ("de", 1, "Urlaub 2.3. - 13.3.", "2026-03-16"),
    ("de", 1, "Ich bin vom 02.03. bis einschließlich 13.03.2026 nicht im Büro.", "2026-03-16"),
    ("en", 0, "after the summer", None),
    ("en", 0, "too expensive this year, try again in 2028", "2028-01-01"),
    ("en", 0, "We met in January and decided in February.", None),
    ("en", 0, "check with me early next year", "2027-01-01"),
    ("en", 0, "we may look at it again", ""),
    ("en", 0, "try in H2", "2026-07-01"),
    ("en", 0, "contract runs until 31 December 2027, talk then", "2027-12-31"),
    ("en", 0, "a year from now", "2027-03-04"),
    ("en", 0, "in the second half of next year", "2027-07-01"),
    ("en", 0, "Let's speak on 12/05", "2026-05-12"),
    ("en", 0, "reach out on the 14th", "2026-03-14"),
    ("en", 0, "not before March 2027", "2027-03-01"),
    ("en", 0, "No capacity before December.", "2026-12-01"),
    ("en", 0, "I won't be back at my desk before 11 May.", "2026-05-11"),
    ("en", 0, "Three months, then let's see.", "2026-06-04"),
    ("en", 0, "Give me two weeks, then ask again.", "2026-03-18"),
    ("en", 0, "The first Monday in October, please.", "2026-10-05"),
    ("en", 0, "March of next year.", "2027-03-01"),
    ("en", 0, "We release on 9 June. On the 10th I am all yours.", "2026-06-10"),
    ("en", 0, "Closed till 14 August. Try me on Monday 17 August.", "2026-08-17"),
    ("en", 0, "I'm away from Friday and back on 9 April, let's speak then.", "2026-04-09"),
    ("en", 0, "September's the first month with an evening in it.", "2026-09-01"),
    ("de", 0, "Vor Mitte Oktober kann hier niemand.", "2026-10-15"),
    ("de", 0, "Im Mai wird entschieden, bis dahin bitte Geduld.", "2026-05-01"),
    ("fr", 0, "On vient de signer pour deux ans.", "2028-03-04"),
    ("it", 0, "Riprovi a gennaio 2027.", "2027-01-01"),
    ("es", 0, "Antes de octubre no hay nadie.", "2026-10-01"),
    ("en", 1, "I am out of the office until Monday, March 16.", "2026-03-16"),
    ("en", 1, "I'm on leave from March 3 to March 13 and will reply after.", "2026-03-16"),
    ("en", 1, "I will be away through Friday 13 March", "2026-03-16"),
    ("en", 1, "Out of office until and including 20 March", "2026-03-23"),
    ("en", 1, "I'll be back on 10 March", "2026-03-10"),
    ("en", 1, "Returning Monday", "2026-03-09"),
    ("en", 1, "I was away until 2 March", None),
    ("en", 1, "I'm out of the office today", "2026-03-05"),
    ("en", 1, "I am out of the office this week", "2026-03-09"),
    ("en", 1, "on vacation 9-20 March with no access", "2026-03-23"),
    (
        "en",
        1,
        "Thank you for your message. I am on parental leave until September 1st, 2026. In urgent cases contact Bob.",
        "2026-09-01",
    ),
    ("de", 0, "Bitte melden Sie sich im September wieder", "2026-09-01"),
    ("de", 0, "Kommen Sie im zweiten Quartal auf uns zu", "2026-04-01"),
    ("de", 0, "in einem halben Jahr", "2026-09-04"),
    ("de", 0, "Mitte Mai gerne wieder", "2026-05-15"),
    ("de", 0, "Ende des Jahres", "2026-12-31"),
    ("de", 0, "nächste Woche", "2026-03-09"),
    ("de", 0, "frühestens Anfang 2027", "2027-01-01"),
    ("de", 0, "Wir haben im Mai für 24 Monate unterschrieben", "2027-05-01"),
    ("de", 1, "Ich bin bis zum 15.03. nicht im Büro", "2026-03-15"),
    ("de", 1, "Ich bin vom 2. bis 13. März im Urlaub", "2026-03-16"),
    ("de", 1, "Ab dem 17. März bin ich wieder erreichbar", "2026-03-17"),
    ("de", 1, "bis einschließlich 20.03.2026 abwesend", "2026-03-23"),
    ("de", 1, "Am Montag bin ich wieder da", "2026-03-09"),
    ("de", 1, "Ich bin vom 02.03.2026 bis 13.03.2026 nicht erreichbar.", "2026-03-16"),
    ("fr", 0, "Recontactez-moi en septembre", "2026-09-01"),
    ("fr", 0, "revenez vers nous au deuxième trimestre", "2026-04-01"),
    ("fr", 0, "dans six mois", "2026-09-04"),
    ("fr", 0, "mi-avril", "2026-04-15"),
    ("fr", 0, "fin mai", "2026-05-31"),
    ("fr", 0, "la semaine prochaine", "2026-03-09"),
    ("fr", 0, "le mois prochain", "2026-04-01"),
    ("fr", 0, "pas de budget avant janvier 2027", "2027-01-01"),
    ("fr", 1, "Je suis absent jusqu'au 16 mars", "2026-03-16"),
    ("fr", 1, "en congés du 2 au 13 mars inclus", "2026-03-16"),
    ("fr", 1, "de retour le lundi 16 mars", "2026-03-16"),
    ("fr", 1, "absente jusqu'au 20/03/2026 inclus", "2026-03-23"),
    ("es", 0, "Vuelva a escribirme en septiembre", "2026-09-01"),
    ("es", 0, "en el segundo trimestre", "2026-04-01"),
    ("es", 0, "dentro de seis meses", "2026-09-04"),
    ("es", 0, "a mediados de mayo", "2026-05-15"),
    ("es", 0, "a finales de junio", "2026-06-30"),
    ("es", 0, "la semana que viene", "2026-03-09"),
    ("es", 0, "el próximo año", "2027-01-01"),
    ("es", 1, "Estaré fuera de la oficina hasta el 16 de marzo", "2026-03-16"),
    ("es", 1, "de vacaciones del 2 al 13 de marzo", "2026-03-16"),
    ("es", 1, "Regreso el lunes", "2026-03-09"),
    ("nl", 0, "Neem in september contact op", "2026-09-01"),
    ("nl", 0, "over zes maanden", "2026-09-04"),
    ("nl", 0, "begin mei", "2026-05-01"),
    ("nl", 0, "half april", "2026-04-15"),
    ("nl", 0, "eind juni", "2026-06-30"),
    ("nl", 0, "volgende week", "2026-03-09"),
    ("nl", 0, "in het derde kwartaal", "2026-07-01"),
    ("nl", 1, "Ik ben afwezig tot 16 maart", "2026-03-16"),
    ("nl", 1, "met vakantie van 2 t/m 13 maart", "2026-03-16"),
    ("nl", 1, "Ik ben t/m vrijdag 13 maart afwezig", "2026-03-16"),
    ("nl", 1, "maandag ben ik weer bereikbaar", "2026-03-09"),
    ("it", 0, "Mi ricontatti a settembre", "2026-09-01"),
    ("it", 0, "tra sei mesi", "2026-09-04"),
    ("it", 0, "a metà maggio", "2026-05-15"),
    ("it", 0, "a fine giugno", "2026-06-30"),
    ("it", 0, "la prossima settimana", "2026-03-09"),
    ("it", 0, "nel secondo trimestre", "2026-04-01"),
    ("it", 1, "Sono fuori ufficio fino al 16 marzo", "2026-03-16"),
    ("it", 1, "in ferie dal 2 al 13 marzo", "2026-03-16"),
    ("it", 1, "Rientro lunedì 16 marzo", "2026-03-16"),
    ("it", 1, "assente fino al 20 marzo compreso", "2026-03-23"),
    ("pt", 0, "Entre em contato em setembro", "2026-09-01"),
    ("pt", 0, "daqui a seis meses", "2026-09-04"),
    ("pt", 0, "em meados de maio", "2026-05-15"),
    ("pt", 0, "no final de junho", "2026-06-30"),
    ("pt", 0, "na próxima semana", "2026-03-09"),
    ("pt", 0, "no segundo trimestre", "2026-04-01"),
    ("pt", 1, "Estou de férias até 16 de março", "2026-03-16"),
    ("pt", 1, "ausente de 2 a 13 de março", "2026-03-16"),
    ("pt", 1, "Regresso na segunda-feira", "2026-03-09"),
    ("en", 0, "Let's reconnect in early February.", "2027-02-01"),
    ("en", 0, "Contact me the first week of May", "2026-05-01"),
    ("en", 0, "Reach out in about three months", "2026-06-04"),
    ("en", 0, "Let's touch base on May 5th", "2026-05-05"),
    ("en", 0, "Our contract with them ends in December 2027, contact us before that", "2027-12-01"),
    ("en", 0, "Check back with me Thursday", "2026-03-05"),
    ("en", 0, "revisit at the start of Q4", "2026-10-01"),
    ("en", 0, "end of next month would suit, write me then", "2026-04-30"),
    ("en", 0, "come back in a year and a half", "2027-09-04"),
    ("en", 0, "ping me on 1 June 2026", "2026-06-01"),
    ("en", 0, "We renewed for two years in January", "2028-01-01"),
    ("en", 0, "We signed a 36-month agreement in June 2025.", "2028-06-01"),
    ("en", 0, "after Q2, please try again", "2026-07-01"),
    ("en", 0, "not until next year", "2027-01-01"),
    ("en", 0, "We talked on February 3 and you promised a demo", None),
    ("en", 0, "hit me up in the first half of 2027", "2027-01-01"),
    ("en", 0, "end of the quarter, talk then", "2026-03-31"),
    ("en", 0, "in 18 months we can talk", "2027-09-04"),
    ("en", 0, "call me once the budget is approved in mid-December", "2026-12-15"),
    ("de", 0, "Melden Sie sich gerne ab dem 1. Juni wieder.", "2026-06-01"),
    ("de", 0, "nach Ostern", "2026-04-07"),
    ("de", 0, "nach dem 15. April", "2026-04-16"),
    ("de", 0, "in der KW 20 passt es, rufen Sie dann an", "2026-05-11"),
    ("de", 0, "Unser Vertrag läuft noch bis Ende 2027", "2027-12-31"),
    ("de", 0, "im nächsten Quartal wieder", "2026-04-01"),
    ("de", 0, "im Laufe des dritten Quartals wieder melden", "2026-07-01"),
    ("de", 0, "in zwei Monaten nochmal melden", "2026-05-04"),
    ("de", 0, "übernächste Woche wieder melden", "2026-03-16"),
    ("de", 0, "Vor Januar wird das nichts, rufen Sie dann an.", "2027-01-01"),
    ("fr", 0, "Rappelez-moi début septembre", "2026-09-01"),
    ("fr", 0, "à partir du 15 avril", "2026-04-15"),
    ("fr", 0, "l'année prochaine", "2027-01-01"),
    ("fr", 0, "Recontactez-nous au troisième trimestre 2026", "2026-07-01"),
    ("fr", 0, "d'ici trois mois", "2026-06-04"),
    ("fr", 0, "après le 10 mai", "2026-05-11"),
    ("fr", 0, "Notre contrat court jusqu'au 31 décembre 2027", "2027-12-31"),
    ("es", 0, "Llámeme a partir del 15 de abril", "2026-04-15"),
    ("es", 0, "a principios de mayo", "2026-05-01"),
    ("es", 0, "el mes que viene", "2026-04-01"),
    ("es", 0, "en el tercer trimestre", "2026-07-01"),
    ("es", 0, "después del 10 de mayo", "2026-05-11"),
    ("es", 0, "el año que viene", "2027-01-01"),
    ("nl", 0, "Bel me vanaf 1 juni", "2026-06-01"),
    ("nl", 0, "volgend jaar", "2027-01-01"),
    ("nl", 0, "volgende maand", "2026-04-01"),
    ("nl", 0, "na 10 mei", "2026-05-11"),
    ("nl", 0, "over twee weken", "2026-03-18"),
    ("it", 0, "all'inizio di maggio", "2026-05-01"),
    ("it", 0, "il mese prossimo", "2026-04-01"),
    ("it", 0, "dopo il 10 maggio", "2026-05-11"),
    ("it", 0, "l'anno prossimo", "2027-01-01"),
    ("it", 0, "dal 1° giugno", "2026-06-01"),
    ("pt", 0, "no início de maio", "2026-05-01"),
    ("pt", 0, "no próximo mês", "2026-04-01"),
    ("pt", 0, "depois de 10 de maio", "2026-05-11"),
    ("pt", 0, "no ano que vem", "2027-01-01"),
    ("pt", 0, "a partir de 1 de junho", "2026-06-01"),
]


@pytest.mark.parametrize(("language", "away", "text", "day"), PHRASES)
def test_a_phrase_names_its_day(language: str, away: int, text: str, day: str | None):
    found = resume_on(text, SENT, language=language, away=bool(away))
    assert found == (date.fromisoformat(day) if day else None)


@pytest.mark.parametrize(
    "text",
    [
        "We are 14 people.",
        "Call our line, it is open 24/7.",
        "It costs 24/7 support.",
        "In a few months, perhaps.",
        "After the summer.",
        "You may call my office.",
        "Version 2.3 was better.",
    ],
)
def test_no_day_is_invented(text: str):
    assert resume_on(text, SENT) is None


def test_the_order_of_numbers_follows_language_then_country_then_zone():
    assert resume_on("until 04/05", SENT, day_first=True) == date(2026, 5, 4)
    assert resume_on("until 04/05", SENT, day_first=False) == date(2026, 4, 5)
    assert resume_on("Returning 3/16.", SENT, day_first=False, away=True) == date(2026, 3, 16)
    assert is_day_first(language="de")
    assert not is_day_first(language="en", content_language="en-US")
    assert not is_day_first(language="en", country="us")
    assert not is_day_first(language="en", utc_offset=-5)
    assert is_day_first(language="en", utc_offset=1)


@given(st.dates(date(2000, 1, 1), date(2080, 1, 1)))
def test_a_working_day_is_never_a_weekend(day: date):
    assert next_working_day(day).weekday() < 5
    assert next_working_day(day) > day


@given(st.text(max_size=300), st.sampled_from(["en", "de", "fr", "es", "nl", "it", "pt"]), st.booleans())
def test_a_day_found_lies_ahead(text: str, language: str, away: bool):
    found = resume_on(text, SENT, language=language, away=away)
    assert found is None or found > SENT

"""Decide in which of seven languages a few words are written, by their commonest words and letters."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re
from functools import lru_cache

LONGEST = 3_000
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_COMMON = {
    "en": "money until before then only ask give weeks months know think want make really very much good i'd i'll won't isn't didn't you're they're we've i've he she his her him us into than because too anything nothing something that's point come people ours yours january february march june july august october december the and you we to of is are have has had not your our for with this that will would be at on it but thanks thank please from was were i'm we're don't can't it's as been if they their me my what who when how any there do did i no all could should now still by so or more out just re about thx regards stop ok okay yes let let's call talk email hello hi best unsubscribe remove me stop need while looking try price went with team were happy interested been signed contract forward back again get list month year company great sure sorry just after next week one time today comment per legal let give keep details reasons never stop lol cheers everything else fine costs nutshell enough hard",
    "de": "geben fragen nochmal dann jetzt sehr alles nichts etwas wieder habe hatte war waren ohne gegen zweites halbjahr quartal dieses gibt geht muss müssen würde wäre januar februar märz juni juli oktober dezember ihn ihm deren ganz wer wo der die das und ich wir sie ist nicht ein eine einen mit für von zu den dem auf bitte danke vielen dank haben hat sind uns unser ihr ihre ihnen mich mir es im am bei aber noch auch wenn wird werden kein keine keinen dass wie nach zum zur leider gerne schon mehr nur so was sich als oder grüße gruß hallo herr frau kann können nein ja bis seit aus um hier vom gerade weil mal guten tag liebe lieber viele mfg abmelden derzeit bereits nehmen verteiler entschieden vertrag preis teuer anbieter firma jahr monat woche erst kontakt meine meinem einem einer diese dieser ihrem unserem rufen melden sowie danach kollege urlaub antwort freundlichen grüßen mitte anfang ende",
    "fr": "quand après avant jusqu'à cette été deux trois revenez janvier février avril juin juillet août septembre octobre novembre décembre pourquoi comment peut peux faut toujours aussi chez leur leurs ils ça va vient le la les des et nous vous je est pas une un pour avec dans sur votre notre merci bonjour cordialement que qui ne plus de du en au aux ce cette mais sont ont avons avez il elle on par nos vos c'est n'est j'ai d'un d'une l'offre très bien tout mon ma mes me moi si suis être fait encore car déjà sans non oui veuillez arrêtez désinscription cher chère prix trop était contrat société année mois semaine jour équipe choisi solution retour absent congé rien signé madame monsieur besoin projet rappelez contactez liste revenez êtes été arrêtez écrire restons pouvez envoyer manquait savoir ici",
    "es": "otra vez dos tres meses años enero febrero abril mayo junio julio septiembre octubre noviembre diciembre nadie entonces después antes qué cómo cuándo les sus hace siempre esto eso el la los las y nosotros usted ustedes es no una un para con en su nuestro gracias hola saludos que por del al pero son hemos han está estamos muy más ya lo le les me mi se si como cuando este esta sin sobre buenos días tardes favor también porque ahora todavía tenemos nos yo de fue ha he hay sí correo baja precio caro demasiado era contrato empresa año mes semana equipo proveedor elegido firmado llámeme interesa lista reunión hablar vacaciones oficina hasta fuera próximo quiero dejen dejen escribirme quiero sigamos mándeme puedo compartir podemos tienen",
    "nl": "vraag over twee drie maanden januari februari maart mei juni juli augustus oktober dan eerst eens alleen altijd iets niets zij haar hun was waren moet moeten ons volgend voor het zo de het een en wij we u ik is niet met voor van op uw ons onze bedankt dank hallo groet groeten dat die maar zijn hebben heeft te aan bij als nog ook geen naar kan kunnen zal er wat hoe wel om dit deze door mijn mij je jullie vriendelijke graag beste al meer nu uit of werd worden goed hier over uitschrijven mvg prijs duur bel volgende week maand jaar bedrijf leverancier gekozen getekend lijst gesprek afspraak kantoor vakantie vriendelijke tot weer terug even nooit onder veel heb bent willen geïnteresseerd laten houden contact stuur mij maandag kennis geen graag offerte",
    "it": "tra due tre mesi anni sei vediamo gennaio febbraio aprile maggio giugno luglio settembre ottobre dicembre dopo prima fine tutto tutti niente sempre cosa chi allora va fa gli della nella sono il lo la gli le e noi voi lei è non una un per con in su vostro nostra nostro grazie buongiorno saluti cordiali che di del della dei al ma sono abbiamo hanno siamo molto più già ci vi mi mio se come quando questo questa senza anche perché ora ancora ho ha da dal nel alla vostra salve sì cancellate prezzo troppo alto era contratto azienda anno mese settimana fornitore scelto firmato mi interessa lista riunione parlare ferie ufficio fino fuori prossimo voglio era erano alta il purtroppo posso possiamo condividere restiamo pure potete nessun ancora vostri scrivermi parlo sento quanto costerebbe costo dieci utenti siete",
    "pt": "daqui dois três meses anos janeiro fevereiro março maio junho julho setembro outubro novembro dezembro ninguém sempre então depois antes só trimestre próximo num numa pergunte à às ao aos lhe o a os as e nós você vocês é não uma um para com em seu sua nosso nossa obrigado obrigada olá bom dia cumprimentos que por do da dos das ao mas são temos têm estamos muito mais já se como quando este esta sem sobre também porque agora ainda eu me meu minha foi há no na de pelo pela isso atenciosamente abraço favor vos preço caro muito era contrato empresa ano mês semana equipe equipa fornecedor escolhemos assinado ligue interessa lista reunião falar férias escritório até fora próximo quero sucesso ainda você parem enviar mensagens vamos manter pode ligar partilhar compartilhar infelizmente gostaria receber vosso nosso removam quanto custaria dez utilizadores usuários trabalhamos com",
}
_LETTERS = (("ß", "de", 3), ("ñ", "es", 3), ("¿", "es", 3), ("¡", "es", 2), ("ã", "pt", 3), ("õ", "pt", 3), ("ê", "pt", 1), ("ç", "fr", 1), ("ç", "pt", 1), ("ü", "de", 1), ("ö", "de", 1), ("ä", "de", 1), ("ij", "nl", 0.5), ("è", "it", 1), ("ò", "it", 2), ("ù", "it", 1), ("è", "fr", 1), ("œ", "fr", 3), ("ê", "fr", 1), ("à", "fr", 0.5), ("à", "it", 0.5), ("ó", "es", 1), ("á", "es", 0.5), ("í", "es", 1))  # fmt: skip
LANGUAGES = tuple(_COMMON)


@lru_cache(maxsize=1)
def _weights() -> dict[str, list[tuple[str, float]]]:
    """A word that several languages share says less for each of them."""
    owners: dict[str, list[str]] = {}
    for language, words in _COMMON.items():
        for word in dict.fromkeys(words.split()):
            owners.setdefault(word, []).append(language)
    return {word: [(name, 1.0 / len(names)) for name in names] for word, names in owners.items()}


def language_of(text: str) -> str | None:
    """Return the ISO 639-1 code of the likeliest language; None where there are no words or no sign."""
    words = _WORD.findall(text[:LONGEST].lower().replace("’", "'"))
    if not words:
        return None
    scores = dict.fromkeys(LANGUAGES, 0.0)
    weights = _weights()
    for word in words:
        for language, weight in weights.get(word, ()):
            scores[language] += weight
    lowered = text[:LONGEST].lower()
    for letter, language, weight in _LETTERS:
        scores[language] += weight * min(lowered.count(letter), 4)
    best = max(scores, key=lambda language: scores[language])
    return best if scores[best] > 0 else None

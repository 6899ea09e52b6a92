"""Decide which lines introduce a quoted mail: attributions, header blocks and separators, as clients write them."""

# ruff: noqa: E501 - phrases read best whole, one beside the other

import re

LONGEST_LINE = 600
_VERBS = (
    r"wrote|writes|said|schrieb|schrieben|geschrieben|a [eé]crit|[eé]crit|escribi[oó]|escribe|schreef|geschreven|ha scritto|scrive|"
    r"escreveu|skrev|napisał(?:\(a\))?|napsal|написал[аи]?|пише|пишет|a scris|írta|kirjoitti|yazdı|đã viết|写道|寫道|のメール|dijo"
)
_ENDS = re.compile(
    rf"(?:^|[\s>\"'»,)])(?:{_VERBS})(?: (?:on|am|le|el|op|il|em|no dia|na|den|do dia)\b.{{0,120}}\d.{{0,60}}| \([^()]{{0,60}}\d(?:[^()]|\(s\)){{0,60}}\))?(?: ?-{{2,}})?\s?[:：]?\s?(?:-{{2,}})?\s*$",
    re.I,
)
_ENDS_WITH_ADDRESS = re.compile(
    r"[<(\[](?:mailto:)?[^\s<>@]{1,64}@[^\s<>@]{1,200}(?:<mailto:[^\s<>]{1,200}>?)?[>)\]]{1,3}\s?:\s*$", re.I
)
# German and Dutch put the verb before the name: "Am 03.03.26 um 09:02 schrieb Tom Hale:".
_ENDS_WITH_NAME = re.compile(r"\d.{0,40}\b(?:schrieb|schreef|heeft)\s[^:]{2,80}:\s*$", re.I)
_STARTS = re.compile(
    r"[\s>*_-]{0,12}(?:on|am|le|el|op|il|il giorno|em|no dia|a|às|den|dne|dnia|w dniu|pe|on the|vào)\b.{0,400}\d|[\s>*-]{0,12}(?:\d{1,4}[-./ ]|(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|jeu|ven|sam|dim|sab|gio|dom|ma|wo|vr|za|zo|seg|ter|qua|qui|sex)\w{0,8}\.?,? \d)"
    r"|.{2,80}\s(?:wrote|schrieb|a écrit|escribió|schreef|ha scritto|escreveu)\s.{0,40}\d|在.{0,80}\d",
    re.I,
)
_STARTS_WITH_ADDRESS = re.compile(r".{0,120}[<(\[](?:mailto:)?[^\s<>@]{1,64}@", re.I)
_DIGIT_OR_AT = re.compile(r"\d|@")
_ORIGINAL = re.compile(
    r"[\s>*_=#|-]{0,60}(?:begin |start )?(?:"
    r"(?:original|replied) (?:message|e-?mail|appointment|mail)|forwarded (?:message|by.{0,80})|reply (?:message|to your)|antwort nachricht|message transféré|weitergeleitete? (?:nachricht|mail)|urspr(?:ü|ue)ngliche (?:nachricht|mail|e-?mail|message)|originalnachricht|original-?nachricht|"
    r"message d'origine|message original|message initial|e-?mail d'origine|courriel original|message précédent|mensaje (?:original|reenviado)|mensagem (?:original|encaminhada)|messaggio (?:originale|inoltrato)|oorspronkelijk bericht|origine(?:el|le) bericht|doorgestuurd bericht|"
    r"ursprungligt meddelande|oprindelig meddelelse|opprinnelig melding|wiadomość oryginalna|исходное сообщение|пересылаемое сообщение|mail original|antwort auf ihre nachricht|begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:transféré|réexpédié)|inicio del mensaje reenviado|inizio messaggio inoltrato|begin doorgestuurd bericht|início da mensagem (?:encaminhada|reencaminhada)"
    r")[\s>*_=#|:.-]{0,60}$",
    re.I,
)
_NEEDS_DASHES = re.compile(
    r"[\s>]{0,10}(?:-{2,}|_{2,}|={2,}|\*{2,}|(?:begin|anfang|début|inicio|inizio|início)\b)|.{0,60}:\s*$",
    re.I,
)
_ABOVE_LINE = re.compile(
    r"[\s#>*=_~-]{0,30}(?:please )?(?:type your reply above|reply above this|write (?:your )?(?:reply|response) above|bitte (?:antworten|schreiben) sie (?:ihre antwort )?(?:oberhalb|über)|répondez au-dessus|répondre au-dessus|antwoord boven|scrivi(?: la)? risposta sopra|escriba su respuesta (?:por )?encima|responda acima)",
    re.I,
)
_FROM = (
    r"from|von|de|da|van|från|fra|od|от|afzender|expéditeur|remitente|mittente|absender|exp[ée]diteur|发件人"
)
_SENT = r"sent|date|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviada|enviada em|enviado em|fecha|data|inviato|data invio|verzonden|verstuurd|datum verzonden|skickat|sendt|wysłano|дата|отправлено|发送时间|date/time"
_TO = r"to|an|à|a|para|aan|till|til|do|кому|cc|kopie|copie|cc/bcc|bcc|reply-to|antwort an|répondre à|responder a|rispondi a|antwoord aan|resposta|risposta|收件人|destinataire|destinatario|destinatário|empfänger|importance|priority|wichtigkeit|importanza|importancia|prioridade|attachments|anlagen|pièces jointes|adjuntos|allegati|bijlagen|anexos"
_SUBJECT = r"subject|betreff|betr|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|temat|тема|主题|re"
_FIELD = re.compile(
    rf"[\s>|]{{0,8}}[*_]{{0,2}}(?:(?P<from>{_FROM})|(?P<sent>{_SENT})|(?P<subject>{_SUBJECT})|(?P<to>{_TO}))\s?[*_]{{0,2}}\s?[:：][*_]{{0,2}}(?:\s|$|\S)",
    re.I,
)
_WITHIN = re.compile(rf"\s(?:(?P<sent>{_SENT})|(?P<subject>{_SUBJECT})|(?P<to>{_TO}))\s?[*_]{{0,2}}:\s", re.I)
_DATED = re.compile(r"\d{4}|\d{1,2}:\d{2}")
_SHARED = re.compile(r"(?:\s?-{2,}\s?|\s)(?=(?:On|Am|Le|El|Op|Il|Em) [^.!?:]{0,40}\d)")
# What Zoho, K-9 and some phones draw: "---- On Mon, 2 Mar 2026 Anna wrote ----".
_DRAWN = re.compile(rf"\s{{0,4}}-{{3,}}\s?.{{3,200}}\b(?:{_VERBS})\s?:?\s?-{{3,}}\s*$", re.I)
# Horde: "Quoting Anna Berg <anna@firm.example>:".
_QUOTING = re.compile(
    r"(?:quoting|zitat von|citando(?: a)?|citazione da|citazione di|quand|bericht van|citat från) .{2,120}:\s*$",
    re.I,
)
# "On Tuesday, Robin Rep wrote:", "Am Dienstag schrieb Robin Rep:", "Robin Rep wrote:": a sentence may look like
# it, so the day has to be there, or what stands below has to look like a quote.
_NAME = r"[A-ZÀ-Þ][\w'’.-]{0,30}(?: (?:(?:de|da|do|dos|di|del|della|van|von|der|den|la|le|ten) ){0,2}[A-ZÀ-Þ][\w'’.-]{0,30}){1,3}"
_DAY = r"(?:(?i:on|am|le|el|op|il|na|no|em|gestern|heute|yesterday|today|hier|ayer|ieri|ontem|gisteren|last|this)(?:[ ,][\w-]{3,14}){0,2}?(?i:morning|afternoon)?,? )"
_DATELESS = re.compile(
    rf"[\s*>]{{0,4}}(?P<day>{_DAY})?(?:{_NAME} (?i:{_VERBS})|(?i:schrieb|schreef) {_NAME}) ?:\s*$"
)
_GREETING = re.compile(
    r"\s*(?:dear|hi|hello|hey|good (?:morning|day)|hallo|guten|liebe[rs]?|sehr geehrte|bonjour|bonsoir|cher|chère|madame|monsieur|hola|buen[oa]s|estimad|querid|beste|geachte|dag|goede|buongiorno|buonasera|ciao|gentile|salve|caro|cara|egregio|ol[áa]|bo[am]|prezad|car[oa])\b",
    re.I,
)
SEPARATOR_LINE = re.compile(r"[\s>]{0,8}(?:[_\-=*~–—]\s?){4,}\s*$")


def attribution(lines: list[str], at: int) -> int:
    """Return how many lines from `at` are an attribution ("On Monday Anna wrote:"), 0 where they are none."""
    first = lines[at][:LONGEST_LINE]
    if _DRAWN.match(first) or (_QUOTING.match(first) and _marked_next(lines, at + 1)):
        return 1
    if _is_dateless(lines, at):
        return 1
    dated = bool(_STARTS.match(first))
    if first.strip() and (dated or _STARTS_WITH_ADDRESS.match(first)):
        return _sentence(lines, at, dated=dated)
    return 0


def _is_dateless(lines: list[str], at: int) -> bool:
    """Tell an attribution without a date by a day, or what stands below: marks, or the greeting that opens a mail."""
    found = _DATELESS.match(lines[at][:LONGEST_LINE])
    if not found or at + 1 >= len(lines):
        return False
    below = next((line for line in lines[at + 1 : at + 4] if line.strip()), "")
    return bool(found["day"] or _GREETING.match(below)) or below.lstrip().startswith(">")


def _sentence(lines: list[str], at: int, *, dated: bool) -> int:  # noqa: PLR0911 - one return a rule, in their order
    joined = ""
    for count in range(5 if dated else 2):
        if at + count >= len(lines):
            return 0
        line = lines[at + count].strip()
        if count and line.startswith(">") and not line.startswith((">:", "> wrote", "> schrieb")):
            return _bare(joined, count)
        if not line and (count > 2 or not dated):
            return 0
        joined = f"{joined} {line}".strip()[:LONGEST_LINE]
        if not _DIGIT_OR_AT.search(joined):
            continue
        if any(ends.search(joined) for ends in (_ENDS, _ENDS_WITH_ADDRESS, _ENDS_WITH_NAME)):
            return count + 1
        if line.startswith("|"):
            return _bare(joined[: joined.find("|")], count)
        if line.endswith((".", "!", "?")) and len(line) > 30 and "@" not in line[-40:]:
            return 0
    return 0


def words_before_attribution(lines: list[str], at: int) -> str:
    """Return what stands before an attribution on its line ("Yes. On Monday Anna wrote:"), "" if nothing does."""
    line = lines[at][:LONGEST_LINE]
    if not _ENDS.search(line) or not _marked_next(lines, at + 1):
        return ""
    found = _SHARED.search(line, 1)
    before = line[: found.start()].rstrip() if found else ""
    return before if any(char.isalnum() for char in before) else ""


def _marked_next(lines: list[str], start: int) -> bool:
    return next((line for line in lines[start : start + 4] if line.strip()), "").lstrip().startswith(">")


def _bare(joined: str, count: int) -> int:
    """An address or a verb without its colon still introduces what is plainly quoted below it."""
    bare = joined.strip()
    return count if bare.endswith((">", ":")) and "@" in bare else 0


def header_block(lines: list[str], at: int) -> int:
    """Return how many lines from `at` are the header fields of a quoted mail, 0 where they are none."""
    if not _FIELD.match(lines[at][:200]):
        return 0
    seen: set[str] = set()
    last, blank, dated = at, 0, False
    for number in range(at, min(at + 14, len(lines))):
        line = lines[number][:200]
        if not line.strip(" >*|"):
            blank += 1
            if blank > 2 and len(seen) < 3:
                break
            continue
        found = _FIELD.match(line)
        if found:
            seen.add(str(found.lastgroup))
            seen.update(str(more.lastgroup) for more in _WITHIN.finditer(line, found.end()))
            dated = dated or (found.lastgroup == "sent" and bool(_DATED.search(line)))
            last, blank = number, 0
        elif blank or number - last > 2:
            break
    enough = len(seen) >= 3 or ("from" in seen and len(seen) >= 2) or (seen == {"sent", "to"} and dated)
    return last - at + 1 if enough and seen & {"from", "sent"} else 0


def is_original_mark(line: str) -> bool:
    """Tell "-----Original Message-----" and its kin from a sentence that holds these words."""
    line = line[:LONGEST_LINE]
    return bool(_ORIGINAL.match(line) and _NEEDS_DASHES.match(line))


def is_reply_above(line: str) -> bool:
    """Tell the line of a ticket system above which the answer is to be written."""
    return bool(_ABOVE_LINE.match(line[:LONGEST_LINE]))

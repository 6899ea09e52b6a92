"""Decides how a mail says that somebody else writes from now on: one sentence, after the greeting."""

import html
import re
from dataclasses import replace

from cadence.content.render import Rendered

_SENTENCES = {
    "en": "I have taken over from {name} and will be your contact from now on.",
    "de": "Ich habe die Nachfolge von {name} übernommen und bin ab jetzt für Sie da.",
    "fr": "J’ai pris la suite de {name} et serai désormais votre interlocuteur.",
    "es": "He tomado el relevo de {name} y a partir de ahora seré su contacto.",
}
_LONGEST_GREETING = 60
_FIRST_PARAGRAPH = re.compile(r"<p\b[^>]*>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")


def sentence(name: str, language: str) -> str:
    """The sentence in a language; in English where there is none."""
    return _SENTENCES.get(language[:2], _SENTENCES["en"]).format(name=name)


def introduced(mail: Rendered, name: str, language: str) -> Rendered:
    """The mail with the sentence in it, unless its author wrote the name of who was there before."""
    if name in mail.text:
        return mail
    said = sentence(name, language)
    return replace(mail, text=_in_text(mail.text, said), html=_in_html(mail.html, said))


def _in_text(text: str, said: str) -> str:
    first, blank, rest = text.partition("\n\n")
    if blank and _is_greeting(first):
        return f"{first}\n\n{said}\n\n{rest}"
    return f"{said}\n\n{text}"


def _in_html(page: str, said: str) -> str:
    paragraph = f"<p>{html.escape(said, quote=False)}</p>"
    first = _FIRST_PARAGRAPH.search(page)
    if first is None:
        return page.replace("</body>", f"{paragraph}</body>", 1)
    at = first.end() if _is_greeting(_TAG.sub("", first[1])) else first.start()
    return f"{page[:at]}\n{paragraph}{page[at:]}"


def _is_greeting(words: str) -> bool:
    return len(words.strip()) <= _LONGEST_GREETING and words.strip().endswith((",", "!", ":"))

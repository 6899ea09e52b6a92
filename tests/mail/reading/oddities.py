"""Replies from rarer clients and with rarer habits, each with its new words; no rule was tuned on these."""

# ruff: noqa: E501 - clients write lines as long

from dataclasses import dataclass

TOM = "Tom Hale <tom@ours.example>"
OURS = "Dear Anna,\n\nmay I ask what tipped the scales?\n\nTom"
MARKED = "> Dear Anna,\n>\n> may I ask what tipped the scales?\n>\n> Tom"
DIV = "<div>Dear Anna,</div><div>may I ask what tipped the scales?</div><div>Tom</div>"


@dataclass(frozen=True)
class Odd:
    name: str
    body: str
    words: str

    @property
    def raw(self) -> bytes:
        kind = "html" if self.body.startswith("<") else "plain"
        return f"From: Anna Berg <anna@firm.example>\nTo: {TOM}\nSubject: Re: One question\nDate: Wed, 04 Mar 2026 10:14:00 +0000\nContent-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{self.body}".encode()


NO = "Wir haben uns anders entschieden."
ODDITIES: tuple[Odd, ...] = (
    Odd(
        "samsung, german",
        f"{NO}\n\nVon meinem Samsung Galaxy Smartphone gesendet.\n\n\n-------- Ursprüngliche Nachricht --------\nVon: {TOM} \nDatum: 03.03.26 09:02 (GMT+01:00) \nAn: Anna Berg <anna@firm.example> \nBetreff: Eine Frage \n\n{OURS}",
        NO,
    ),
    Odd(
        "notes, german",
        f"{NO}\n\nMit freundlichem Gruß\nAnna Berg\n\n\n\nVon:\tTom Hale/Ours\nAn:\tAnna Berg/Firm\nKopie:\t\nDatum:\t03.03.2026 09:02\nBetreff:\tEine Frage\n\n\n\n{OURS}",
        f"{NO}\n\nMit freundlichem Gruß\nAnna Berg",
    ),
    Odd(
        "notes 9",
        f"{NO}\n\n\n\nTom Hale <tom@ours.example> schrieb am 03.03.2026 09:02:30:\n\n> Von: Tom Hale <tom@ours.example>\n> An: anna@firm.example\n{MARKED}",
        NO,
    ),
    Odd(
        "gmx web",
        f'{NO}\n \n\nGesendet: Dienstag, 03. März 2026 um 09:02 Uhr\nVon: "Tom Hale" <tom@ours.example>\nAn: anna@firm.example\nBetreff: Eine Frage\n{OURS}',
        NO,
    ),
    Odd(
        "k-9",
        f"{NO}\n\nAm 3. März 2026 09:02:11 MEZ schrieb Tom Hale <tom@ours.example>:\n>Dear Anna,\n>\n>may I ask what tipped the scales?\n\n-- \nDiese Nachricht wurde von meinem Android-Gerät mit K-9 Mail gesendet.",
        NO,
    ),
    Odd(
        "zimbra, french",
        f'Non merci.\n\nAnna\n\n----- Mail original -----\nDe: "Tom Hale" <tom@ours.example>\nÀ: "Anna Berg" <anna@firm.example>\nEnvoyé: Mardi 3 Mars 2026 09:02:11\nObjet: Une question\n\n{OURS}',
        "Non merci.\n\nAnna",
    ),
    Odd(
        "roundcube, french",
        f"Le 2026-03-03 09:02, Tom Hale a écrit :\n\n{MARKED}\n\nLe prix, surtout.\n\nAnna",
        "Le prix, surtout.\n\nAnna",
    ),
    Odd(
        "libero, italian",
        f'Grazie, ma abbiamo scelto altri.\n\n\nDa: "Tom Hale" tom@ours.example\nA: anna@firm.example\nCc: \nData: Tue, 3 Mar 2026 09:02:11 +0100\nOggetto: Una domanda\n\n{OURS}',
        "Grazie, ma abbiamo scelto altri.",
    ),
    Odd(
        "gmail, wrapped thrice",
        f"Too dear.\n\nOn Tue, Mar 3, 2026 at 9:02 AM Tom Hale of the Very Long Company Name\nIncorporated via Somebody\n<tom@ours.example>\nwrote:\n\n{MARKED}",
        "Too dear.",
    ),
    Odd(
        "gmail phone, brazil",
        f"Ficou caro.\n\nEm ter., 3 de mar. de 2026 09:02, Tom Hale <tom@ours.example> escreveu:\n\n{MARKED}",
        "Ficou caro.",
    ),
    Odd(
        "mac outlook, english block in french",
        f"Nous avons signé ailleurs.\n\nAnna\n\nFrom: {TOM}\nDate: Tuesday, 3 March 2026 at 09:02\nTo: Anna Berg <anna@firm.example>\nSubject: Une question\n\n{OURS}",
        "Nous avons signé ailleurs.\n\nAnna",
    ),
    Odd(
        "windows mail",
        f"Not now.\n\nSent from Mail for Windows\n\nFrom: Tom Hale\nSent: Tuesday, March 3, 2026 9:02 AM\nTo: Anna Berg\nSubject: One question\n\n{OURS}",
        "Not now.",
    ),
    Odd(
        "outlook, spanish phone",
        f"Otro año será.\n\nEnviado desde Outlook para iOS<https://aka.ms/o0ukef>\n________________________________\nDe: {TOM}\nEnviado: martes, 3 de marzo de 2026 9:02:11\nPara: Anna Berg <anna@firm.example>\nAsunto: Una pregunta\n\n{OURS}",
        "Otro año será.",
    ),
    Odd(
        "outlook, italian phone",
        f"No grazie.\n\nInviato da Outlook per Android<https://aka.ms/x>\n________________________________\nDa: {TOM}\nInviato: Tuesday, March 3, 2026 9:02:11 AM\nA: Anna\nOggetto: Una domanda\n\n{OURS}",
        "No grazie.",
    ),
    Odd(
        "superhuman",
        f"Passing for now.\n\nSent via Superhuman ( https://sprh.example/?vip=a )\n\nOn Tue, Mar 03, 2026 at 9:02 AM, Tom Hale < tom@ours.example > wrote:\n\n{MARKED}",
        "Passing for now.",
    ),
    Odd(
        "images in the card",
        f"{NO}\n\nViele Grüße\nAnna Berg\nEinkauf\n\n[cid:image001.png@01D]\nFirm GmbH\nHauptstraße 1\n10115 Berlin\n\nVon: {TOM}\nGesendet: Dienstag, 3. März 2026 09:02\nAn: Anna Berg\nBetreff: Eine Frage\n\n{OURS}",
        f"{NO}\n\nViele Grüße\nAnna Berg",
    ),
    Odd(
        "logo mark",
        f"Too late, we signed.\n\nBest,\nAnna\n\n[image: Firm logo]\n*Anna Berg*\nHead of Purchasing\n\nOn Tue, Mar 3, 2026 at 9:02 AM {TOM} wrote:\n\n{MARKED}",
        "Too late, we signed.\n\nBest,\nAnna",
    ),
    Odd(
        "post scriptum",
        f"We took Norvik.\n\nRegards\nAnna\n\nPS: do send me the white paper, though.\n\nOn 3/3/2026 9:02, Tom Hale wrote:\n{MARKED}",
        "We took Norvik.\n\nRegards\nAnna\n\nPS: do send me the white paper, though.",
    ),
    Odd(
        "list of reasons",
        f"Two things:\n- the price\n- the support hours\n\nAnna\n\nOn 3/3/2026 9:02, Tom Hale wrote:\n{MARKED}",
        "Two things:\n- the price\n- the support hours\n\nAnna",
    ),
    Odd(
        "number as answer",
        f"Call me, my new number is\n+49 30 7654321\n\nOn 3/3/2026 9:02, Tom Hale wrote:\n{MARKED}",
        "Call me, my new number is\n+49 30 7654321",
    ),
    Odd(
        "sentence of field words",
        f"From what I heard, to be fair, the subject is closed.\nDate: none, sorry.\n\nOn 3/3/2026 9:02, Tom Hale wrote:\n{MARKED}",
        "From what I heard, to be fair, the subject is closed.\nDate: none, sorry.",
    ),
    Odd(
        "sentence with wrote",
        "On Friday my boss wrote that we stay with the old one.\nSorry about that, Anna",
        "On Friday my boss wrote that we stay with the old one.\nSorry about that, Anna",
    ),
    Odd(
        "top and between",
        "Hi Tom, answers below.\n\nOn 3/3/2026 9:02, Tom Hale wrote:\n> what tipped the scales?\nThe price.\n> may I write again?\nIn May.\n\nAnna",
        "Hi Tom, answers below.\n\nThe price.\n\nIn May.\n\nAnna",
    ),
    Odd(
        "german banner",
        f"[EXTERN] Diese E-Mail wurde von außerhalb der Organisation gesendet. Vorsicht bei Links und Anhängen.\n\n{NO}\n\nAm 03.03.2026 um 09:02 schrieb Tom Hale:\n{MARKED}",
        NO,
    ),
    Odd(
        "dutch banner",
        f"Let op: deze e-mail komt van buiten de organisatie.\n\nNee, bedankt.\n\nOp 3-3-2026 om 09:02 schreef Tom Hale:\n{MARKED}",
        "Nee, bedankt.",
    ),
    Odd(
        "french banner",
        f"*** Courriel externe : soyez prudent avec les liens et les pièces jointes ***\n\nNon merci.\n\nLe 03/03/2026 à 09:02, Tom Hale a écrit :\n{MARKED}",
        "Non merci.",
    ),
    Odd(
        "stars and a notice",
        f"We are fine, thanks.\n\n*****************\nThe information in this message is confidential and is intended for the addressee only.\n*****************\n\nOn 3/3/2026 9:02, Tom Hale wrote:\n{MARKED}",
        "We are fine, thanks.",
    ),
    Odd(
        "environment",
        f"Não, obrigada.\n\nAntes de imprimir este e-mail pense no ambiente.\n\nEm 03/03/2026 09:02, Tom Hale escreveu:\n{MARKED}",
        "Não, obrigada.",
    ),
    Odd(
        "arrows between, outlook",
        "-----Original Message-----\nFrom: Tom Hale\nSent: 3 March 2026 9:02\nTo: Anna Berg\nSubject: One question\n\nwhat tipped the scales?\n=> The price.\n\nmay I write again?\n=> In May.\n\nTom",
        "The price.\nIn May.",
    ),
    Odd(
        "red between, outlook",
        "<p>My answers in red.</p><div style='border-top:solid #E1E1E1 1.0pt'><p><b>From:</b> Tom Hale<br><b>Sent:</b> Tuesday, March 3, 2026 9:02 AM<br><b>To:</b> Anna Berg<br><b>Subject:</b> One question</p></div><p>what tipped the scales?</p><p><span style='color:red'>The price.</span></p><p>may I write again?</p><p><font color='#FF0000'>In May.</font></p><p>Tom</p>",
        "My answers in red.\nThe price.\nIn May.",
    ),
    Odd(
        "owa, prefixed ids",
        f'<div class="x_elementToProof">Too dear.</div><div id="x_Signature"><p>Anna Berg</p></div><hr><div id="x_divRplyFwdMsg"><b>From:</b> Tom Hale<br><b>Sent:</b> Tuesday, March 3, 2026 9:02:11 AM<br><b>To:</b> Anna Berg</div>{DIV}',
        "Too dear.",
    ),
    Odd(
        "apple, html card",
        f'<html><body><div>Too dear.</div><br id="lineBreakAtBeginningOfSignature"><div id="AppleMailSignature">Anna Berg</div><div><br>On 3 Mar 2026, at 09:02, Tom Hale &lt;tom@ours.example&gt; wrote:<br><br></div><blockquote type="cite">{DIV}</blockquote></body></html>',
        "Too dear.",
    ),
    Odd(
        "thunderbird, html between",
        '<html><body><div class="moz-cite-prefix">On 3/3/2026 9:02, Tom Hale wrote:<br></div><blockquote type="cite"><p>what tipped the scales?</p></blockquote><p>The price.</p><blockquote type="cite"><p>may I write again?</p></blockquote><p>In May.</p></body></html>',
        "The price.\nIn May.",
    ),
    Odd(
        "hidden preheader",
        f'<html><body><div style="display:none;max-height:0">Answer from Firm</div><table><tr><td><p>Too dear.</p></td></tr></table><blockquote class="gmail_quote">{DIV}</blockquote></body></html>',
        "Too dear.",
    ),
    Odd(
        "front",
        f'<div>Too dear.</div><br><div class="front-signature">Anna</div><blockquote type="cite" class="front-blockquote">On March 3, 2026 at 9:02 AM, Tom Hale (tom@ours.example) wrote:<br>{DIV}</blockquote>',
        "Too dear.\nAnna",
    ),
    Odd("only a quote", f"\n\nOn 3/3/2026 9:02, Tom Hale wrote:\n{MARKED}", ""),
)

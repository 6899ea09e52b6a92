"""Only the new words of a mail are taken, in order, wherever they stand and whatever marks the quote."""

import pytest

from cadence.mail.html import colored_lines, html_to_text
from cadence.mail.quoting import new_words

ASKED = "> What tipped the scales?\n"
BLOCK = "From: Tom Hale\nSent: Tuesday, March 3, 2026 9:02 AM\nTo: Anna Berg\nSubject: One question\n\n"
OURS = "Dear Anna,\n\nWhat tipped the scales?\n\nMay I write again in autumn?\n\nTom"


@pytest.mark.parametrize(
    "attribution",
    [
        "On 3 Mar 2026, at 09:02, Tom Hale <tom@ours.example> wrote:",
        "Am 03.03.26 um 09:02 schrieb Tom Hale:",
        "Op 03-03-2026 om 09:02 schreef Tom Hale:",
        "Op 3 mrt 2026 om 09:02 heeft Tom Hale <tom@ours.example> het volgende geschreven:",
        "Le 03/03/2026 à 09:02, Tom Hale a écrit :",
        "El 03/03/2026 a las 9:02, Tom Hale escribió:",
        "Il 03/03/2026 09:02, Tom Hale ha scritto:",
        "Em 03/03/2026 09:02, Tom Hale escreveu:",
        "Tom Hale <tom@ours.example> schrieb am 03.03.2026 09:02:30:",
        "---- On Tue, 03 Mar 2026 09:02:00 +0000 Tom Hale <tom@ours.example> wrote ----",
        "Quoting Tom Hale <tom@ours.example>:",
        "Zitat von Tom Hale <tom@ours.example>:",
        "On Tuesday, March 3, 2026 at 9:02 AM Tom Hale\n<tom@ours.example> wrote:",
        "On Tuesday, Tom Hale wrote:",
        "Am Dienstag schrieb Tom Hale:",
        "Tom Hale schreef:",
        "Às 09:02 de 03/03/2026, Tom Hale escreveu:",
        "Tom Hale <tom@ours.example> escreveu (terça, 3/03/2026 à(s) 09:02):",
    ],
)
def test_an_attribution_goes_with_what_it_introduces(attribution: str):
    assert new_words(f"We took the other one.\n\n{attribution}\n\n{ASKED}> Tom") == "We took the other one."


@pytest.mark.parametrize(
    "attribution", ["Tom Hale wrote:", "On Tuesday, Tom Hale wrote:", "Le mardi, Tom Hale a écrit :"]
)
def test_an_attribution_without_a_date_introduces_an_unmarked_mail(attribution: str):
    assert new_words(f"We took the other one.\n\n{attribution}\n\n{OURS}") == "We took the other one."


@pytest.mark.parametrize(
    "line", ["Tom Hale wrote:\n\nNo budget.", "On Monday Anna from legal wrote:\n\nNot with clause 4."]
)
def test_a_sentence_about_what_somebody_wrote_stays(line: str):
    text = f"{line}\n\nSo it is over, whatever I think of it."
    assert new_words(text) == text


def test_a_sentence_that_looks_like_an_attribution_stays():
    text = "On Monday I wrote to Paul, and on Tuesday he wrote to me.\nThat was on 3 March 2026."
    assert new_words(text) == text


def test_words_before_an_attribution_on_its_line_stay():
    assert new_words("Yes. On Tue, Mar 3, 2026 at 9:02 AM, tom@ours.example wrote:\n> Signed?") == "Yes."


@pytest.mark.parametrize(
    "block",
    [
        BLOCK,
        BLOCK.replace("From:", "*From:*").replace("Sent:", "*Sent:*").replace("Subject:", "*Subject:*"),
        "Von: Tom Hale\nDatum: Dienstag, 3. März 2026 um 09:02\nAn: Anna Berg\nBetreff: Eine Frage\n\n",
        "De : Tom Hale\nEnvoyé : mardi 3 mars 2026 09:02\nÀ : Anna Berg\nObjet : Question\n\n",
        "De: Tom Hale\nEnviado el: martes, 3 de marzo de 2026 9:02\nPara: Anna\nAsunto: Pregunta\n\n",
        "Van: Tom Hale\nVerzonden: dinsdag 3 maart 2026 09:02\nAan: Anna\nOnderwerp: Vraag\n\n",
        "Da: Tom Hale\nInviato: martedì 3 marzo 2026 09:02\nA: Anna\nOggetto: Domanda\n\n",
        "De: Tom Hale\nEnviada em: terça-feira, 3 de março de 2026 09:02\nPara: Anna\nAssunto: Pergunta\n\n",
        "Date: Tue, 3 Mar 2026 09:02:00 +0000\nTo: anna@firm.example\n\n",
        "________________________________\nFrom: Tom Hale Date: Tue, 3 Mar 2026 09:02:00 +0000\n\n",
        "-----Original Message-----\n\n",
        "-------- Ursprüngliche Nachricht --------\nVon: Tom Hale\n\n",
    ],
)
def test_a_header_block_opens_a_quote(block: str):
    assert new_words(f"We took the other one.\n\n{block}{OURS}") == "We took the other one."


def test_answers_between_marked_lines_come_out_in_order():
    text = (
        f"On 3 March 2026 Tom Hale wrote:\n{ASKED}\nThe price.\n\n> May I write again?\n\nYes, in autumn.\n"
    )
    assert new_words(text) == "The price.\n\nYes, in autumn."


def test_the_end_of_a_wrapped_quoted_line_is_quoted_too():
    text = (
        "On 3 March 2026 Tom Hale wrote:\n"
        "> thank you again for all the time that you and your team gave us in the\nspring\n> Tom\n\nGladly."
    )
    assert new_words(text) == "Gladly."


def test_lines_marked_by_initials_are_quoted():
    assert new_words("TH> What tipped the scales?\nTH>\nTH> Tom\n\nThe price.") == "The price."


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("[Anna Berg] The price.", "[Anna Berg] Please do."),
        ("[AB] The price.", "[AB] Please do."),
        ("Anna: The price.", "Anna: Please do."),
        ("--> The price.", "--> Please do."),
        (">>> The price.", ">>> Please do."),
        ("Antwort: The price.", "Antwort: Please do."),
    ],
)
def test_answers_between_the_lines_of_an_unmarked_quote_are_told_by_their_mark(first: str, second: str):
    asked = OURS.replace("scales?", f"scales?\n{first}").replace("autumn?", f"autumn?\n{second}")
    assert new_words(BLOCK + asked, "Anna Berg") == "The price.\nPlease do."


@pytest.mark.parametrize(
    "announced",
    [
        "See my answers below.",
        "Meine Antworten unten im Text.",
        "Mes réponses ci-dessous.",
        "Te respondo abajo.",
        "Mijn antwoorden staan hieronder.",
        "Rispondo sotto.",
        "Minhas respostas abaixo.",
    ],
)
def test_announced_answers_stand_below_the_questions(announced: str):
    asked = OURS.replace("scales?", "scales?\nThe price.").replace("autumn?", "autumn?\n\nPlease do.")
    assert new_words(f"{announced}\n\n{BLOCK}{asked}") == f"{announced}\nThe price.\nPlease do."


def test_answers_in_color_are_found_in_an_unmarked_quote():
    rich = (
        "<p>Hello, see below in blue.</p><hr><p>From: Tom<br>Sent: Tuesday, March 3, 2026<br>To: Anna</p>"
        "<p>What tipped the scales?</p><p><span style='color:#1F497D'>The price.</span></p>"
        "<p>May I write again?</p>"
        "<p style='color:black'>Tom, <a href='x' style='color:blue'>ours.example</a></p>"
    )
    assert new_words(html_to_text(rich), "", rich) == "Hello, see below in blue.\nThe price."
    assert colored_lines(rich) == {"The price."}


def test_initials_that_spell_a_field_mark_no_answer():
    asked = OURS.replace("scales?", "scales?\nTo: the point")
    assert new_words(f"No, thanks.\n\n{BLOCK}{asked}", "Tim Otto") == "No, thanks."


def test_a_quote_without_new_words_gives_none():
    assert new_words(f"{BLOCK}{OURS}") == ""
    assert new_words(f"On 3 March 2026 Tom Hale wrote:\n{ASKED}") == ""


@pytest.mark.parametrize(
    ("close", "kept"),
    [
        ("Best regards\nAnna Berg\nHead of Purchasing\nT: +49 30 1234567", "Best regards\nAnna Berg"),
        ("Kind regards,\nAnna\n\nAnna Berg\nBuyer\nFirm GmbH", "Kind regards,\nAnna"),
        ("Mit freundlichen Grüßen\n\nAnna Berg", "Mit freundlichen Grüßen\nAnna Berg"),
        ("Cordialement,\nAnna\n\nTél. : 01 55 55 01 20\nwww.firm.example", "Cordialement,\nAnna"),
        ("Anna Berg\nHead of Purchasing\nFirm GmbH", ""),
        ("-- \nAnna\nFirm", ""),
        ("________________\nAnna, Firm GmbH", ""),
        ("________________\nAnna, Firm GmbH\n\n> quoted\n", ""),
        ("Sent from my iPhone", ""),
        ("Thanks\nAnna\nP.S. We will tender again in May, do write then.", None),
    ],
)
def test_the_name_below_a_close_stays_and_the_card_goes(close: str, kept: str | None):
    text = f"We took the other one.\n\n{close}"
    want = f"We took the other one.\n{kept}" if kept is not None else text
    assert new_words(text, "Anna Berg").split() == want.split()


def test_thanks_at_the_top_are_no_close():
    text = "Thanks.\n\nWe are still comparing.\nNothing is signed.\nThe board meets Friday.\nCall me then."
    assert new_words(text, "Anna Berg") == text


def test_a_drawn_line_between_paragraphs_stays():
    text = "First part.\n\n______________________\n\nSecond part, which goes on.\n\nBest regards,\nAnna"
    assert new_words(text) == text


@pytest.mark.parametrize(
    "footer",
    [
        "This email and any files transmitted with it are\nconfidential and intended solely for you.",
        "Diese E-Mail enthält vertrauliche Informationen.\nSitz der Gesellschaft: Berlin",
        "Ce message est confidentiel.",
        "Este mensaje puede contener información confidencial.",
        "Dit bericht is vertrouwelijk.",
        "Questo messaggio è riservato.",
        "Esta mensagem é confidencial.",
    ],
)
def test_a_legal_footer_goes(footer: str):
    assert new_words(f"We took the other one.\n\n{footer}") == "We took the other one."


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside the organization. Do not click links.",
        "[EXTERNAL]",
        "ACHTUNG: Diese E-Mail stammt von einem externen Absender.",
        "You don't often get email from anna@firm.example. Learn why this is important",
        "ATTENTION : Cet e-mail provient d'un expéditeur externe.",
    ],
)
def test_a_gateways_banner_goes(banner: str):
    assert new_words(f"{banner}\n\nWe took the other one.") == "We took the other one."


@pytest.mark.parametrize(
    "line",
    [
        "Gesendet von Mail für Windows",
        "Enviado desde Correo para Windows",
        "Obtenha o Outlook para iOS",
        "Ottieni Outlook per Android",
        "Sent from my Windows 8 PC <https://www.maker.example/pc>",
    ],
)
def test_an_advertisement_of_a_device_or_program_goes(line: str):
    assert new_words(f"We took the other one.\n\n{line}") == "We took the other one."


def test_a_sentence_about_a_device_stays():
    text = "We took the other one.\nGet in touch with us on mobile next year, please."
    assert new_words(text) == text

"""The sets kept apart from tuning are sound: every mail is readable and holds the words it is to give."""

from cadence.mail.parse import parse
from tests.mail.reading.reports import REPORTS
from tests.mail.reading.strangers import CLIENTS, VOICES, samples


def test_every_client_speaks_every_language():
    seen = {(sample.client, sample.language) for sample in samples()}
    assert seen == {(client, language) for client in CLIENTS for language in VOICES}


def test_every_sample_holds_the_words_it_is_to_give():
    for sample in samples():
        shown = " ".join(parse(sample.raw).text.split())
        for line in sample.words.split("\n"):
            assert " ".join(line.split()) in shown, (sample.client, sample.form, sample.language)


def test_every_report_can_be_read():
    assert not [report.system for report in REPORTS if parse(report.raw).unreadable]
    assert len({report.system for report in REPORTS}) == len(REPORTS)

"""What strangers wrote, shown without its teeth: their HTML cleaned, their files only to be kept."""

import time

import pytest

from cadence.web import foreign


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<img src=https://spy.example/seen.gif>",
        "<p style=\"background:url('https://spy.example/x')\">",
        "<p onclick=alert(1) onmouseover=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<b>'>x</a>",
        "<form action=https://spy.example><input name=x><button>Log in</button></form>",
        "<iframe src=https://spy.example></iframe>",
        "<object data=https://spy.example></object><embed src=https://spy.example>",
        "<link rel=stylesheet href=https://spy.example/a.css><base href=https://spy.example/>",
        "<meta http-equiv=refresh content='0;url=https://spy.example'>",
        "<svg><image href=https://spy.example/x /></svg><math><mtext><img src=x onerror=alert(1)>",
        "<style>@import 'https://spy.example/a.css';</style>",
        "<video src=https://spy.example/x autoplay></video><audio src=https://spy.example/x></audio>",
    ],
)
def test_nothing_of_it_runs_loads_or_submits(html):
    shown = foreign.cleaned(html).lower()
    assert not any(
        word in shown for word in ("spy.example", "alert", "javascript:", "data:", "<form", "<input")
    )


def test_words_links_and_tables_stay():
    html = '<p style="color:red;position:fixed">Hi <b>you</b></p><table><tr><td colspan=2>1</td></tr></table>'
    shown = foreign.cleaned(f'{html}<a href="https://lost.example/">here</a>')
    assert '<p style="color:red">Hi <b>you</b></p>' in shown
    assert '<td colspan="2">1</td>' in shown
    assert 'href="https://lost.example/"' in shown
    assert 'target="_blank"' in shown
    assert 'rel="noopener noreferrer nofollow"' in shown


def test_what_is_nested_without_end_costs_next_to_nothing():
    begun = time.process_time()
    assert "damaged" in foreign.cleaned("<div>" * 100_000)
    assert "damaged" in foreign.cleaned("<b></i>" * 70_000)
    assert time.process_time() - begun < 5


def test_long_html_is_cut():
    assert len(foreign.cleaned("x" * (foreign.LONGEST + 10))) == foreign.LONGEST


async def test_its_frame_has_a_policy_that_allows_nothing():
    answer = await foreign.framed("<p>Hi</p>")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox allow-popups" in policy
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert b"<p>Hi</p>" in answer.body


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("offer.pdf", "offer.pdf"),
        ('a"; filename="b.html', "a_filename_b.html"),
        ("../../etc/passwd", "etc_passwd"),
        ("a\r\nSet-Cookie: x=1", "a_Set-Cookie_x_1"),
        ("größe.pdf", "gr_e.pdf"),
        ("…", "file"),
        ("", "file"),
    ],
)
def test_a_file_is_kept_under_a_harmless_name_and_never_shown(name, plain):
    answer = foreign.download(name, b"<script>alert(1)</script>")
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith(f'attachment; filename="{plain}"; ')
    assert "\n" not in disposition
    assert "\r" not in disposition
    assert answer.headers["content-type"] == "application/octet-stream"
    assert "sandbox" in answer.headers["content-security-policy"]

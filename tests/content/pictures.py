"""Pictures of three shipped mails as they look in a mail program: `python -m tests.content.pictures [FOLDER]`
(docs/pictures). The frame is nobody's program; what is in it is drawn by Chromium from the mail's HTML alone.
"""

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

from playwright.sync_api import sync_playwright

from cadence.content.catalogue import load, read_snapshot
from tests.web.test_in_chromium import CHROMIUM, FLAGS

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"


@dataclass(frozen=True)
class Picture:
    """One mail, to one of the samples of its sequence. size: of the window."""

    name: str
    sequence: str
    step: str
    sample: str
    at: str
    size: tuple[int, int]
    dark: bool = False


PICTURES = (
    Picture("mail-wide", "closed-lost", "feedback", "Maren Ellison", "Tue 9:12", (760, 640)),
    Picture("mail-phone", "missing-feature", "where-it-stands", "Renata Okafor", "Thu 14:05", (390, 760)),
    Picture("mail-dark", "closed-lost", "thank-you", "Annegret Köhler", "Mo 16:40", (390, 844), dark=True),
)
_FRAME = """<!doctype html><meta charset="utf-8"><meta name="color-scheme" content="light dark"><style>
:root {{ --back: #fff; --text: #1f2328; --quiet: #656d76; --line: #d8dee4; --round: #3b6ea5; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --back: #1c1d1f; --text: #e8e6e3; --quiet: #9aa0a6; --line: #3a3d41; --round: #47709c; }}
}}
body {{ margin: 0; background: var(--back); color: var(--text); font: 15px/1.4 system-ui, sans-serif; }}
h1 {{ font-size: 20px; font-weight: 600; margin: 18px 16px 14px; }}
header {{ display: flex; gap: 12px; align-items: center; margin: 0 16px 14px; }}
.round {{ width: 40px; height: 40px; border-radius: 50%; background: var(--round); color: #fff; flex: none;
  display: grid; place-items: center; font-weight: 600; }}
.who {{ flex: 1; min-width: 0; }}
.who b, .who span {{ display: block; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }}
.who span, time {{ color: var(--quiet); font-size: 13px; }}
time {{ align-self: flex-start; margin-top: 2px; }}
iframe {{ border: 0; border-top: 1px solid var(--line); width: 100%; height: {height}px; display: block; }}
</style><h1>{subject}</h1>
<header><div class="round">{initials}</div><div class="who"><b>{name}</b><span>{to}</span></div>
<time>{at}</time></header><iframe sandbox srcdoc="{html}"></iframe>"""

_TO = {"de": "an"}


def page_of(picture: Picture) -> str:
    """The mail within the frame."""
    content = load(read_snapshot(TEMPLATES, picture.sequence), picture.sequence)
    sample = next(one for one in content.samples if one.name == picture.sample)
    mail = content.render(picture.step, sample.context, language=sample.language)
    step = content.sequence.step(picture.step)
    assert step
    sender = sample.context[step.sender.value] or {}
    name, prospect = str(sender["name"]), sample.context["prospect"] or {}
    return _FRAME.format(
        subject=escape(mail.subject),
        initials="".join(word[0] for word in name.split()[:2]),
        name=escape(name),
        to=escape(f"{_TO.get(sample.language, 'to')} {prospect['email']}"),
        at=picture.at,
        html=escape(mail.html),
        height=picture.size[1] - 125,
    )


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "pictures"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for picture in PICTURES:
            width, height = picture.size
            page = browser.new_page(
                viewport={"width": width, "height": height},
                device_scale_factor=1.5,
                color_scheme="dark" if picture.dark else "light",
            )
            page.set_content(page_of(picture))
            page.screenshot(path=folder / f"{picture.name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()

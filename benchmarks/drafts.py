"""How soon after a save an author sees the new words: `python -m benchmarks.drafts [TIMES]`.

A real server on a port of this machine, a page that listens as the browser does, a file that is saved: from
the save to the last byte of all mails, written anew. The browser's own drawing is not in it.
"""

import asyncio
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import httpx

from cadence.setting_values import shipped_templates
from cadence.web.drafts import Saves, drafts_app
from cadence.web.server import WebServer, listen, url_of

SAVED = {"referral": "checklist", "closed-lost": "thank-you"}
"""A sequence, and the step whose words are saved."""


async def seconds_of(folder: Path, name: str, times: int) -> list[float]:
    """Save a file so many times; gives how long each took to be seen."""
    path = folder / name / f"{SAVED[name]}.md.j2"
    words, saves = path.read_text(encoding="utf-8"), Saves(folder)
    watching = asyncio.create_task(saves.watch())
    with listen("127.0.0.1", 0) as listening:
        web = WebServer(drafts_app(folder, name, saves), listening)
        running = asyncio.create_task(web.run())
        took = []
        async with httpx.AsyncClient(base_url=url_of(listening), timeout=60) as browser:
            await browser.get("/mails")  # the process that renders is started once
            async with browser.stream("GET", "/saves") as news:
                lines = news.aiter_lines()
                for number in range(times):
                    began = time.perf_counter()
                    path.write_text(f"{words}\nSaved {number}.\n", encoding="utf-8")
                    while not (await anext(lines)).startswith("data:"):
                        pass
                    page = await browser.get("/mails")
                    took.append(time.perf_counter() - began)
                    assert f"Saved {number}." in page.text
        web.stop()
        await saves.close()
        await asyncio.gather(running, watching)
    return took


def main() -> None:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 21
    for name in SAVED:
        with tempfile.TemporaryDirectory() as folder:
            templates = Path(folder) / "templates"
            shutil.copytree(shipped_templates(), templates)
            took = sorted(asyncio.run(seconds_of(templates, name, times)))
        print(
            f"{name}: median {1000 * median(took):.0f} ms, best {1000 * took[0]:.0f} ms, "
            f"slowest {1000 * took[-1]:.0f} ms of {times} saves"
        )


if __name__ == "__main__":
    main()

"""A woman's report with real files, and the page of her case in Chromium, opened with a member's passphrase.

It decides nothing: what is proven with it stands in the tests that tell it.
"""

from __future__ import annotations

import io
import os
import wave
from dataclasses import dataclass
from typing import Any

from PIL import Image
from playwright.async_api import Locator, Page, expect

from storage import logins
from tests import telling
from tests.desk.desk_browser import Screen
from tests.desk.staff import PASSPHRASE, Desks, Staffer, derive, login_hash, wrap
from tests.people import Woman
from tests.telling import Told
from tests.town import Town

HOSTILE = (
    '<script>window.hit=1</script><img src=x onerror="window.hit=2"> javascript:alert(1) https://evil.example/login '
    "<a href='https://evil.example/'>press</a> {{7*7}} ${7*7} \u202egnp.exe\u202c <b>✓ من الفريق</b>"
)
"""What somebody may write who wants the desk to run it, follow it or believe it."""


def picture(width: int = 320, height: int = 200) -> bytes:
    """A JPEG that a browser shows."""
    held = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(held, "JPEG")
    return held.getvalue()


def voice(seconds: float = 0.5) -> bytes:
    """A sound that a browser plays."""
    held = io.BytesIO()
    with wave.open(held, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x10\x00\xf0\xff" * int(4000 * seconds))
    return held.getvalue()


def pdf(words: str = "Letter 4711") -> bytes:
    """A PDF of one page that wants to run a script and to be pressed."""
    text = f"BT /F1 24 Tf 40 700 Td ({words}) Tj ET".encode()
    fonts = b"<</Font<</F1 5 0 R>>>>"
    parts = (
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Annots[6 0 R]/Resources %s>>" % fonts,
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Type/Annot/Subtype/Link/Rect[0 600 595 842]/A<</S/URI/URI(https://evil.example/)>>>>",
    )
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\n" % (
        len(parts) + 1,
        table,
        len(parts) + 1,
    )
    return made + head + b"startxref\n%d\n%%%%EOF" % len(made)


async def with_passphrase(desks: Desks, name: str, **more: Any) -> Staffer:
    """A member whose key opens with `PASSPHRASE` in a real browser. Half a second."""
    staffer, salt = await desks.hired(name, **more), os.urandom(16)
    derived = derive(PASSPHRASE, salt)
    wrapped = wrap(derived.wrapping, staffer.seed, staffer.number)
    town = desks.town
    await town.working.store.write(logins.change, staffer.number, salt, login_hash(derived.login), wrapped, town.now())
    return staffer


def told(**more: Any) -> Told:
    """What she tells, with files that a browser shows."""
    return Told(**({"photo": picture(), "voice": voice(), "document": pdf()} | more))


async def reported(place: Town, her: Woman, said: Told | None = None) -> str:
    """Her report with its files, all here. Returns its code."""
    code = await telling.reports(place, her, said or told())
    await telling.files_are_here(place)
    return code


async def taken(place: Town, by: Staffer, code: str) -> None:
    """A member takes the case at the desk."""
    answer = await by.post(f"/desk/cases/{code}/take", json={})
    assert answer.status == 200, answer.text


async def with_case(desks: Desks, said: Told | None = None) -> tuple[Staffer, str, Woman]:
    """A member who took a woman's case, its code, and the woman."""
    huda, amal = await with_passphrase(desks, "هدى", on_call="first"), telling.her(desks.town)
    code = await reported(desks.town, amal, said)
    await taken(desks.town, huda, code)
    return huda, code, amal


@dataclass(slots=True)
class Shown:
    """The page of a case before a member."""

    screen: Screen
    code: str

    @property
    def page(self) -> Page:
        return self.screen.page

    @property
    def body(self) -> Locator:
        return self.page.locator("[data-body]")

    def part(self, name: str) -> Locator:
        """The card with this heading's id."""
        return self.page.locator(f"section[aria-labelledby={name}]")

    async def opens(self, passphrase: str = PASSPHRASE) -> None:
        """Load it and unlock it."""
        await self.screen.opens(f"/desk/cases/{self.code}")
        await self.unlocks(passphrase)

    async def unlocks(self, passphrase: str = PASSPHRASE) -> None:
        field = self.page.locator("dialog.unlock [name=passphrase]")
        await field.fill(passphrase)
        await field.press("Enter")
        await self.is_open()

    async def is_open(self) -> None:
        await expect(self.page.locator("[data-case][data-shown]")).to_be_visible()

    async def unfolds(self, place: Locator) -> None:
        """Open every folded part in a place."""
        await place.locator("summary").first.click()

    async def writes_note(self, words: str) -> None:
        await self.page.locator("#note").fill(words)
        await self.page.locator("form[data-note] button").click()

    async def writes_to_her(self, words: str) -> None:
        await self.page.locator("#message").fill(words)
        await self.page.locator("[data-preview]").click()
        await self.page.locator("[data-send]:enabled").click()

    async def opens_file(self, kind: str) -> Locator:
        """Press "open it here" at the first file of a kind (its word). Returns where it is shown."""
        card = self.page.locator("li.file", has_text=kind).first
        await card.locator('[data-fill="look"]').click()
        return card.locator('[data-fill="view"]')


_OPENING = """
async (path) => {
  const link = document.querySelector(`main a[href="${path}"]`);
  performance.clearMarks("case-shown");
  const shown = new Promise((resolve) => {
    const seen = new PerformanceObserver((list) => {
      if (list.getEntriesByName("case-shown").length === 0) return;
      seen.disconnect();
      requestAnimationFrame(() => resolve(performance.now()));
    });
    seen.observe({ type: "mark" });
  });
  const begun = performance.now();
  link.click();
  return (await shown) - begun;
}
"""


async def opening_ms(page: Page, path: str) -> float:
    """Milliseconds from pressing the case in the list until all of it is shown: page, keys, items.

    The list is before her (`/desk`), and the desk is unlocked: `path` is `/desk/cases/CODE`.
    """
    taken: float = await page.evaluate(_OPENING, path)
    return taken

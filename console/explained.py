"""Says to the demo's visitor what she saw on the phones, what lay behind it, and what is not promised.

It never speaks to a woman in need: it is for whoever tries the demo.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from console.preview_words import LANGUAGES
from flows.core import Language
from messages import Text, t
from messages.catalog import render

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined
)


@dataclass(frozen=True, slots=True)
class Scene:
    """One thing to try on her phone: how, what it does, and what it can't."""

    name: Text
    how: Text
    behind: Text
    limits: Text


SCENES = (
    Scene(
        t("She calls for help"),
        t("In the menu press “I need help now”, or write the word “emergency” at any moment."),
        t(
            "The case opens and the page is on its way in the same transaction, before any question. Huda's locked "
            "screen shows a neutral sentence and a fresh code. What she writes or shares from then on is added, "
            "sealed."
        ),
        t("Nobody can promise when a person answers. If nobody does, the page climbs, and she is told so honestly."),
    ),
    Scene(
        t("Somebody comes"),
        t("Press the button “Today's weather” under her keyboard, or write it, or write 0."),
        t(
            "What she had begun is destroyed, both sides' messages leave the chat, and there is the weather. The chat "
            "stays so, or goes on about recipes or prayer times, as she chose. A case that was opened stays, and so "
            "does its alarm."
        ),
        t(
            "On Telegram messages of the last 48 hours can be deleted; on WhatsApp none can, and she is told "
            "beforehand. The platform, a screenshot or a backup may still have them."
        ),
    ),
    Scene(
        t("She comes back"),
        t("First choose words under “My words, hiding”. After hiding, write anything, then the first word."),
        t(
            "A wrong word goes on with the weather. Her own opens the chat again. We keep neither word: only what a "
            "slow computation makes of it, sealed."
        ),
        t(
            "Whoever knows her word is her, to us. A cry for help opens the chat as well, with nothing of before in "
            "sight. Without a word of her own, whoever writes twice is asked in."
        ),
    ),
    Scene(
        t("Somebody forces her"),
        t("After hiding, write the second word, the one that only looks like the first."),
        t(
            "The chat opens and looks empty: no report, nothing sent. The person on call is paged at once. At the desk "
            "the case says why, and lets nobody write to her."
        ),
        t("Whoever has read over her shoulder before knows that there was more."),
    ),
    Scene(
        t("She sets out"),
        t(
            "Choose “Check on me later”, two minutes from now, and one minute after that: in earnest it is at least "
            "ten, and five."
        ),
        t(
            "Where she goes is sealed to a case that sleeps: not even the desk shows it. We ask her in good time, in "
            "harmless words. If her word does not come, the case wakes, and it is critical."
        ),
        t("A dead phone and a danger look alike from here. So a person decides what to do, never the machine."),
    ),
    Scene(
        t("She wants it gone"),
        t("Choose “What you keep of me”: see it, take consent back, delete one report or everything."),
        t(
            "With her word, rows and keys are destroyed at once, and the database forgets her address. What remains "
            "elsewhere is said."
        ),
        t(
            "Without a word of hers somebody else may hold her phone: what is urgent ends when the team has closed it. "
            "A call under the second word waits for them too, without her name. Backups expire later, and what was "
            "handed on with her consent, others have."
        ),
    ),
    Scene(
        t("A reader joins the list"),
        t("On Nadia's phone write “tips”, and choose what she gets, how often, and a short course."),
        t(
            "She is on a list of its own: being on it says nothing of help, and whoever only asked for help is not on "
            "it. Answers to a poll are counted and not kept. A question is read by one of the team first, and whoever "
            "answers it never learns who asked."
        ),
        t(
            "The platform knows that she gets messages from us, and so does whoever reads over her shoulder. Their "
            "first line is harmless; what stands below it can be read by whoever opens the chat."
        ),
    ),
    Scene(
        t("A campaign goes out"),
        t(
            "Sign in as Reem, look at what waits, send it to her own phone, and ask for a second person. Sign in as "
            "Salma and approve it."
        ),
        t(
            "Nobody sends alone: whoever wrote it can't sign it. What she signs is frozen, text and readers. After "
            "that it can be taken back whole for a while, then paused, and stopped with everything else by one button."
        ),
        t(
            "What has arrived can't be called back. In this rehearsal there are fifteen seconds to take it back and no "
            "hours of rest: in earnest it is minutes, and nothing leaves at night."
        ),
    ),
    Scene(
        t("A reader stops"),
        t("On Nadia's phone write “stop”, then send another campaign as Reem and Salma."),
        t(
            "One word is enough, in many spellings, and so is blocking the chat. She is off the list at once, before "
            "the next letter leaves, and stays off until she asks again. Her case and her check-ins go on."
        ),
        t(
            "A letter that was handed to the platform in that very moment may still arrive. What had arrived before "
            "stays on her phone until she deletes it."
        ),
    ),
)
WORDS = {
    "title": t("What you saw"),
    "about": t("Nine things to try, what happens behind each of them, and what it can't do."),
    "how": t("How to try it"),
    "behind": t("What lies behind it"),
    "limits": t("What it can't do"),
    "back": t("Back to the phones"),
    "switch": t("Language"),
}


async def page(request: Request) -> Response:
    """The page, in Arabic unless English is asked for."""
    language: Language = "en" if request.query_params.get("lang") == "en" else "ar"
    words = {name: render(text, language) for name, text in WORDS.items()}
    scenes = [
        {name: render(getattr(scene, name), language) for name in ("name", "how", "behind", "limits")}
        for scene in SCENES
    ]
    names = {code: render(text, language) for code, text in LANGUAGES.items()}
    template = _TEMPLATES.get_template("explained.html")
    return HTMLResponse(template.render(words=words, scenes=scenes, language=language, languages=names))

"""Speaks for the preview page: its own words, the guide, and the story that the demo tells.

It never holds what the bot says to her: those words stand in the flows.
"""

from console.phones import Phone, Story
from messages import Text, raw, t

STORY = Story(
    phones=(
        Phone("hers", t("Hers"), t("An activist who was threatened"), attaches=True),
        Phone("huda", t("Huda: on call"), t("The focal point whose shift it is")),
        Phone("najla", t("Najla: substitute"), t("Paged if Huda is silent")),
        Phone("salma", t("Salma: coordinator"), t("Paged if nobody answers")),
        Phone("nadia", t("Nadia: a reader"), t("She asked for tips and awareness messages")),
        Phone("reem", t("Reem: campaigns"), t("Tests of what she writes arrive here")),
    ),
    guide=(
        t(
            "On her phone, write any word, follow the buttons, and say that you are not safe: Huda's phone rings at "
            "once."
        ),
        t("Take the case on Huda's phone. Or wait, and watch the alarm climb to Najla."),
        t(
            "In her menu, choose “My words, hiding” and two words. Then hide the chat with the button under her "
            "keyboard."
        ),
        t("In her menu, choose “Check on me later”, for two minutes. Write her word in time, or let them pass."),
        t("Sign in at the desk as Huda, with the words below the phones, and work on the case to its end."),
        t(
            "Campaigns: sign in as Reem, test what waits there and ask for approval. As Salma approve it; watch it "
            "arrive with Nadia and 200 others."
        ),
        t("On Nadia's phone write “tips”: a course, a poll, stories and questions are there."),
        t("Look below at what the database holds, and at what the key holder reads."),
    ),
    contact=t("Sanad"),
)

WORDS: dict[str, Text] = {
    "title": t("Sanad: preview phones"),
    "about": t(
        "This is a rehearsal: made-up phones and the real program behind them. Nothing you write leaves this computer."
    ),
    "guide": t("What to try"),
    "explained": t("What happens behind each, and what it can't do"),
    "phones": t("The phones"),
    "switch": t("Language"),
    "skip": t("Skip to her phone"),
    "messages": t("Messages on this phone"),
    "nothing": t("No messages yet."),
    "write": t("Write a message"),
    "send": t("Send"),
    "attach": t("Attach"),
    "photo": t("Photo or file"),
    "voice": t("Voice note"),
    "latitude": t("Latitude"),
    "longitude": t("Longitude"),
    "share_place": t("Share this place"),
    "file_photo": t("Photo"),
    "file_voice": t("Voice note"),
    "file_video": t("Video"),
    "file_document": t("Document"),
    "unread": t("New messages"),
    "arrived": t("New message"),
    "lock": t("The locked screen shows only this"),
    "dismiss": t("Hide"),
    "ladder": t("The alarm"),
    "no_ladder": t("No alarm yet. It starts the moment she says that she is not safe."),
    "shortened": t("The times are shortened for this rehearsal."),
    "critical": t("Critical"),
    "high": t("High"),
    "medium": t("Medium"),
    "low": t("Low"),
    "waiting": t("Waiting"),
    "current": t("Awaiting an answer"),
    "sent": t("Paged, no answer"),
    "skipped": t("Skipped"),
    "paged": t("Paged"),
    "spared": t("No longer needed"),
    "taken": t("Taken by"),
    "due_in": t("In"),
    "watched": t("The check on her"),
    "armed": t("We wait for her word."),
    "asked": t("Her time has come; she is being asked."),
    "overdue": t("Her word did not come in time, or somebody forced her: a person has been called."),
    "called": t("A person has been called and makes sure, whatever was written since."),
    "paused": t("It is paused."),
    "over": t("It has ended, and nobody is called."),
    "crowd": t("200 further readers"),
    "crowd_has": t("{has} of {of} have the newest message.", has="{has}", of="{of}"),
    "desk": t("The desk"),
    "desk_note": t(
        "Here those who answer read and work, each with a key of her own. Sign in as one of them; the code changes "
        "every half minute."
    ),
    "desk_open": t("Open the desk"),
    "desk_name": t("Desk name"),
    "passphrase": t("Passphrase"),
    "code": t("Code"),
    "inside": t("The same case from two sides"),
    "stored": t("What lies in the database"),
    "stored_note": t("What a thief of the disk would find: all that anybody wrote is sealed."),
    "opened": t("What the key holder reads"),
    "opened_note": t("Opened with the recovery key that this rehearsal made for itself."),
    "nothing_stored": t("Nothing is stored yet."),
    "nothing_opened": t("There is no case yet."),
    "bytes": t("bytes"),
    "lost": t("The connection is lost. Trying again…"),
    "failed": t("That did not arrive. Please try again."),
    "too_large": t("That file is too large. 20 MB is the most."),
}
ROLES: dict[str, Text] = {
    "focal_point": t("Focal point"),
    "coordinator": t("Coordinator"),
    "campaigner": t("Campaigns"),
}
LANGUAGES = {"ar": raw("العربية"), "en": raw("English")}
"""Each in itself, so that its reader finds it."""

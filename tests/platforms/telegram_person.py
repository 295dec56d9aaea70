"""A person with Telegram on her phone: she writes, presses, sends and edits, and sees what the bot says.

She never knows what the bot keeps: all she does becomes updates, all she sees came through the Bot API.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.platforms.phones import Message, Phone, plain
from tests.platforms.telegram_checks import units

if TYPE_CHECKING:
    from tests.platforms.telegram import Telegram


class Person(Phone[int]):
    """One private chat with the bot. Every method that sends returns her own message."""

    def __init__(
        self, platform: Telegram, chat_id: int, first_name: str, language_code: str, *, has_written: bool
    ) -> None:
        super().__init__(first_name)
        self.platform = platform
        self.chat_id = chat_id
        self.language_code = language_code
        self.has_written = has_written
        self.blocked = False
        self.deactivated = False
        self.popups: list[str] = []
        self.standing: list[str] = []
        """The buttons under her input line; they stay until the bot takes them away."""

    @property
    def user(self) -> dict[str, Any]:
        """Her as a Telegram User."""
        return {
            "id": self.chat_id,
            "is_bot": False,
            "first_name": self.name,
            "language_code": self.language_code,
        }

    @property
    def place(self) -> dict[str, Any]:
        """Her as a Telegram Chat."""
        return {"id": self.chat_id, "first_name": self.name, "type": "private"}

    async def says(self, text: str, **more: Any) -> Message[int]:
        """She writes; `more` goes into the message as it is (reply_to_message, forward_origin, …)."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            length = units(text.split(maxsplit=1)[0])
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": length}]
        return self._sends("text", text, content | more)

    async def presses_standing(self, label: str) -> Message[int]:
        """She presses a button under her input line: its words are written in her name."""
        found = next((one for one in self.standing if plain(label) in plain(one)), None)
        if found is None:
            raise AssertionError(f"{self.name} has no standing button {label!r}, but {self.standing}")
        return await self.says(found)

    async def presses(self, label: str) -> str:
        """She presses the button with this label (or a part of it) and gets the query's id."""
        message, text, data = self.finds_button(label)
        if data.startswith(("http://", "https://")):
            raise AssertionError(f"the button {text!r} opens {data}: there is nothing to press")
        return await self.presses_data(data, message)

    async def presses_data(self, data: str, message: Message[int] | None = None) -> str:
        """She presses a button with this data, which may be old or made up, under a message (her newest if None)."""
        under = message or next(reversed(self.messages), None)
        query = self.platform.opens_query(self)
        callback: dict[str, Any] = {"id": query, "from": self.user, "chat_instance": f"{self.chat_id}7", "data": data}
        if under is not None:
            gone = {"message_id": under.id, "chat": self.place, "date": 0}
            callback["message"] = gone if under.deleted else dict(under.raw)
        self.platform.push({"callback_query": callback}, self.chat_id)
        return query

    async def sends_photo(self, data: bytes, caption: str = "", **more: Any) -> Message[int]:
        """A photo, in three sizes; only the largest holds `data` itself."""
        store = self.platform.keeps_file
        sizes = [
            {**store(content, "photos", "jpg").as_size(), "width": width, "height": width * 3 // 4}
            for content, width in ((b"small " + data[:40], 90), (b"middle " + data[:400], 320), (data, 1280))
        ]
        return self._sends("photo", caption, {"photo": sizes, **self._under(caption), **more})

    async def sends_album(self, photos: list[bytes]) -> list[Message[int]]:
        """Several photos at once: as many updates with one media_group_id."""
        group = f"13{self.platform.next_message}"
        return [await self.sends_photo(photo, media_group_id=group) for photo in photos]

    async def sends_voice(self, data: bytes, seconds: int = 4) -> Message[int]:
        """A voice note in OGG with Opus."""
        voice = {**self.platform.keeps_file(data, "voice", "oga").as_size(), "duration": seconds}
        return self._sends("voice", "", {"voice": {**voice, "mime_type": "audio/ogg"}})

    async def sends_document(
        self, data: bytes, name: str, mime: str, caption: str = "", size: int | None = None
    ) -> Message[int]:
        """A file; `size` makes it pass for a larger one (over 20 MB it cannot be downloaded)."""
        ending = name.rpartition(".")[2] or "bin"
        document = self.platform.keeps_file(data, "documents", ending, size).as_size()
        document |= {"file_name": name, "mime_type": mime}
        return self._sends("document", caption, {"document": document, **self._under(caption)})

    async def sends_video(self, data: bytes, caption: str = "", size: int | None = None) -> Message[int]:
        """A video."""
        video = self.platform.keeps_file(data, "videos", "mp4", size).as_size()
        video |= {"width": 640, "height": 360, "duration": 7, "mime_type": "video/mp4"}
        return self._sends("video", caption, {"video": video, **self._under(caption)})

    async def sends_location(self, latitude: float, longitude: float) -> Message[int]:
        """A place on the map."""
        return self._sends("location", "", {"location": {"latitude": latitude, "longitude": longitude}})

    async def shares_live_location(self, latitude: float, longitude: float, seconds: int = 3600) -> Message[int]:
        """She lets the bot see where she is for so long: her phone then edits this message by itself (`moves`)."""
        place = {"latitude": latitude, "longitude": longitude, "live_period": seconds}
        return self._sends("location", "", {"location": place})

    async def moves(self, message: Message[int], latitude: float, longitude: float, *, ends: bool = False) -> None:
        """Her phone is elsewhere; where sharing `ends`, the place comes once more without its time."""
        place = {**message.raw["location"], "latitude": latitude, "longitude": longitude, "heading": 90}
        if ends:
            del place["live_period"]
        message.raw = {**message.raw, "location": place, "edit_date": int(self.platform.clock.now())}
        self.platform.push({"edited_message": dict(message.raw)}, self.chat_id)

    async def sends_sticker(self, emoji: str = "👍") -> Message[int]:
        """A sticker."""
        sticker = self.platform.keeps_file(b"webp", "stickers", "webp").as_size()
        sticker |= {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._sends("sticker", "", {"sticker": {**sticker, "emoji": emoji}})

    async def sends_contact(self, phone_number: str = "+967770000009", first_name: str = "Salma") -> Message[int]:
        """Someone's contact card."""
        return self._sends("contact", "", {"contact": {"phone_number": phone_number, "first_name": first_name}})

    async def edits(self, message_id: int, text: str) -> None:
        """She changes the text of a message of hers."""
        message = next(message for message in self.wrote if message.id == message_id)
        message.text, message.edited = text, True
        message.raw = {**message.raw, "text": text, "edit_date": int(self.platform.clock.now())}
        self.platform.push({"edited_message": dict(message.raw)}, self.chat_id)

    async def blocks_bot(self) -> None:
        """She blocks the bot: it is told, and may not write to her any more."""
        self._becomes("kicked", blocked=True)

    async def unblocks_bot(self) -> None:
        """She lets the bot write again."""
        self._becomes("member", blocked=False)

    async def sends_raw(self, update: dict[str, Any]) -> int:
        """Any update at all, as it is; an update_id is added when it has none."""
        return self.platform.push(dict(update), self.chat_id)

    async def forges(self, text: str, secret: str | None = None) -> int:
        """Someone posts to the webhook in her name without Telegram's secret; the status of the answer."""
        message = self._shapes({"text": text})
        return await self.platform.forge({"update_id": 1, "message": message}, secret)

    def _becomes(self, status: str, *, blocked: bool) -> None:
        self.blocked = blocked
        member = {"user": self.platform.bot, "status": "member"}
        kicked = {"user": self.platform.bot, "status": "kicked", "until_date": 0}
        old, new = (member, kicked) if status == "kicked" else (kicked, member)
        change = {"chat": self.place, "from": self.user, "date": int(self.platform.clock.now())}
        self.platform.push({"my_chat_member": {**change, "old_chat_member": old, "new_chat_member": new}}, self.chat_id)

    @staticmethod
    def _under(caption: str) -> dict[str, str]:
        return {"caption": caption} if caption else {}

    def _shapes(self, content: dict[str, Any]) -> dict[str, Any]:
        now = self.platform.clock.now()
        head = {"message_id": self.platform.new_message_id(), "from": self.user, "chat": self.place, "date": int(now)}
        return head | content

    def _sends(self, kind: str, text: str, content: dict[str, Any]) -> Message[int]:
        self.has_written = True
        self.platform.persons.setdefault(self.chat_id, self)
        raw = self._shapes(content)
        message = Message(raw["message_id"], text, at=self.platform.clock.now(), mine=True, kind=kind, raw=raw)
        self.wrote.append(message)
        self.platform.push({"message": dict(raw)}, self.chat_id)
        return message

"""A person with WhatsApp on her phone, seen through Twilio: she writes, presses and sends, and sees what the bot says.

She never knows what the bot keeps: all she does becomes webhooks, all she sees came through CreateMessage.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from tests.platforms.phones import Message, Phone
from tests.platforms.twilio_checks import Params, signature
from tests.platforms.twilio_records import VERSION, Media, Record

if TYPE_CHECKING:
    from tests.platforms.twilio import Twilio


class Person(Phone[str]):
    """One WhatsApp chat with the bot. Every method that sends returns her own message."""

    def __init__(self, platform: Twilio, number: str, name: str) -> None:
        super().__init__(name)
        self.platform = platform
        self.number = number
        self.address = f"whatsapp:{number}"
        self.last_wrote: float | None = None
        self.opted_out = False
        self.on_whatsapp = True
        self.is_mobile = True

    async def says(self, text: str, **more: str) -> Message[str]:
        """She writes; `more` goes into the webhook as it is."""
        return self._sends("text", text, more)

    async def presses(self, label: str) -> Message[str]:
        """She presses the button, or picks the row, with this label (or a part of it)."""
        message, title, data = self.finds_button(label)
        return await self.presses_data(data, title, message)

    async def presses_data(self, data: str, title: str = "?", message: Message[str] | None = None) -> Message[str]:
        """She presses a button with this data, which may be old or made up."""
        more: Params = {"MessageType": "interactive", "ButtonText": title, "ButtonPayload": data}
        if message is not None and message.kind == "list":
            more = {"MessageType": "interactive", "ListId": data, "ListTitle": title}
        elif message is not None and message.kind == "template":
            more["MessageType"] = "button"
        if message is not None:
            more["OriginalRepliedMessageSid"] = message.id
            more["OriginalRepliedMessageSender"] = self.platform.sender
        return self._sends("press", title, more)

    async def sends_photo(
        self, data: bytes, content_type: str = "image/jpeg", caption: str = "", **more: str
    ) -> Message[str]:
        """A photo; WhatsApp carries one file a message."""
        return self._sends("image", caption, more, (data, content_type))

    async def sends_voice(self, data: bytes, content_type: str = "audio/ogg") -> Message[str]:
        """A voice note."""
        return self._sends("audio", "", {}, (data, content_type))

    async def sends_video(self, data: bytes, content_type: str = "video/mp4") -> Message[str]:
        """A video."""
        return self._sends("video", "", {}, (data, content_type))

    async def sends_document(self, data: bytes, name: str, content_type: str = "application/pdf") -> Message[str]:
        """A file; its name comes as the body."""
        return self._sends("document", name, {}, (data, content_type))

    async def sends_location(self, latitude: float, longitude: float, address: str = "") -> Message[str]:
        """A place on the map."""
        place = {"Latitude": f"{latitude}", "Longitude": f"{longitude}"}
        return self._sends("location", "", place | ({"Address": address, "Label": address} if address else {}))

    async def sends_sticker(self) -> Message[str]:
        """A sticker."""
        return self._sends("sticker", "", {}, (b"webp", "image/webp"))

    async def sends_contact(self) -> Message[str]:
        """Someone's contact card."""
        return self._sends("contacts", "", {}, (b"BEGIN:VCARD\r\nEND:VCARD\r\n", "text/vcard"))

    async def opts_out(self) -> None:
        """Twilio will refuse to write to her from now on (21610)."""
        self.opted_out = True

    async def forges(
        self, text: str, how: Literal["unsigned", "wrong token", "other address", "changed"] = "unsigned"
    ) -> int:
        """Someone posts to the webhook in her name without a good signature; the status of the answer."""
        url = self.platform.public(self.platform.webhook or "")
        params = self._params(self.platform.new_sid("SM"), "text", text)
        token = "not the token" if how == "wrong token" else self.platform.auth_token
        made: str | None = signature(token, url + "x" if how == "other address" else url, params)
        if how == "unsigned":
            made = None
        if how == "changed":
            params["Body"] += "!"
        return await self.platform.post(url, params, made)

    def _sends(self, kind: str, text: str, more: Params, file: tuple[bytes, str] | None = None) -> Message[str]:
        platform = self.platform
        platform.persons.setdefault(self.address, self)
        self.last_wrote = platform.clock.now()
        sid = platform.new_sid("MM" if file else "SM")
        params = self._params(sid, "text" if kind == "press" else kind, text)
        if file is not None:
            media = Media(platform.new_sid("ME"), sid, *file, created=self.last_wrote)
            platform.media[media.sid] = media
            url = f"{platform.url}/{VERSION}/Accounts/{platform.account_sid}/Messages/{sid}/Media/{media.sid}"
            params |= {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": media.content_type}
        params |= more
        record = Record(sid, self.address, platform.sender, text, "received", "inbound", self.last_wrote)
        record.media = int(params["NumMedia"])
        platform.records[sid] = record
        message = Message(sid, text, at=self.last_wrote, mine=True, kind=kind, raw=dict(params))
        self.wrote.append(message)
        platform.posts_to_webhook(self.address, params)
        return message

    def _params(self, sid: str, kind: str, text: str) -> Params:
        context = {"ProfileName": self.name, "WaId": self.number.removeprefix("+")}
        return {
            "SmsMessageSid": sid,
            "NumMedia": "0",
            **context,
            "MessageType": kind,
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": text,
            "To": self.platform.sender,
            "NumSegments": "1",
            "ReferralNumMedia": "0",
            "MessageSid": sid,
            "AccountSid": self.platform.account_sid,
            "ChannelMetadata": json.dumps({"type": "whatsapp", "data": {"context": context}}),
            "From": self.address,
            "ApiVersion": VERSION,
        }

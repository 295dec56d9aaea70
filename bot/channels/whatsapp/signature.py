"""Checks that a webhook comes from Twilio. It believes no header about our own address: that is a setting."""

from urllib.parse import parse_qsl

from starlette.datastructures import Headers, ImmutableMultiDict
from twilio.request_validator import (
    SIGNATURE_HEADER,
    SIGNATURE_SETTINGS_HEADER,
    RequestValidator,
    get_signature_algorithm,
)

Form = ImmutableMultiDict[str, str]

_FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 200


class Signature:
    """Twilio's signature over the address it called and every field it sent."""

    def __init__(self, public_url: str, auth_token: str) -> None:
        self._public_url = public_url.rstrip("/")
        self._validator = RequestValidator(auth_token)

    def opened(self, target: str, headers: Headers, body: bytes) -> Form | None:
        """The form's fields, or None where it isn't Twilio's. `target`: path and query as Twilio called them."""
        signature = headers.get(SIGNATURE_HEADER)
        if not signature or headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
            return None
        algorithm = get_signature_algorithm(headers.get(SIGNATURE_SETTINGS_HEADER))
        form = _fields(body)
        if form is None or not self._validator.validate(self._public_url + target, form, signature, algorithm):
            return None
        return form


def _fields(body: bytes) -> Form | None:
    """All fields, the empty ones and those unknown to us too: the signature covers them."""
    try:
        text = body.decode("ascii")
        return ImmutableMultiDict(
            parse_qsl(text, keep_blank_values=True, errors="replace", max_num_fields=_MOST_FIELDS)
        )
    except ValueError:
        return None

"""GET /certificate and /certificate/{number}: whether a certificate was given, for whoever is shown one. No login.

It names nobody, since nobody's name is kept, and it says the same kind sentence to every number that was never given.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from flows.tracks import title
from handlers import certificates
from messages import t as sentence
from messages.catalog import render
from messages.text import Language, Text
from storage.certificates import Certificate
from storage.store import Store

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; font-src 'self'; img-src data:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), clipboard-read=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex",
}
_TEMPLATE: Final = "public/certificate.html"
_ENVIRONMENT: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def routes(store: Store) -> list[Route]:
    """The form, and a certificate by its number. A guess costs the guesser and not us: 59 bits of chance."""

    async def shown(request: Request) -> Response:
        written = request.path_params.get("number", "") or request.query_params.get("number", "")
        found = await store.read(certificates.look_up, written) if written else None
        status = 404 if written and found is None else 200
        return HTMLResponse(_page(language_of(request), written, found), status, headers=HEADERS)

    return [Route("/certificate", shown), Route("/certificate/{number}", shown)]


def language_of(request: Request) -> Language:
    """What she asks for, else what her browser reads, else Arabic."""
    chosen = request.query_params.get("language", "")
    if chosen in {"ar", "en"}:
        return "en" if chosen == "en" else "ar"
    reads = request.headers.get("accept-language", "").strip().lower()
    return "en" if reads.startswith("en") else "ar"


def _page(language: Language, written: str, found: Certificate | None) -> str:
    # Under another name than `t`: here nothing is marked, the template's own sentences are.
    def said(english: str, /, **blanks: Any) -> str:
        return render(sentence(english, **blanks), language)

    def say(text: Text) -> str:
        return render(text, language)

    return _ENVIRONMENT.get_template(_TEMPLATE).render(
        t=said,
        say=say,
        language=language,
        other="ar" if language == "en" else "en",
        direction="rtl" if language == "ar" else "ltr",
        written=certificates.spaced(found.number) if found else written[: certificates.LONGEST],
        found=found,
        title=title(found.course) if found else None,
        month=certificates.month(found.month) if found else None,
        longest=certificates.LONGEST,
    )

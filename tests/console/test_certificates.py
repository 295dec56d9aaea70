"""Anybody's page about certificates: in both languages, without names, without scripts, kind to every wrong number."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from console.certificates import routes
from storage import certificates
from storage.certificates import Certificate
from storage.store import Store

NUMBER = "S7K2M4QTR9WXY"


@pytest.fixture
async def anybody(store: Store) -> AsyncIterator[httpx.AsyncClient]:
    await store.write(certificates.give, Certificate(NUMBER, "legal", "2026-11", 80))
    transport = httpx.ASGITransport(app=Starlette(routes=routes(store)))
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


@pytest.mark.parametrize("written", [NUMBER, "s7k2m-4qtr-9wxy", "S7K2M 4QTR 9WXY", "S٧K٢M4QTR٩WXY", NUMBER + "\u200f"])
async def test_a_certificate_is_found_however_its_number_is_written(anybody: httpx.AsyncClient, written: str) -> None:
    page = await anybody.get("/certificate", params={"number": written, "language": "en"})
    assert page.status_code == 200
    assert "Rights and law" in page.text
    assert "November 2026" in page.text
    assert "80 %" in page.text


async def test_it_is_found_by_its_address_and_said_in_arabic(anybody: httpx.AsyncClient) -> None:
    page = await anybody.get(f"/certificate/{NUMBER}")
    assert 'dir="rtl"' in page.text
    assert "نوفمبر 2026" in page.text


async def test_it_speaks_english_to_an_english_browser(anybody: httpx.AsyncClient) -> None:
    page = await anybody.get("/certificate", headers={"accept-language": "en-GB,en;q=0.9"})
    assert "Was this certificate given?" in page.text


@pytest.mark.parametrize(
    "written", ["S", "S7K2M4QTR9WXZ", "😀" * 5000, "<script>alert(1)</script>", "' OR 1=1 --", "\x00"]
)
async def test_a_number_that_was_never_given_gets_one_kind_answer(anybody: httpx.AsyncClient, written: str) -> None:
    page = await anybody.get("/certificate", params={"number": written, "language": "en"})
    assert page.status_code == 404
    assert "No certificate has this number." in page.text
    assert "<script>" not in page.text


async def test_a_very_long_path_and_strange_methods_get_no_trace(anybody: httpx.AsyncClient) -> None:
    assert (await anybody.get("/certificate/" + "S" * 20_000)).status_code == 404
    assert (await anybody.post("/certificate", content=b"x" * 100_000)).status_code == 405


async def test_its_headers_are_strict_and_nothing_is_indexed_or_kept(anybody: httpx.AsyncClient) -> None:
    page = await anybody.get(f"/certificate/{NUMBER}")
    assert page.headers["x-robots-tag"] == "noindex"
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "script-src" not in page.headers["content-security-policy"]
    assert "set-cookie" not in page.headers
    assert "<script" not in page.text


async def test_no_page_says_what_else_this_is(anybody: httpx.AsyncClient, tmp_path: Path) -> None:
    for address in ("/certificate", f"/certificate/{NUMBER}", "/certificate/S"):
        for language in ("ar", "en"):
            page = (await anybody.get(address, params={"language": language})).text.lower()
            assert not [word for word in ("sanad", "سند", "desk</", "case", "report", "بلاغ", "رابطة") if word in page]

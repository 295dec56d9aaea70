"""What a file is, told by its bytes alone."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.file_kinds import UNKNOWN_KIND, FileKind, kind_of
from tests import pictures

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"


def zipped(*names: str, first: str = "") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        if first:
            made.writestr(zipfile.ZipInfo("mimetype"), first)
        for name in names:
            made.writestr(name, "x" * 1000)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (pictures.jpeg(), "image/jpeg"),
        (pictures.png(), "image/png"),
        (pictures.webp(), "image/webp"),
        (pictures.gif(), "image/gif"),
        (pictures.tiff(), "image/tiff"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "image/heic"),
        (b"\0\0\0\x18ftypavif\0\0\0\0", "image/avif"),
        (b"OggS\0\2", "audio/ogg"),
        (b"#!AMR\n\x3c", "audio/amr"),
        (b"ID3\4\0\0", "audio/mpeg"),
        (b"\xff\xfb\x90\0", "audio/mpeg"),
        (b"\xff\xf1\x50\x80", "audio/aac"),
        (b"\0\0\0\x20ftypM4A \0\0", "audio/mp4"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypmp42", "video/mp4"),
        (b"\0\0\0\x18ftyp3gp4", "video/3gpp"),
        (b"\0\0\0\x14ftypqt  ", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x93B", "video/webm"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\r\n\r\n%PDF-1.4 after blank lines", "application/pdf"),
        (zipped("[Content_Types].xml", "word/document.xml"), WORD),
        (zipped("content.xml", first=ODT), ODT),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "application/x-ole-storage"),
        ("السلام عليكم\nهذه رسالة".encode(), "text/plain"),
        ("السلام عليكم".encode("cp1256"), "text/plain"),
        ("السلام".encode("utf-16"), "text/plain"),
        (b"MZ is how this plain text begins", "text/plain"),
        (bytes(range(256)), UNKNOWN_KIND),
        (b"xxxxyyyyWEBP of no RIFF\0", UNKNOWN_KIND),
        (b"", UNKNOWN_KIND),
    ],
)
def test_a_file_is_what_its_first_bytes_say(content: bytes, mime: str) -> None:
    assert kind_of(content) == FileKind(mime)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"MZ\x90\0\3\0\0\0", "program"),
        (b"\x7fELF\2\1\1", "program"),
        (b"\xca\xfe\xba\xbe\0\0", "program"),
        (b"dex\n035\0", "program"),
        (b"#!/bin/sh\nrm -rf /", "program"),
        (b"L\0\0\0\x01\x14\x02\0 a shortcut", "program"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + bytes.fromhex("84100c0000000000c000000000000046"),
            "program",
        ),
        (zipped("AndroidManifest.xml", "classes.dex"), "program"),
        (zipped("META-INF/MANIFEST.MF", "A.class"), "program"),
        (zipped("word/document.xml", "word/vbaProject.bin"), "program"),
        (zipped("word/document.xml", "classes.dex"), "program"),
        (zipped("photos/1.jpg"), "packed"),
        (zipped(), "packed"),
        (b"Rar!\x1a\7\1\0", "packed"),
        (b"7z\xbc\xaf\x27\x1c", "packed"),
        (b"\x1f\x8b\x08\0" + bytes(40), "packed"),
        (bytes(257) + b"ustar\0", "packed"),
        (b"  <!DOCTYPE html><p>", "page"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "page"),
        (b"\xef\xbb\xbf<?xml version='1.0'?><svg/>", "page"),
        ("<html><script>".encode("utf-16"), "page"),
        ("<html>".encode("utf-16-le"), "page"),
        (b"<?php system($_GET[0]);", "page"),
        (b"harmless words, then <script>alert(1)</script>", "page"),
    ],
)
def test_what_could_harm_whoever_opens_it_is_not_taken(content: bytes, why: str) -> None:
    assert kind_of(content).refused == why


@given(st.binary(max_size=600))
def test_no_bytes_are_too_strange_to_be_told(content: bytes) -> None:
    assert isinstance(kind_of(content).picture, bool)
    assert isinstance(kind_of(b"PK\x03\x04" + content).mime, str)

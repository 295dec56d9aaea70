"""Reads the association's rules from the folder `mechanism/` and checks them as a whole.

It never repairs: a wrong file stops the start with its name, the line, and how to mend it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Final

from bot.mechanism.broadcasts import read_broadcasts
from bot.mechanism.check_ins import read_check_ins
from bot.mechanism.file import MechanismError, Node, read
from bot.mechanism.ladder import read_ladders, read_sealed_to, read_working_hours
from bot.mechanism.matrix import read_matrix
from bot.mechanism.services import read_services
from bot.mechanism.taxonomy import read_shapes, read_taxonomy
from bot.mechanism.urgency import read_urgency
from flows.rules import Mechanism, Phrases, Retention
from messages import content
from messages.arabic import normalise

__all__ = ["MechanismError", "load"]

FILES: Final = (
    "urgency",
    "ladder",
    "matrix",
    "retention",
    "phrases",
    "taxonomy",
    "services",
    "check_ins",
    "broadcasts",
)
VERSION: Final = re.compile(r"\d{4}-\d{2}-\d{2}\.\d+")
COMMANDS: Final = (
    *("yes", "no", "unclear", "unclear_when_asked_if_safe", "skip", "stop", "cancel"),
    *("help", "delete", "exit", "menu", "back", "status", "sos", "done"),
)
OPPOSITES: Final = (
    ("yes", "no"),
    ("unclear", "yes"),
    ("unclear", "no"),
    ("delete", "yes"),
    ("exit", "yes"),
    ("sos", "exit"),
    ("sos", "yes"),
)
"""Commands that must share no word."""


def load(folder: Path) -> Mechanism:
    """Return the checked mechanism. Raises MechanismError for the first thing that is wrong."""
    files = {name: read(folder / f"{name}.toml") for name in FILES}
    taxonomy = read_taxonomy(files["taxonomy"])
    shapes, shapes_version = read_shapes(folder / "governorates.geojson", taxonomy)
    return Mechanism(
        version=_version(files, shapes_version),
        urgency=read_urgency(files["urgency"], taxonomy),
        ladders=read_ladders(files["ladder"]),
        sealed_to=read_sealed_to(files["ladder"]),
        working_hours=read_working_hours(files["ladder"]["working_hours"]),
        taxonomy=taxonomy,
        matrix=read_matrix(files["matrix"], taxonomy),
        retention=_retention(files["retention"]),
        phrases=_phrases(files["phrases"]),
        shapes=shapes,
        services=read_services(files["services"], taxonomy),
        check_ins=read_check_ins(files["check_ins"]),
        broadcasts=read_broadcasts(files["broadcasts"]),
        content=content.load(),
    )


def _version(files: Mapping[str, Node], shapes_version: str) -> str:
    """Return the newest version, and a fingerprint of every rule: a change that forgot its version still shows."""
    versions = [shapes_version]
    for file in files.values():
        found = file["version"]
        if not VERSION.fullmatch(found.text()):
            raise found.wrong(f"{found.value!r} is no version.", 'Write the day and a counter, as in "2026-11-22.1".')
        versions.append(found.text())
    said = json.dumps([shapes_version, {name: file.value for name, file in files.items()}], sort_keys=True, default=str)
    return f"{max(versions)}+{hashlib.sha256(said.encode()).hexdigest()[:6]}"


def _retention(file: Node) -> Retention:
    names = [field.name for field in fields(Retention)]
    file.only("version", *names)
    return Retention(**{name: file[name].duration() for name in names})


def _phrases(file: Node) -> Phrases:
    file.only("version", "hurry", "immediate", "topic", "unsafe", "commands", "innocent")
    immediate = file["immediate"].only("phrases", "emoji", "false_alarms")
    commands = {name: file["commands"].only(*COMMANDS)[name].texts() for name in COMMANDS}
    for one, other in OPPOSITES:
        _apart(file["commands"][one], commands[other], other)
    return Phrases(
        immediate=immediate["phrases"].texts(),
        immediate_emoji=immediate["emoji"].texts(),
        topic=file["topic"].only("phrases")["phrases"].texts(),
        unsafe=file["unsafe"].only("phrases")["phrases"].texts(),
        hurry=file["hurry"].texts(),
        commands=commands,
        false_alarms=immediate["false_alarms"].texts(),
        innocent=file["innocent"].only("messages")["messages"].texts(),
    )


def _apart(list_: Node, others: Iterable[str], name: str) -> None:
    """Refuse words that would mean two opposite things once normalised."""
    taken = {normalise(word) for word in others} - {""}
    for entry in list_:
        if normalise(entry.text()) in taken:
            raise entry.wrong(f"{entry.value!r} is heard as `{name}` as well.", "Leave it in one of the two lists.")

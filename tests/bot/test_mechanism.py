"""The mechanism's files: the association's own rules hold, and every mistake is answered with file, line and remedy."""

import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.mechanism import FILES, MechanismError, load
from bot.mechanism.file import At, lines_of, read
from flows.rules import LEVELS, Ladder, Level, Step
from storage.coding import decode, encode

FOLDER = Path(__file__).parents[2] / "mechanism"
RULES = load(FOLDER)


# ---------------------------------------------------------------- what the files say


def _version(name: str) -> str:
    """The line of a file that names its version."""
    lines = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    return next(line for line in lines if line.startswith("version = "))


def test_a_critical_ladder_is_the_associations() -> None:
    at, told = timedelta(), []
    for step in RULES.ladders["critical"].steps:
        at += step.wait
        told.append((at // timedelta(minutes=1), step.who, step.by))
    assert told == [
        (0, "first", "first_channel"),
        (2, "first", "second_channel"),
        (4, "first", "voice"),
        (6, "substitute", "all_channels"),
        (10, "everybody", "all_channels"),
        (15, "coordinator", "all_channels"),
        (30, "national_desk", "all_channels"),
    ]


def test_an_untaken_critical_case_begins_again_every_ten_minutes() -> None:
    assert RULES.ladders["critical"].again_after == timedelta(minutes=10)


@pytest.mark.parametrize(("level", "minutes"), [("high", [0, 15, 30, 60]), ("medium", [0, 1440]), ("low", [])])
def test_the_calmer_ladders_are_the_associations(level: Level, minutes: list[int]) -> None:
    at, steps = timedelta(), []
    for step in RULES.ladders[level].steps:
        at += step.wait
        steps.append(at // timedelta(minutes=1))
    assert steps == minutes


@pytest.mark.parametrize("level", ["critical", "high"])
def test_an_urgent_ladder_never_ends_in_silence(level: Level) -> None:
    assert RULES.ladders[level].again_after


def test_only_the_calmer_ladders_wait_for_working_hours() -> None:
    assert [level for level in LEVELS if RULES.ladders[level].working_hours_only] == ["medium", "low"]


def test_a_draft_lives_for_an_hour_of_silence() -> None:
    assert RULES.retention.draft_silence == timedelta(minutes=60)


def test_the_taxonomy_holds_ten_doors_and_all_of_yemen() -> None:
    words = RULES.taxonomy
    assert (len(words.doors), len(words.threats), len(words.governorates), len(words.districts)) == (10, 68, 22, 14)


def test_marib_stands_first() -> None:
    assert next(iter(RULES.taxonomy.governorates)) == "marib"


def test_behind_the_sexual_door_no_details_are_asked() -> None:
    assert RULES.taxonomy.door_kinds["menu_sexual"] == ()


def test_every_other_door_can_be_answered_with_none_of_these() -> None:
    doors = {door for door, kinds in RULES.taxonomy.door_kinds.items() if kinds[-1:] != ("none_of_these",)}
    assert doors == {"menu_sexual"}


def test_a_code_in_two_groups_is_named_by_its_group() -> None:
    assert RULES.taxonomy.label("other", "place_kinds")["ar"] != RULES.taxonomy.label("other")["ar"]


def test_a_code_that_is_nowhere_has_no_label() -> None:
    with pytest.raises(KeyError, match="nowhere"):
        RULES.taxonomy.label("nowhere")


def test_the_body_of_the_perpetrator_is_never_responsible() -> None:
    for name in RULES.matrix.families:
        for who, bodies in RULES.matrix.bodies.items():
            family = RULES.matrix.without(name, [who])
            assert {family.lead, *family.support, *family.inform}.isdisjoint(bodies)


def test_a_lead_that_may_belong_to_the_perpetrator_is_left_for_a_person_to_choose() -> None:
    matrix = RULES.matrix
    barred = type(matrix)(matrix.families, {"police": ("ama_legal",)})
    assert barred.without("official", ["police"]).lead == ""


def test_the_version_changes_with_a_rule_although_its_date_does_not(tmp_path: Path) -> None:
    changed = broken(tmp_path, "ladder.toml", 'wait = "4 min"', 'wait = "3 min"')
    assert (load(changed).version != RULES.version, load(changed).version[:12]) == (True, RULES.version[:12])


def test_the_version_is_the_same_when_only_a_comment_changes(tmp_path: Path) -> None:
    assert load(broken(tmp_path, "ladder.toml", "# Who is paged", "# Whom we page")).version == RULES.version


STEPS = st.builds(
    Step,
    name=st.text(),
    wait=st.integers(0, 10**9).map(lambda ms: timedelta(milliseconds=ms)),
    who=st.sampled_from(["first", "substitute", "everybody", "coordinator", "national_desk"]),
    by=st.sampled_from(["first_channel", "second_channel", "voice", "all_channels"]),
    tell_her=st.booleans(),
)
SPANS = st.integers(0, 10**9).map(lambda ms: timedelta(milliseconds=ms))


@given(
    st.builds(
        Ladder,
        level=st.sampled_from(LEVELS),
        steps=st.lists(STEPS).map(tuple),
        again_after=st.none() | SPANS,
        contact_within=SPANS,
        working_hours_only=st.booleans(),
    )
)
def test_a_running_alarm_reads_back_the_ladder_it_began_with(ladder: Ladder) -> None:
    assert decode(encode(ladder), Ladder) == ladder


def test_a_faster_ladder_keeps_its_steps() -> None:
    quick = RULES.ladders["critical"].faster(60)
    assert [step.wait.total_seconds() for step in quick.steps] == [0, 2, 2, 2, 4, 5, 15]


# ---------------------------------------------------------------- what is wrong with them


def broken(tmp_path: Path, file: str, old: str, new: str) -> Path:
    folder = tmp_path / "mechanism"
    shutil.copytree(FOLDER, folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


BROKEN = [
    # file, what stands there, what is written instead, text on the line named, part of the message
    ("ladder.toml", 'wait = "2 min"', "wait = ", "name = ", "isn't TOML"),
    ("ladder.toml", 'wait = "4 min"', 'wait = "-4 min"', '"-4 min"', "no length of time"),
    ("ladder.toml", 'wait = "4 min"', "wait = 4", "wait = 4,", "no length of time"),
    ("ladder.toml", 'who = "everybody"', 'who = "everyone"', '"everyone"', "Did you mean `everybody`"),
    ("ladder.toml", 'by = "voice"', 'by = "phone"', '"phone"', "Choose one of"),
    ("ladder.toml", 'again_after = "10 min"\n', "", "[critical]", "end in silence"),
    ("ladder.toml", 'again_after = "10 min"', 'again_after = "0 min"', '"0 min"', "end in silence"),
    ("ladder.toml", 'who = "national_desk"', 'who = "everybody"', '"national_desk"', "may be nobody"),
    ("ladder.toml", "tell_her = true", "tell_her = 'yes'", "'yes'", "true or false"),
    ("ladder.toml", "tell_her = true", "tellher = true", "tellher", "Did you mean `tell_her`"),
    ("ladder.toml", "[high]", "[hihg]", "[hihg]", "Did you mean `high`"),
    ("ladder.toml", 'zone = "Asia/Aden"', 'zone = "Asia/Marib"', "Asia/Marib", "no time zone"),
    ("ladder.toml", 'from = "08:00"', 'from = "8"', 'from = "8"', "no time of day"),
    ("ladder.toml", 'to = "16:00"', 'to = "07:00"', 'to = "07:00"', "before they begin"),
    ("ladder.toml", '["sunday"', '["sun"', '"sun"', "Did you mean `sunday`"),
    ("urgency.toml", '["unsafe", "cannot_talk"]', '["unsave"]', "unsave", "Did you mean `unsafe`"),
    ("urgency.toml", 'critical"\nquestion = "danger"', 'low"\nquestion = "danger"', "[[rule]]", "danger = unsafe"),
    ("urgency.toml", "all_of = [", 'question = "door"\nall_of = [', 'question = "door"\n', "one of the pairs"),
    ("urgency.toml", 'question = "today"', 'question = "todya"', "todya", "Did you mean `today`"),
    ("urgency.toml", '["device_confiscated"]', '["device_confiscatd"]', "confiscatd", "device_confiscated"),
    ("urgency.toml", 'any_of = ["growing"]', "any_of = []", "any_of = []", "never holds"),
    ("urgency.toml", 'floor = "low"', 'floor = "lowest"', "lowest", "Did you mean `low`"),
    ("urgency.toml", 'any_of = ["growing"]', 'anyof = ["growing"]', "anyof", "Did you mean `any_of`"),
    ("taxonomy.toml", 'who = [\n  "husband_or_ex"', 'who = [\n  "husband"', '"husband"', "none of [perpetrators]"),
    ("taxonomy.toml", '"emergency_cash",', '"safe_shelter",', "safe_shelter", "stands twice"),
    ("taxonomy.toml", 'ar = "تعب نفسي شديد"', 'ar = "تعب نفسي شديد جدا جدا جدا"', "جدا جدا", "characters"),
    ("taxonomy.toml", 'about_en = "Dismissal', f'about_en = "{"x" * 80}', "xxx", "characters"),
    ("taxonomy.toml", 'short_en = "Locked in"', f'short_en = "{"x" * 25}"', "xxx", "25 characters"),
    ("taxonomy.toml", ', short_en = "Locked in"', "", '"honour_threat", "child_in_danger", "confinement"', "short_en"),
    ("taxonomy.toml", '"attacker_near", "armed"', '"attacker_far", "armed"', "attacker_far", "attacker_near"),
    ("taxonomy.toml", "armed = {", "stalking = {", 'stalking = { ar = "معه سلاح"', "is a threat as well"),
    ("taxonomy.toml", "rape = {", "stalking = {", 'stalking = { domain = "security", urgency = "high"', "isn't TOML"),
    ("taxonomy.toml", 'urgency = "critical", ar = "اغتصاب"', 'urgency = "urgent", ar = "اغتصاب"', '"urgent"', "levels"),
    ("taxonomy.toml", 'rape = { domain = "security", ', "rape = { ", "rape = {", "lacks `domain`"),
    ("taxonomy.toml", 'governorate = "marib"', 'governorate = "mareb"', "mareb", "`marib`"),
    ("taxonomy.toml", 'en = "Al Jawf"', 'en = ""', 'en = ""', "must be a text"),
    ("matrix.toml", '"ama_focal_point"', '["ama_focal_point", "ama_legal"]', "lead = [", "none of taxonomy"),
    ("matrix.toml", 'lead = "ama_focal_point"\n', "", "[families.violence]", "lacks `lead`"),
    ("matrix.toml", 'lead = "psea_focal"', 'lead = "psea_focus"', "psea_focus", "Did you mean `psea_focal`"),
    ("matrix.toml", '["ama_focal_point"]', '["religious_leader"]', '= ["religious_leader"]', "is excluded"),
    ("matrix.toml", '["ama_focal_point"]', '["psychosocial_provider"]', '= ["psychosocial_provider"]', "twice"),
    ("matrix.toml", '"killing_attempt", ', '"killing_attempt", "burnout", ', '"self_harm_risk", "burnout"', "already"),
    ("matrix.toml", '"killing_attempt", ', "", "[families.violence]", "belongs to no family"),
    ("matrix.toml", "police = [", "the_police = [", "the_police", "Did you mean `police`"),
    ("matrix.toml", 'media_actor = ["media"]', 'aid_worker = ["psea_focal"]', 'lead = "psea_focal"', "perpetrator"),
    ("retention.toml", 'kept_draft = "1 day"\n', "", "# How long", "lacks `kept_draft`"),
    ("retention.toml", '= "48 h"', '= "2 months"', '"2 months"', "no length of time"),
    ("retention.toml", "backups =", "backup =", "backup =", "Did you mean `backups`"),
    ("retention.toml", "backups =", 'kept_draft = "2 days"\nbackups =', 'kept_draft = "2 days"', "isn't TOML"),
    ("phrases.toml", '"انجدوني", ', '"ساعدوني", ', '"ساعدوني", "انجديني"', "stands twice"),
    ("phrases.toml", '"كلا", ', '"نعم", ', '"نعم", "نعمم"', "heard as `no`"),
    ("phrases.toml", '"maybe",', '"نعــم",', '"نعــم"', "heard as `yes`"),
    ("phrases.toml", "cancel = [", "cancle = [", "cancle", "Did you mean `cancel`"),
    ("phrases.toml", "hurry = [", "hurry = [1, ", "hurry", "must be a text"),
    ("services.toml", '["someone_to_listen", ', '["someone_who_listens", ', "who_listens", "Did you mean"),
    ("services.toml", 'cost = "free"', 'costs = "free"', "costs", "Did you mean `cost`"),
    ("services.toml", 'governorates = ["marib"]', "governorates = []", "governorates = []", "never be offered"),
    ("services.toml", 'governorates = ["marib"]', 'governorates = ["mareb"]', "mareb", "Did you mean `marib`"),
    ("services.toml", '= ["everywhere"]', '= ["everywhere", "marib"]', '"everywhere", "marib"', "beside other places"),
    ("services.toml", 'body = "shelter"', 'body = "shelters"', "shelters", "Did you mean `shelter`"),
    ("services.toml", 'en = "Legal aid"', f'en = "{"x" * 25}"', "xxx", "25 characters"),
    ("services.toml", 'about_en = "For women', f'about_en = "{"x" * 30}For women', "xxx", "characters"),
    ("services.toml", 'next_en = "A woman', f'next_en = "{"x" * 90}A woman', "xxx", "characters"),
    ("services.toml", "women_staff = true", 'verified = "soon"', '"soon"', "is no day"),
    ("services.toml", "women_staff = true", "verified = 20261122", "verified = 2026", "is no day"),
    ("services.toml", "women_staff = true", "women_staff = 1", "women_staff = 1", "true or false"),
    ("services.toml", 'cost = "free"', 'cost = "nothing"', "nothing", "kinds of cost"),
    ("services.toml", 'verify_every = "90 days"', 'verify_every = "12 h"', '"12 h"', "a day at least"),
    ("services.toml", "[services.listening]", "[services.shelter]", "[services.shelter]", "a code of taxonomy.toml"),
    ("taxonomy.toml", 'en = "Know the fate of a detainee", short_en = "Trace a detainee"',
     'en = "Know the fate of a detainee"', "Know the fate", "characters"),
    ("check_ins.toml", '["15 min", "5 min"]', '["5 min", "15 min"]', "reminders = [", "the earliest first"),
    ("check_ins.toml", '["0 min", "5 min"', '["1 min", "5 min"', "asks = [", "at the moment itself"),
    ("check_ins.toml", 'least_grace = "5 min"', 'least_grace = "0 min"', '"0 min"', "could be nothing"),
    ("check_ins.toml", 'soonest = "10 min"', 'soonest = "4 days"', '"4 days"', "No check-in could be set"),
    ("check_ins.toml", "wrong_words = 2", "wrong_words = 0", "wrong_words = 0", "1 at least"),
    ("check_ins.toml", "mass_number = 3", "mass_number = true", "mass_number = true", "whole number"),
    ("check_ins.toml", "extensions = 3", "extension = 3", "extension = 3", "Did you mean `extensions`"),
    ("governorates.geojson", ':"FeatureCollection"', '"FeatureCollection"', "FeatureCollection", "isn't JSON"),
    ("governorates.geojson", '"features"', '"feature"', "FeatureCollection", "isn't the GeoJSON"),
    *((f"{name}.toml", 'version = "', 'version = "new-', 'version = "new-', "no version") for name in FILES),
    *((f"{name}.toml", _version(name), "", "#", "lacks `version`") for name in FILES),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "where", "why"), BROKEN)
def test_a_mistake_is_told_with_its_file_and_line(
    tmp_path: Path, file: str, old: str, new: str, where: str, why: str
) -> None:
    folder = broken(tmp_path, file, old, new)
    text = (folder / file).read_text(encoding="utf-8")
    with pytest.raises(MechanismError) as told:
        load(folder)
    lines = {text.count("\n", 0, found.start()) + 1 for found in re.finditer(re.escape(where), text)}
    named = re.match(rf"{re.escape(str(folder / file))}:(\d+): ", str(told.value))
    assert named, told.value
    assert int(named[1]) in lines
    assert why in str(told.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    folder = broken(tmp_path, "ladder.toml", "#", "#")
    (folder / "matrix.toml").unlink()
    with pytest.raises(MechanismError, match=r"matrix\.toml:1: The file can't be read"):
        load(folder)


def test_a_line_in_another_encoding_is_named(tmp_path: Path) -> None:
    folder = broken(tmp_path, "retention.toml", "#", "#")
    raw = (folder / "retention.toml").read_bytes()
    (folder / "retention.toml").write_bytes(raw.replace(b"\n", "\n# مهم\n".encode("windows-1256"), 1))
    with pytest.raises(MechanismError, match=r"retention\.toml:2: .*UTF-8"):
        load(folder)


def test_a_governorate_without_an_outline_is_named(tmp_path: Path) -> None:
    folder = broken(tmp_path, "governorates.geojson", '"code":"marib"', '"code":"mareb"')
    with pytest.raises(MechanismError, match=r"governorates\.geojson:\d+: `mar[ie]b` is only in one of"):
        load(folder)


def test_a_file_saved_by_a_windows_editor_is_read(tmp_path: Path) -> None:
    folder = broken(tmp_path, "ladder.toml", "#", "#")
    text = (folder / "ladder.toml").read_text(encoding="utf-8")
    (folder / "ladder.toml").write_bytes(text.replace("\n", "\r\n").encode("utf-8-sig"))
    assert load(folder) == RULES


@pytest.mark.parametrize("name", FILES)
def test_every_key_and_entry_is_found_on_its_own_line(name: str) -> None:
    file = read(FOLDER / f"{name}.toml")
    lines, text = lines_of(file.source), file.source.splitlines()
    places = list(walk(file.value, ()))
    assert [at for at, word in places if word not in text[lines[at] - 1]] == []


def walk(value: object, at: At) -> Iterator[tuple[At, str]]:
    """Yield where each value stands, and a word that its line must hold."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield (*at, key), key
            yield from walk(inner, (*at, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield (*at, index), "[[rule]]" if at == ("rule",) else _word_of(inner)
            yield from walk(inner, (*at, index))


def _word_of(entry: object) -> str:
    return str(entry) if isinstance(entry, str | date) else "[" if isinstance(entry, list) else "{"


@settings(max_examples=60)
@given(st.sampled_from([*(f"{name}.toml" for name in FILES), "governorates.geojson"]), st.data())
def test_whatever_happens_to_a_line_it_loads_or_says_where_it_is_wrong(file: str, data: st.DataObject) -> None:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    line = lines[at]
    lines[at] = data.draw(
        st.sampled_from([
            "", f"{line}\n{line}", line[: len(line) // 2], line.replace('"', ""), line.replace("=", ":"), f"]{line}",
            line.replace("a", "b"), line.replace('"', "1"), line.replace("[", "{"), line.replace("true", "0"),
        ])
    )  # fmt: skip
    with TemporaryDirectory() as folder:
        shutil.copytree(FOLDER, folder, dirs_exist_ok=True)
        (Path(folder) / file).write_text("\n".join(lines), encoding="utf-8")
        try:
            load(Path(folder))
        except MechanismError as told:
            assert re.match(rf"{re.escape(folder)}/\w+\.(toml|geojson):\d+: .+ .+[.?]$", str(told))  # noqa: PT017

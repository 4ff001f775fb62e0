"""`answerable gazetteer import` on an invented dump: levels, parents, names, choices, mistakes, size."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from answerable.app.cli import main
from nlp.clean import folded
from nlp.gazetteer import Gazetteer, Place
from nlp.places import Places

Import = Callable[..., int]


def row(number: int, name: str, feature: str, codes: str, others: str = "") -> str:
    """Return a line of a dump; `feature` is a class and a code, `codes` country and admin codes with dots."""
    cls, _, code = feature.partition(".")
    country, *admin = codes.split(".")
    admin += [""] * (4 - len(admin))
    cells = [
        str(number), name, name, others, "30.5", "121.25", cls, code, country, "", *admin, "0", "", "9", "Asia/X",
        "2026-01-01",
    ]  # fmt: skip
    assert len(cells) == 19
    return "\t".join(cells)


ROWS = (
    row(1, "Zhongzhou", "A.PCLI", "CN.00", "中州"),
    row(11, "Cangyu Sheng", "A.ADM1", "CN.51", "沧屿省,Cangyu,ЦАНЮЙ"),
    row(12, "Lanting Shi", "A.ADM2", "CN.51.5101", "澜汀市,Lanting,http://lanting.example,LTG"),
    row(13, "Heping Qu", "A.ADM3", "CN.51.5101.510103", "和平区"),
    row(14, "Lanting", "P.PPLA", "CN.51.5101", "澜汀,Lantingcheng"),
    row(15, "Liutang", "P.PPL", "CN.51.5101.510103", "柳塘村"),
    row(16, "Wuchuan Shi", "A.ADM2", "CN.51.5102", "梧川市"),
    row(17, "Heping Qu", "A.ADM3", "CN.51.5102.510203", "和平区"),
    row(18, "Gone", "P.PPLH", "CN.51.5102"),
    row(19, "Farvillage", "P.PPL", "CN.51.5109"),
    row(20, "Nowhere", "P.PPL", "CN.77"),
    row(21, "Elm Street", "R.ST", "CN.51.5101"),
    row(22, "Lake Park", "L.PRK", "CN.51.5101"),
    row(31, "Union", "A.PCLI", "US.00"),
    row(32, "Westland", "A.ADM1", "US.WL"),
    row(33, "Mill County", "A.ADM2", "US.WL.003"),
    row(34, "Mill", "P.PPLA2", "US.WL.003"),
    row(35, "Oakton", "P.PPL", "US.WL.003"),
)


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "dump.txt"
    path.write_text("\n".join(ROWS) + "\n", "utf-8")
    return path


def imported(dump: Path, *words: str) -> dict[str, Place]:
    out = dump.with_name("gazetteer.csv")
    assert main(["gazetteer", "import", str(dump), "--out", str(out), *words]) == 0
    return dict(Gazetteer.load(out).places)


def test_a_mark_of_byte_order_and_line_ends_of_other_systems_are_no_part_of_a_row(dump: Path) -> None:
    plain = imported(dump)
    dump.write_bytes(b"\xef\xbb\xbf" + dump.read_bytes().replace(b"\n", b"\r\n"))
    assert imported(dump) == plain


def test_levels_go_by_feature_and_country_and_parents_by_codes(dump: Path) -> None:
    found = imported(dump)
    assert {place.id: (place.level, place.parent) for place in found.values()} == {
        "1": ("country", None), "11": ("province", "1"), "12": ("city", "11"), "13": ("district", "12"),
        "15": ("village", "13"), "16": ("city", "11"), "17": ("district", "16"), "19": ("village", "11"),
        "20": ("village", "1"), "31": ("country", None), "32": ("state", "31"), "33": ("county", "32"),
        "34": ("city", "33"), "35": ("town", "33"),
    }  # fmt: skip
    assert (found["12"].lat, found["12"].lon, found["12"].kind) == (30.5, 121.25, "ADM2")


def test_a_seat_called_as_its_unit_is_one_with_it_and_another_is_not(dump: Path) -> None:
    found = imported(dump, "--language", "zh")
    assert "14" not in found
    assert found["12"].name == "澜汀市"
    assert found["12"].aliases == ("Lanting Shi", "Lanting", "澜汀", "Lantingcheng")
    assert found["34"].name == "Mill"  # the town in Mill County


def test_country_region_features_and_levels_are_chosen(dump: Path) -> None:
    assert set(imported(dump, "--country", "US")) == {"31", "32", "33", "34", "35"}
    chosen = imported(dump, "--region", "CN.51.5101", "--features", "A,P,R,L.PRK", "--level", "PPL=community")
    assert set(chosen) == {"1", "11", "12", "13", "15", "21", "22"}
    assert [chosen[place].level for place in ("15", "21", "22")] == ["community", "street", "site"]


def test_names_come_in_the_language_asked_for_and_no_historic_ones(dump: Path, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text(
        "1\t35\ten\tOak Town\t\t\t\t\n2\t35\tes\tRobleda\t1\t\t\t\n3\t35\tes\tRoble\t\t\t\t\n"
        "4\t35\tes\tViejo\t\t\t\t1\n5\t999\tes\tOtra\t\t\t\t\n6\t35\tfr\tChênes\n",
        "utf-8",
    )
    found = imported(dump, "--country", "US", "--names", str(names), "--language", "es,en")
    assert (found["35"].name, found["35"].aliases) == ("Robleda", ("Roble", "Oak Town", "Oakton"))


def test_units_that_the_dump_lacks_come_from_a_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dump, units = tmp_path / "cities.txt", tmp_path / "admin1.txt"
    dump.write_text(row(15, "Liutang", "P.PPL", "CN.51.5101"), "utf-8")
    units.write_text("CN.51\tCangyu Sheng\tCangyu Sheng\t11\nUS.WL\tWestland\tWestland\t32\n", "utf-8")
    assert imported(dump)["15"].parent is None
    assert "1 orphans stand at the top" in capsys.readouterr().err
    found = imported(dump, "--country", "CN", "--units", str(units))
    assert set(found) == {"11", "15"}
    assert found["15"].parent == "11"
    assert "1 hang higher than their codes say" in capsys.readouterr().err


def test_it_says_which_names_are_shared_and_what_hangs_too_high(
    dump: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(dump, "--country", "CN", "--language", "zh")
    said = capsys.readouterr().err
    assert "9 places: village 3, city 2, district 2, country 1, province 1" in said
    assert "2 names are borne by several places, most often: 和平区 2, Heping Qu 2" in said
    assert "1 seats are called as the unit" in said
    assert "2 hang higher than their codes say" in said
    assert "orphans" not in said


def test_the_reader_finds_and_tells_apart_what_was_imported(dump: Path) -> None:
    imported(dump, "--country", "CN", "--language", "zh")
    places = Places(Gazetteer.load(dump.with_name("gazetteer.csv")))
    assert [found.id for found in places.find(folded("梧川市和平区停水三天"))] == ["16", "17"]
    assert [found.id for found in places.find(folded("Lantingcheng has no water"))] == ["12"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("15\tA\tB", "has 3 columns; a dump of this format has 19"),
        (ROWS[0].replace("1\t", "x\t", 1), "geonameid: is no number"),
        (ROWS[2], "geonameid: 12 stands already above"),
        (row(99, "", "P.PPL", "CN.51"), "name: is empty"),
        (row(99, "A", "P.PPL", "CN").replace("30.5", "95"), "latitude: 95 is out of range; write degrees between"),
        (row(99, "A", "P.PPL", "CN").replace("121.25", "nan"), "longitude: nan is out of range; write degrees"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_skipped(
    dump: Path, capsys: pytest.CaptureFixture[str], line: str, reason: str
) -> None:
    with dump.open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    out = str(dump.with_name("gazetteer.csv"))
    assert main(["gazetteer", "import", str(dump), "--out", out]) == 5
    assert f"{dump}:{len(ROWS) + 1}: {reason}" in capsys.readouterr().err
    assert len(Gazetteer.load(Path(out)).places) == 14
    assert main(["gazetteer", "import", str(dump), "--out", out, "--strict"]) == 1


def test_nothing_chosen_is_an_error_and_leaves_the_old_file(dump: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = dump.with_name("gazetteer.csv")
    out.write_text("old", "utf-8")
    assert main(["gazetteer", "import", str(dump), "--out", str(out), "--country", "FR"]) == 3
    assert "holds nothing that was asked for; compare --country" in capsys.readouterr().err
    assert out.read_text("utf-8") == "old"


def test_what_breaks_off_leaves_the_old_file_and_nothing_beside_it(dump: Path) -> None:
    out, soft = dump.with_name("gazetteer.csv"), resource.getrlimit(resource.RLIMIT_FSIZE)
    out.write_text("old", "utf-8")
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, soft[1]))
    try:
        code = main(["gazetteer", "import", str(dump), "--out", str(out)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, soft)
    assert (code, out.read_text("utf-8")) == (1, "old")
    assert sorted(path.name for path in dump.parent.iterdir()) == ["dump.txt", "gazetteer.csv"]


def test_a_pipe_is_written_to_and_stays_what_it_is(dump: Path) -> None:
    pipe = dump.with_name("pipe")
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    assert main(["gazetteer", "import", str(dump), "--out", str(pipe)]) == 0
    assert os.read(reading, 100).startswith(b"id,parent,level,name")
    assert pipe.is_fifo()
    os.close(reading)


def test_names_without_a_language_are_refused(dump: Path) -> None:
    words = ["gazetteer", "import", str(dump), "--out", "-", "--names", "names.txt"]
    assert main(words) == 2


def many(count: int) -> Iterable[str]:
    yield row(1, "Zhongzhou", "A.PCLI", "CN")
    for unit in range(300):
        yield row(10 + unit, f"Unit {unit}", "A.ADM1", f"CN.{unit:03}")
    for number in range(count):
        yield row(1000 + number, f"Village {number % (count // 2)}", "P.PPL", f"CN.{number % 300:03}", f"村{number}")


def test_a_large_dump_takes_a_bounded_time_and_memory(tmp_path: Path) -> None:
    dump = tmp_path / "large.txt"
    dump.write_text("\n".join(many(100_000)), "utf-8")
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
    assert main(["gazetteer", "import", str(dump), "--out", str(tmp_path / "g.csv")]) == 0
    taken = time.perf_counter() - began
    assert taken < 12  # a million in two minutes
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 120_000  # KiB

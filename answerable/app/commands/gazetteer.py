"""Make a gazetteer from a public dump of places, and find what it lacks.

answerable gazetteer import CN.txt --out gazetteer.csv --region CN.11 --language zh
answerable gazetteer import US.txt --out towns.csv --region US.09 --features A,P,R,L.PRK --level PPL=city
answerable gazetteer import DE.txt --out - --units admin1CodesASCII.txt --names alternateNamesV2.txt --language de
answerable gazetteer suggest posts.jsonl.gz --gazetteer gazetteer.csv > missing.csv   # rows to look through and add

The dump is tab separated with 19 columns, as GeoNames offers it for the world and by country; unpack it first. A row
lies in the deepest unit that its admin codes name. Seats that are called as their unit are one with it.

A name is suggested where as many people wrote it as an incident needs to be shown; texts are masked before they are
read, and nothing of them is shown besides.

exit codes: 0 done, 3 nothing was chosen or a file cannot be read, 5 bad lines were skipped
"""

from __future__ import annotations

import argparse
import codecs
import csv
import re
import sys
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path

from answerable.app import options as shared
from answerable.app import wiring
from answerable.app.cli import EXIT
from answerable.app.dump import Dump, Tally
from answerable.app.intake import Intake
from answerable.app.rows import opened
from crawlers.border import Border, DayKeys
from nlp.clean import folded
from nlp.gazetteer import COLUMNS, Gazetteer, Place, written
from nlp.geonames import Choice
from nlp.places import Places
from nlp.unlisted import Suggestion, Unlisted

_TOLD = 10
_REGION = re.compile(r"[A-Z]{2}(?:\.\w+){0,4}")


def options(parser: argparse.ArgumentParser) -> None:
    """Declare import and suggest."""
    verbs = parser.add_subparsers(dest="what", required=True, metavar="import|suggest")
    _import(verbs.add_parser("import", help="make a gazetteer.csv from a dump in the GeoNames format"))
    _suggest(
        verbs.add_parser("suggest", help="list names in posts that look like places and are not in the gazetteer")
    )


def _import(into: argparse.ArgumentParser) -> None:
    into.add_argument("source", type=Path, metavar="DUMP", help="allCountries.txt, CN.txt …, .gz")
    into.add_argument("--out", required=True, metavar="CSV", help="the gazetteer, or - for stdout")
    into.add_argument("--country", type=_listed, default=[], metavar="CN,…", help="two-letter codes (default: all)")
    into.add_argument(
        "--region", type=_region, action="append", default=[], metavar="CN.11", help="admin codes; may be repeated"
    )
    into.add_argument(
        "--features", type=_listed, default=["A", "P"], metavar="A,P", help="classes and codes, as A,P,R,L.PRK"
    )
    into.add_argument(
        "--level", type=_level, action="append", default=[], metavar="CODE=LEVEL", help="as PPL=city; may be repeated"
    )
    into.add_argument("--language", type=_listed, default=[], metavar="zh,en", help="of the names, the best first")
    into.add_argument(
        "--scripts",
        type=_listed,
        default=["latin", "cjk"],
        metavar="latin,cjk",
        help="of aliases (these two)",
    )
    into.add_argument("--names", type=Path, metavar="FILE", help="alternateNamesV2.txt; needs --language")
    into.add_argument(
        "--units", type=Path, action="append", default=[], metavar="FILE", help="admin1CodesASCII.txt and its like"
    )
    into.add_argument("--strict", action="store_true", help="stop at the first bad line")


def _suggest(into: argparse.ArgumentParser) -> None:
    into.add_argument("source", metavar="IN", help="posts as JSON Lines, .gz, or - for stdin")
    into.add_argument("--most", type=int, default=100, metavar="N", help="names at most (%(default)s)")
    into.add_argument("--strict", action="store_true", help="stop at the first bad line")
    shared.reading(into)
    shared.settings_file(into)


def run(given: argparse.Namespace) -> int:
    """Make a gazetteer or say what it lacks; exit 5 where lines were skipped."""
    return _imported(given) if given.what == "import" else _suggested(given)


def _suggested(given: argparse.Namespace) -> int:
    """Write rows for a gazetteer; a name stands there only if as many people wrote it as an incident needs."""
    settings, intake = shared.of(given), Intake(given.source, strict=given.strict)
    gazetteer = wiring.register(settings).gazetteer
    places, unlisted = Places(gazetteer), Unlisted(settings.incidents.k_authors)
    for post in map(Border(DayKeys(None), None).admit, intake):
        mentions = places.find(folded(post.body), places.resolve(post.place))
        unlisted.add(post.body, mentions, post.author or post.id, post.place)
    found = unlisted.found()[: given.most]
    rows = csv.writer(sys.stdout, lineterminator="\n")
    level = settings.general.area_level
    rows.writerows(written(_proposed(one, gazetteer, level)) for one in found)
    sys.stderr.write(
        f"{len(found)} names that at least {settings.incidents.k_authors} people wrote; the last column counts them\n"
    )
    return intake.report()


def _proposed(one: Suggestion, gazetteer: Gazetteer, area_level: str) -> Place:
    """Return a place to look through: its id is made of its name, its parent the district or area of its posts."""
    near = one.parent or ""
    district = None if one.level in ("district", "county") else gazetteer.district_of(near)
    parent = district or gazetteer.ancestor_at(near, area_level)
    mark = blake2b(f"{parent} {one.name}".encode(), digest_size=4).hexdigest()
    return Place(f"new-{mark}", parent, one.level, one.name, one.aliases, kind=f"named by {one.people}")


def _imported(given: argparse.Namespace) -> int:
    """Write the gazetteer and say what came of it."""
    if given.names and not given.language:
        sys.stderr.write("answerable gazetteer: --names lists names by language; say which with --language zh,en\n")
        return EXIT["usage"]
    choice = Choice(
        frozenset(given.country), tuple(given.region), frozenset(given.features), dict(given.level),
        tuple(given.language), frozenset(given.scripts),
    )  # fmt: skip
    dump = Dump(given.source, choice, units=given.units, names=given.names, strict=given.strict)
    _write(given.out, dump.places())
    sys.stderr.writelines(f"{line}\n" for line in said(dump.tally))
    return EXIT["set aside"] if dump.tally.bad else EXIT["ok"]


def _listed(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _region(text: str) -> tuple[str, ...]:
    if not _REGION.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no region; write codes such as CN.11 or US.CA.037")
    return tuple(text.split("."))


def _level(text: str) -> tuple[str, str]:
    code, _, level = text.partition("=")
    if not (code and level):
        raise argparse.ArgumentTypeError(f"{text!r} is no level; write a feature code and a level, as PPL=city")
    return code, level


def _write(out: str, places: Iterable[Place]) -> None:
    """Write a CSV; a file takes its name only once it is whole, and otherwise nothing is left of it."""
    target = Path(out)
    if out == "-" or (target.exists() and not target.is_file()):
        _put(out, places)
        return
    part = target.with_name(f"{target.name}.part")
    try:
        _put(part, places)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _put(out: str | Path, places: Iterable[Place]) -> None:
    with opened(out) as file:
        rows = csv.writer(codecs.getwriter("utf-8")(file), lineterminator="\n")
        rows.writerow(COLUMNS)
        rows.writerows(map(written, places))


def said(tally: Tally) -> Iterator[str]:
    """Yield the lines for a person."""
    levels = ", ".join(f"{level} {count}" for level, count in tally.levels.most_common())
    yield f"{tally.levels.total()} places: {levels}"
    if tally.seats:
        yield f"{tally.seats} seats are called as the unit they lie in, and are one with it"
    if tally.orphans:
        yield f"{tally.orphans} orphans stand at the top: no unit that their codes name is here (--units may help)"
    if tally.higher:
        yield f"{tally.higher} hang higher than their codes say: the unit between is not here"
    shared = [(name, count) for name, count in tally.names.most_common() if count > 1]
    if shared:
        most = ", ".join(f"{name} {count}" for name, count in shared[:_TOLD])
        yield f"{len(shared)} names are borne by several places, most often: {most}"
        yield "what else a text names and where it comes from decides between them; docs/gazetteer.md says how"

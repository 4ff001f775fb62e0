"""The servers that keep log and index: whether they answer, let this desk in, and hold what `migrate` makes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from answerable.app.check.finding import Finding, Grade, well, wrong
from answerable.app.extras import need
from answerable.app.files import same_cluster
from answerable.errors import SettingsError, Unavailable
from answerable.settings import Settings

__all__ = ["LOOPBACK", "servers"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")
_MAPS = 262_144  # what Elasticsearch asks for at its start
_MIGRATE = "run `answerable migrate`"


def servers(settings: Settings, faulty: frozenset[str]) -> Iterator[Finding]:
    """Yield what was found; a server whose section of the settings is `faulty` is not asked."""
    if settings.stream.engine == "embedded":
        yield from _unread(settings, "kafka", "stream")
    elif "kafka" not in faulty:
        yield from _told(settings, "kafka", _log(settings))
        yield from _log_in_the_clear(settings)
    if settings.index.engine == "embedded":
        yield from _unread(settings, "elastic", "index")
    elif "elastic" not in faulty:
        yield from _told(settings, "elastic", _index(settings))
        yield from _index_in_the_clear(settings)


def _unread(settings: Settings, section: str, engine: str) -> Iterator[Finding]:
    """Say that a server is described and not used: somebody may think that it is."""
    written = next((key for key in sorted(settings.origin) if key.startswith(f"{section}.")), None)
    if written is not None:
        what = f"is not read, for {engine}.engine is embedded"
        repair = f'write engine = "{section}" below [{engine}], or remove [{section}]'
        error = SettingsError(what, file=settings.origin[written], key=written, repair=repair)
        yield wrong(section, error, Grade.WARNING)


def _told(settings: Settings, check: str, findings: Iterator[Finding]) -> Iterator[Finding]:
    """Pass on what is found until something raises, which ends the look at this server."""
    try:
        yield from findings
    except SettingsError as error:
        where = error.file or settings.origin.get(error.key, "")
        yield wrong(check, SettingsError(error.what, file=where, key=error.key, repair=error.repair))
    except Unavailable as error:
        repair = {
            "kafka": "start it, or correct [kafka]; until it answers nothing goes on and nothing is lost",
            "elastic": "start it, or correct elastic.url and elastic.ca_file; alerts go out without it",
        }[check]
        yield Finding(check=check, grade=Grade.UNREACHABLE, message=str(error), repair=repair)
        if check == "elastic":
            yield from _maps()


def _log(settings: Settings) -> Iterator[Finding]:
    need(settings, "stream.engine")
    from stream.kafka_probe import identity, probe
    from stream.kafka_topics import Done, apply, plan

    brokers = probe(settings.kafka)
    for broker in brokers:
        if broker.why:
            what = f"a broker tells its clients to come to {broker.address}, and from here that fails: {broker.why}"
            repair = "correct its advertised.listeners, or open the way there"
            yield Finding(check="kafka", grade=Grade.UNREACHABLE, message=what, repair=repair)
    if any(broker.why for broker in brokers):
        return
    yield well("kafka", f"{_some([one.address for one in brokers], 'broker')} can be reached")
    same_cluster(settings.beside("general.data_dir", settings.general.data_dir), identity(settings.kafka), keep=False)
    yield from _copies(settings, len(brokers))
    made = apply(settings.kafka, plan(settings), dry_run=True)
    for done, told in ((Done.CREATED, "missing"), (Done.CHANGED, "set otherwise than they should be")):
        names = [one.topic.name for one in made if one.done is done]
        if names:
            yield wrong("kafka", SettingsError(f"{_some(names, 'topic')} {told}", repair=_MIGRATE))
    if all(one.done is Done.RIGHT for one in made):
        yield well("kafka", f"{_counted(len(made), 'topic')} as they should be")


def _copies(settings: Settings, brokers: int) -> Iterator[Finding]:
    copies, where = settings.kafka.replicas, settings.origin.get("kafka.replicas", "")
    if copies > brokers:
        what, repair = f"{copies} copies are asked of {_counted(brokers, 'broker')}", f"write at most {brokers}"
        yield wrong("kafka", SettingsError(what, file=where, key="kafka.replicas", repair=repair))
    elif copies == 1:
        what = "each message is on one broker alone, and is lost with its disk"
        repair = "with three brokers write replicas = 3"
        yield wrong("kafka", SettingsError(what, file=where, key="kafka.replicas", repair=repair), Grade.WARNING)


def _log_in_the_clear(settings: Settings) -> Iterator[Finding]:
    kafka = settings.kafka
    hosts = {address.rpartition(":")[0].strip("[]") for address in kafka.bootstrap}
    if kafka.security in ("none", "sasl") and hosts - set(LOOPBACK):
        what, where = "posts go over the network in the clear", settings.origin.get("kafka.security", "")
        error = SettingsError(what, file=where, key="kafka.security", repair='write security = "sasl_tls"')
        yield wrong("kafka", error, Grade.WARNING)


def _index(settings: Settings) -> Iterator[Finding]:
    need(settings, "index.engine")
    from index.elastic_health import health
    from index.elastic_install import install, probe

    version = probe(settings.elastic)
    yield well("elastic", f"version {version} answers at {settings.elastic.url}")
    todo = install(settings.elastic, dry_run=True)
    if todo:
        names = [line.partition(":")[0].rpartition(" ")[2] for line in todo]
        what = f"{_some(names, 'template or index', 'templates and indices')} missing or of another version"
        yield wrong("elastic", SettingsError(what, repair=_MIGRATE))
    else:
        yield well("elastic", "templates and indices are as this version needs them")
    found = health(settings.elastic)
    if found.status == "red":
        what, repair = (
            "the cluster is red: some of its data cannot be read",
            "see why with GET _cluster/allocation/explain",
        )
        yield Finding(check="elastic", grade=Grade.UNREACHABLE, message=what, repair=repair)
    if found.blocked:
        what = f"{_some(found.blocked, 'index', 'indices')} cannot be written"
        repair = "make room on the node's disk; where somebody set the block, lift it"
        yield Finding(check="elastic", grade=Grade.UNREACHABLE, message=what, repair=repair)
    for name, free, asked in found.full:
        what = f"the node {name} has {free / 1e9:.1f} GB free and takes no new index below {asked / 1e9:.1f} GB"
        repair = "make room on its disk, or set cluster.routing.allocation.disk.watermark.* in bytes"
        yield wrong("elastic", SettingsError(what, repair=repair))
    yield from _licensed(found.licence)
    if found.nodes > 1 and not settings.elastic.replicas:
        what, where = "each shard is on one node alone, and is lost with its disk", "elastic.replicas"
        error = SettingsError(what, file=settings.origin.get(where, ""), key=where, repair="write replicas = 1")
        yield wrong("elastic", error, Grade.WARNING)


def _licensed(licence: str) -> Iterator[Finding]:
    """Judge a licence: what this desk needs is in the free one, and the others end.

    >>> [one.text for one in _licensed("basic")], len(list(_licensed("trial")))
    ([], 1)
    """
    repair = "go over to the free one, which is enough: POST _license/start_basic?acknowledge=true"
    if licence.endswith("(expired)"):
        yield wrong("elastic", SettingsError(f"the licence is over: {licence}", repair=repair))
    elif licence == "trial":
        what = "the licence is a trial, which ends after 30 days"
        yield wrong("elastic", SettingsError(what, repair=repair), Grade.WARNING)


def _maps(path: Path = Path("/proc/sys/vm/max_map_count")) -> Iterator[Finding]:
    """Say why a node on this machine may not have started; containers share the machine's kernel."""
    try:
        count = int(path.read_text("ascii"))
    except (OSError, ValueError):
        return
    if count < _MAPS:
        what = f"vm.max_map_count is {count} on this machine, and a node that others may reach does not start so"
        repair = f"sysctl -w vm.max_map_count={_MAPS}, and write it into /etc/sysctl.d/"
        yield wrong("elastic", SettingsError(what, repair=repair), Grade.WARNING)


def _index_in_the_clear(settings: Settings) -> Iterator[Finding]:
    elastic = settings.elastic
    host = elastic.url.removeprefix("http://").rstrip("/").rpartition(":")[0].strip("[]")
    if elastic.url.startswith("http://") and host not in LOOPBACK:
        secret = "the password and " if elastic.user else "the API key and " if elastic.api_key.reveal() else ""
        what, where = f"{secret}texts go over the network in the clear", settings.origin.get("elastic.url", "")
        error = SettingsError(
            what, file=where, key="elastic.url", repair="let the server speak TLS and write https://"
        )
        yield wrong("elastic", error, Grade.WARNING)


def _counted(number: int, noun: str, nouns: str = "") -> str:
    return f"{number} {noun if number == 1 else nouns or f'{noun}s'}"


def _some(names: Sequence[str], noun: str, nouns: str = "") -> str:
    """Count names and show the first.

    >>> _some(["a", "b"], "topic"), _some(["a"], "topic")
    ('2 topics (a, …)', '1 topic (a)')
    """
    return f"{_counted(len(names), noun, nouns)} ({names[0]}{', …' * (len(names) > 1)})"

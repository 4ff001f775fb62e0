"""`answerable check` and `answerable migrate` against real servers: what is missing, out of reach, and well."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from answerable.app.check.servers import _maps, servers
from answerable.app.cli import main
from answerable.app.parts import ALL, Part
from answerable.app.starting import let_in
from answerable.errors import SettingsError
from answerable.sections import Elastic, Kafka
from answerable.settings import load
from deploy.local.ports import free_ports
from index.elastic_install import _understood
from index.elastic_names import Names
from index.elastic_node import Node
from stream.kafka_client import Clients
from tests import engines
from tests.app.desk import Desk
from tests.app.greeter import greeter
from tests.contracts.elastic import remove

Said = pytest.CaptureFixture[str]
KAFKA, ELASTIC = '[stream]\nengine = "kafka"\npartitions = 2\n', '[index]\nengine = "elastic"\n'


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """Give a desk in the working folder that lacks nothing but servers."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ANSWERABLE_CONSOLE__PORT", "0")
    with greeter() as port:
        monkeypatch.setenv("ANSWERABLE_SMTP__PORT", str(port))
        yield Desk(tmp_path)


@pytest.fixture
def prefix(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Let the desk use the shared servers, below a prefix that is swept at the end."""
    prefix = engines.prefix()
    given(
        monkeypatch, STREAM__ENGINE="kafka", STREAM__PARTITIONS="2", KAFKA__BOOTSTRAP=f'["{engines.kafka()}"]',
        KAFKA__PREFIX=f"{prefix}.", INDEX__ENGINE="elastic", ELASTIC__URL=engines.elastic(), ELASTIC__PREFIX=prefix,
    )  # fmt: skip
    yield prefix
    settings = load()
    sweep(settings.kafka, settings.elastic)


def given(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for key, value in values.items():
        monkeypatch.setenv(f"ANSWERABLE_{key}", value)


def sweep(kafka: Kafka, elastic: Elastic) -> None:
    client = Clients(kafka).admin()
    client.delete_topics([name for name in client.list_topics() if name.startswith(kafka.prefix)])
    client.close()
    remove(elastic)


def found(folder: Path, text: str, faulty: frozenset[str] = frozenset()) -> list[str]:
    path = folder / "answerable.toml"
    path.write_text(text, "utf-8")
    return [one.text.replace(f"{path}:", "") for one in servers(load(path, {}), faulty)]


def of_servers(text: str) -> list[str]:
    return [line for line in text.splitlines() if "kafka" in line or "elastic" in line]


def test_before_migrate_it_is_named_and_afterwards_all_is_well(prefix: str, capsys: Said) -> None:
    assert main(["check"]) == 3
    (broker, alone, topics, node, templates) = of_servers(capsys.readouterr().out)
    assert broker == f"✓ kafka: 1 broker ({engines.kafka()}) can be reached"
    assert "kafka.replicas: each message is on one broker alone, and is lost with its disk" in alone
    assert topics == f"✗ kafka: 9 topics ({prefix}.posts.raw, …) missing; run `answerable migrate`"
    assert node.startswith("✓ elastic: version 8.")
    assert templates == (
        f"✗ elastic: 7 templates and indices ({prefix}-posts, …) missing or of another version; "
        "run `answerable migrate`"
    )

    assert main(["migrate"]) == 0
    capsys.readouterr()

    assert main(["check"]) == 0
    (_, _, topics, _, templates) = of_servers(capsys.readouterr().out)
    assert topics == "✓ kafka: 9 topics as they should be"
    assert templates == "✓ elastic: templates and indices are as this version needs them"


def test_a_topic_with_other_partitions_is_a_mistake_with_its_repair(
    prefix: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["migrate"])
    capsys.readouterr()
    given(monkeypatch, STREAM__PARTITIONS="3")

    assert main(["check"]) == 3

    assert (
        f"stream.partitions: {prefix}.posts.raw was made with 2 partitions, which is for life; 3 are asked for; "
        "set stream.partitions = 2, or another kafka.prefix"
    ) in capsys.readouterr().out


def test_more_copies_than_brokers_is_a_mistake(prefix: str, capsys: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, KAFKA__REPLICAS="3")

    assert main(["check"]) == 3

    assert "kafka.replicas: 3 copies are asked of 1 broker; write at most 1" in capsys.readouterr().out


def test_a_template_of_another_version_is_something_to_migrate(
    prefix: str, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["migrate"])
    capsys.readouterr()
    given(monkeypatch, ELASTIC__REPLICAS="1")

    assert main(["check"]) == 3

    assert "missing or of another version; run `answerable migrate`" in capsys.readouterr().out


def test_an_index_that_cannot_be_written_is_out_of_reach(prefix: str, capsys: Said) -> None:
    main(["migrate"])
    elastic = load().elastic
    node, index = Node(elastic), Names(prefix).cards
    block = "index.blocks.read_only_allow_delete"  # what a node sets at the flood stage of its disk
    node.ask("PUT", f"/{index}/_settings", object, {block: True})
    capsys.readouterr()

    code = main(["check"])

    node.ask("PUT", f"/{index}/_settings", object, {block: None})
    node.close()
    assert code == 4
    assert f"✗ elastic: 1 index ({index}) cannot be written; make room" in capsys.readouterr().out


def test_servers_that_are_away_are_told_with_what_goes_on_without_them(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    kafka, elastic = free_ports(2)
    given(
        monkeypatch, STREAM__ENGINE="kafka", KAFKA__BOOTSTRAP=f'["127.0.0.1:{kafka}"]',
        INDEX__ENGINE="elastic", ELASTIC__URL=f"http://127.0.0.1:{elastic}",
    )  # fmt: skip

    assert main(["check"]) == 4

    assert [line for line in of_servers(capsys.readouterr().out) if "max_map_count" not in line] == [
        f"✗ kafka: 127.0.0.1:{kafka}: Connection refused; "
        "start it, or correct [kafka]; until it answers nothing goes on and nothing is lost",
        f"✗ elastic: Elasticsearch at http://127.0.0.1:{elastic}: ConnectionError; "
        "start it, or correct elastic.url and elastic.ca_file; alerts go out without it",
    ]


@pytest.mark.slow
def test_a_broker_that_sends_its_clients_elsewhere_is_told_with_the_address(tmp_path: Path) -> None:
    nowhere = free_ports(1)[0]
    with engines.throwaway_broker(advertised_port=nowhere) as broker:
        told = found(tmp_path, f'{KAFKA}[kafka]\nbootstrap = ["127.0.0.1:{broker.port}"]\n')

    assert told == [
        f"✗ kafka: a broker tells its clients to come to 127.0.0.1:{nowhere}, and from here that fails: "
        "Connection refused; correct its advertised.listeners, or open the way there"
    ]


@pytest.mark.slow
def test_refused_logins_name_the_user(tmp_path: Path) -> None:
    kafka, elastic = engines.kafka_secured(), engines.secured()

    told = found(
        tmp_path,
        f'{KAFKA}[kafka]\nbootstrap = ["{kafka.address}"]\nsecurity = "sasl_tls"\nca_file = "{kafka.ca_file}"\n'
        f'user = "stranger"\npassword = "hush"\n{ELASTIC}[elastic]\nurl = "{elastic.address}"\n'
        f'ca_file = "{elastic.ca_file}"\nuser = "stranger"\npassword = "hush"\n',
    )

    assert [line.partition(";")[0] for line in told] == [
        f"✗ 8: kafka.user: Kafka at {kafka.address} refuses the login of stranger",
        f"✗ 15: elastic.user: Elasticsearch at {elastic.address} does not know stranger",
    ]
    assert "hush" not in "".join(told)


def test_a_server_that_is_described_and_not_used_is_something_to_think_about(tmp_path: Path) -> None:
    assert found(tmp_path, '[kafka]\nprefix = "x."\n[elastic]\nreplicas = 1\n') == [
        '! 2: kafka.prefix: is not read, for stream.engine is embedded; write engine = "kafka" below [stream], '
        "or remove [kafka]",
        '! 4: elastic.replicas: is not read, for index.engine is embedded; write engine = "elastic" below [index], '
        "or remove [elastic]",
    ]


def test_what_goes_over_a_network_in_the_clear_is_something_to_think_about(tmp_path: Path) -> None:
    kafka, elastic = free_ports(2)

    told = found(
        tmp_path,
        f'{KAFKA}[kafka]\nbootstrap = ["0.0.0.0:{kafka}"]\n{ELASTIC}[elastic]\nurl = "http://0.0.0.0:{elastic}"\n'
        'user = "desk"\npassword = "hush"\n',
    )

    assert [line for line in told if line.startswith("!") and "max_map_count" not in line] == [
        '! kafka.security: posts go over the network in the clear; write security = "sasl_tls"',
        "! 9: elastic.url: the password and texts go over the network in the clear; "
        "let the server speak TLS and write https://",
    ]


def test_a_server_whose_section_is_wrong_is_not_asked(tmp_path: Path) -> None:
    assert found(tmp_path, KAFKA + ELASTIC, frozenset({"kafka", "elastic"})) == []


def test_a_secret_of_a_server_that_others_may_read_is_a_mistake(
    desk: Desk, capsys: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kafka", "key"):
        desk.write(name, "hush\n").chmod(0o644)
    given(
        monkeypatch, KAFKA__SECURITY="sasl", KAFKA__USER="desk", KAFKA__PASSWORD_FILE="kafka",
        ELASTIC__API_KEY_FILE="key",
    )  # fmt: skip

    assert main(["check"]) == 3

    told = capsys.readouterr().out
    assert "kafka.password_file: others may read kafka; chmod 600 kafka" in told
    assert "elastic.api_key_file: others may read key; chmod 600 key" in told


@pytest.mark.slow
def test_a_password_that_the_node_does_not_take_any_more_names_its_file_and_stops_what_needs_the_index(
    tmp_path: Path,
) -> None:
    node, secret = engines.secured(), tmp_path / "index_password"
    secret.write_text("the one before", "utf-8")
    text = f'{ELASTIC}[elastic]\nurl = "{node.address}"\nca_file = "{node.ca_file}"\nuser = "writer"\n'
    text += f'password_file = "{secret}"\n'
    said = (
        f"7: elastic.password_file: {secret} holds a password that Elasticsearch at {node.address} does not take "
        "from writer; write the one that it takes into the file, or set it anew with "
        "POST _security/user/writer/_password"
    )

    assert found(tmp_path, text) == [f"✗ {said}"]

    settings = load(tmp_path / "answerable.toml", {})
    with pytest.raises(SettingsError) as refused:
        let_in(settings, frozenset({Part.INDEX}))
    assert str(refused.value).replace(f"{tmp_path}/answerable.toml:", "") == said
    with capture_logs() as told:
        let_in(settings, ALL)
    assert [line["event"] for line in told] == ["the index refuses this desk; alerts go out without it"]

    secret.write_text(node.password, "utf-8")
    let_in(load(tmp_path / "answerable.toml", {}), frozenset({Part.INDEX}))


@pytest.mark.slow
def test_a_broker_that_refuses_the_login_stops_every_part(tmp_path: Path) -> None:
    kafka, secret = engines.kafka_secured(), tmp_path / "kafka_password"
    secret.write_text("the one before", "utf-8")
    path = tmp_path / "answerable.toml"
    path.write_text(
        f'{KAFKA}[kafka]\nbootstrap = ["{kafka.address}"]\nsecurity = "sasl_tls"\nca_file = "{kafka.ca_file}"\n'
        f'user = "desk"\npassword_file = "{secret}"\n',
        "utf-8",
    )
    for parts in (ALL, frozenset({Part.TRACK})):
        with pytest.raises(
            SettingsError, match=r"^\S+:9: kafka\.password_file: Kafka at \S+ refuses the login of desk;"
        ):
            let_in(load(path, {}), parts)


def test_a_folder_of_another_cluster_stops_the_desk_and_check_says_the_same(prefix: str, capsys: Said) -> None:
    settings = load(None, {**os.environ, "ANSWERABLE_INDEX__ENGINE": "embedded"})
    let_in(settings, ALL)
    let_in(settings, ALL)
    (Path("data") / "cluster").write_text("another", "ascii")

    with pytest.raises(
        SettingsError, match=r"kafka\.bootstrap: is another cluster \(\S+\) than .* \(another\); name"
    ):
        let_in(settings, ALL)
    let_in(settings, frozenset({Part.TRACK}))

    assert main(["check"]) == 3
    assert "kafka.bootstrap: is another cluster (" in capsys.readouterr().out


def test_servers_that_are_away_are_waited_for(tmp_path: Path) -> None:
    kafka, elastic = free_ports(2)
    path = tmp_path / "answerable.toml"
    path.write_text(
        f'{KAFKA}[kafka]\nbootstrap = ["127.0.0.1:{kafka}"]\n{ELASTIC}[elastic]\nurl = "http://127.0.0.1:{elastic}"\n'
    )
    let_in(load(path, {}), ALL)


@pytest.mark.slow
def test_a_node_below_its_low_watermark_is_named_with_the_room_that_it_asks_for(tmp_path: Path) -> None:
    marks = {"low": "900tb", "high": "2kb", "flood_stage": "1kb"}
    with engines.throwaway_node() as server:
        text = f'{ELASTIC}[elastic]\nurl = "{server.address}"\n'
        node = Node(load(None, {"ANSWERABLE_ELASTIC__URL": server.address}).elastic)
        disk = "cluster.routing.allocation.disk"
        given = {f"{disk}.threshold_enabled": True} | {f"{disk}.watermark.{key}": mark for key, mark in marks.items()}
        node.ask("PUT", "/_cluster/settings", object, {"persistent": given})
        node.close()
        told = [line for line in found(tmp_path, text) if "GB free" in line]

    assert len(told) == 1
    assert told[0].startswith("✗ elastic: the node local has ")
    assert told[0].endswith(
        "and takes no new index below 989560.5 GB; "
        "make room on its disk, or set cluster.routing.allocation.disk.watermark.* in bytes"
    )


def test_a_machine_that_no_node_can_start_on_is_told_beside_a_node_that_does_not_answer(tmp_path: Path) -> None:
    count = tmp_path / "max_map_count"
    count.write_text("65530\n", "ascii")
    assert [one.text for one in _maps(count)] == [
        "! elastic: vm.max_map_count is 65530 on this machine, and a node that others may reach does not start so; "
        "sysctl -w vm.max_map_count=262144, and write it into /etc/sysctl.d/"
    ]
    count.write_text("262144\n", "ascii")
    assert list(_maps(count)) == []


@pytest.mark.parametrize(
    ("server", "client", "repair"),
    [
        ("7.17.3", (8, 19, 3), "use version 8.19 to 9"),
        ("8.11.0", (8, 19, 3), "use version 8.19 to 9"),
        ("10.0.0", (8, 19, 3), "use version 8.19 to 9"),
        ("8.19.2", (9, 1, 0), "pip install 'elasticsearch>=8.19,<9'"),
    ],
)
def test_a_server_that_the_client_cannot_speak_to_is_refused(
    server: str, client: tuple[int, ...], repair: str
) -> None:
    with pytest.raises(SettingsError) as refused:
        _understood(server, client)
    assert refused.value.repair == repair

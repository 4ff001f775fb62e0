"""What deploy/compose.yaml and the Dockerfile promise, read as they stand, without an engine."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from answerable import settings
from answerable.app.cli import VERBS
from answerable.app.commands import run
from answerable.app.parts import Part
from answerable.app.starter import compose
from tests.house.test_house import ROOT

PAGE = ROOT / "docs" / "operate.md"
FILE: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))
REHEARSED: dict[str, Any] = yaml.safe_load((ROOT / "deploy" / "rehearsal" / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = FILE["services"]
OWN = {name: one for name, one in SERVICES.items() if one["image"].startswith("answerable:")}
SERVERS = {name: one for name, one in SERVICES.items() if "restart" in one}
PROFILES = ("embedded", "search", "full", "mail-test")
UNITS = {"m": 1, "g": 1024}


def of(profile: str) -> dict[str, dict[str, Any]]:
    """Return the services of a profile."""
    return {name: one for name, one in SERVICES.items() if profile in one["profiles"]}


def mib(text: str) -> int:
    return int(text[:-1]) * UNITS[text[-1]]


def seconds(text: str) -> float:
    return float(text.removesuffix("s"))


@pytest.mark.parametrize("name", SERVICES)
def test_no_tag_floats(name: str) -> None:
    assert re.fullmatch(r"[a-z/]+:\d+\.\d+\.\d+", SERVICES[name]["image"])


def test_the_own_image_is_of_this_version_and_its_base_is_pinned() -> None:
    version = re.search(r'(?m)^version = "(.+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert version is not None
    assert {one["image"] for one in (*OWN.values(), *REHEARSED["services"].values())} == {f"answerable:{version[1]}"}
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
    assert re.search(r"(?m)^ARG PYTHON_IMAGE=python:\d+\.\d+\.\d+-slim-bookworm$", dockerfile)
    assert set(re.findall(r"(?m)^FROM (\S+)", dockerfile)) == {"${PYTHON_IMAGE}"}


@pytest.mark.parametrize("name", SERVICES)
def test_nobody_is_root_and_nobody_can_become_more_than_he_is(name: str) -> None:
    service = SERVICES[name]
    assert re.fullmatch(r"[1-9]\d+:\d+", service["user"])
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "pid", "network_mode", "devices"} & set(service)


@pytest.mark.parametrize("name", OWN)
def test_the_own_containers_have_a_root_that_cannot_be_written(name: str) -> None:
    service = OWN[name]
    assert service["read_only"] is True
    assert service["user"] == "10001:10001"
    mounts = [mount if isinstance(mount, str) else mount["target"] for mount in service.get("volumes", [])]
    assert {
        mount for mount in mounts if not re.fullmatch(r"(box|full):/data|mail:/mail|/etc/answerable", mount)
    } == set()
    assert all(mount["read_only"] for mount in service.get("volumes", []) if isinstance(mount, dict))


@pytest.mark.parametrize("name", [name for name in SERVICES if "ports" in SERVICES[name]])
def test_ports_are_published_on_loopback_alone(name: str) -> None:
    assert all(re.fullmatch(r"127\.0\.0\.1:\$\{\w+:-\d+\}:\d+", port) for port in SERVICES[name]["ports"])


@pytest.mark.parametrize("name", SERVERS)
def test_every_server_has_a_health_check_and_waits_for_the_settings(name: str) -> None:
    assert SERVERS[name]["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert SERVERS[name]["restart"] == "unless-stopped"
    waits = [name]
    for one in waits:
        waits += SERVICES[one].get("depends_on", {})
    assert "settings" in waits


@pytest.mark.parametrize("name", sorted(set(SERVICES) - set(SERVERS)))
def test_what_runs_once_is_a_step_of_the_product(name: str) -> None:
    service = SERVICES[name]
    assert "restart" not in service
    own = service.get("command", [""])[0]
    assert own in (*VERBS, "kibana") or service["entrypoint"][-1] == "/opt/image/users.py"


@pytest.mark.parametrize("name", [name for name in SERVERS if name in OWN and name != "mail"])
def test_the_time_to_stop_is_longer_than_a_flush(name: str) -> None:
    assert seconds(SERVERS[name]["stop_grace_period"]) >= 2 * run._FINISH_S


@pytest.mark.parametrize("profile", PROFILES)
def test_the_memory_of_a_profile_is_what_the_page_says(profile: str) -> None:
    limits = {name: mib(one["mem_limit"]) for name, one in of(profile).items() if name in SERVERS}
    row = re.search(rf"(?m)^\| `{profile}` \|.*\| (\d+(?:,\d+)?) MiB \|$", PAGE.read_text("utf-8"))
    assert row is not None
    assert sum(limits.values()) == int(row[1].replace(",", ""))
    assert all("mem_limit" in one for one in SERVICES.values())


def test_every_part_of_the_pipeline_is_a_service_of_the_full_profile() -> None:
    assert {one["command"][1] for one in of("full").values() if one.get("command", [""])[0] == "run"} == set(Part)


@pytest.mark.parametrize("name", OWN)
def test_every_variable_is_a_setting(name: str, tmp_path: Path) -> None:
    given: dict[str, str] = OWN[name].get("environment", {})
    files = {key: str(tmp_path / "secret") for key, value in given.items() if value.startswith("/run/secrets/")}
    (tmp_path / "secret").write_text("a word of its own", "utf-8")

    read = settings.load(environ=given | files)

    expected = {"search": ("embedded", "elastic"), "full": ("kafka", "elastic")}
    profiles = OWN[name]["profiles"]
    if len(profiles) == 1 and profiles[0] in expected and given:
        assert (read.stream.engine, read.index.engine) == expected[profiles[0]]


def test_every_secret_that_a_service_is_given_is_made_by_init() -> None:
    used = {secret for one in SERVICES.values() for secret in one.get("secrets", [])}
    assert used == set(FILE["secrets"]) == set(compose.SECRETS)
    assert all(one["file"] == f"${{ANSWERABLE_DIR}}/secrets/{name}" for name, one in FILE["secrets"].items())
    for one in SERVICES.values():
        named = set(
            re.findall(r"/run/secrets/(\w+)", str(one.get("environment", "")) + str(one.get("entrypoint", "")))
        )
        assert named <= set(one.get("secrets", []))


def test_the_broker_is_told_everything_that_its_image_would_have_said() -> None:
    told = SERVICES["kafka"]["environment"]
    assert len(told["CLUSTER_ID"]) == 22
    assert told["KAFKA_LOG_DIRS"] in [volume.partition(":")[2] for volume in SERVICES["kafka"]["volumes"]]
    names = [one.partition(":")[0] for one in told["KAFKA_LISTENERS"].split(",")]
    assert names == ["CONTROLLER", "INSIDE", "HOST"]
    assert [one.partition(":")[0] for one in told["KAFKA_ADVERTISED_LISTENERS"].split(",")] == names[1:]
    assert [one.partition(":")[0] for one in told["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")] == names


def test_the_node_keeps_a_free_licence_and_is_told_watermarks_in_bytes() -> None:
    told = SERVICES["elasticsearch"]["environment"]
    assert told["xpack.license.self_generated.type"] == "basic"
    assert told["xpack.security.enabled"] == "true"
    marks = [told[f"cluster.routing.allocation.disk.watermark.{name}"] for name in ("low", "high", "flood_stage")]
    assert all(re.fullmatch(r"\d+gb", mark) for mark in marks)
    assert SERVICES["kibana"]["environment"]["ELASTICSEARCH_USERNAME"] == "kibana_system"


def test_only_what_must_reach_out_is_on_a_network_that_leads_out() -> None:
    assert FILE["networks"]["engines"] == {"internal": True}
    out = {name for name, one in SERVICES.items() if "outside" in one["networks"]}
    assert out == {"box", "box-search", "crawl", "desk", "kafka", "kibana", "mail"}


def test_only_what_the_image_is_made_from_goes_to_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert lines[1] == "*"
    kept = {line[1:] for line in lines if line.startswith("!")}
    assert all((ROOT / name).exists() for name in kept)
    assert not {name for name in kept if name.startswith(("tests", "shared", ".git", "docs"))}

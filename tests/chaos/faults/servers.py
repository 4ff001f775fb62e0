"""Servers that die, lines that are slow or cut, answers that are wrong, members that come and go."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress

import httpx

from deploy.local import Node, NotStarted
from stream.kafka_client import Clients
from tests.chaos.machine import Role
from tests.chaos.proxy import CALM, Fault, Proxy, Where
from tests.chaos.scene import Scene
from tests.chaos.served import Served
from tests.chaos.stub import Answer, Plan

__all__ = ["answers", "broker_dies", "coming_and_going", "lines", "node_dies", "node_red", "sink_down"]

_MIB = 1 << 20
_LINES = {
    "late": Fault(latency_s=0.4), "slow": Fault(slow=30_000), "reset": Fault(where=Where.RESET),
    "half open": Fault(where=Where.SWALLOW), "cut": Fault(cut_after=20_000), "down": Fault(where=Where.DOWN),
}  # fmt: skip


def _servers(scene: Scene) -> Served:
    if scene.servers is None:
        raise ValueError("this fault needs servers")
    return scene.servers


def broker_dies(scene: Scene) -> None:
    """Kill the broker, leave it down for a while, start it on the same data; `times` over."""
    broker = _servers(scene).broker
    if broker is None:
        raise ValueError("this fault needs a broker of its own")
    for _ in range(scene.size.times):
        scene.wait(1.0, 3.0)
        broker.kill()
        time.sleep(scene.size.seconds)
        broker.start()
        scene.note("times down", 1)


def node_dies(scene: Scene) -> None:
    """Kill the node, leave it down for a while, start it on the same data; `times` over."""
    node = _servers(scene).node
    if node is None:
        raise ValueError("this fault needs a node of its own")
    for _ in range(scene.size.times):
        scene.wait(1.0, 3.0)
        node.kill()
        time.sleep(scene.size.seconds)
        node.start()
        scene.note("times down", 1)


def node_red(scene: Scene) -> None:
    """Start the node anew with no shard allowed to open, leave the cluster red for a while, then let them open."""
    node = _servers(scene).node
    if node is None:
        raise ValueError("this fault needs a node of its own")
    scene.wait(2.0, 4.0)
    _allow(node.address, "none")
    node.kill()
    threading.Thread(target=_begun, args=(node,), daemon=True).start()  # it waits for a health that is forbidden now
    _until_red(node.address)
    scene.note("times red", 1)
    time.sleep(scene.size.seconds)
    _allow(node.address, "all")


def _begun(node: Node) -> None:
    with suppress(NotStarted):
        node.start()


def _until_red(url: str) -> None:
    until, status = time.monotonic() + 90.0, ""
    while status != "red":
        if time.monotonic() > until:
            raise TimeoutError("the cluster did not turn red")
        time.sleep(0.3)
        with suppress(httpx.HTTPError, ValueError):
            status = httpx.get(f"{url}/_cluster/health", timeout=5.0).json()["status"]


def _allow(url: str, what: str) -> None:
    body = {"persistent": {"cluster.routing.allocation.enable": what}}
    httpx.put(f"{url}/_cluster/settings", json=body, timeout=60.0).raise_for_status()


def lines(which: str, *names: str) -> Callable[[Scene], None]:
    """Return a fault that makes the line to the "broker" or the "node" bad in each of these ways, one by one."""

    def make(scene: Scene) -> None:
        proxy = _proxy(scene, which)
        for _ in range(scene.size.times):
            for name in names or tuple(_LINES):
                scene.wait(0.5, 1.5)
                proxy.switch(_LINES[name])
                time.sleep(scene.size.seconds)
                proxy.switch(CALM)
                proxy.cut()
                scene.note(f"line {name}", 1)

    return make


def _proxy(scene: Scene, which: str) -> Proxy:
    servers = _servers(scene)
    proxy = servers.line if which == "broker" else servers.gate
    if proxy is None:
        raise ValueError(f"this fault needs a {which} behind a proxy")
    return proxy


def answers(*wrong: Answer) -> Callable[[Scene], None]:
    """Return a fault in which every second request meets one of these answers, for `seconds`."""

    def make(scene: Scene) -> None:
        stub = _servers(scene).stub
        if stub is None:
            raise ValueError("this fault needs a stub")
        weights = dict.fromkeys(wrong, 1.0) | {Answer.PASS: float(len(wrong))}
        stub.plan = Plan(weights, scene.draw.randrange(1 << 30))
        time.sleep(scene.size.seconds)
        stub.plan = Plan({Answer.PASS: 1.0})
        for answer in wrong:
            scene.note(answer.value, stub.given[answer])

    return make


def coming_and_going(scene: Scene) -> None:
    """Let one more reader of each group come, and go again `seconds` later; `times` over."""
    machine = scene.machine
    for number in range(scene.size.times):
        extra = [Role(f"{part}-x{number}", part) for part in ("analyse", "track", "index")]
        for role in extra:
            machine.roles[role.name] = role
            machine.start(role.name)
        time.sleep(scene.size.seconds)
        for role in extra:
            for what in machine.stop(role.name):
                scene.wrong(what)
            del machine.roles[role.name]
        scene.note("came and went", len(extra))


def sink_down(scene: Scene) -> None:
    """D5: the node is away: memory stays bounded, nobody leaves the group, and what waits drains by itself."""
    proxy = _proxy(scene, "node")
    time.sleep(min(20.0, 4.0 + scene.size.seconds / 2))
    indexers = [process for name, process in scene.machine.running.items() if name.startswith("index")]
    before, highest, fed = [one.rss() for one in indexers], 0.0, scene.feeder.fed
    members = _members(scene)
    proxy.switch(Fault(where=Where.DOWN))
    until = time.monotonic() + scene.size.seconds
    while time.monotonic() < until:
        time.sleep(0.5)
        highest = max([highest, *(one.rss() - was for one, was in zip(indexers, before, strict=True))])
    if _members(scene) != members:
        scene.wrong("the group of the indexers was shared out anew while the node was away")
    proxy.switch(CALM)
    scene.most("memory grew MiB", highest / _MIB)
    scene.note("posts meanwhile", scene.feeder.fed - fed)
    scene.note("seconds down", scene.size.seconds)
    if highest > 150 * _MIB:
        scene.wrong(f"memory grew by {highest / _MIB:.0f} MiB while the node was away")
    began = time.monotonic()
    if not scene.feeder.finish(600.0) or not scene.rests(300.0):
        scene.wrong("what waited did not drain by itself")
    scene.most("drained s", time.monotonic() - began)


def _members(scene: Scene) -> dict[str, str]:
    """Return who is in the indexers' groups, and what each member was given."""
    config = scene.machine.settings.kafka
    admin = Clients(config).admin()
    try:
        names = [name for name in _groups(admin) if name.startswith(f"{config.prefix}index.")]
        found = admin.describe_groups(names)
        return {f"{name} {one['member_id']}": str(one["member_assignment"]) for name in names
                for one in found[name]["members"]}  # fmt: skip
    finally:
        admin.close()


def _groups(admin: object) -> list[str]:
    listed = admin.list_groups()  # type: ignore[attr-defined] # the library has no types
    return [one["group_id"] if isinstance(one, dict) else one[0] for one in listed]

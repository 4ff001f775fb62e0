"""Make what the settings' engines need: topics on Kafka, templates on Elasticsearch. As often as anyone likes.

answerable migrate --dry-run    # says what would be done
answerable migrate
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from answerable.app import options as shared
from answerable.app.extras import need
from answerable.settings import Settings


def options(parser: argparse.ArgumentParser) -> None:
    """Declare --dry-run and --settings."""
    parser.add_argument("--dry-run", action="store_true", help="change nothing, only say what would be done")
    shared.settings_file(parser)


def run(given: argparse.Namespace) -> int:
    """Make what is missing, and say what was done."""
    settings = shared.of(given)
    done = [*_topics(settings, dry_run=given.dry_run), *_templates(settings, dry_run=given.dry_run)]
    sys.stdout.writelines(f"{line}\n" for line in done)
    sys.stderr.write(f"{len(done)} things {'to do' if given.dry_run else 'done'}\n" if done else "nothing to do\n")
    return 0


def _topics(settings: Settings, *, dry_run: bool) -> Iterator[str]:
    if settings.stream.engine != "kafka":
        return
    need(settings, "stream.engine")
    from stream.kafka_topics import Done, apply, plan

    for made in apply(settings.kafka, plan(settings), dry_run=dry_run):
        changed = ", ".join(f"{key}={value}" for key, value in made.settings)
        match made.done:
            case Done.CREATED:
                yield f"topic {made.topic.name}: made with {made.topic.partitions} partitions, {changed}"
            case Done.CHANGED:
                yield f"topic {made.topic.name}: set to {changed}"
            case Done.RIGHT:
                pass


def _templates(settings: Settings, *, dry_run: bool) -> Iterator[str]:
    if settings.index.engine == "elastic":
        need(settings, "index.engine")
        from index.elastic_install import install

        yield from install(settings.elastic, dry_run=dry_run)

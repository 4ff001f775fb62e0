"""What is used of kafka-python. Importing it reads its own files in a way that newer Pythons warn about."""

from __future__ import annotations

import logging
import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from kafka import (
        ConsumerRebalanceListener,
        KafkaAdminClient,
        KafkaConsumer,
        KafkaProducer,
        TopicPartition,
        errors,
    )
    from kafka.admin import ConfigResource, ConfigResourceType, MemberToRemove
    from kafka.coordinator.assignors.cooperative_sticky import CooperativeStickyAssignor
    from kafka.net.compat import KafkaNetClient
    from kafka.net.inet import KafkaNetSocket
    from kafka.structs import OffsetAndMetadata

__all__ = [
    "ConfigResource",
    "ConfigResourceType",
    "ConsumerRebalanceListener",
    "CooperativeStickyAssignor",
    "KafkaAdminClient",
    "KafkaConsumer",
    "KafkaNetClient",
    "KafkaNetSocket",
    "KafkaProducer",
    "MemberToRemove",
    "OffsetAndMetadata",
    "TopicPartition",
    "errors",
]

_logger = logging.getLogger("kafka")  # its news are told by us, once
_logger.setLevel(logging.WARNING)  # below that it would show what messages hold
_logger.propagate = False

-- A lane is one partition of one topic. Offsets run from 0; [first, next) are still kept.
CREATE TABLE lanes (
    id INTEGER PRIMARY KEY,
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    first INTEGER NOT NULL DEFAULT 0,
    next INTEGER NOT NULL DEFAULT 0,
    UNIQUE (topic, partition)
);
-- place = lane id * 2^40 + offset: one number, so that a lane's messages lie side by side in the file.
CREATE TABLE messages (
    place INTEGER PRIMARY KEY,
    key TEXT NOT NULL,
    value BLOB NOT NULL
);
-- How far a consumer group has come in a lane.
CREATE TABLE offsets (
    grp TEXT NOT NULL,
    lane INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    PRIMARY KEY (grp, lane)
) WITHOUT ROWID;
-- What a group keeps beside its offset.
CREATE TABLE state (
    grp TEXT NOT NULL,
    lane INTEGER NOT NULL,
    key TEXT NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (grp, lane, key)
);
-- Up to where a lane had come at a moment: what lies before such a mark is at least that old.
CREATE TABLE tidemarks (
    lane INTEGER NOT NULL,
    at INTEGER NOT NULL,
    next INTEGER NOT NULL,
    PRIMARY KEY (lane, at)
) WITHOUT ROWID;
-- Pointers to what was set aside; never content.
CREATE TABLE deadletters (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    offset INTEGER NOT NULL,
    stage TEXT NOT NULL,
    error TEXT NOT NULL,
    tries INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (topic, partition, offset, stage)
) WITHOUT ROWID;

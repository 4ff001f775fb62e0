-- facts.db (main): one row a post, without its words; what incidents and people's doings were.
CREATE TABLE posts (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    area TEXT NOT NULL,
    topic TEXT,
    sentiment TEXT NOT NULL,
    emotion TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX posts_published ON posts (published_at);
CREATE TABLE memberships (
    post TEXT PRIMARY KEY,
    grp TEXT NOT NULL,
    incident TEXT,
    representative TEXT,
    at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX memberships_incident ON memberships (incident, post) WHERE incident IS NOT NULL;
CREATE INDEX memberships_grp ON memberships (grp, post);
-- The latest revision of each incident; held is why the gate holds it back while it is open and not shown.
CREATE TABLE incidents (
    id TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    held TEXT,
    faded INTEGER NOT NULL DEFAULT 0,
    data BLOB NOT NULL
);
CREATE TABLE ledger (
    incident TEXT NOT NULL,
    version INTEGER NOT NULL,
    at INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (incident, version)
);
-- Keyed hashes of the ids of posts that must not come back.
CREATE TABLE tombstones (
    mark BLOB PRIMARY KEY,
    at INTEGER NOT NULL
) WITHOUT ROWID;

-- texts.db: what can be read and searched, for as long as texts are kept.
CREATE TABLE texts.bodies (
    num INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    lang TEXT NOT NULL,
    area TEXT NOT NULL,
    topic TEXT,
    url TEXT,
    title TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX texts.bodies_published ON bodies (published_at DESC, id);
CREATE TABLE texts.mentions (
    place TEXT NOT NULL,
    num INTEGER NOT NULL,
    PRIMARY KEY (place, num)
) WITHOUT ROWID;
CREATE INDEX texts.mentions_num ON mentions (num);
-- Tokens of answerable.tokens.terms, separated by spaces; the tokenizer splits at spaces and nothing else in them.
CREATE VIRTUAL TABLE texts.search USING fts5 (terms, tokenize = "ascii tokenchars '_'''");

-- A layout that was never released, for the test of migrations: content stands in its entry. {s} is the schema. Types are TEXT, BIGINT and BYTEA alone; text compares byte by byte whatever the
-- collation of the database; instants are microseconds since 1970 in UTC; days are numbers such as 20321231. Rows are
-- added and never changed, except head, which the writers of a tenant lock and move on by compare-and-swap. Rows are
-- never removed, except content and its keys, by a disposal.

-- One row for each entry of a ledger.
CREATE TABLE {s}.entry (
  tenant   TEXT COLLATE "C" NOT NULL,
  kind     TEXT COLLATE "C" NOT NULL,
  id       TEXT COLLATE "C" NOT NULL,
  version  BIGINT NOT NULL CHECK (version > 0),
  seq      BIGINT NOT NULL CHECK (seq >= 0),
  recorded BIGINT NOT NULL,
  keep     BIGINT, -- last day to keep; NULL while the clock is not running
  envelope BYTEA NOT NULL,
  leaf     BYTEA NOT NULL CHECK (octet_length(leaf) = 32),
  salt     BYTEA,
  key      BYTEA,
  body     BYTEA,
  reason   BYTEA,
  PRIMARY KEY (tenant, kind, id, version),
  UNIQUE (tenant, seq)
);

-- The keys that replaced content.key, the newest of which holds. They are destroyed with the content.
CREATE TABLE {s}.content_key (
  tenant     TEXT COLLATE "C" NOT NULL,
  seq        BIGINT NOT NULL,
  generation BIGINT NOT NULL CHECK (generation > 0),
  key        BYTEA NOT NULL CHECK (octet_length(key) > 0),
  PRIMARY KEY (tenant, seq, generation)
);

-- The nodes of the tree above the leaves, which are in entry.
CREATE TABLE {s}.node (
  tenant TEXT COLLATE "C" NOT NULL,
  n      BIGINT NOT NULL,
  hash   BYTEA NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (tenant, n)
);

-- The length of each ledger. Whoever writes to a tenant locks its row first.
CREATE TABLE {s}.head (
  tenant TEXT COLLATE "C" NOT NULL,
  size   BIGINT NOT NULL CHECK (size >= 0),
  edge   BYTEA NOT NULL,
  PRIMARY KEY (tenant)
);

-- Every head that was ever signed.
CREATE TABLE {s}.checkpoint (
  tenant   TEXT COLLATE "C" NOT NULL,
  size     BIGINT NOT NULL CHECK (size > 0),
  epoch    BIGINT NOT NULL CHECK (epoch > 0),
  root     BYTEA NOT NULL CHECK (octet_length(root) = 32),
  recorded BIGINT NOT NULL,
  note     BYTEA NOT NULL,
  PRIMARY KEY (tenant, size)
);

CREATE TABLE {s}.hold (
  tenant TEXT COLLATE "C" NOT NULL,
  matter TEXT COLLATE "C" NOT NULL,
  released BOOLEAN NOT NULL,
  PRIMARY KEY (tenant, matter)
);

-- What a hold covers: no row is everything, id '' is the whole kind.
CREATE TABLE {s}.hold_scope (
  tenant TEXT COLLATE "C" NOT NULL,
  matter TEXT COLLATE "C" NOT NULL,
  n      BIGINT NOT NULL,
  kind   TEXT COLLATE "C" NOT NULL,
  id     TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, matter, n)
);

-- The latest day counts, so that a further row can only lengthen.
CREATE TABLE {s}.retention_floor (
  tenant  TEXT COLLATE "C" NOT NULL,
  kind    TEXT COLLATE "C" NOT NULL,
  id      TEXT COLLATE "C" NOT NULL,
  through BIGINT NOT NULL,
  PRIMARY KEY (tenant, kind, id, through)
);

-- The documents whose content was destroyed here.
CREATE TABLE {s}.disposal (
  tenant TEXT COLLATE "C" NOT NULL,
  kind   TEXT COLLATE "C" NOT NULL,
  id     TEXT COLLATE "C" NOT NULL,
  day    BIGINT NOT NULL,
  PRIMARY KEY (tenant, kind, id)
);

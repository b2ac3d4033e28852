-- From the older layout to the newest: content and releases move into tables of their own.

CREATE TABLE {s}.content (
  tenant TEXT COLLATE "C" NOT NULL,
  seq    BIGINT NOT NULL,
  salt   BYTEA NOT NULL,
  key    BYTEA, -- the wrapped data key of a sealed body
  body   BYTEA NOT NULL,
  reason BYTEA,
  PRIMARY KEY (tenant, seq)
);

INSERT INTO {s}.content (tenant, seq, salt, key, body, reason)
  SELECT tenant, seq, salt, key, body, reason FROM {s}.entry WHERE body IS NOT NULL;
ALTER TABLE {s}.entry DROP COLUMN salt;
ALTER TABLE {s}.entry DROP COLUMN key;
ALTER TABLE {s}.entry DROP COLUMN body;
ALTER TABLE {s}.entry DROP COLUMN reason;

CREATE TABLE {s}.hold_release (
  tenant TEXT COLLATE "C" NOT NULL,
  matter TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (tenant, matter)
);

INSERT INTO {s}.hold_release (tenant, matter) SELECT tenant, matter FROM {s}.hold WHERE released;
ALTER TABLE {s}.hold DROP COLUMN released;

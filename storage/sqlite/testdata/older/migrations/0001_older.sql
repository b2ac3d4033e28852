-- A layout that was never released, for the test of migrations: content stands in a table of its own. All tables are STRICT; text compares byte by byte; instants are microseconds since 1970 in UTC; days
-- are numbers such as 20321231, but for smp_entry.keep. Every trigger guards one promise: what was written is never changed or removed, except
-- content after a disposal. The guards on inserting hold against INSERT OR REPLACE, which fires no delete trigger.
--
-- Every name begins with smp_, because the tables may stand in a database that has others. Some numbers hold a tenant and
-- a position: smp_entry.n = tenant << 41 | sequence number, smp_tile.n = tenant << 33 | sequence number >> 8,
-- smp_node.n = tenant << 42 | number of the node. They keep a tenant's rows together and in order without another index.

CREATE TABLE smp_migration (
  number   INTEGER PRIMARY KEY,
  name     TEXT NOT NULL,
  checksum TEXT NOT NULL
) STRICT;

CREATE TABLE smp_tenant (
  id   INTEGER PRIMARY KEY CHECK (id BETWEEN 1 AND 2097151),
  name TEXT NOT NULL UNIQUE CHECK (name <> '')
) STRICT;

-- The kinds of a tenant's documents; id = tenant << 12 | a number from 1. The number stands for the name in every entry.
CREATE TABLE smp_kind (
  id     INTEGER PRIMARY KEY,
  tenant INTEGER NOT NULL REFERENCES smp_tenant (id),
  name   TEXT NOT NULL CHECK (name <> ''),
  UNIQUE (tenant, name),
  CHECK (id >> 12 = tenant AND id & 4095 > 0)
) STRICT;

-- One row for each entry of a ledger. Salt, key, reason and body are its content: the only part that can be destroyed.
-- The body stands last, because a long one goes on in pages of its own.
CREATE TABLE smp_entry (
  n        INTEGER PRIMARY KEY,
  kind     INTEGER NOT NULL, -- smp_kind.id
  id       TEXT NOT NULL,
  version  INTEGER NOT NULL CHECK (version > 0),
  recorded INTEGER NOT NULL,
  keep     INTEGER, -- last day to keep, counted from 1970-01-01; NULL while the clock is not running
  envelope BLOB NOT NULL,
  leaf     BLOB NOT NULL CHECK (length(leaf) = 32),
  head     BLOB CHECK (length(head) > 33), -- the checkpoint that was signed when this entry was the newest; NULL where the append went on
  CHECK (n >> 41 = kind >> 12)
) STRICT;

CREATE TABLE smp_content (
  n      INTEGER PRIMARY KEY,
  salt   BLOB NOT NULL,
  key    BLOB,
  reason TEXT,
  body   BLOB NOT NULL
) STRICT;
-- A guard holds that no version comes twice; keep stands in the index so that a sweep need not read the rows.
CREATE INDEX smp_entry_document ON smp_entry (kind, id, version);

-- The keys that replaced smp_entry.key, the newest of which holds: the one before is still there if a new one is wrong.
CREATE TABLE smp_key (
  n          INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  key        BLOB NOT NULL CHECK (length(key) > 0),
  PRIMARY KEY (n, generation)
) STRICT, WITHOUT ROWID;

-- The nodes of levels 1 to 7 over 256 leaves, written when the last of these is there: level 1 from left to right, then
-- level 2 and so on. Over the newest leaves, which do not fill a tile yet, they are computed.
CREATE TABLE smp_tile (
  n      INTEGER PRIMARY KEY,
  hashes BLOB NOT NULL CHECK (length(hashes) = 8128)
) STRICT;

-- The nodes of level 8 and above.
CREATE TABLE smp_node (
  n    INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- What checkpoints have in common: the origin in the first line, and in a line for each signature the name and the hash of
-- the key and the number of bytes of the signature.
CREATE TABLE smp_form (
  id   INTEGER PRIMARY KEY CHECK (id > 0),
  text TEXT NOT NULL UNIQUE
) STRICT;

CREATE TABLE smp_hold (
  tenant   INTEGER NOT NULL REFERENCES smp_tenant (id),
  matter   TEXT NOT NULL,
  released INTEGER NOT NULL CHECK (released IN (0, 1)),
  PRIMARY KEY (tenant, matter)
) STRICT, WITHOUT ROWID;

-- What a hold covers: kind '' is everything, id '' is the whole kind. A further row can only widen a hold.
CREATE TABLE smp_hold_scope (
  tenant INTEGER NOT NULL,
  matter TEXT NOT NULL,
  kind   TEXT NOT NULL,
  id     TEXT NOT NULL,
  PRIMARY KEY (tenant, matter, kind, id),
  FOREIGN KEY (tenant, matter) REFERENCES smp_hold (tenant, matter)
) STRICT, WITHOUT ROWID;

CREATE TABLE smp_retention_floor (
  tenant  INTEGER NOT NULL REFERENCES smp_tenant (id),
  kind    TEXT NOT NULL,
  id      TEXT NOT NULL,
  through INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, id)
) STRICT, WITHOUT ROWID;

-- A permission to destroy the content of a document, checked when it is written. Day 0 stands for content that was
-- destroyed in another store, before the ledger was moved here.
CREATE TABLE smp_disposal (
  tenant INTEGER NOT NULL REFERENCES smp_tenant (id),
  kind   TEXT NOT NULL,
  id     TEXT NOT NULL,
  day    INTEGER NOT NULL,
  PRIMARY KEY (tenant, kind, id)
) STRICT, WITHOUT ROWID;

-- migration and tenant: added to, never changed.
CREATE TRIGGER smp_migration_insert BEFORE INSERT ON smp_migration
WHEN EXISTS (SELECT 1 FROM smp_migration WHERE number = NEW.number)
BEGIN SELECT RAISE(ABORT, 'migration is never replaced'); END;
CREATE TRIGGER smp_migration_update BEFORE UPDATE ON smp_migration BEGIN SELECT RAISE(ABORT, 'migration is never changed'); END;
CREATE TRIGGER smp_migration_delete BEFORE DELETE ON smp_migration BEGIN SELECT RAISE(ABORT, 'migration is never removed'); END;

CREATE TRIGGER smp_tenant_insert BEFORE INSERT ON smp_tenant
WHEN EXISTS (SELECT 1 FROM smp_tenant WHERE id = NEW.id OR name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'tenant is never replaced'); END;
CREATE TRIGGER smp_tenant_update BEFORE UPDATE ON smp_tenant BEGIN SELECT RAISE(ABORT, 'tenant is never changed'); END;
CREATE TRIGGER smp_tenant_delete BEFORE DELETE ON smp_tenant BEGIN SELECT RAISE(ABORT, 'tenant is never removed'); END;

CREATE TRIGGER smp_kind_insert BEFORE INSERT ON smp_kind
WHEN EXISTS (SELECT 1 FROM smp_kind WHERE id = NEW.id OR tenant = NEW.tenant AND name = NEW.name)
BEGIN SELECT RAISE(ABORT, 'kind is never replaced'); END;
CREATE TRIGGER smp_kind_update BEFORE UPDATE ON smp_kind BEGIN SELECT RAISE(ABORT, 'kind is never changed'); END;
CREATE TRIGGER smp_kind_delete BEFORE DELETE ON smp_kind BEGIN SELECT RAISE(ABORT, 'kind is never removed'); END;

-- entry: the next position, the next version, of a document that is not disposed of; a row that comes without content
-- goes on one that has none.
CREATE TRIGGER smp_entry_insert BEFORE INSERT ON smp_entry
WHEN NEW.n <> 1 + coalesce((SELECT max(n) FROM smp_entry WHERE n BETWEEN NEW.n >> 41 << 41 AND NEW.n | 2199023255551), (NEW.n >> 41 << 41) - 1)
  OR NEW.version <> 1 + coalesce((SELECT max(version) FROM smp_entry WHERE kind = NEW.kind AND id = NEW.id), 0)
BEGIN SELECT RAISE(ABORT, 'entry is out of order'); END;
CREATE TRIGGER smp_entry_update BEFORE UPDATE ON smp_entry BEGIN SELECT RAISE(ABORT, 'entry is never changed'); END;
CREATE TRIGGER smp_entry_delete BEFORE DELETE ON smp_entry BEGIN SELECT RAISE(ABORT, 'entry is never removed'); END;

-- key: the next generation for sealed content, removed with the content only.
CREATE TRIGGER smp_key_insert BEFORE INSERT ON smp_key
WHEN NEW.generation <> 1 + coalesce((SELECT max(generation) FROM smp_key WHERE n = NEW.n), 0)
  OR NOT EXISTS (SELECT 1 FROM smp_content WHERE n = NEW.n AND key IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'key is never replaced'); END;
CREATE TRIGGER smp_key_update BEFORE UPDATE ON smp_key BEGIN SELECT RAISE(ABORT, 'key is never changed'); END;
CREATE TRIGGER smp_key_delete BEFORE DELETE ON smp_key
WHEN EXISTS (SELECT 1 FROM smp_content WHERE n = OLD.n)
BEGIN SELECT RAISE(ABORT, 'key is retained'); END;

CREATE TRIGGER smp_tile_insert BEFORE INSERT ON smp_tile
WHEN EXISTS (SELECT 1 FROM smp_tile WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'tile is never replaced'); END;
CREATE TRIGGER smp_tile_update BEFORE UPDATE ON smp_tile BEGIN SELECT RAISE(ABORT, 'tile is never changed'); END;
CREATE TRIGGER smp_tile_delete BEFORE DELETE ON smp_tile BEGIN SELECT RAISE(ABORT, 'tile is never removed'); END;

CREATE TRIGGER smp_node_insert BEFORE INSERT ON smp_node
WHEN EXISTS (SELECT 1 FROM smp_node WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'node is never replaced'); END;
CREATE TRIGGER smp_node_update BEFORE UPDATE ON smp_node BEGIN SELECT RAISE(ABORT, 'node is never changed'); END;
CREATE TRIGGER smp_node_delete BEFORE DELETE ON smp_node BEGIN SELECT RAISE(ABORT, 'node is never removed'); END;

CREATE TRIGGER smp_form_insert BEFORE INSERT ON smp_form
WHEN EXISTS (SELECT 1 FROM smp_form WHERE id = NEW.id OR text = NEW.text)
BEGIN SELECT RAISE(ABORT, 'form is never replaced'); END;
CREATE TRIGGER smp_form_update BEFORE UPDATE ON smp_form BEGIN SELECT RAISE(ABORT, 'form is never changed'); END;
CREATE TRIGGER smp_form_delete BEFORE DELETE ON smp_form BEGIN SELECT RAISE(ABORT, 'form is never removed'); END;

-- hold: placed once, released once, kept.
CREATE TRIGGER smp_hold_insert BEFORE INSERT ON smp_hold
WHEN NEW.released <> 0 OR EXISTS (SELECT 1 FROM smp_hold WHERE tenant = NEW.tenant AND matter = NEW.matter)
BEGIN SELECT RAISE(ABORT, 'hold is never replaced'); END;
CREATE TRIGGER smp_hold_update BEFORE UPDATE ON smp_hold
WHEN NEW.tenant <> OLD.tenant OR NEW.matter <> OLD.matter OR OLD.released <> 0 OR NEW.released <> 1
BEGIN SELECT RAISE(ABORT, 'hold is only ever released'); END;
CREATE TRIGGER smp_hold_delete BEFORE DELETE ON smp_hold BEGIN SELECT RAISE(ABORT, 'hold is never removed'); END;

CREATE TRIGGER smp_hold_scope_insert BEFORE INSERT ON smp_hold_scope
WHEN EXISTS (SELECT 1 FROM smp_hold_scope WHERE tenant = NEW.tenant AND matter = NEW.matter AND kind = NEW.kind AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'hold is never replaced'); END;
CREATE TRIGGER smp_hold_scope_update BEFORE UPDATE ON smp_hold_scope BEGIN SELECT RAISE(ABORT, 'hold is never narrowed'); END;
CREATE TRIGGER smp_hold_scope_delete BEFORE DELETE ON smp_hold_scope BEGIN SELECT RAISE(ABORT, 'hold is never narrowed'); END;

CREATE TRIGGER smp_retention_floor_insert BEFORE INSERT ON smp_retention_floor
WHEN EXISTS (SELECT 1 FROM smp_retention_floor WHERE tenant = NEW.tenant AND kind = NEW.kind AND id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'retention is never replaced'); END;
CREATE TRIGGER smp_retention_floor_update BEFORE UPDATE ON smp_retention_floor
WHEN NEW.tenant <> OLD.tenant OR NEW.kind <> OLD.kind OR NEW.id <> OLD.id OR NEW.through < OLD.through
BEGIN SELECT RAISE(ABORT, 'retention is never shortened'); END;
CREATE TRIGGER smp_retention_floor_delete BEFORE DELETE ON smp_retention_floor BEGIN SELECT RAISE(ABORT, 'retention is never shortened'); END;

-- disposal: after the term and the floor, under no open hold, on a day that by the ledger's own time has begun somewhere.
CREATE TRIGGER smp_disposal_insert BEFORE INSERT ON smp_disposal
BEGIN
  SELECT RAISE(ABORT, 'disposal is never replaced')
   WHERE EXISTS (SELECT 1 FROM smp_disposal WHERE tenant = NEW.tenant AND kind = NEW.kind AND id = NEW.id);
  SELECT RAISE(ABORT, 'disposal of what is held')
   WHERE NEW.day <> 0 AND EXISTS (SELECT 1 FROM smp_hold h JOIN smp_hold_scope s ON s.tenant = h.tenant AND s.matter = h.matter
                  WHERE h.tenant = NEW.tenant AND h.released = 0
                    AND (s.kind = '' OR s.kind = NEW.kind AND (s.id = '' OR s.id = NEW.id)));
  SELECT RAISE(ABORT, 'disposal of what is retained')
   WHERE NEW.day <> 0 AND NEW.day <= coalesce((SELECT CAST(strftime('%Y%m%d', e.keep * 86400, 'unixepoch') AS INTEGER) FROM smp_kind k JOIN smp_entry e ON e.kind = k.id
                               WHERE k.tenant = NEW.tenant AND k.name = NEW.kind AND e.id = NEW.id ORDER BY e.version DESC LIMIT 1), 99999999)
      OR EXISTS (SELECT 1 FROM smp_retention_floor
                  WHERE tenant = NEW.tenant AND kind = NEW.kind AND id = NEW.id AND through >= NEW.day);
  SELECT RAISE(ABORT, 'disposal before its day')
   WHERE NEW.day > coalesce((SELECT CAST(strftime('%Y%m%d', recorded / 1000000 + 50400, 'unixepoch') AS INTEGER)
                               FROM smp_entry WHERE n BETWEEN NEW.tenant << 41 AND (NEW.tenant + 1 << 41) - 1 ORDER BY n DESC LIMIT 1), 0);
END;
CREATE TRIGGER smp_disposal_update BEFORE UPDATE ON smp_disposal BEGIN SELECT RAISE(ABORT, 'disposal is never changed'); END;
CREATE TRIGGER smp_disposal_delete BEFORE DELETE ON smp_disposal BEGIN SELECT RAISE(ABORT, 'disposal is never removed'); END;

CREATE TRIGGER smp_content_insert BEFORE INSERT ON smp_content
WHEN EXISTS (SELECT 1 FROM smp_content WHERE n = NEW.n)
BEGIN SELECT RAISE(ABORT, 'content is never replaced'); END;
CREATE TRIGGER smp_content_update BEFORE UPDATE ON smp_content BEGIN SELECT RAISE(ABORT, 'content is never changed'); END;
CREATE TRIGGER smp_content_delete BEFORE DELETE ON smp_content BEGIN SELECT RAISE(ABORT, 'content is retained'); END;

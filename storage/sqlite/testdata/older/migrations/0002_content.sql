-- From the older layout to the newest: content moves into the row of its entry.

DROP TRIGGER smp_entry_insert;
DROP TRIGGER smp_entry_update;
DROP TRIGGER smp_entry_delete;
DROP TRIGGER smp_key_insert;
DROP TRIGGER smp_key_delete;
DROP TRIGGER smp_disposal_insert;
DROP INDEX smp_entry_document;
ALTER TABLE smp_entry RENAME TO smp_entry_older;

CREATE TABLE smp_entry (
  n        INTEGER PRIMARY KEY,
  kind     INTEGER NOT NULL, -- smp_kind.id
  id       TEXT NOT NULL,
  version  INTEGER NOT NULL CHECK (version > 0),
  recorded INTEGER NOT NULL,
  keep     INTEGER, -- last day to keep, counted from 1970-01-01; NULL while the clock is not running
  envelope BLOB NOT NULL,
  leaf     BLOB NOT NULL CHECK (length(leaf) = 32),
  salt     BLOB,
  key      BLOB, -- the wrapped data key of a sealed body
  reason   TEXT,
  head     BLOB CHECK (length(head) > 33), -- the checkpoint that was signed when this entry was the newest; NULL where the append went on
  body     BLOB, -- NULL after disposal, and salt, key and reason with it
  CHECK (n >> 41 = kind >> 12),
  CHECK (body IS NOT NULL AND salt IS NOT NULL OR body IS NULL AND salt IS NULL AND key IS NULL AND reason IS NULL)
) STRICT;

INSERT INTO smp_entry (n, kind, id, version, recorded, keep, envelope, leaf, salt, key, reason, head, body)
  SELECT e.n, e.kind, e.id, e.version, e.recorded, e.keep, e.envelope, e.leaf, c.salt, c.key, c.reason, e.head, c.body
  FROM smp_entry_older e LEFT JOIN smp_content c ON c.n = e.n ORDER BY e.n;
DROP TABLE smp_entry_older;
DROP TABLE smp_content;

CREATE INDEX smp_entry_ref ON smp_entry (kind, id, version, keep);
CREATE TRIGGER smp_entry_insert BEFORE INSERT ON smp_entry
WHEN NEW.n <> 1 + coalesce((SELECT max(n) FROM smp_entry WHERE n BETWEEN NEW.n >> 41 << 41 AND NEW.n | 2199023255551), (NEW.n >> 41 << 41) - 1)
  OR NEW.version <> 1 + coalesce((SELECT max(version) FROM smp_entry WHERE kind = NEW.kind AND id = NEW.id), 0)
  OR NEW.version > 1 AND (NEW.body IS NULL) <> (SELECT body IS NULL FROM smp_entry WHERE kind = NEW.kind AND id = NEW.id ORDER BY version DESC LIMIT 1)
BEGIN SELECT RAISE(ABORT, 'entry is out of order'); END;
CREATE TRIGGER smp_entry_update BEFORE UPDATE ON smp_entry
WHEN NOT (NEW.n IS OLD.n AND NEW.kind IS OLD.kind AND NEW.id IS OLD.id AND NEW.version IS OLD.version
  AND NEW.recorded IS OLD.recorded AND NEW.keep IS OLD.keep AND NEW.envelope IS OLD.envelope AND NEW.leaf IS OLD.leaf AND NEW.head IS OLD.head
  AND NEW.body IS NULL AND EXISTS (SELECT 1 FROM smp_kind k JOIN smp_disposal d ON d.tenant = k.tenant AND d.kind = k.name
    WHERE k.id = OLD.kind AND d.id = OLD.id))
BEGIN SELECT RAISE(ABORT, 'entry is never changed, and its content is retained'); END;
CREATE TRIGGER smp_entry_delete BEFORE DELETE ON smp_entry BEGIN SELECT RAISE(ABORT, 'entry is never removed'); END;
CREATE TRIGGER smp_key_insert BEFORE INSERT ON smp_key
WHEN NEW.generation <> 1 + coalesce((SELECT max(generation) FROM smp_key WHERE n = NEW.n), 0)
  OR NOT EXISTS (SELECT 1 FROM smp_entry WHERE n = NEW.n AND key IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'key is never replaced'); END;
CREATE TRIGGER smp_key_delete BEFORE DELETE ON smp_key
WHEN EXISTS (SELECT 1 FROM smp_entry WHERE n = OLD.n AND body IS NOT NULL)
BEGIN SELECT RAISE(ABORT, 'key is retained'); END;
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
  SELECT RAISE(ABORT, 'disposal of what is there')
   WHERE NEW.day = 0 AND NOT coalesce((SELECT e.body IS NULL FROM smp_kind k JOIN smp_entry e ON e.kind = k.id
                               WHERE k.tenant = NEW.tenant AND k.name = NEW.kind AND e.id = NEW.id ORDER BY e.version DESC LIMIT 1), 0);
  SELECT RAISE(ABORT, 'disposal before its day')
   WHERE NEW.day > coalesce((SELECT CAST(strftime('%Y%m%d', recorded / 1000000 + 50400, 'unixepoch') AS INTEGER)
                               FROM smp_entry WHERE n BETWEEN NEW.tenant << 41 AND (NEW.tenant + 1 << 41) - 1 ORDER BY n DESC LIMIT 1), 0);
END;

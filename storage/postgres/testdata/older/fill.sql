-- Fills the schema older, of the older layout, with what the schema newest has.
INSERT INTO older.entry SELECT e.tenant, e.kind, e.id, e.version, e.seq, e.recorded, e.keep, e.envelope, e.leaf, c.salt, c.key, c.body, c.reason
  FROM newest.entry e LEFT JOIN newest.content c ON c.tenant = e.tenant AND c.seq = e.seq;
INSERT INTO older.content_key SELECT * FROM newest.content_key;
INSERT INTO older.node SELECT * FROM newest.node;
INSERT INTO older.head SELECT * FROM newest.head;
INSERT INTO older.checkpoint SELECT * FROM newest.checkpoint;
INSERT INTO older.hold SELECT h.tenant, h.matter, r.matter IS NOT NULL FROM newest.hold h LEFT JOIN newest.hold_release r ON r.tenant = h.tenant AND r.matter = h.matter;
INSERT INTO older.hold_scope SELECT * FROM newest.hold_scope;
INSERT INTO older.retention_floor SELECT * FROM newest.retention_floor;
INSERT INTO older.disposal SELECT * FROM newest.disposal;

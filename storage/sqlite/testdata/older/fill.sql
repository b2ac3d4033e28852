-- Fills a file of the older layout with what a file of the newest has, which is attached as newest. What the second file
-- was migrated by stays behind.
INSERT INTO smp_tenant SELECT * FROM newest.smp_tenant;
INSERT INTO smp_kind SELECT * FROM newest.smp_kind;
INSERT INTO smp_entry SELECT n, kind, id, version, recorded, keep, envelope, leaf, head FROM newest.smp_entry ORDER BY n;
INSERT INTO smp_content SELECT n, salt, key, reason, body FROM newest.smp_entry WHERE body IS NOT NULL;
INSERT INTO smp_key SELECT * FROM newest.smp_key;
INSERT INTO smp_tile SELECT * FROM newest.smp_tile;
INSERT INTO smp_node SELECT * FROM newest.smp_node;
INSERT INTO smp_form SELECT * FROM newest.smp_form;
INSERT INTO smp_hold SELECT tenant, matter, 0 FROM newest.smp_hold;
UPDATE smp_hold SET released = 1 WHERE EXISTS (SELECT 1 FROM newest.smp_hold n WHERE n.tenant = smp_hold.tenant AND n.matter = smp_hold.matter AND n.released = 1);
INSERT INTO smp_hold_scope SELECT * FROM newest.smp_hold_scope;
INSERT INTO smp_retention_floor SELECT * FROM newest.smp_retention_floor;
INSERT INTO smp_disposal SELECT d.* FROM newest.smp_disposal d WHERE NOT EXISTS (SELECT 1 FROM smp_hold h JOIN smp_hold_scope s ON s.tenant = h.tenant AND s.matter = h.matter
  WHERE h.tenant = d.tenant AND h.released = 0 AND (s.kind = '' OR s.kind = d.kind AND (s.id = '' OR s.id = d.id)));

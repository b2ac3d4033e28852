-- What the driver adds: an index that compares byte by byte over its own rows in chart_document, and tables for what the
-- vendor's have no column for.
CREATE UNIQUE INDEX IF NOT EXISTS smp_document ON chart_document
  (practice_no, category COLLATE BINARY, ref COLLATE BINARY, revision) WHERE module = 'smp';
CREATE TABLE IF NOT EXISTS smp_entry (
  doc_no      INTEGER PRIMARY KEY REFERENCES chart_document (doc_no),
  practice_no INTEGER NOT NULL,
  seq         INTEGER NOT NULL,
  keep        TEXT NOT NULL, -- a day, or '' while the clock is not running
  envelope    BLOB,
  leaf        BLOB NOT NULL,
  salt        BLOB,
  wrapped_key BLOB,
  reason      TEXT NOT NULL,
  UNIQUE (practice_no, seq)
);
CREATE TABLE IF NOT EXISTS smp_node (practice_no INTEGER, n INTEGER, hash BLOB NOT NULL, PRIMARY KEY (practice_no, n));
CREATE TABLE IF NOT EXISTS smp_head (
  practice_no INTEGER, size INTEGER, epoch INTEGER NOT NULL, root BLOB NOT NULL, edge BLOB,
  recorded_us INTEGER NOT NULL, note BLOB, PRIMARY KEY (practice_no, size)
);
CREATE TABLE IF NOT EXISTS smp_hold (practice_no INTEGER, matter TEXT, released INTEGER NOT NULL, PRIMARY KEY (practice_no, matter));
CREATE TABLE IF NOT EXISTS smp_scope (practice_no INTEGER, matter TEXT, n INTEGER, category TEXT NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (practice_no, matter, n));
CREATE TABLE IF NOT EXISTS smp_floor (practice_no INTEGER, category TEXT, ref TEXT, through TEXT NOT NULL, PRIMARY KEY (practice_no, category, ref));

-- The vendor's own tables, as they were before. Names fold case, keys are the vendor's numbers, and nothing is ever
-- deleted for good: it is marked.
CREATE TABLE IF NOT EXISTS practice (
  practice_no INTEGER PRIMARY KEY AUTOINCREMENT,
  code        TEXT NOT NULL COLLATE NOCASE,
  left_on     TEXT
);
CREATE TABLE IF NOT EXISTS chart_document (
  doc_no      INTEGER PRIMARY KEY AUTOINCREMENT,
  practice_no INTEGER NOT NULL REFERENCES practice (practice_no),
  module      TEXT NOT NULL DEFAULT 'ehr', -- which part of the product a row belongs to
  category    TEXT NOT NULL COLLATE NOCASE,
  ref         TEXT NOT NULL COLLATE NOCASE,
  revision    INTEGER NOT NULL,
  entered_us  INTEGER NOT NULL,
  payload     BLOB,
  deleted     INTEGER NOT NULL DEFAULT 0
);

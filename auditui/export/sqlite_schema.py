"""The tables, views and indexes of the SQLite export, in SQL. What is put into them is `sqlite_format.py`'s business.

The view `timeline` words a change as `model/change_text.py` does.
"""

from __future__ import annotations

SCHEMA = """
BEGIN;
PRAGMA user_version = 1;
CREATE TABLE export (  -- how these records came to be here
    key TEXT PRIMARY KEY,    -- as in the manifest beside the file
    value
) WITHOUT ROWID;
CREATE TABLE records (
    id INTEGER PRIMARY KEY,  -- place in the export, from 1
    created INTEGER,         -- milliseconds since the epoch
    time_utc TEXT,           -- the same as 2026-11-01T09:30:07.123Z; NULL outside the years 1 to 9999
    date_text TEXT,          -- what stands in place of a date, where time_utc is NULL
    author TEXT NOT NULL,
    account_id TEXT NOT NULL,
    author_type TEXT NOT NULL,
    event TEXT NOT NULL,     -- `summary` in the JSON
    category TEXT NOT NULL,
    affected_object TEXT NOT NULL,  -- a group has its id behind its name
    affected_object_type TEXT NOT NULL,
    address TEXT NOT NULL,
    description TEXT NOT NULL,
    sys_admin INTEGER NOT NULL,
    super_admin INTEGER NOT NULL,
    unusual TEXT NOT NULL,   -- what does not fit the documented shape
    raw TEXT NOT NULL        -- the record as the site sent it
);
CREATE TABLE associated_objects (
    record INTEGER NOT NULL REFERENCES records (id),
    position INTEGER NOT NULL,  -- from 1
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    PRIMARY KEY (record, position)
) WITHOUT ROWID;
CREATE TABLE changed_values (
    record INTEGER NOT NULL REFERENCES records (id),
    position INTEGER NOT NULL,  -- from 1
    name TEXT NOT NULL,
    old TEXT NOT NULL,
    new TEXT NOT NULL,
    hidden_old TEXT NOT NULL,
    hidden_new TEXT NOT NULL,
    PRIMARY KEY (record, position)
) WITHOUT ROWID;
CREATE VIEW timeline AS  -- what happened, oldest first
SELECT
    id, created, time_utc, author, event, affected_object, affected_object_type,
    (SELECT group_concat(name, ', ')
       FROM (SELECT name FROM associated_objects WHERE record = records.id ORDER BY position)) AS associated,
    (SELECT group_concat(change, '; ')
       FROM (SELECT coalesce(nullif(name, ''), '(unnamed)') || ': ' ||
                    coalesce(coalesce(nullif(old, ''), nullif(hidden_old, '')) || ' → ', '') ||
                    coalesce(nullif(new, ''), nullif(hidden_new, ''), '(none)') ||
                    CASE hidden_old || hidden_new WHEN '' THEN '' ELSE ' (hidden in Confluence)' END AS change
               FROM changed_values
              WHERE record = records.id AND (old <> new OR hidden_old <> hidden_new)
              ORDER BY position)) AS changes,
    address, category, description
FROM records
ORDER BY created, id DESC;
CREATE VIEW who_from_where AS  -- which account acted from which address, how often and between when
SELECT author, account_id, address, count(*) AS records, min(time_utc) AS first_utc, max(time_utc) AS last_utc
FROM records
GROUP BY author, account_id, address
ORDER BY min(created);
COMMIT;
"""
"""For an empty file. The comments stay in it, where `.schema` shows them."""

INDEXES = """
BEGIN;
CREATE INDEX IF NOT EXISTS records_by_time ON records (created);
CREATE INDEX IF NOT EXISTS records_by_author ON records (author, created);
CREATE INDEX IF NOT EXISTS records_by_address ON records (address, created);
COMMIT;
"""
"""For the end, as it is slower to keep them in order all the time."""

-- What was asked and answered, and what was decided about it. Rows are added, and never taken away.

CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY,          -- Prompt.key
    purpose TEXT NOT NULL,         -- the step that asked
    draw INTEGER NOT NULL,
    prompt TEXT NOT NULL,          -- the whole request, JSON
    text TEXT NOT NULL,            -- the raw answer
    finish_reason TEXT NOT NULL,
    prompt_tokens INTEGER,         -- NULL where the server did not count
    completion_tokens INTEGER,
    model TEXT NOT NULL,           -- as the server names it
    request_id TEXT NOT NULL,
    tries INTEGER NOT NULL,        -- requests sent for it
    at TEXT NOT NULL,              -- UTC
    checksum INTEGER               -- CRC-32 of all the above; NULL in rows of version 1
);

CREATE TABLE IF NOT EXISTS failures (
    key TEXT PRIMARY KEY,
    purpose TEXT NOT NULL,
    draw INTEGER NOT NULL,
    prompt TEXT NOT NULL,
    reason TEXT NOT NULL,          -- a short fixed name
    detail TEXT NOT NULL,          -- the last error's words
    tries INTEGER NOT NULL,
    at TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS ledger (
    entry INTEGER PRIMARY KEY,     -- one per request sent, retries included
    key TEXT NOT NULL,
    prompt_tokens INTEGER NOT NULL,      -- at the most that it can cost when sent, then what it cost
    completion_tokens INTEGER NOT NULL,
    settled INTEGER NOT NULL       -- 1 as the server counted; 2 estimated at the most that it can have cost, since the
                                   -- server did not count or the reply was lost; 0 where the process died before that
);

CREATE TABLE IF NOT EXISTS batches (
    batch TEXT NOT NULL,           -- the server's id, or the tag under which it was going to be made
    key TEXT NOT NULL,             -- of a prompt in it
    PRIMARY KEY (batch, key)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS verdicts (
    subject TEXT NOT NULL,         -- id of the candidate
    ordinal INTEGER NOT NULL,      -- in which order the screens judged
    screen TEXT NOT NULL,          -- '' below the last one: what stands after it was said in an earlier sitting
    reason TEXT NOT NULL,          -- '' where the screen kept it
    evidence TEXT NOT NULL,        -- JSON
    PRIMARY KEY (subject, ordinal)
) WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS rounds (
    number INTEGER PRIMARY KEY,    -- in which order the proposals were judged, from 0; the latest sitting's word stands
    source TEXT NOT NULL,          -- JSON: Source of what the answer brought
    candidates TEXT NOT NULL       -- JSON, in order: id, text, and whether it was whole, so that screens judged it
);

CREATE TABLE IF NOT EXISTS endings (
    at TEXT NOT NULL,
    status TEXT NOT NULL,
    files TEXT NOT NULL            -- JSON: rows, bytes and sha256 by file name; written after the files stand
);

"""The schema, one migration a change; what has landed is never edited, only followed by the next."""

from sqlite_utils import Database, Migrations

migrations = Migrations("tideline")

SCHEMA_VERSION = 1
"""How many migrations there are; a file with more was written by a newer Tideline."""

_FIRST = """
CREATE TABLE users(
  id TEXT PRIMARY KEY, username TEXT NOT NULL UNIQUE COLLATE NOCASE, display_name TEXT NOT NULL,
  role TEXT NOT NULL CHECK(role IN ('learner', 'instructor')), password_hash TEXT,
  is_demo INTEGER NOT NULL DEFAULT 0, created_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE login_sessions(
  id_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, slot TEXT NOT NULL,
  created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, revoked_at INTEGER) WITHOUT ROWID;
CREATE INDEX login_sessions_user ON login_sessions(user_id);
CREATE TABLE login_tickets(
  ticket_hash TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, expires_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE login_failures(
  username TEXT PRIMARY KEY COLLATE NOCASE, failures INTEGER NOT NULL, last_at INTEGER NOT NULL, locked_until INTEGER) WITHOUT ROWID;
CREATE TABLE class_settings(key TEXT PRIMARY KEY, value TEXT NOT NULL, updated_at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE chats(
  id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, title TEXT NOT NULL,
  created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL, deleted_at INTEGER) WITHOUT ROWID;
CREATE INDEX chats_user ON chats(user_id, updated_at);
CREATE TABLE policies(id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
CREATE TABLE turns(
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
  chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE, user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
  status TEXT NOT NULL CHECK(status IN ('queued', 'running', 'done', 'failed', 'stopped', 'interrupted')),
  model TEXT NOT NULL, policy INTEGER NOT NULL REFERENCES policies, timezone TEXT NOT NULL,
  login_id TEXT, created_at INTEGER NOT NULL, started_at INTEGER, finished_at INTEGER,
  lease_owner TEXT, lease_until INTEGER, error TEXT, sent_messages INTEGER,
  tokens_in INTEGER NOT NULL DEFAULT 0, tokens_cached INTEGER NOT NULL DEFAULT 0, tokens_out INTEGER NOT NULL DEFAULT 0,
  cost_nano INTEGER, estimated INTEGER NOT NULL DEFAULT 0, first_token_ms INTEGER, duration_ms INTEGER);
CREATE INDEX turns_open ON turns(chat_id, seq) WHERE status IN ('queued', 'running');
CREATE TABLE messages(
  id INTEGER PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
  turn INTEGER NOT NULL REFERENCES turns ON DELETE CASCADE,
  role TEXT NOT NULL CHECK(role IN ('user', 'assistant', 'tool')), text TEXT NOT NULL, tokens INTEGER NOT NULL,
  created_at INTEGER NOT NULL, tool_calls TEXT, tool_call_id TEXT, tool_name TEXT, raw TEXT);
CREATE INDEX messages_chat ON messages(chat_id, turn, id);
CREATE TABLE model_calls(
  id INTEGER PRIMARY KEY, turn INTEGER NOT NULL REFERENCES turns ON DELETE CASCADE,
  chat_id TEXT NOT NULL, user_id TEXT NOT NULL, purpose TEXT NOT NULL, model TEXT NOT NULL, priced_as TEXT, price TEXT,
  tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL, tokens_out INTEGER NOT NULL, tokens_reasoning INTEGER NOT NULL,
  cost_nano INTEGER, source TEXT NOT NULL CHECK(source IN ('provider', 'estimate')),
  outcome TEXT NOT NULL CHECK(outcome IN ('ok', 'error', 'stopped', 'timeout', 'interrupted')),
  attempt INTEGER NOT NULL, first_token_ms INTEGER, duration_ms INTEGER NOT NULL, finish_reason TEXT, started_at INTEGER NOT NULL);
CREATE INDEX model_calls_turn ON model_calls(turn);
CREATE INDEX model_calls_chat ON model_calls(chat_id);
CREATE INDEX model_calls_user ON model_calls(user_id, started_at);
CREATE TABLE wellness_entries(
  id INTEGER PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, turn INTEGER REFERENCES turns ON DELETE SET NULL,
  kind TEXT NOT NULL CHECK(kind IN ('food', 'workout')), name TEXT NOT NULL, amount REAL NOT NULL, day TEXT NOT NULL,
  created_at INTEGER NOT NULL, removed_at INTEGER);
CREATE INDEX wellness_user_day ON wellness_entries(user_id, day);
"""


@migrations(name="m001_first_schema")
def _m001_first_schema(db: Database) -> None:
    """People, logins, chats, turns, model calls and the wellness log."""
    for statement in filter(str.strip, _FIRST.split(";\n")):
        db.execute(statement)

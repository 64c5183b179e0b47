"""The schema, one migration a change; what has landed is never edited, only followed by the next."""

from sqlite_utils import Database, Migrations

migrations = Migrations("tideline")

SCHEMA_VERSION = 8
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


_USAGE_TOTALS = """
CREATE TABLE usage_totals(
  user_id TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE, turns INTEGER NOT NULL, calls INTEGER NOT NULL,
  tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL, tokens_out INTEGER NOT NULL, cost_nano INTEGER NOT NULL,
  unpriced_calls INTEGER NOT NULL, estimated_calls INTEGER NOT NULL, last_at INTEGER NOT NULL) WITHOUT ROWID
"""
_USAGE_TOTALS_FILL = """
INSERT INTO usage_totals
SELECT user_id, count(DISTINCT turn), count(*), sum(tokens_in), sum(tokens_cached), sum(tokens_out), coalesce(sum(cost_nano), 0),
  sum(cost_nano IS NULL), sum(source = 'estimate'), max(started_at) FROM model_calls GROUP BY user_id
"""
_USAGE_TOTALS_TRIGGER = """
CREATE TRIGGER model_calls_total AFTER INSERT ON model_calls BEGIN
  INSERT INTO usage_totals VALUES (
    new.user_id, NOT EXISTS (SELECT 1 FROM model_calls WHERE turn = new.turn AND id <> new.id), 1,
    new.tokens_in, new.tokens_cached, new.tokens_out, coalesce(new.cost_nano, 0),
    new.cost_nano IS NULL, new.source = 'estimate', new.started_at)
  ON CONFLICT(user_id) DO UPDATE SET
    turns = turns + excluded.turns, calls = calls + 1, tokens_in = tokens_in + excluded.tokens_in,
    tokens_cached = tokens_cached + excluded.tokens_cached, tokens_out = tokens_out + excluded.tokens_out,
    cost_nano = cost_nano + excluded.cost_nano, unpriced_calls = unpriced_calls + excluded.unpriced_calls,
    estimated_calls = estimated_calls + excluded.estimated_calls, last_at = max(last_at, excluded.last_at);
END
"""


@migrations(name="m002_usage_totals")
def _m002_usage_totals(db: Database) -> None:
    """Each person's usage added up as it happens: the class panel took 270 ms over 130,000 calls, and takes 1 ms so."""
    for statement in (_USAGE_TOTALS, _USAGE_TOTALS_FILL, _USAGE_TOTALS_TRIGGER):
        db.execute(statement)


@migrations(name="m003_open_call")
def _m003_open_call(db: Database) -> None:
    """The estimated input of the model call that is under way in a turn: what a crash would otherwise forget."""
    db.execute("ALTER TABLE turns ADD COLUMN open_call INTEGER")


_MEMORY = """
ALTER TABLE chats ADD COLUMN message_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN token_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chats ADD COLUMN policy INTEGER REFERENCES policies;
ALTER TABLE users ADD COLUMN policy INTEGER REFERENCES policies;
ALTER TABLE turns ADD COLUMN summary INTEGER;
ALTER TABLE turns ADD COLUMN quoted TEXT;
CREATE TABLE pins(
  message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE,
  chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE, created_at INTEGER NOT NULL);
CREATE INDEX pins_chat ON pins(chat_id);
CREATE TABLE summaries(
  id INTEGER PRIMARY KEY, chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE,
  turn INTEGER NOT NULL REFERENCES turns ON DELETE CASCADE, message_id INTEGER NOT NULL REFERENCES messages ON DELETE CASCADE,
  status TEXT NOT NULL CHECK(status IN ('running', 'done', 'failed')), owner TEXT NOT NULL, estimated_in INTEGER NOT NULL,
  text TEXT NOT NULL DEFAULT '', tokens INTEGER NOT NULL DEFAULT 0, error TEXT, created_at INTEGER NOT NULL, finished_at INTEGER);
CREATE INDEX summaries_chat ON summaries(chat_id, turn, id);
CREATE UNIQUE INDEX summaries_running ON summaries(chat_id) WHERE status = 'running';
CREATE TABLE counterfactuals(
  turn INTEGER NOT NULL REFERENCES turns ON DELETE CASCADE, strategy TEXT NOT NULL,
  tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL, tokens_out INTEGER NOT NULL, cost_nano INTEGER,
  estimated INTEGER NOT NULL, reason TEXT, state INTEGER, PRIMARY KEY(turn, strategy)) WITHOUT ROWID;
CREATE TABLE counterfactual_totals(
  chat_id TEXT NOT NULL REFERENCES chats ON DELETE CASCADE, strategy TEXT NOT NULL, turns INTEGER NOT NULL,
  tokens_in INTEGER NOT NULL, tokens_cached INTEGER NOT NULL, tokens_out INTEGER NOT NULL, cost_nano INTEGER NOT NULL,
  unpriced_turns INTEGER NOT NULL, estimated_turns INTEGER NOT NULL, PRIMARY KEY(chat_id, strategy)) WITHOUT ROWID;
CREATE VIRTUAL TABLE message_search USING fts5(text, context, days, owner, tokenize = 'porter unicode61 remove_diacritics 2');
"""
_MEMORY_COUNT = """
UPDATE chats SET
  message_count = (SELECT count(*) FROM messages m WHERE m.chat_id = chats.id),
  token_count = (SELECT coalesce(sum(m.tokens), 0) FROM messages m WHERE m.chat_id = chats.id)
"""
_DAY = "m.created_at / 1000000, 'unixepoch'"
_WEEKDAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")


def _named(code: str, names: tuple[str, ...], first: int) -> str:
    whens = " ".join(f"WHEN {place} THEN '{name}'" for place, name in enumerate(names, first))
    return f"CASE CAST(strftime('{code}', {_DAY}) AS INTEGER) {whens} END"


_MEMORY_INDEX = f"""
INSERT INTO message_search(rowid, text, context, days, owner)
SELECT m.id, m.text, coalesce((
  SELECT group_concat(substr(text, 1, 300), ' ') FROM (
    SELECT p.text FROM messages p WHERE p.chat_id = m.chat_id AND (p.turn, p.id) < (m.turn, m.id) AND p.role <> 'tool' AND p.text <> ''
    ORDER BY p.turn DESC, p.id DESC LIMIT 2)), ''),
  strftime('%Y-%m-%d ', {_DAY}) || {_named("%w", _WEEKDAYS, 0)} || ' ' || {_named("%m", _MONTHS, 1)},
  'u' || lower(hex(c.user_id)) || ' c' || lower(hex(c.id))
FROM messages m JOIN chats c ON c.id = m.chat_id WHERE m.role <> 'tool' AND m.text <> ''
"""
_MEMORY_TRIGGERS = (
    f"""
CREATE TRIGGER messages_added AFTER INSERT ON messages BEGIN
  UPDATE chats SET message_count = message_count + 1, token_count = token_count + new.tokens WHERE id = new.chat_id;
  {_MEMORY_INDEX.strip()} AND m.id = new.id;
END
""",
    """
CREATE TRIGGER messages_removed AFTER DELETE ON messages BEGIN
  UPDATE chats SET message_count = message_count - 1, token_count = token_count - old.tokens WHERE id = old.chat_id;
  DELETE FROM message_search WHERE rowid = old.id;
END
""",
    """
CREATE TRIGGER counterfactuals_total AFTER INSERT ON counterfactuals BEGIN
  INSERT INTO counterfactual_totals
    SELECT t.chat_id, new.strategy, 1, new.tokens_in, new.tokens_cached, new.tokens_out, coalesce(new.cost_nano, 0),
      new.cost_nano IS NULL, new.estimated FROM turns t WHERE t.seq = new.turn
  ON CONFLICT(chat_id, strategy) DO UPDATE SET
    turns = turns + 1, tokens_in = tokens_in + excluded.tokens_in, tokens_cached = tokens_cached + excluded.tokens_cached,
    tokens_out = tokens_out + excluded.tokens_out, cost_nano = cost_nano + excluded.cost_nano,
    unpriced_turns = unpriced_turns + excluded.unpriced_turns, estimated_turns = estimated_turns + excluded.estimated_turns;
END
""",
)


@migrations(name="m004_memory")
def _m004_memory(db: Database) -> None:
    """What the capped memory needs: policies of one's own, pins, summaries, counterfactuals and a search index over what was said.

    The index keeps its own copy of the words, for what is deleted from it must be named exactly as it was indexed, and the messages
    before a message may be gone by then. `owner` holds the person and the chat as words, so that a search never walks through others'.
    """
    statements = [statement for statement in _MEMORY.split(";\n") if statement.strip()]
    for statement in (*statements, _MEMORY_COUNT, _MEMORY_INDEX, *_MEMORY_TRIGGERS):
        db.execute(statement)


@migrations(name="m005_imported")
def _m005_imported(db: Database) -> None:
    """The model calls behind a turn that came in a file, as JSON: they were billed elsewhere, so they are no rows of `model_calls`."""
    db.execute("ALTER TABLE turns ADD COLUMN imported TEXT")


@migrations(name="m006_message_vectors")
def _m006_message_vectors(db: Database) -> None:
    """What an embedding model made of messages, where one is set; the index says which have a vector without reading any."""
    db.execute(
        "CREATE TABLE message_vectors(message_id INTEGER PRIMARY KEY REFERENCES messages ON DELETE CASCADE, "
        "model TEXT NOT NULL, vector BLOB NOT NULL)"
    )
    db.execute("CREATE INDEX message_vectors_model ON message_vectors(message_id, model)")


_COMPARED = """
CREATE TABLE compared_totals(
  user_id TEXT PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  turns INTEGER NOT NULL, cost_nano INTEGER NOT NULL, unpriced_calls INTEGER NOT NULL) WITHOUT ROWID
"""
_COMPARED_FILL = """
INSERT INTO compared_totals
SELECT c.user_id, count(DISTINCT c.turn), coalesce(sum(c.cost_nano), 0), sum(c.cost_nano IS NULL)
FROM counterfactuals f JOIN model_calls c ON c.turn = f.turn WHERE f.strategy = 'full' GROUP BY c.user_id
"""
_COMPARED_TRIGGERS = (
    """
CREATE TRIGGER counterfactuals_compared AFTER INSERT ON counterfactuals WHEN new.strategy = 'full' BEGIN
  INSERT INTO compared_totals
    SELECT c.user_id, 1, coalesce(sum(c.cost_nano), 0), sum(c.cost_nano IS NULL)
    FROM model_calls c WHERE c.turn = new.turn GROUP BY c.user_id
  ON CONFLICT(user_id) DO UPDATE SET
    turns = turns + 1, cost_nano = cost_nano + excluded.cost_nano, unpriced_calls = unpriced_calls + excluded.unpriced_calls;
END
""",
    """
CREATE TRIGGER model_calls_compared AFTER INSERT ON model_calls
WHEN EXISTS (SELECT 1 FROM counterfactuals WHERE turn = new.turn AND strategy = 'full') BEGIN
  UPDATE compared_totals SET cost_nano = cost_nano + coalesce(new.cost_nano, 0), unpriced_calls = unpriced_calls + (new.cost_nano IS NULL)
  WHERE user_id = new.user_id;
END
""",
)


@migrations(name="m007_compared_totals")
def _m007_compared_totals(db: Database) -> None:
    """What the turns cost that were compared with the full history, added up as it happens: a class's saving is over the same turns."""
    for statement in (_COMPARED, _COMPARED_FILL, *_COMPARED_TRIGGERS):
        db.execute(statement)


_QUIZ = """
CREATE TABLE quiz_answers(
  id INTEGER PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users ON DELETE CASCADE, question TEXT NOT NULL,
  typed TEXT NOT NULL, value REAL, is_right INTEGER NOT NULL CHECK(is_right IN (0, 1)), created_at INTEGER NOT NULL)
"""


@migrations(name="m008_quiz_answers")
def _m008_quiz_answers(db: Database) -> None:
    """What people answered in the simulator's quiz, every attempt; the index alone answers who has got which question right."""
    db.execute(_QUIZ)
    db.execute("CREATE INDEX quiz_answers_user ON quiz_answers(user_id, question, is_right)")

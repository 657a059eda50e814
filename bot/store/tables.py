"""Every table of the store; what is written about a column here is what its verbs keep to.

Indexes over part of a table are in `bot/store/indexes.py`.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from bot.store.types import CleanText, Int64, Json, UtcDateTime

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

NO_THREAD = 0
"""Stands for "no forum topic" in keys, where a NULL would not be equal to itself."""


def _one_of(column: str, *values: str) -> CheckConstraint:
    """Restrict a column to a few words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=column)


# --- what came in ---------------------------------------------------------------------------------------------------

inbox = Table(
    "inbox",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),  # order of arrival
    Column("update_id", Int64, nullable=False, unique=True),
    Column("chat_id", Int64, nullable=False),  # what is kept in order: the chat, else the sender, else 0
    Column("user_id", Int64),  # the sender, so that /forget finds it
    Column("payload", CleanText),  # the raw update as JSON; emptied as soon as it is done
    Column("state", CleanText, nullable=False, server_default="pending"),
    Column("attempts", Int64, nullable=False, server_default=text("0")),
    Column("claimed_by", CleanText),  # only while it is pending
    Column("lease_until", UtcDateTime),
    Column("error", CleanText),
    Column("received_at", UtcDateTime, nullable=False),
    Column("settled_at", UtcDateTime),  # when it was done or quarantined
    _one_of("state", "pending", "done", "quarantined"),
    sqlite_autoincrement=True,
)

# --- what was asked and answered --------------------------------------------------------------------------------------

questions = Table(
    "questions",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("asked_at", UtcDateTime, nullable=False, index=True),  # kept for 30 days at most
    Column("user_id", Int64, index=True),
    Column("chat_id", Int64),
    Column("source", CleanText, nullable=False),  # private, group, inline, guest …
    Column("text", CleanText, nullable=False),  # normalised only
    Column("outcome", CleanText, nullable=False),  # answer, suggest, none, chat
    Column("grade", CleanText),  # of "none": why
    Column("language", CleanText, nullable=False),
    Column("facts", Json, nullable=False),  # ids
    Column("done_at", UtcDateTime),  # an admin has dealt with it
)
Index("ix_questions_outcome_text", questions.c.outcome, questions.c.text)

answers = Table(
    "answers",  # which message answers which question: an edited question edits its answer, a next one follows it
    metadata,
    Column("chat_id", Int64, primary_key=True),
    Column("question_id", Int64, primary_key=True),  # message id of the question
    Column("answer_id", Int64, nullable=False),  # message id of the answer
    Column("thread_id", Int64, nullable=False, server_default=text("0")),
    Column("user_id", Int64),
    Column("language", CleanText, nullable=False),
    Column("explanation", Json),  # what /why shows
    Column("context", Json),  # what a follow-up of the same person in the same chat and topic may lean on
    Column("answered_at", UtcDateTime, nullable=False, index=True),
)
Index("ix_answers_answer", answers.c.chat_id, answers.c.answer_id)
Index("ix_answers_place", answers.c.user_id, answers.c.chat_id, answers.c.thread_id, answers.c.answered_at)

receipts = Table(
    "receipts",  # which fact, in which state of the knowledge, an answer gave
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("chat_id", Int64, nullable=False),
    Column("message_id", Int64, nullable=False),
    Column("user_id", Int64, index=True),
    Column("fact_id", CleanText, nullable=False),
    Column("knowledge", CleanText, nullable=False),  # version of the knowledge
    Column("given_at", UtcDateTime, nullable=False, index=True),
    UniqueConstraint("chat_id", "message_id", "fact_id"),
)
Index("ix_receipts_fact", receipts.c.fact_id, receipts.c.given_at)

feedback = Table(
    "feedback",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("given_at", UtcDateTime, nullable=False, index=True),
    Column("user_id", Int64, nullable=False, index=True),
    Column("chat_id", Int64, nullable=False),
    Column("message_id", Int64, nullable=False),
    Column("verdict", CleanText, nullable=False),
    Column("reason", CleanText),  # wrong, not_my_question, unclear
    Column("question", CleanText),  # normalised only
    Column("facts", Json, nullable=False),
    UniqueConstraint("user_id", "chat_id", "message_id"),
    _one_of("verdict", "up", "down", "none_of_these"),
)

keyboards = Table(
    "keyboards",  # the buttons of one message
    metadata,
    Column("id", CleanText, primary_key=True),  # random; with a button's number all that the client gets to see
    Column("buttons", Json, nullable=False),  # action, payload, group, repeatable, for anyone
    Column("owner_id", Int64, index=True),  # who may press them; NULL: anyone in the chat
    Column("chat_id", Int64),  # where they may be pressed; NULL: anywhere (an inline result)
    Column("expires_at", UtcDateTime, nullable=False, index=True),
    Column("used", Json, nullable=False),  # by group or number: the update that used it up, whose next try goes on
)

# --- who is there -----------------------------------------------------------------------------------------------------

chats = Table(
    "chats",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("kind", CleanText, nullable=False),  # private, group, supergroup, channel
    Column("title", CleanText, nullable=False, server_default=""),
    Column("language", CleanText),
    Column("is_forum", Boolean, nullable=False, server_default=text("false")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("reason", CleanText),  # why it is not active: blocked, kicked, left, gone, migrated
    Column("migrated_to", Int64),
    Column("introduced_at", UtcDateTime),
    Column("seen_at", UtcDateTime, nullable=False),
)

users = Table(
    "users",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=False),
    Column("language", CleanText),  # chosen with /language
    Column("blocked", Boolean, nullable=False, server_default=text("false")),  # by an admin: not answered
    Column("changed_at", UtcDateTime, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("chat_id", Int64, nullable=False),
    Column("thread_id", Int64, nullable=False, server_default=text("0")),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("announcements", Boolean, nullable=False, server_default=text("true")),
    Column("digest", CleanText, nullable=False, server_default="weekly"),
    Column("digest_time", CleanText, nullable=False, server_default="09:00"),
    Column("digest_day", Int64, nullable=False, server_default=text("0")),  # Monday is 0
    Column("zone", CleanText, nullable=False, server_default="UTC"),
    Column("on_change", Boolean, nullable=False, server_default=text("true")),
    Column("silent", Boolean, nullable=False, server_default=text("false")),
    Column("quiet_from", CleanText),  # local time of day, "22:00"
    Column("quiet_until", CleanText),
    Column("language", CleanText),
    Column("created_by", Int64),
    Column("created_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    UniqueConstraint("chat_id", "thread_id"),
    _one_of("digest", "daily", "weekly", "off"),
)

# --- what goes out ----------------------------------------------------------------------------------------------------

announcements = Table(
    "announcements",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("kind", CleanText, nullable=False),  # copy, fact, topic, text, digest, change
    Column("content", Json, nullable=False),  # what to send: a message to copy, or the rendering in each language
    Column("state", CleanText, nullable=False, server_default="draft"),
    Column("on_uncertain", CleanText, nullable=False, server_default="hold"),
    Column("send_at", UtcDateTime),
    Column("expires_at", UtcDateTime),
    Column("priority", Int64, nullable=False, server_default=text("10")),
    Column("silent", Boolean, nullable=False, server_default=text("false")),
    Column("total", Int64, nullable=False, server_default=text("0")),
    Column("status_chat_id", Int64),  # where the progress is shown
    Column("status_message_id", Int64),
    Column("status_text", CleanText),
    Column("created_by", Int64),
    Column("created_at", UtcDateTime, nullable=False),
    Column("confirmed_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    _one_of("state", "draft", "scheduled", "sending", "done", "cancelled", "correcting", "retracting", "retracted"),
    _one_of("on_uncertain", "hold", "resend"),
)
Index("ix_announcements_state", announcements.c.state, announcements.c.send_at)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("dedupe_key", CleanText, nullable=False, unique=True),  # announce:12:-100…:0, schedule:3:2026-…, answer:…
    Column("announcement_id", Int64, ForeignKey("announcements.id", ondelete="CASCADE")),
    Column("kind", CleanText, nullable=False),  # announce, digest, change, answer, correct, retract, status
    Column("chat_id", Int64, nullable=False),
    Column("thread_id", Int64, nullable=False, server_default=text("0")),
    Column("language", CleanText),  # which rendering of the announcement, where there is no payload
    Column("method", CleanText, nullable=False),
    Column("payload", Json),  # NULL: the announcement's content
    Column("silent", Boolean, nullable=False, server_default=text("false")),
    Column("state", CleanText, nullable=False, server_default="pending"),
    Column("priority", Int64, nullable=False, server_default=text("10")),  # the lower the sooner
    Column("due_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),  # not to be sent after
    Column("attempts", Int64, nullable=False, server_default=text("0")),
    Column("claimed_by", CleanText),
    Column("lease_until", UtcDateTime),
    Column("message_id", Int64),
    Column("last_error", CleanText),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime),
    _one_of(
        "state", "pending", "sending", "sent", "failed", "blocked", "uncertain", "cancelled", "expired", "retracted"
    ),
)
Index("ix_outbox_announcement", outbox.c.announcement_id, outbox.c.state)
Index("ix_outbox_chat", outbox.c.chat_id, outbox.c.state)

schedules = Table(
    "schedules",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("kind", CleanText, nullable=False),  # digest, announcement, upkeep
    Column("subscription_id", Int64, ForeignKey("subscriptions.id", ondelete="CASCADE"), index=True),
    Column("announcement_id", Int64, ForeignKey("announcements.id", ondelete="CASCADE"), index=True),
    Column("cron", CleanText, nullable=False),
    Column("zone", CleanText, nullable=False),
    Column("misfire", CleanText, nullable=False, server_default="run_once"),
    Column("next_run_at", UtcDateTime),
    Column("last_run_at", UtcDateTime),
    Column("enabled", Boolean, nullable=False, server_default=text("true")),
    Column("payload", Json),
    _one_of("misfire", "run_once", "skip"),
)

digest_facts = Table(
    "digest_facts",  # which facts a subscription's digests have shown in this round
    metadata,
    Column("subscription_id", Int64, ForeignKey("subscriptions.id", ondelete="CASCADE"), primary_key=True),
    Column("fact_id", CleanText, primary_key=True),
    Column("round", Int64, nullable=False, server_default=text("0")),
    Column("shown_at", UtcDateTime, nullable=False),
)

fact_values = Table(
    "fact_values",  # the value of each fact as the store last saw it: what "on change" compares with
    metadata,
    Column("fact_id", CleanText, primary_key=True),
    Column("value", Json, nullable=False),
    Column("knowledge", CleanText, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
)

# --- what has to be accounted for -----------------------------------------------------------------------------------

audit = Table(
    "audit",
    metadata,
    Column("id", Int64, primary_key=True, autoincrement=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("user_id", Int64),
    Column("chat_id", Int64),
    Column("action", CleanText, nullable=False),
    Column("allowed", Boolean, nullable=False, server_default=text("true")),
    Column("detail", Json),
)

pauses = Table(
    "pauses",  # what a 429 named: that chat, or chat 0 for all; shared by all processes
    metadata,
    Column("chat_id", Int64, primary_key=True, autoincrement=False),
    Column("until", UtcDateTime, nullable=False),
    Column("seconds", Float, nullable=False),
)

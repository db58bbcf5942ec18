/*
 * audit.h - questions about everyone, asked now and then and not by every tick:
 * they may look at all there is of a span of time.
 */
#pragma once

#include "base/terms.h"
#include "store/db.h"

/* A message as it wanted to go. */
typedef struct {
	gint64 person;
	const char *workflow;
	gint64 priority;
	gint64 due_s;
	JrMessageState state;
	gint64 accepted_s;
	const char *code; /* of a refused one: the gate; or NULL */
} JrAuditMessage;
typedef gboolean (*JrAuditMessageFn)(const JrAuditMessage *message,
				     gpointer user);

/* Which messages: due from @from_s until @until_s, both included. */
typedef struct {
	JrChannel channel; /* 0: all */
	gint64 from_s, until_s, apart_s;
} JrAuditSpan;

/*
 * Show @each the messages of @span of people who had another, whatever its
 * channel, due no more than span->apart_s before or after it: person by person,
 * by when they were due; without those that were cancelled.
 */
gboolean jr_audit_messages(JrDb *db, const JrAuditSpan *span,
			   JrAuditMessageFn each, gpointer user,
			   GError **error);

/* Someone who agreed to SMS long ago and never clicked. */
typedef struct {
	const char *id;	    /* the person's */
	const char *number; /* that the yes is for */
	gint64 in_s;	    /* when they said it, last */
	gint64 sent;	    /* SMS since that count toward caps */
	gint64 last_s;	    /* since when the newest counts; 0: none */
} JrAuditIdle;
typedef gboolean (*JrAuditIdleFn)(const JrAuditIdle *idle, gpointer user);

/*
 * Show @each those whose newest yes to SMS stands, is of @before_s or earlier,
 * and who followed no link of an SMS since: by person's id and number.
 */
gboolean jr_audit_idle(JrDb *db, gint64 before_s, JrAuditIdleFn each,
		       gpointer user, GError **error);

/* An SMS or WhatsApp that went, or may have. */
typedef struct {
	const char *id, *workflow;
	JrMessageState state;
	const char *provider, *provider_id; /* or NULL */
	gint64 segments, cost_micros;
	const char *currency; /* or NULL: the account's */
	gint64 at_s;	      /* when it was accepted; unknown: was claimed */
} JrAuditSend;
typedef gboolean (*JrAuditSendFn)(const JrAuditSend *send, gpointer user);

/* Show @each those accepted from @from_s until @until_s, both included. */
gboolean jr_audit_sends(JrDb *db, gint64 from_s, gint64 until_s,
			JrAuditSendFn each, gpointer user, GError **error);

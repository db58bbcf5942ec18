/* message_row.h - how messages and attempts are read and written, for the
 * files about them. */
#pragma once

#include "store/messages.h"
#include "store/receipts.h"
#include "store/stmt.h"
#include "store/aside.h"

extern const JrField jr_message_fields[];
extern const JrShape jr_message_shape;
extern const JrField jr_attempt_fields[];

/* States from which nothing has left yet: planned, offered, waiting. */
#define JR_SQL_OPEN "state IN (1, 2, 5)"
/* The same of rows that are sought by something else: for IN, SQLite makes a
 * table of its own each time. */
#define JR_SQL_IS_OPEN "(state = 1 OR state = 2 OR state = 5)"

/* How far a message is; a receipt only lets it rise. */
int jr_message_rank(JrMessageState state);

/* Append the ids of claimed messages whose limit is over. */
gboolean jr_messages_over(JrDb *db, gint64 now_s, JrArena *arena,
			  GPtrArray *ids, GError **error);

/*
 * Keep that @metric happened to @message, for a device or 0, and count it, on
 * the day of @message->accepted_s or else @at_s; once: *@fresh.
 */
typedef struct {
	const JrMessage *message;
	JrMetric metric;
	gint64 device, at_s, seq;
	gboolean none;	/* there is none of it yet: that need not be asked */
	JrAside *aside; /* NULL: it counts at once; else @message's texts are
			 * borrowed until the aside is written */
} JrMetricRow;
gboolean jr_metric_put(JrDb *db, const JrMetricRow *metric, gboolean *fresh,
		       GError **error);

/* Replace the estimate by the price and segments that @receipt has (below 0:
 * not said), in @message's row and in the counters. */
gboolean jr_message_price(JrDb *db, const JrMessage *message,
			  const JrReceipt *receipt, GError **error);

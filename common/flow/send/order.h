/*
 * order.h - in which order messages are claimed: each when its sender may,
 * so that a slow one holds up nobody; for this folder alone.
 *
 * Paces are kept in net/sender.h; here they only say who comes first.
 */
#pragma once

#include "flow/send/impl.h"

/* A message, and when it may go at the earliest. */
typedef struct {
	char *id;     /* owned */
	double due_s; /* after the first */
	guint place;  /* in the stream */
} JrSendTurn;

typedef struct {
	GArray *turns;	   /* JrSendTurn */
	double each_s;	   /* that one takes whose sender has no pace */
	double next_s;	   /* when the next of these may go */
	GHashTable *paces; /* what a sender is told by, to its pace */
} JrSendOrder;

JrSendOrder *jr_send_order_new(const JrSend *send);
void jr_send_order_free(JrSendOrder *order);

/* Add message @id, of which @outline says sender and segments; its id as kept,
 * borrowed while it is in the order. */
const char *jr_send_order_add(JrSendOrder *order, const char *id,
			      const JrMessage *outline);

/* Put those that may go first first, else as they came. */
void jr_send_order_sort(JrSendOrder *order);

/* Where a batch from @from ends that holds at most @max and may all go within
 * seconds. */
guint jr_send_order_end(const JrSendOrder *order, guint from, guint max);

/* All are gone. */
void jr_send_order_clear(JrSendOrder *order);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSendOrder, jr_send_order_free)

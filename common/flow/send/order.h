/*
 * order.h - in which order messages are claimed: each when its sender may, so
 * that a slow one holds up nobody; for send*.c alone.
 *
 * Paces are kept in net/sender.h; here they only say who comes first.
 */
#pragma once

#include "flow/send/impl.h"

typedef struct _JrSendOrder JrSendOrder;

JrSendOrder *jr_send_order_new(const JrSend *send);
void jr_send_order_free(JrSendOrder *order);

/* Add the message of @outline (looked at: row, sender, segments), unless it is
 * in the order. */
void jr_send_order_add(JrSendOrder *order, const JrMessage *outline);

/* How many are in it. */
guint jr_send_order_len(const JrSendOrder *order);

/* How long after @now_s, in ticks, the first may go; 0: at once, or there is
 * none. */
double jr_send_order_wait_s(JrSendOrder *order, double now_s);

/*
 * Take at most @max that may go at @now_s, within seconds where the provider
 * has a pace, or the first when none may.  Their rows are appended to @rows
 * (gint64).
 */
void jr_send_order_take(JrSendOrder *order, double now_s, guint max,
			GArray *rows);

/* Forget those that are left. */
void jr_send_order_clear(JrSendOrder *order);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrSendOrder, jr_send_order_free)

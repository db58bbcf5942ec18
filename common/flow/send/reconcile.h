/*
 * reconcile.h - what the providers say they took, held against what we
 * know.
 *
 * A hand-over whose answer was lost is unknown.  The provider's own list tells:
 * the message is there, by our id, by the token of a short link in its text, or
 * by number, text and time; or it is not, though all to its number are listed,
 * and then it was never taken.  Either way it is settled and never sent again.
 * Of those known, final status and price are brought up to date.
 */
#pragma once

#include "flow/send/send.h"

/*
 * Reconcile messages since @since_s with every provider of @send that can be
 * asked, and write a delivery record for each that changed.  FALSE and
 * JR_ERROR_CONFIG, JR_ERROR_BUSY: a provider does not answer;  JR_ERROR_IO.
 */
gboolean jr_send_reconcile(JrSend *send, gint64 since_s, GError **error);

/*
 * Write what every provider of @send that can be asked has on record of
 * messages since @since_s, as they say it, a JSON object a line; settle
 * nothing.  Those of a provider that has no list are asked for one by one.
 * Errors as above.
 */
gboolean jr_send_list(JrSend *send, gint64 since_s, GError **error);

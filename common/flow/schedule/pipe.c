/*
 * Messages that no sender of jr's takes: email, and WhatsApp without a
 * provider.  The record in the pipe is the hand-over, to the user's own
 * program; so it is claimed with the offer, and accepted once the pipe has
 * taken it.  A crash in between leaves a claim, which becomes unknown.
 */
#include "base/crash.h"
#include "base/error.h"
#include "flow/schedule/impl.h"

#define PIPE "pipe" /* as a provider is called in reports */

typedef struct {
	char *id;
	gint64 attempt;
} Piped;

static void piped_clear(gpointer data)
{
	g_free(((Piped *)data)->id);
}

GArray *jr_piped_new(void)
{
	GArray *piped = g_array_new(FALSE, FALSE, sizeof(Piped));

	g_array_set_clear_func(piped, piped_clear);
	return piped;
}

gboolean jr_schedule_is_piped(const JrTick *tick, JrChannel channel)
{
	return tick->accept_all || channel == JR_CHANNEL_EMAIL ||
	       (channel == JR_CHANNEL_WHATSAPP &&
		!tick->flow->policy->routes[channel].provider);
}

gboolean jr_schedule_pipe(JrTick *tick, const JrMessage *message,
			  GError **error)
{
	const JrClaim claim = { .row = message->row,
				.id = message->id,
				.provider = PIPE,
				.now_s = tick->journeys->now_s,
				.limit_s = tick->flow->policy->claim_s };
	JrClaimResult result = JR_CLAIM_ABSENT;
	Piped piped = { 0 };

	if (!jr_message_claim(tick->flow->db, &claim, &result, &piped.attempt,
			      error))
		return FALSE;
	if (result != JR_CLAIM_TAKEN) {
		/* It was offered in this transaction, through all gates. */
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "message '%s' cannot be claimed", message->id);
		return FALSE;
	}
	piped.id = g_strdup(message->id);
	g_array_append_val(tick->piped, piped);
	return TRUE;
}

static gboolean settle(JrDb *db, gpointer data, GError **error)
{
	JrTick *tick = data;
	guint n = tick->piped->len;
	g_autofree JrSettlement *all = g_new0(JrSettlement, n);

	for (guint i = 0; i < n; i++) {
		const Piped *piped = &g_array_index(tick->piped, Piped, i);

		all[i].alone = TRUE;
		all[i].attempt = (JrAttempt){ .message = piped->id,
					      .attempt = piped->attempt,
					      .ended_s = tick->journeys->now_s,
					      .state = JR_MESSAGE_ACCEPTED,
					      .provider = PIPE,
					      .cost_micros = -1 };
	}
	return jr_attempts_settle(db, all, n, error);
}

gboolean jr_schedule_settle_piped(JrTick *tick, GError **error)
{
	if (tick->piped->len == 0)
		return TRUE;
	jr_crash_point("schedule-piped");
	if (!jr_db_write(tick->flow->db, settle, tick, error))
		return FALSE;
	g_array_set_size(tick->piped, 0);
	return TRUE;
}

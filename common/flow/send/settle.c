/* Writing what came of handing over. */
#include "flow/send/impl.h"
#include "base/crash.h"
#include "base/error.h"
#include "base/hash.h"

#include <math.h>
#include <string.h>

#define BACKOFF_S 60 /* after the first time, doubled each time */
#define BACKOFF_MAX_S 3600

/* To add an outcome: its row here, and what else it does in settle_one(). */
static const JrSendEnd ends[] = {
	[JR_OUTCOME_ACCEPTED] = { JR_MESSAGE_ACCEPTED, JR_METRIC_SENT },
	[JR_OUTCOME_WAIT] = { JR_MESSAGE_WAITING, JR_METRIC_ATTEMPTED },
	[JR_OUTCOME_REFUSED] = { JR_MESSAGE_REFUSED, JR_METRIC_FAILED },
	[JR_OUTCOME_OPTED_OUT] = { JR_MESSAGE_REFUSED, JR_METRIC_DROPPED },
	[JR_OUTCOME_DROP_TOKEN] = { JR_MESSAGE_REFUSED, JR_METRIC_DROPPED },
	[JR_OUTCOME_STOP] = { JR_MESSAGE_WAITING, JR_METRIC_ATTEMPTED },
	[JR_OUTCOME_UNKNOWN] = { JR_MESSAGE_UNKNOWN, JR_METRIC_ATTEMPTED },
};

/* A push that may have been taken replaces itself when it is sent again. */
static JrSendEnd end_of(const JrSendJob *job)
{
	JrOutcome outcome = job->answer.outcome;

	if (outcome == JR_OUTCOME_UNKNOWN && job->device &&
	    job->send->flow->policy->resend_unknown_push)
		outcome = JR_OUTCOME_WAIT;
	return ends[outcome];
}

/* It was not even tried, or refused for what has nothing to do with it. */
static gboolean is_untried(const JrSendJob *job)
{
	return job->answer.outcome == JR_OUTCOME_STOP ||
	       g_strcmp0(job->answer.code, "stopped") == 0;
}

/* When what was not taken is looked at again; spread by the message's id. */
static gint64 wake_of(const JrSendJob *job)
{
	gint64 now_s = job->send->journeys->now_s, wait_s = job->answer.wait_s;
	int doublings = (int)CLAMP(job->attempt - 1, 0, 6);

	if (is_untried(job))
		return now_s;
	if (wait_s <= 0)
		wait_s = MIN(BACKOFF_S << doublings, BACKOFF_MAX_S);
	return now_s + wait_s +
	       (gint64)(jr_hash_bucket("backoff", job->message->id) * 0.2 *
			(double)wait_s);
}

/* What the provider says it costs: "-0.00830" is 8300; -1: nothing. */
static gint64 price_micros(const JrAnswer *answer)
{
	if (!answer->price)
		return -1;
	return llround(fabs(g_ascii_strtod(answer->price, NULL)) * 1e6);
}

/* The provider does not know the device any more. */
static gboolean drop_token(const JrSendJob *job, GError **error)
{
	JrJourneys *journeys = job->send->journeys;
	JrDevice device = *job->device;
	gboolean gone = FALSE;
	JrLogRow row = { .kind = JR_LOG_DEVICE,
			 .person = job->message->person,
			 .name = "removed",
			 .at_s = journeys->now_s,
			 .received_s = journeys->now_s };

	device.gone_ms = job->answer.gone_at_ms ? job->answer.gone_at_ms
						: journeys->now_s * 1000;
	device.gone_reason = job->answer.code;
	if (!jr_device_gone(journeys->flow->db, &device, &gone, error))
		return FALSE;
	jr_flow_count(journeys->flow, "tokens dropped", gone);
	return !gone || jr_log_add(journeys->flow->db, &row, error);
}

/* What the provider says of whom it was to reach. */
static gboolean learn(JrSendJob *job, GError **error)
{
	JrOutcome outcome = job->answer.outcome;

	jr_arena_reset(job->send->journeys->arena);
	if (outcome == JR_OUTCOME_OPTED_OUT)
		return jr_send_opt_out(job, error);
	return outcome != JR_OUTCOME_DROP_TOKEN || !job->device ||
	       drop_token(job, error);
}

static JrSettlement settlement_of(const JrSendJob *job)
{
	return (JrSettlement){
		.attempt = { .message = job->message->id,
			     .attempt = job->attempt,
			     .device = job->device ? job->device->device : 0,
			     .ended_s = job->send->journeys->now_s,
			     .state = end_of(job).state,
			     .provider = job->way->name,
			     .provider_id = job->answer.provider_id,
			     .code = job->answer.code,
			     .reason = job->answer.reason,
			     .cost_micros = price_micros(&job->answer),
			     .currency = job->answer.currency },
		.wake_s = wake_of(job),
		.message = job->message,
		.alone = job->alone,
	};
}

gboolean jr_send_write_answers(JrSend *send, GError **error)
{
	const guint n = send->answered->len;
	g_autofree JrSettlement *all = g_new(JrSettlement, n);

	for (guint i = 0; i < n; i++) {
		JrSendJob *job = send->answered->pdata[i];

		if (!learn(job, error))
			return FALSE;
		all[i] = settlement_of(job);
	}
	if (n > 0 && !jr_attempts_settle(send->flow->db, all, n, error))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		const JrSendJob *job = send->answered->pdata[i];
		const JrSendEnd end = end_of(job);

		jr_flow_count(send->flow, jr_message_state_name(end.state), 1);
		jr_send_record(job, &end);
	}
	if (n > 0)
		jr_crash_point("send-settle");
	return TRUE;
}

void jr_send_forget_answers(JrSend *send)
{
	if (send->answered->len > 0)
		jr_crash_point("send-settled");
	for (guint i = 0; i < send->answered->len; i++) {
		const JrSendJob *job = send->answered->pdata[i];

		if (!job->device && is_untried(job) &&
		    jr_send_has_stand_in(send, job->way))
			g_array_append_val(send->again, job->message->row);
	}
	g_ptr_array_set_size(send->answered, 0);
}

static gboolean settle_body(JrDb *db G_GNUC_UNUSED, gpointer data,
			    GError **error)
{
	return jr_send_write_answers(data, error);
}

gboolean jr_send_settle(JrSend *send, GError **error)
{
	if (send->answered->len == 0)
		return TRUE;
	if (!jr_db_write(send->flow->db, settle_body, send, error))
		return FALSE;
	jr_send_forget_answers(send);
	return jr_send_tell(send, error);
}

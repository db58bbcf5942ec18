/*
 * Delivery records, in the shape of Customer.io's reporting webhooks: written
 * as text at once, as there are as many as hand-overs.
 */
#include "flow/send/impl.h"
#include "base/hash.h"
#include "base/put.h"

/* The same hand-over told twice has the same id.  Owned. */
static char *event_id(const JrSendJob *job, const JrSendEnd *end)
{
	char attempt[24], device[24];
	const char *const parts[] = { job->message->id, attempt, device,
				      jr_message_state_name(end->state),
				      /* what it costs may come later */
				      job->answer.price, NULL };

	g_snprintf(attempt, sizeof attempt, "%" G_GINT64_FORMAT, job->attempt);
	g_snprintf(device, sizeof device, "%" G_GINT64_FORMAT,
		   job->device ? job->device->device : 0);
	return jr_hash_id("e_", parts);
}

/* What the shape of others lacks. */
static void put_own_part(GString *line, const JrSendJob *job,
			 const JrSendEnd *end)
{
	const JrMessage *message = job->message;

	g_string_append(line, ",\"jr\":{");
	jr_put_text(line, "workflow", message->workflow);
	jr_put_text(line, "step", message->step);
	jr_put_text(line, "variant", message->variant);
	jr_put_text(line, "state", jr_message_state_name(end->state));
	jr_put_text(line, "provider", job->way->name);
	jr_put_text(line, "provider_message_id", job->answer.provider_id);
	jr_put_int(line, "attempt", job->attempt);
	if (message->segments)
		jr_put_int(line, "segments", message->segments);
	jr_put_text(line, "code", job->answer.code);
	jr_put_text(line, "price", job->answer.price);
	jr_put_text(line, "currency", job->answer.currency);
	g_string_append_c(line, '}');
}

static void put_recipient(GString *line, const JrSendJob *job)
{
	const char *failure = job->answer.outcome == JR_OUTCOME_ACCEPTED
				      ? NULL
				      : job->answer.reason;

	if (!job->device) {
		jr_put_text(line, "recipient", job->message->address);
		jr_put_text(line, "failure_message", failure);
		return;
	}
	g_string_append(line, ",\"recipients\":[{");
	jr_put_text(line, "device_id", job->device->token);
	jr_put_text(line, "device_platform", job->device->platform);
	jr_put_text(line, "failure_message", failure);
	g_string_append(line, "}]");
}

void jr_send_record(const JrSendJob *job, const JrSendEnd *end)
{
	const JrMessage *message = job->message;
	GString *line = job->send->lines;
	g_autofree char *id = event_id(job, end);

	g_string_append_c(line, '{');
	jr_put_text(line, "event_id", id);
	jr_put_text(line, "object_type", jr_channel_name(message->channel));
	jr_put_text(line, "metric", jr_metric_name(end->metric));
	jr_put_int(line, "timestamp", job->send->journeys->now_s);
	g_string_append(line, ",\"data\":{\"identifiers\":{");
	jr_put_text(line, "id", job->person_id);
	g_string_append_c(line, '}');
	jr_put_text(line, "delivery_id", message->id);
	put_recipient(line, job);
	put_own_part(line, job, end);
	g_string_append(line, "}}\n");
}

/* A line break within a record is none: it is escaped. */
static gboolean write_lines(JrSend *send, GError **error)
{
	JrWriter *out = send->flow->out;

	if (out && send->lines->len > 0 &&
	    (!jr_writer_lines(out, send->lines, error) ||
	     !jr_writer_flush(out, error)))
		return FALSE;
	g_string_truncate(send->lines, 0);
	return TRUE;
}

gboolean jr_send_tell(JrSend *send, GError **error)
{
	return write_lines(send, error) &&
	       jr_journeys_write(send->journeys, error);
}

/*
 * Delivery records, in the shape of Customer.io's reporting webhooks: written
 * as text at once, as there are as many as hand-overs.
 */
#include "flow/send/impl.h"
#include "base/hash.h"

#include <string.h>

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

static void put_key(GString *line, const char *key)
{
	if (line->str[line->len - 1] != '{')
		g_string_append_c(line, ',');
	g_string_append_c(line, '"');
	g_string_append(line, key);
	g_string_append(line, "\":");
}

/* What a provider said may be anything: nothing where it is no UTF-8. */
static void put_text(GString *line, const char *key, const char *text)
{
	gsize len = text ? strlen(text) : 0;

	if (!text || !g_utf8_validate(text, (gssize)len, NULL))
		return;
	put_key(line, key);
	jr_val_write_text(text, len, line);
}

static void put_int(GString *line, const char *key, gint64 num)
{
	const JrVal val = jr_val_int(num);

	put_key(line, key);
	jr_val_write(&val, line);
}

/* What the shape of others lacks. */
static void put_own_part(GString *line, const JrSendJob *job,
			 const JrSendEnd *end)
{
	const JrMessage *message = job->message;

	g_string_append(line, ",\"jr\":{");
	put_text(line, "workflow", message->workflow);
	put_text(line, "step", message->step);
	put_text(line, "variant", message->variant);
	put_text(line, "state", jr_message_state_name(end->state));
	put_text(line, "provider", job->way->name);
	put_text(line, "provider_message_id", job->answer.provider_id);
	put_int(line, "attempt", job->attempt);
	if (message->segments)
		put_int(line, "segments", message->segments);
	put_text(line, "code", job->answer.code);
	put_text(line, "price", job->answer.price);
	put_text(line, "currency", job->answer.currency);
	g_string_append_c(line, '}');
}

static void put_recipient(GString *line, const JrSendJob *job)
{
	const char *failure = job->answer.outcome == JR_OUTCOME_ACCEPTED
				      ? NULL
				      : job->answer.reason;

	if (!job->device) {
		put_text(line, "recipient", job->message->address);
		put_text(line, "failure_message", failure);
		return;
	}
	g_string_append(line, ",\"recipients\":[{");
	put_text(line, "device_id", job->device->token);
	put_text(line, "device_platform", job->device->platform);
	put_text(line, "failure_message", failure);
	g_string_append(line, "}]");
}

void jr_send_record(const JrSendJob *job, const JrSendEnd *end)
{
	const JrMessage *message = job->message;
	GString *line = job->send->lines;
	g_autofree char *id = event_id(job, end);

	g_string_append_c(line, '{');
	put_text(line, "event_id", id);
	put_text(line, "object_type", jr_channel_name(message->channel));
	put_text(line, "metric", jr_metric_name(end->metric));
	put_int(line, "timestamp", job->send->journeys->now_s);
	g_string_append(line, ",\"data\":{\"identifiers\":{");
	put_text(line, "id", job->person_id);
	g_string_append_c(line, '}');
	put_text(line, "delivery_id", message->id);
	put_recipient(line, job);
	put_own_part(line, job, end);
	g_string_append(line, "}}\n");
}

/* A line break within a record is none: it is escaped. */
static gboolean write_lines(JrSend *send, GError **error)
{
	JrWriter *out = send->flow->out;
	const char *at = send->lines->str;

	for (const char *end; out && (end = strchr(at, '\n')); at = end + 1)
		if (!jr_writer_line(out, at, (gsize)(end - at), error))
			return FALSE;
	if (out && send->lines->len > 0 && !jr_writer_flush(out, error))
		return FALSE;
	g_string_truncate(send->lines, 0);
	return TRUE;
}

gboolean jr_send_tell(JrSend *send, GError **error)
{
	return write_lines(send, error) &&
	       jr_journeys_write(send->journeys, error);
}

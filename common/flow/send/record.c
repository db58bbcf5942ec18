/* Delivery records, in the shape of Customer.io's reporting webhooks. */
#include "flow/send/impl.h"
#include "base/hash.h"

/* The same hand-over told twice has the same id. */
static json_t *event_id(const JrSendJob *job, const JrSendEnd *end)
{
	char attempt[24], device[24];
	const char *const parts[] = { job->message->id, attempt, device,
				      jr_message_state_name(end->state),
				      /* what it costs may come later */
				      job->answer.price, NULL };
	g_autofree char *id = NULL;

	g_snprintf(attempt, sizeof attempt, "%" G_GINT64_FORMAT, job->attempt);
	g_snprintf(device, sizeof device, "%" G_GINT64_FORMAT,
		   job->device ? job->device->device : 0);
	id = jr_hash_id("e_", parts);
	return json_string(id);
}

static void set_text(json_t *map, const char *key, const char *text)
{
	if (text)
		json_object_set_new(map, key, json_string(text));
}

/* What the shape of others lacks. */
static json_t *own_part(const JrSendJob *job, const JrSendEnd *end)
{
	const JrMessage *message = job->message;
	json_t *own = json_pack("{s:s, s:s}", "workflow", message->workflow,
				"step", message->step);

	set_text(own, "variant", message->variant);
	set_text(own, "state", jr_message_state_name(end->state));
	set_text(own, "provider", job->way->name);
	set_text(own, "provider_message_id", job->answer.provider_id);
	json_object_set_new(own, "attempt", json_integer(job->attempt));
	if (message->segments)
		json_object_set_new(own, "segments",
				    json_integer(message->segments));
	set_text(own, "code", job->answer.code);
	set_text(own, "price", job->answer.price);
	set_text(own, "currency", job->answer.currency);
	return own;
}

static json_t *recipients(const JrSendJob *job)
{
	json_t *one = json_pack("{s:s, s:s?}", "device_id", job->device->token,
				"device_platform", job->device->platform);

	if (!one)
		one = json_pack("{s:s}", "device_id", job->device->token);
	if (job->answer.outcome != JR_OUTCOME_ACCEPTED)
		set_text(one, "failure_message", job->answer.reason);
	return json_pack("[o]", one);
}

void jr_send_record(const JrSendJob *job, const JrSendEnd *end)
{
	const JrMessage *message = job->message;
	JrJourneys *journeys = job->send->journeys;
	json_t *data = json_pack("{s:{s:s}, s:s}", "identifiers", "id",
				 job->person_id, "delivery_id", message->id);
	json_t *record = json_object();

	if (job->device) {
		json_object_set_new(data, "recipients", recipients(job));
	} else {
		set_text(data, "recipient", message->address);
		if (job->answer.outcome != JR_OUTCOME_ACCEPTED)
			set_text(data, "failure_message", job->answer.reason);
	}
	json_object_set_new(data, "jr", own_part(job, end));
	json_object_set_new(record, "event_id", event_id(job, end));
	set_text(record, "object_type", jr_channel_name(message->channel));
	set_text(record, "metric", jr_metric_name(end->metric));
	json_object_set_new(record, "timestamp", json_integer(journeys->now_s));
	json_object_set_new(record, "data", data);
	g_ptr_array_add(journeys->records, record);
}

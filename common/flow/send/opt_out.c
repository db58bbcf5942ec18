/* The provider knows of a STOP that we do not: now we do. */
#include "flow/send/impl.h"
#include "flow/journey/attributes.h"
#include "base/doc.h"
#include "rules/consent.h"
#include "store/consents.h"

#include <string.h>

/* Which attribute says so of each channel. */
static const char *const attributes[JR_CHANNEL_LAST + 1] = {
	[JR_CHANNEL_SMS] = "sms_consent",
	[JR_CHANNEL_WHATSAPP] = "whatsapp_consent",
};

/* Their attribute says no, and so does a row of the log. */
static gboolean tell_of(const JrSendJob *job, gint64 person, GError **error)
{
	JrJourneys *journeys = job->send->journeys;
	const char *name = attributes[job->message->channel];
	const JrMember member = { .key = name,
				  .key_len = (guint32)strlen(name),
				  .val = jr_val_bool(FALSE) };
	const JrVal update = { .type = JR_VAL_MAP,
			       .len = 1,
			       .members = &member };
	JrLogRow row = { .kind = JR_LOG_CONSENT,
			 .person = person,
			 .name = jr_channel_name(job->message->channel),
			 .at_s = journeys->now_s,
			 .received_s = journeys->now_s,
			 .data = "{\"in\":false}" };

	row.data_len = strlen(row.data);
	return jr_journey_set_attributes(journeys, person, &update, error) &&
	       jr_log_add(journeys->flow->db, &row, error);
}

gboolean jr_send_opt_out(const JrSendJob *job, GError **error)
{
	const JrMessage *message = job->message;
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
	g_autoptr(json_t) evidence =
		json_pack("{s:s, s:s, s:s*}", "provider", job->way->name,
			  "message", message->id, "code", job->answer.code);
	g_autofree char *json = json_dumps(evidence, JSON_COMPACT);
	JrConsent consent = {
		.person = message->person,
		.number = message->address,
		.channel = message->channel,
		.at_s = job->send->journeys->now_s,
		.recorded_s = job->send->journeys->now_s,
		.source = job->way->name,
		.method = jr_consent_method_name(JR_CONSENT_PROVIDER),
		.evidence = json,
	};
	gboolean changed = FALSE, done;

	done = jr_consent_add(job->send->flow->db, &consent, &changed, error) &&
	       jr_people_with_number(job->send->flow->db, message->address,
				     people, error);
	for (guint i = 0; done && changed && i < people->len; i++)
		done = tell_of(job, g_array_index(people, gint64, i), error);
	return done;
}

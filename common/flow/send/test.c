/* One real message to someone who is listed for that. */
#include "flow/send/impl.h"
#include "base/error.h"
#include "base/hash.h"
#include "io/json.h"

#include <string.h>

#define TEXT "This is a test of jr"

/* A token alone does not say whose it is: APNs' are 64 hex digits or more, a
 * browser's is an address, which nobody can send to without its keys. */
static JrDevice device_of(const char *token)
{
	gsize hex = strspn(token, "0123456789abcdefABCDEF");
	JrDevice device = { .token = token,
			    .kind = "fcm-token",
			    .platform = "android" };

	if (hex >= 64 && token[hex] == '\0') {
		device.kind = "apns";
		device.platform = "ios";
	} else if (g_str_has_prefix(token, "https://")) {
		device.kind = "webpush";
		device.platform = "web";
	}
	return device;
}

/* What the state knows of the device with @job's address, or what its token
 * looks like. */
static gboolean find_device(JrSendJob *job, JrDevice *device, GError **error)
{
	JrJourneys *journeys = job->send->journeys;
	const char *token = job->message->address;
	gboolean found = FALSE;

	if (!jr_device_find(journeys->flow->db, token, journeys->arena, device,
			    &found, error))
		return FALSE;
	if (!found)
		*device = device_of(token);
	job->device = device;
	if (!found || !device->attributes)
		return TRUE;
	job->device_more = jr_json_parse(journeys->arena, device->attributes,
					 strlen(device->attributes), error);
	return job->device_more != NULL;
}

static void take_answer(const JrAnswer *answer, gpointer data)
{
	jr_send_keep_answer(data, answer);
}

/* To add an outcome: what is said of a test that came to it. */
static const struct {
	JrError error;
	const char *what;
} failures[] = {
	[JR_OUTCOME_ACCEPTED] = { 0, "" },
	[JR_OUTCOME_WAIT] = { JR_ERROR_BUSY, "is not taken now" },
	[JR_OUTCOME_REFUSED] = { JR_ERROR_REFUSED, "is refused" },
	[JR_OUTCOME_OPTED_OUT] = { JR_ERROR_REFUSED, "is refused" },
	[JR_OUTCOME_DROP_TOKEN] = { JR_ERROR_REFUSED, "is refused" },
	[JR_OUTCOME_STOP] = { JR_ERROR_CONFIG, "is refused" },
	[JR_OUTCOME_UNKNOWN] = { JR_ERROR_BUSY, "may have been taken" },
};

static gboolean verdict(JrSendJob *job, GError **error)
{
	const JrAnswer *answer = &job->answer;
	const JrSendEnd end = { JR_MESSAGE_ACCEPTED, JR_METRIC_SENT };
	JrError kind = failures[answer->outcome].error;

	if (answer->outcome == JR_OUTCOME_ACCEPTED) {
		jr_send_record(job, &end);
		return jr_send_tell(job->send, error);
	}
	/* Without an access token it was not even tried. */
	if (jr_sender_state(job->way->sender, NULL) == JR_SENDER_CONFIG)
		kind = JR_ERROR_CONFIG;
	g_set_error(error, JR_ERROR, kind, "the test message %s by '%s': %s",
		    failures[answer->outcome].what, job->way->name,
		    answer->reason ? answer->reason : "no reason");
	return FALSE;
}

gboolean jr_send_test(JrSend *send, const JrSendTest *test, GError **error)
{
	g_autofree char *now =
		g_strdup_printf("%" G_GINT64_FORMAT, send->journeys->now_s);
	const char *const parts[] = { "test", test->recipient, now, NULL };
	g_autofree char *id = jr_hash_id("t_", parts);
	g_autoptr(JrPermit) permit =
		jr_gate_test(send->flow->policy, id, test->recipient, error);
	const JrPolicySender *sender =
		jr_policy_sender(send->flow->policy, test->channel, NULL);
	JrDevice device = { 0 };
	JrMember body = { .key = "body", .key_len = 4 };
	const JrVal content = { .type = JR_VAL_MAP,
				.len = 1,
				.members = &body };
	JrMessage message = { .id = id,
			      .channel = test->channel,
			      .workflow = "",
			      .step = "",
			      .address = test->recipient,
			      .sender = sender ? jr_policy_sender_id(sender)
					       : NULL,
			      .segments = 1 };
	JrSendJob job = { .send = send,
			  .message = &message,
			  .person_id = "",
			  .content = &content,
			  .permit = permit,
			  .attempt = 1,
			  .now_s = send->journeys->now_s };
	JrHandover handover;
	gboolean done;

	if (!permit)
		return FALSE;
	body.val = jr_val_text(test->text ? test->text : TEXT);
	if (test->channel == JR_CHANNEL_PUSH &&
	    !find_device(&job, &device, error))
		return FALSE;
	job.way = jr_send_way(send, &message, job.device, error);
	if (!job.way)
		return FALSE;
	handover = jr_send_handover(&job);
	jr_sender_submit(job.way->sender, &handover, permit, take_answer, &job);
	jr_sender_drain(job.way->sender);
	done = verdict(&job, error);
	jr_answer_clear(&job.answer);
	return done;
}

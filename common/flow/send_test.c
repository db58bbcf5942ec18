/* One real message to someone who is listed for that. */
#include "flow/send_impl.h"
#include "base/error.h"
#include "base/hash.h"

#include <string.h>

#define TEXT "This is a test of jr"

/* A token alone does not say whose it is: APNs' are 64 hex digits or more. */
static JrDevice device_of(const char *token)
{
	gboolean hex = strlen(token) >= 64;

	for (const char *c = token; *c && hex; c++)
		hex = g_ascii_isxdigit(*c);
	return (JrDevice){ .token = token,
			   .kind = hex ? "apns" : "fcm-token",
			   .platform = hex ? "ios" : "android" };
}

static void take_answer(const JrAnswer *answer, gpointer data)
{
	jr_send_keep_answer(data, answer);
}

static gboolean verdict(JrSendJob *job, GError **error)
{
	const JrAnswer *answer = &job->answer;
	JrSendEnd end = { JR_MESSAGE_ACCEPTED, JR_METRIC_SENT };

	if (answer->outcome != JR_OUTCOME_ACCEPTED) {
		g_set_error(error, JR_ERROR,
			    answer->outcome == JR_OUTCOME_WAIT
				    ? JR_ERROR_BUSY
				    : JR_ERROR_REFUSED,
			    "the test message is %s by '%s': %s",
			    jr_outcome_name(answer->outcome), job->way->name,
			    answer->reason ? answer->reason : "no reason");
		return FALSE;
	}
	jr_send_record(job, &end);
	return jr_journeys_write(job->send->journeys, error);
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
	const JrDevice device = device_of(test->recipient);
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
			  .attempt = 1 };
	JrHandover handover;
	gboolean done;

	if (!permit)
		return FALSE;
	body.val = jr_val_text(test->text ? test->text : TEXT);
	if (test->channel == JR_CHANNEL_PUSH)
		job.device = &device;
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

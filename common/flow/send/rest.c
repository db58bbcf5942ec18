/* What sending does besides: stale claims, and rehearsals. */
#include "flow/send/impl.h"
#include "base/crash.h"
#include "base/error.h"

#include <string.h>

void jr_send_batch_drop(JrSendBatch *batch)
{
	for (guint i = 0; i < batch->jobs->len; i++)
		jr_send_job_free(batch->jobs->pdata[i]);
	g_ptr_array_set_size(batch->jobs, 0);
	jr_send_batch_unref(batch);
}

/* ---- claims that nobody settled ---- */

static void tell_unknown(JrSend *send, const JrMessage *message,
			 const char *person_id)
{
	const JrSendEnd end = { JR_MESSAGE_UNKNOWN, JR_METRIC_ATTEMPTED };
	char *provider = g_strdup(message->provider ? message->provider : "");
	JrSendWay way = { .name = provider };
	JrSendJob job = { .send = send,
			  .message = message,
			  .person_id = person_id,
			  .way = &way,
			  .attempt = message->attempts };

	job.answer.outcome = JR_OUTCOME_UNKNOWN;
	job.answer.code = g_strdup("limit");
	job.answer.reason = g_strdup("its claim was not settled in time");
	jr_send_record(&job, &end);
	jr_answer_clear(&job.answer);
	g_free(provider);
}

static gboolean expire_body(JrDb *db, gpointer data, GError **error)
{
	JrSend *send = data;
	JrArena *arena = send->journeys->arena;
	g_autoptr(GPtrArray) ids = g_ptr_array_new();

	jr_arena_reset(arena);
	if (!jr_messages_expire(db, send->journeys->now_s, arena, ids, error))
		return FALSE;
	for (guint i = 0; i < ids->len; i++) {
		JrMessage message;
		JrPerson person = { 0 };
		gboolean found = FALSE;

		if (!jr_message_get(db, ids->pdata[i], arena, &message, &found,
				    error))
			return FALSE;
		person.person = message.person;
		if (!jr_people_load(db, &person, 1, arena, error))
			return FALSE;
		if (message.state == JR_MESSAGE_UNKNOWN)
			tell_unknown(send, &message,
				     person.id ? person.id : "");
		jr_flow_count(send->flow, "unknown", 1);
	}
	return TRUE;
}

/* Cheap when there are none: the oldest claim is asked for first. */
gboolean jr_send_expire(JrSend *send, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(1024 * 1024);
	g_autoptr(GArray) oldest = g_array_new(FALSE, FALSE, sizeof(JrMessage));
	const JrMessage *first;

	if (!jr_messages_in(send->flow->db, JR_MESSAGE_CLAIMED, 1, arena,
			    oldest, error))
		return FALSE;
	first = (JrMessage *)oldest->data;
	if (oldest->len == 0 || first->wake_s > send->journeys->now_s)
		return TRUE;
	if (!jr_db_write(send->flow->db, expire_body, send, error))
		return FALSE;
	jr_crash_point("send-expired");
	return jr_send_tell(send, error);
}

/* ---- rehearsals ---- */

typedef struct {
	JrSend *send;
	const GArray *rows;
	JrSendBatch *batch;
	gboolean done;
} Rehearsal;

/* Claims, and takes it back. */
static gboolean rehearse(JrDb *db G_GNUC_UNUSED, gpointer data, GError **error)
{
	Rehearsal *r = data;

	r->done = jr_send_claim(r->send, r->rows, r->batch, error);
	if (r->done)
		g_set_error(error, JR_ERROR, JR_ERROR_BUSY, "a dry run");
	return FALSE;
}

static json_t *headers_of(const JrProviderKind *kind,
			  const JrHttpRequest *request)
{
	json_t *list = json_array();

	for (char **h = request->headers; h && *h; h++)
		json_array_append_new(list, json_string(*h));
	if (request->user)
		json_array_append_new(list,
				      json_string("authorization: Basic ***"));
	else if (kind->authorization || request->authorization)
		json_array_append_new(list, json_string("authorization: ***"));
	return list;
}

/* What is handed over, but for the secret that a browser gave us. */
static json_t *handover_of(const JrHandover *handover)
{
	JrHandover shown = *handover;

	if (shown.auth)
		shown.auth = "***";
	return jr_handover_json(&shown);
}

/* The request of @job as a record: all but what is secret in it. */
static json_t *request_record(const JrSendJob *job)
{
	const JrProviderKind *kind = job->way->provider->kind;
	JrHandover handover = jr_send_handover(job);
	json_t *record =
		json_pack("{s:s, s:s, s:s}", "type", "request", "id",
			  job->message->id, "provider", job->way->name);
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) why = NULL;
	const char *body;
	gsize len = 0;

	if (!kind->request) {
		json_object_set_new(record, "handover", handover_of(&handover));
		return record;
	}
	if (!kind->request(job->way->provider, &handover, job->permit, &request,
			   &why)) {
		json_object_set_new(record, "wrong", json_string(why->message));
		return record;
	}
	json_object_set_new(record, "method", json_string(request.method));
	json_object_set_new(record, "url", json_string(request.url));
	json_object_set_new(record, "headers", headers_of(kind, &request));
	body = request.body ? g_bytes_get_data(request.body, &len) : NULL;
	if (!body)
		return record;
	/* What is encrypted tells nobody anything, and is never the same. */
	if (g_utf8_validate(body, (gssize)len, NULL))
		json_object_set_new(record, "body", json_stringn(body, len));
	else
		json_object_set_new(record, "handover", handover_of(&handover));
	return record;
}

gboolean jr_send_rehearse(JrSend *send, const GArray *rows, JrSendBatch *batch,
			  GError **error)
{
	Rehearsal r = { .send = send, .rows = rows, .batch = batch };
	g_autoptr(GError) why = NULL;

	jr_db_write(send->flow->db, rehearse, &r, &why);
	if (!r.done) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	for (guint i = 0; i < batch->jobs->len; i++) {
		g_autoptr(json_t) record =
			request_record(batch->jobs->pdata[i]);

		jr_journeys_tell(send->journeys, record);
	}
	return jr_send_tell(send, error);
}

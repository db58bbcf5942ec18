/* Claiming: all gates once more, then an attempt that says so. */
#include "flow/send/impl.h"
#include "base/crash.h"
#include "base/error.h"
#include "io/json.h"

#include <string.h>

/* A message at the claim. */
typedef struct {
	JrSend *send;
	JrSendBatch *batch;
	JrGateDesk *desk;
	JrAtGates at;
	const JrVal *content;
	const JrPolicySender *stand_in; /* or NULL */
	GArray *devices; /* JrDevice: of a push; none otherwise */
	JrPermit *permit;
} Claim;

static gboolean is_offered(const JrMessage *message, gint64 now_s)
{
	return message->state == JR_MESSAGE_OFFERED ||
	       (message->state == JR_MESSAGE_WAITING &&
		message->wake_s <= now_s);
}

static gboolean read_content(Claim *claim, GError **error)
{
	const char *json = claim->at.message.content;

	if (!json) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "message '%s' was offered without content",
			    claim->at.message.id);
		return FALSE;
	}
	claim->content =
		jr_json_parse(claim->batch->arena, json, strlen(json), error);
	return claim->content != NULL;
}

/*
 * The gates looked at the address that the person has now; the message was
 * rendered for the one it was offered for.
 */
static void check_address(Claim *claim)
{
	JrAtGates *at = &claim->at;

	if (at->decision.verdict != JR_VERDICT_GO ||
	    g_strcmp0(at->facts.address, at->message.address) == 0)
		return;
	g_clear_pointer(&claim->permit, jr_permit_free);
	at->decision.verdict = JR_VERDICT_LATER;
	at->decision.gate = JR_GATE_REACHABLE;
	at->decision.reason = g_strdup("the address changed since it was "
				       "offered");
	at->decision.opens_s = at->facts.now_s;
}

static gboolean is_silent(const JrVal *content)
{
	const JrVal *silent =
		jr_val_get(jr_val_get(content, "options"), "silent");

	return silent && silent->type == JR_VAL_BOOL && silent->yes;
}

static gboolean ask_gates(Claim *claim, GError **error)
{
	JrAtGates *at = &claim->at;
	const JrGateAsk ask = { .run = &at->run,
				.message = &at->message,
				.step = at->step,
				.sender = claim->stand_in,
				.devices = claim->devices,
				.arena = claim->batch->arena };

	if (!jr_gate_desk_person(claim->desk, &ask, &at->facts, error))
		return FALSE;
	if (jr_at_gates_stopped(at))
		return TRUE;
	if (!read_content(claim, error) ||
	    !jr_gate_desk_rest(claim->desk, &ask, (guint)at->message.segments,
			       &at->facts, error))
		return FALSE;
	at->facts.title = jr_val_get_text(claim->content, "title");
	at->facts.body = jr_val_get_text(claim->content, "body");
	at->facts.silent = is_silent(claim->content);
	claim->permit = jr_gate_run(&at->facts, &at->decision);
	check_address(claim);
	return TRUE;
}

static gpointer keep(JrSendBatch *batch, gconstpointer data, gsize size)
{
	gpointer copy = jr_arena_take(batch->arena, size);

	/* A batch is bounded by how many there are and how long each is. */
	g_assert(copy);
	return memcpy(copy, data, size);
}

static JrSendJob *add_job(Claim *claim, const JrMessage *message,
			  JrSendWay *way)
{
	const char *id = claim->at.run.who.row.id;
	JrSendJob *job = g_new0(JrSendJob, 1);

	*job = (JrSendJob){ .send = claim->send,
			    .batch = claim->batch,
			    .message = message,
			    .person_id = keep(claim->batch, id, strlen(id) + 1),
			    .content = claim->content,
			    .permit = claim->permit,
			    .way = way,
			    .attempt = message->attempts,
			    .alone = claim->devices->len <= 1,
			    .now_s = claim->send->journeys->now_s };
	claim->batch->refs++;
	g_ptr_array_add(claim->batch->jobs, job);
	return job;
}

/* What @device says beside its token, where that is needed to reach it. */
static gboolean read_device(Claim *claim, JrSendJob *job,
			    const JrDevice *device, GError **error)
{
	const char *json = device->attributes;

	job->device = keep(claim->batch, device, sizeof *device);
	if (!json || g_strcmp0(device->kind, "webpush") != 0)
		return TRUE;
	job->device_more =
		jr_json_parse(claim->batch->arena, json, strlen(json), error);
	return job->device_more != NULL;
}

/* One job for the address, or one for each device. */
static gboolean add_jobs(Claim *claim, gint64 attempt, GError **error)
{
	JrMessage *message = keep(claim->batch, &claim->at.message,
				  sizeof claim->at.message);
	guint n = MAX(claim->devices->len, 1);

	message->state = JR_MESSAGE_CLAIMED;
	message->attempts = attempt;
	for (guint i = 0; i < n; i++) {
		const JrDevice *device =
			claim->devices->len > 0
				? &g_array_index(claim->devices, JrDevice, i)
				: NULL;
		JrSendWay *way =
			jr_send_way(claim->send, message, device, error);
		JrSendJob *job = way ? add_job(claim, message, way) : NULL;

		if (!job || (device && !read_device(claim, job, device, error)))
			return FALSE;
	}
	g_ptr_array_add(claim->batch->permits, g_steal_pointer(&claim->permit));
	return TRUE;
}

/* What each device is to be claimed as. */
static gboolean list_devices(Claim *claim, gint64 *numbers,
			     const char **providers, GError **error)
{
	for (guint i = 0; i < claim->devices->len; i++) {
		const JrDevice *device =
			&g_array_index(claim->devices, JrDevice, i);
		const JrSendWay *way = jr_send_way(
			claim->send, &claim->at.message, device, error);

		if (!way)
			return FALSE;
		numbers[i] = device->device;
		providers[i] = way->name;
	}
	return TRUE;
}

static gboolean take(Claim *claim, JrClaimResult *result, gint64 *attempt,
		     GError **error)
{
	const guint n = claim->devices->len;
	g_autofree gint64 *numbers = g_new(gint64, n);
	g_autofree const char **providers = g_new(const char *, n);
	const JrSendWay *way;
	JrClaim ask = { .row = claim->at.message.row,
			.id = claim->at.message.id,
			.now_s = claim->send->journeys->now_s,
			.limit_s = claim->send->flow->policy->claim_s,
			.devices = numbers,
			.n_devices = n };

	if (!list_devices(claim, numbers, providers, error))
		return FALSE;
	if (n > 0) {
		ask.providers = providers;
		ask.provider = providers[0];
	} else {
		way = jr_send_way(claim->send, &claim->at.message, NULL, error);
		if (!way)
			return FALSE;
		ask.provider = way->name;
	}
	return jr_message_claim(claim->send->flow->db, &ask, result, attempt,
				error);
}

/* The schema knows better than the gates did: believe it. */
static gboolean forbid(Claim *claim, GError **error)
{
	JrDecision *decision = &claim->at.decision;

	decision->verdict = JR_VERDICT_NO;
	decision->gate = JR_GATE_CONSENT;
	decision->reason = g_strdup("the store holds no consent for it");
	return jr_at_gates_put_off(claim->send->journeys, &claim->at, error);
}

/* It comes from another sender than the one it was offered with. */
static gboolean change_sender(Claim *claim, GError **error)
{
	JrMessage *message = &claim->at.message;

	if (!claim->stand_in)
		return TRUE;
	message->sender = jr_policy_sender_id(claim->stand_in);
	message->scope = claim->stand_in->scope;
	return jr_message_from(claim->send->flow->db, message->id,
			       message->sender, message->scope, error);
}

/* All gates said yes. */
static gboolean go(Claim *claim, GError **error)
{
	JrClaimResult result = JR_CLAIM_ABSENT;
	gint64 attempt = 0;

	if (!change_sender(claim, error) ||
	    !take(claim, &result, &attempt, error))
		return FALSE;
	switch (result) {
	case JR_CLAIM_TAKEN:
		break;
	case JR_CLAIM_FORBIDDEN:
		return forbid(claim, error);
	case JR_CLAIM_ABSENT:
	case JR_CLAIM_TOO_LATE:
		jr_flow_count(claim->send->flow, "late", 1);
		return TRUE;
	}
	jr_gate_desk_spend(claim->desk, &claim->at.facts);
	claim->send->claimed++;
	jr_flow_count(claim->send->flow, "claimed", 1);
	return add_jobs(claim, attempt, error);
}

static gboolean claim_one(Claim *claim, gint64 row, GError **error)
{
	JrSend *send = claim->send;
	JrAtGates *at = &claim->at;
	gboolean found = FALSE;

	jr_arena_reset(send->journeys->arena);
	if (!jr_message_at(send->flow->db, row, claim->batch->arena,
			   &at->message, &found, error) ||
	    (found && !jr_at_gates_follow(send->journeys, at, error)))
		return FALSE;
	if (!found || !at->step ||
	    !is_offered(&at->message, send->journeys->now_s)) {
		jr_flow_count(send->flow, "late", 1);
		return TRUE;
	}
	claim->stand_in = jr_send_stand_in(send, &at->message);
	if (!ask_gates(claim, error))
		return FALSE;
	return at->decision.verdict == JR_VERDICT_GO
		       ? go(claim, error)
		       : jr_at_gates_put_off(send->journeys, at, error);
}

static void claim_clear(Claim *claim)
{
	jr_at_gates_clear(&claim->at);
	jr_permit_free(claim->permit);
	g_array_unref(claim->devices);
}

gboolean jr_send_claim(JrSend *send, const GArray *rows, JrSendBatch *batch,
		       GError **error)
{
	g_autoptr(JrGateDesk) desk = jr_gate_desk_new(send->journeys);
	guint max = send->options.max;

	for (guint i = 0; i < rows->len; i++) {
		Claim claim = { .send = send, .batch = batch, .desk = desk };
		gboolean done;

		if (max > 0 && send->claimed >= max)
			break;
		claim.devices = g_array_new(FALSE, FALSE, sizeof(JrDevice));
		done = claim_one(&claim, g_array_index(rows, gint64, i), error);
		claim_clear(&claim);
		if (!done)
			return FALSE;
	}
	jr_crash_point("send-claim");
	return TRUE;
}

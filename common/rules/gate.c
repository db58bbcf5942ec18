#include "rules/gate.h"
#include "base/error.h"
#include "rules/gate_checks.h"

struct _JrPermit {
	char *message;
};

static const struct {
	const char *name;
	JrGateFn ask;
} gates[] = {
	[JR_GATE_WORKFLOW] = { "enabled", jr_gate_enabled },
	[JR_GATE_SENT] = { "sent", jr_gate_sent },
	[JR_GATE_DEADLINE] = { "deadline", jr_gate_deadline },
	[JR_GATE_EXIT] = { "exited", jr_gate_exited },
	[JR_GATE_FILTER] = { "filter", jr_gate_filter },
	[JR_GATE_SUPPRESSED] = { "suppressed", jr_gate_suppressed },
	[JR_GATE_CONSENT] = { "consent", jr_gate_consent },
	[JR_GATE_SUBSCRIBED] = { "subscribed", jr_gate_subscribed },
	[JR_GATE_REACHABLE] = { "reachable", jr_gate_reachable },
	[JR_GATE_SENDER] = { "sender", jr_gate_sender },
	[JR_GATE_CONTENT] = { "content", jr_gate_content },
	[JR_GATE_QUIET] = { "quiet_hours", jr_gate_quiet },
	[JR_GATE_CAPS] = { "cap", jr_gate_cap },
	[JR_GATE_BUDGET] = { "budget", jr_gate_budget },
};

G_STATIC_ASSERT(G_N_ELEMENTS(gates) == JR_GATE_LAST + 1);

static const char *const verdicts[] = {
	[JR_VERDICT_GO] = "go",
	[JR_VERDICT_LATER] = "later",
	[JR_VERDICT_NO] = "no",
};

const char *jr_gate_name(JrGate gate)
{
	return (guint)gate < G_N_ELEMENTS(gates) ? gates[gate].name : NULL;
}

const char *jr_verdict_name(JrVerdict verdict)
{
	return (guint)verdict < G_N_ELEMENTS(verdicts) ? verdicts[verdict]
						       : NULL;
}

void jr_decision_clear(JrDecision *decision)
{
	g_clear_pointer(&decision->reason, g_free);
	g_clear_pointer(&decision->details, json_decref);
	*decision = (JrDecision){ 0 };
}

static JrPermit *permit_new(const char *message_id)
{
	JrPermit *permit = g_new0(JrPermit, 1);

	permit->message = g_strdup(message_id);
	return permit;
}

/* What opens after the deadline opens too late: better to say so now. */
static void drop_when_late(const JrGateFacts *facts, JrDecision *decision)
{
	g_autofree char *reason = NULL;

	if (decision->verdict != JR_VERDICT_LATER || facts->deadline_s == 0 ||
	    decision->opens_s == G_MAXINT64 ||
	    decision->opens_s <= facts->deadline_s)
		return;
	decision->verdict = JR_VERDICT_NO;
	reason = g_strdup_printf("%s; it opens after the deadline",
				 decision->reason);
	g_free(decision->reason);
	decision->reason = g_steal_pointer(&reason);
	json_object_set_new(decision->details, "opens_at",
			    json_integer(decision->opens_s));
	json_object_set_new(decision->details, "deadline",
			    json_integer(facts->deadline_s));
	decision->opens_s = 0;
}

/* Whether a gate up to @last says later or no: the first that does. */
static gboolean ask_until(const JrGateFacts *facts, JrGate last,
			  JrDecision *decision)
{
	for (guint i = 1; i <= (guint)last; i++) {
		decision->verdict = gates[i].ask(facts, decision);
		if (decision->verdict == JR_VERDICT_GO)
			continue;
		decision->gate = (JrGate)i;
		return TRUE;
	}
	return FALSE;
}

JrPermit *jr_gate_run(const JrGateFacts *facts, JrDecision *decision)
{
	decision->details = json_object();
	if (!ask_until(facts, JR_GATE_LAST, decision))
		return permit_new(facts->message_id);
	drop_when_late(facts, decision);
	return NULL;
}

/* Most are let through, and nobody asks what was seen of those. */
gboolean jr_gate_stops(const JrGateFacts *facts, JrGate last,
		       JrDecision *decision)
{
	gboolean stops = ask_until(facts, last, decision);

	jr_decision_clear(decision);
	if (stops)
		jr_permit_free(jr_gate_run(facts, decision));
	return stops;
}

JrPermit *jr_gate_test(const JrPolicy *policy, const char *message_id,
		       const char *recipient, GError **error)
{
	if (jr_policy_is_test_recipient(policy, recipient))
		return permit_new(message_id);
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
		    "not a test recipient: list it under 'test_recipients' "
		    "in jr.yaml");
	return NULL;
}

const char *jr_permit_message(const JrPermit *permit)
{
	return permit->message;
}

void jr_permit_free(JrPermit *permit)
{
	if (!permit)
		return;
	g_free(permit->message);
	g_free(permit);
}

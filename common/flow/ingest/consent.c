/* What an identify says of consent, written into the ledger. */
#include "flow/ingest/keep_impl.h"
#include "store/consents.h"

#include <string.h>

/* An answer of a person, waiting to be written. */
typedef struct {
	JrConsentClaim claim;
	gboolean yes;
} Answer;

/* What proves it beside the columns of the ledger, as JSON in the arena of the
 * batch; NULL: nothing. */
static const char *evidence_of(JrKeepRun *run, const JrConsentClaim *claim)
{
	const char *const pairs[][2] = {
		{ "evidence", claim->evidence },
		/* Where the text itself stands in the column. */
		{ "text_version", claim->text ? claim->text_version : NULL },
	};
	g_autoptr(GString) json = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
		if (!pairs[i][1])
			continue;
		g_string_append_printf(json, "%s\"%s\":", json->len ? "," : "{",
				       pairs[i][0]);
		jr_val_write_text(pairs[i][1], strlen(pairs[i][1]), json);
	}
	if (!json->len)
		return NULL;
	g_string_append_c(json, '}');
	return jr_keep_text(run, json->str, (gssize)json->len);
}

void jr_keep_tell_consent(JrKeepRun *run, guint rec, gint64 person,
			  JrChannel channel, gboolean in)
{
	JrLogRow *row = jr_keep_extra(run, rec, JR_LOG_CONSENT);

	row->person = person;
	row->name = jr_channel_name(channel);
	row->data = in ? "{\"in\":true}" : "{\"in\":false}";
	row->data_len = strlen(row->data);
}

static void tell_of(JrKeepRun *run, guint rec, gint64 person,
		    const JrConsent *consent)
{
	jr_keep_tell_consent(run, rec, person, consent->channel, consent->in);
}

/* A no for a number holds for whoever has it. */
static gboolean tell_all(JrKeepRun *run, guint rec, const JrConsent *consent,
			 GError **error)
{
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
	JrConsentKey key = { 0, consent->number, consent->channel, NULL };

	if (!jr_people_with_number(run->db, consent->number, people, error))
		return FALSE;
	for (guint i = 0; i < people->len; i++) {
		key.person = g_array_index(people, gint64, i);
		if (key.person == consent->person)
			continue;
		tell_of(run, rec, key.person, consent);
		if (!jr_keep_mirror(run, rec, &key, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_keep_consent(JrKeepRun *run, guint rec, JrConsent *consent,
			 GError **error)
{
	/* An identify says the attribute itself, and null takes it away. */
	gboolean says = run->recs[rec]->action == JR_INGEST_IDENTIFY;
	const JrConsentKey key = { .person = consent->person,
				   .number = says ? NULL : consent->number,
				   .channel = consent->channel };
	gboolean changed;

	if (!jr_consent_add(run->db, consent, &changed, error))
		return FALSE;
	if (changed)
		tell_of(run, rec, consent->person, consent);
	if (consent->person && !jr_keep_mirror(run, rec, &key, error))
		return FALSE;
	return !changed || consent->in || !consent->number ||
	       tell_all(run, rec, consent, error);
}

/* The same no for @number, so that it holds for whoever else has it. */
static gboolean close_number(JrKeepRun *run, guint rec, const JrConsent *said,
			     const char *number, GError **error)
{
	JrConsent consent = *said;
	gboolean changed;

	consent.number = number;
	if (!jr_consent_add(run->db, &consent, &changed, error))
		return FALSE;
	return !changed || tell_all(run, rec, &consent, error);
}

/*
 * A person's no is for the number they would be texted at (@number, or NULL),
 * for every other for which their yes stands, and for those of which we hear
 * later: they asked for no texts, and know nothing of our numbers.
 */
static gboolean close_all(JrKeepRun *run, guint rec, JrConsent *said,
			  const char *number, GError **error)
{
	g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(char *));

	if (!jr_consent_open(run->db, said->person, said->channel, run->arena,
			     open, error))
		return FALSE;
	if (number)
		g_array_prepend_val(open, number);
	for (guint i = 0; i < open->len; i++) {
		const char *one = g_array_index(open, const char *, i);

		if ((i == 0 || g_strcmp0(one, number) != 0) &&
		    !close_number(run, rec, said, one, error))
			return FALSE;
	}
	said->number = NULL;
	return jr_keep_consent(run, rec, said, error);
}

static gboolean write_answer(JrKeepRun *run, const JrEffect *effect,
			     GError **error)
{
	const Answer *answer = effect->data;
	const JrConsentClaim *claim = &answer->claim;
	const char *number = claim->number[0] ? claim->number : NULL;
	const JrLogRow *row = &run->rows[effect->rec];
	JrConsent consent = {
		.person = row->person,
		.number = number,
		.channel = claim->channel,
		.scope = claim->scope,
		.in = answer->yes,
		.at_s = claim->at_s,
		.recorded_s = run->now_s,
		.ip = claim->ip,
		.agent = claim->user_agent,
		.source = claim->source,
		.disclosure = claim->text ? claim->text : claim->text_version,
		.disclosure_sha = *claim->sha256 ? claim->sha256 : NULL,
		.method = jr_consent_method_name(claim->method),
		.evidence = evidence_of(run, claim),
		.log_seq = row->seq,
	};

	return consent.in
		       ? jr_keep_consent(run, effect->rec, &consent, error)
		       : close_all(run, effect->rec, &consent, number, error);
}

/*
 * Whether a yes is news: it is no news when it is known, and it does not count
 * when a no for this number is as new, or the number is blocked.
 */
static gboolean weigh_yes(JrKeepRun *run, const JrWho *who,
			  const JrConsentClaim *claim, gboolean *known,
			  gboolean *counts, GError **error)
{
	const JrConsentKey key = {
		.person = who->person,
		.number = claim->number,
		.channel = claim->channel,
		.scope = claim->scope,
	};
	/* As the store has it: what is said to be later is of now. */
	gint64 at_s = MIN(claim->at_s, run->now_s);
	JrConsentNow state;
	gboolean barred;

	/* A no before it in this batch must be asked for, too. */
	if (run->outs && !jr_keep_flush(run, error))
		return FALSE;
	if (!jr_consent_state(run->db, &key, &state, error))
		return FALSE;
	*known = who->person != 0 && state.in_s == at_s;
	if (!jr_keep_number_barred(run, claim->number, &barred, error))
		return FALSE;
	*counts = at_s > state.out_s && !barred;
	return TRUE;
}

static gboolean take_answer(JrKeepRun *run, const JrWho *who,
			    const JrConsentClaim *claim, gboolean *counts,
			    GError **error)
{
	gboolean yes = claim->state == JR_CONSENT_YES, known = FALSE;
	Answer *answer;

	*counts = TRUE;
	if (yes && !weigh_yes(run, who, claim, &known, counts, error))
		return FALSE;
	if (known) {
		jr_keep_mirror_later(run, claim->channel);
		return TRUE;
	}
	answer = jr_keep_take(run, sizeof *answer);
	answer->claim = *claim;
	answer->yes = yes;
	jr_keep_effect(run, write_answer, answer);
	run->outs |= !yes;
	return TRUE;
}

static void refuse_claim(JrKeepRun *run, const JrIngestRec *rec,
			 const char *attribute, const GError *why)
{
	g_autofree char *field = g_strconcat("attributes.", attribute, NULL);

	jr_keep_refuse(run, rec, field, why->message);
}

static gboolean take_claim(JrKeepRun *run, const JrIngestRec *rec, JrWho *who,
			   JrChannel channel, GPtrArray *doubted,
			   GError **error)
{
	const char *attribute = jr_keep_consent_attribute(channel);
	JrConsentAsk ask = {
		.attributes = rec->attributes,
		.country = run->keep->country,
		.at_s = rec->at_ms / 1000,
		.now_s = run->now_s,
	};
	g_autoptr(GError) why = NULL;
	gboolean counts = FALSE;
	JrConsentClaim claim = { 0 };

	if (!jr_val_get(rec->attributes, attribute))
		return TRUE;
	ask.stored =
		jr_roster_values(run->roster, who->data->attributes, error);
	if (!ask.stored)
		return FALSE;
	switch (jr_consent_read(&ask, channel, &claim, &why)) {
	case JR_CONSENT_SILENT:
		return TRUE;
	case JR_CONSENT_REFUSED:
		refuse_claim(run, rec, attribute, why);
		break;
	case JR_CONSENT_CLAIMED:
		if (!take_answer(run, who, &claim, &counts, error))
			return FALSE;
		break;
	}
	if (!counts)
		g_ptr_array_add(doubted, (gpointer)attribute);
	return TRUE;
}

gboolean jr_keep_claims(JrKeepRun *run, const JrIngestRec *rec, JrWho *who,
			GPtrArray *doubted, GError **error)
{
	return take_claim(run, rec, who, JR_CHANNEL_SMS, doubted, error) &&
	       take_claim(run, rec, who, JR_CHANNEL_WHATSAPP, doubted, error);
}

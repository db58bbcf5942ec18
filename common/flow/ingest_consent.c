/* What an identify says of consent, written into the ledger. */
#include "flow/ingest_keep_impl.h"
#include "store/consents.h"

#include <string.h>

/* An answer of a person, waiting to be written. */
typedef struct {
	JrConsentClaim claim;
	gboolean yes;
} Answer;

/* "text" as JSON, in the arena of the batch; NULL for NULL. */
static const char *as_json(JrKeepRun *run, const char *text)
{
	if (!text)
		return NULL;
	g_autoptr(GString) json = g_string_new(NULL);
	jr_val_write_text(text, strlen(text), json);
	return jr_keep_text(run, json->str, (gssize)json->len);
}

/* The attribute that answers for @channel. */
static const char *attribute_of(JrChannel channel)
{
	return channel == JR_CHANNEL_SMS ? "sms_consent" : "whatsapp_consent";
}

/* A row that says so of @person, for whoever reads the log. */
static void tell_of(JrKeepRun *run, guint rec, gint64 person,
		    const JrConsent *consent)
{
	JrLogRow *row = jr_keep_extra(run, rec, JR_LOG_CONSENT);

	row->person = person;
	row->name = jr_channel_name(consent->channel);
	row->data = consent->in ? "{\"in\":true}" : "{\"in\":false}";
	row->data_len = strlen(row->data);
}

/* Whether @values say that messages of @channel go to @number. */
static gboolean goes_to(const JrVal *values, JrChannel channel,
			const char *number)
{
	const char *own =
		channel == JR_CHANNEL_SMS ? "sms_phone" : "whatsapp_phone";
	const char *to = jr_val_get_text(values, own);

	if (!to)
		to = jr_val_get_text(values, "phone");
	return g_strcmp0(to, number) == 0;
}

/* Say of @person what @consent, of the number they are texted at, says. */
static gboolean mirror(JrKeepRun *run, gint64 person, const JrConsent *consent,
		       GError **error)
{
	const char *attribute = attribute_of(consent->channel);
	JrMember member = { .key = attribute, .key_len = strlen(attribute) };
	const JrVal update = { .type = JR_VAL_MAP,
			       .len = 1,
			       .members = &member };
	const JrVal *values;
	gint64 at_s;
	JrWho *who;

	member.val = jr_val_bool(consent->in);
	at_s = MIN(consent->at_s, run->now_s);
	if (!jr_roster_person(run->roster, person, &who, error))
		return FALSE;
	if (!who)
		return TRUE;
	values = jr_roster_values(run->roster, who->data->attributes, error);
	if (!values)
		return FALSE;
	return !goes_to(values, consent->channel, consent->number) ||
	       jr_roster_merge(run->roster, who, &update, at_s * 1000, NULL,
			       error);
}

/* A no for a number holds for whoever has it. */
static gboolean mirror_all(JrKeepRun *run, guint rec, const JrConsent *consent,
			   GError **error)
{
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!jr_people_with_number(run->db, consent->number, people, error))
		return FALSE;
	for (guint i = 0; i < people->len; i++) {
		gint64 person = g_array_index(people, gint64, i);

		if (!mirror(run, person, consent, error))
			return FALSE;
		if (person != consent->person)
			tell_of(run, rec, person, consent);
	}
	return TRUE;
}

gboolean jr_keep_consent(JrKeepRun *run, guint rec, JrConsent *consent,
			 GError **error)
{
	gboolean changed;

	if (!jr_consent_add(run->db, consent, &changed, error))
		return FALSE;
	if (!changed)
		return TRUE;
	tell_of(run, rec, consent->person, consent);
	if (consent->in)
		return mirror(run, consent->person, consent, error);
	return !consent->number || mirror_all(run, rec, consent, error);
}

static gboolean write_answer(JrKeepRun *run, const JrEffect *effect,
			     GError **error)
{
	const Answer *answer = effect->data;
	const JrConsentClaim *claim = &answer->claim;
	const JrLogRow *row = &run->rows[effect->rec];
	JrConsent consent = {
		.person = row->person,
		.number = claim->number[0] ? claim->number : NULL,
		.channel = claim->channel,
		.scope = claim->scope,
		.in = answer->yes,
		.at_s = claim->at_s,
		.recorded_s = run->now_s,
		.ip = claim->ip,
		.agent = claim->user_agent,
		.source = claim->source,
		.disclosure = claim->text ? claim->text : claim->text_version,
		.disclosure_sha = claim->text_sha256,
		.method = jr_consent_method_name(claim->method),
		.evidence = as_json(run, claim->evidence),
		.log_seq = row->seq,
	};

	return jr_keep_consent(run, effect->rec, &consent, error);
}

/*
 * Whether a yes is news: it is no news when it is known, and it does not count
 * when a no for this number is as new.
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

	/* A no before it in this batch must be asked for, too. */
	if (run->outs && !jr_keep_flush(run, error))
		return FALSE;
	if (!jr_consent_state(run->db, &key, &state, error))
		return FALSE;
	*known = who->person != 0 && state.in_s == at_s;
	*counts = at_s > state.out_s;
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
	if (known)
		return TRUE;
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
	const char *attribute = attribute_of(channel);
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

/* What a person wrote to us: STOP, START, HELP, or something. */
#include "flow/ingest/keep_impl.h"
#include "rules/words.h"
#include "store/messages.h"
#include "store/receipts.h"
#include "store/suppress.h"

#include <string.h>

/* What is known of a reply. */
typedef struct {
	JrIngestRec *rec;
	const JrIngestInbound *said;
	JrLogRow *row;
	JrWordsKind kind;
	GArray *people;	   /* gint64: who has the number */
	JrMessage message; /* that it answers; id NULL: none */
	const char *evidence;
} Reply;

/* Providers with lists of their own say what they took a word for. */
static JrWordsKind classify(JrKeepRun *run, const JrIngestInbound *said)
{
	static const struct {
		const char *word;
		JrWordsKind kind;
	} theirs[] = {
		{ "STOP", JR_WORDS_STOP },
		{ "START", JR_WORDS_START },
		{ "HELP", JR_WORDS_HELP },
	};

	for (guint i = 0; said->word && i < G_N_ELEMENTS(theirs); i++)
		if (g_ascii_strcasecmp(said->word, theirs[i].word) == 0)
			return theirs[i].kind;
	return jr_words_classify(run->keep->flow->policy->words, said->text);
}

/* The message it answers: the newest to that number, not too old. */
static gboolean find_message(JrKeepRun *run, Reply *reply, GError **error)
{
	gint64 at_s = reply->row->at_s;
	gint64 since_s = at_s - run->keep->flow->policy->reply_within_s;
	gboolean found = FALSE;
	char *id;

	if (!jr_message_by_address(run->db, reply->said->from,
				   reply->said->channel, since_s, at_s,
				   run->arena, &id, error))
		return FALSE;
	if (id && !jr_message_get(run->db, id, run->arena, &reply->message,
				  &found, error))
		return FALSE;
	if (!found)
		reply->message.id = NULL;
	reply->rec->message_id = reply->message.id;
	reply->rec->word = jr_words_kind_name(reply->kind);
	return TRUE;
}

/* Whose reply it is: who got the message, else whoever has the number. */
static gint64 whose(const Reply *reply)
{
	if (reply->message.id)
		return reply->message.person;
	return reply->people->len > 0 ? g_array_index(reply->people, gint64, 0)
				      : 0;
}

static const char *evidence_of(JrKeepRun *run, const JrIngestInbound *said)
{
	const char *const pairs[][2] = {
		{ "provider", said->provider },
		{ "message", said->provider_id },
		{ "to", said->to },
		{ "text", said->text },
	};
	g_autoptr(GString) json = g_string_new("{");

	for (guint i = 0; i < G_N_ELEMENTS(pairs); i++) {
		if (!pairs[i][1])
			continue;
		g_string_append_printf(json,
				       "%s\"%s\":", json->len > 1 ? "," : "",
				       pairs[i][0]);
		jr_val_write_text(pairs[i][1], strlen(pairs[i][1]), json);
	}
	g_string_append_c(json, '}');
	return jr_keep_text(run, json->str, (gssize)json->len);
}

/* What @person says by a word; for @scope, or every sender where it is NULL. */
static gboolean answer(JrKeepRun *run, const Reply *reply,
		       const JrConsentKey *about, gboolean in, GError **error)
{
	JrConsent consent = {
		.person = about->person,
		.number = reply->said->from,
		.channel = reply->said->channel,
		.scope = about->scope,
		.in = in,
		.at_s = reply->row->at_s,
		.recorded_s = run->now_s,
		.source = reply->said->provider,
		.method = jr_consent_method_name(JR_CONSENT_KEYWORD),
		.evidence = reply->evidence,
		.log_seq = reply->row->seq,
	};

	return jr_keep_consent(run, run->taken, &consent, error);
}

static gboolean take_stop(JrKeepRun *run, const Reply *reply, GError **error)
{
	const JrConsentKey about = { .person = reply->row->person };

	if (reply->people->len == 0 &&
	    !jr_keep_bar_number(run, reply->said->from, reply->row->at_s,
				reply->said->provider, error))
		return FALSE;
	return answer(run, reply, &about, FALSE, error);
}

/*
 * For what START is a yes: for what @person had agreed to before a STOP, and
 * for what a message asked for.  From anyone else it is no consent: "yes" may
 * answer something else.
 */
static gboolean find_scopes(JrKeepRun *run, const Reply *reply, gint64 person,
			    GArray *scopes, GError **error)
{
	const JrConsentKey key = {
		.person = person,
		.number = reply->said->from,
		.channel = reply->said->channel,
	};
	const JrMessage *message = &reply->message;
	const char *asked = message->scope ? message->scope : "";

	if (message->id && message->person == person &&
	    message->purpose == JR_PURPOSE_RE_PERMISSION)
		g_array_append_val(scopes, asked);
	return jr_consent_closed(run->db, &key, run->arena, scopes, error);
}

/* What @person agreed to while the number was blocked holds from now on. */
static gboolean unblock(JrKeepRun *run, const Reply *reply, gint64 person,
			GError **error)
{
	const JrConsentKey key = {
		.person = person,
		.number = reply->said->from,
		.channel = reply->said->channel,
	};
	gboolean open;

	if (!jr_keep_is_open(run, &key, &open, error))
		return FALSE;
	if (!open)
		return TRUE;
	jr_keep_tell_consent(run, run->taken, person, key.channel, TRUE);
	return jr_keep_mirror(run, run->taken, &key, error);
}

static gboolean take_start(JrKeepRun *run, const Reply *reply, GError **error)
{
	g_autoptr(GArray) scopes = g_array_new(FALSE, FALSE, sizeof(char *));
	gboolean was_barred;

	if (!jr_keep_unbar_number(run, reply->said->from, reply->row->at_s,
				  &was_barred, error))
		return FALSE;

	for (guint i = 0; i < reply->people->len; i++) {
		JrConsentKey about = {
			.person = g_array_index(reply->people, gint64, i),
		};

		g_array_set_size(scopes, 0);
		if (!find_scopes(run, reply, about.person, scopes, error))
			return FALSE;
		for (guint j = 0; j < scopes->len; j++) {
			about.scope = g_array_index(scopes, const char *, j);
			if (!answer(run, reply, &about, TRUE, error))
				return FALSE;
		}
		if (was_barred && scopes->len == 0 &&
		    !unblock(run, reply, about.person, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean take_nothing(JrKeepRun *run, const Reply *reply, GError **error)
{
	(void)run;
	(void)reply;
	(void)error;
	return TRUE;
}

static gboolean take_review(JrKeepRun *run, const Reply *reply, GError **error)
{
	JrReview review = {
		.person = reply->row->person,
		.number = reply->said->from,
		.at_s = reply->row->at_s,
		.text = reply->said->text,
		.log_seq = reply->row->seq,
	};

	return jr_review_add(run->db, &review, error);
}

static gboolean (*const takers[])(JrKeepRun *, const Reply *, GError **) = {
	[JR_WORDS_OTHER] = take_nothing, [JR_WORDS_STOP] = take_stop,
	[JR_WORDS_START] = take_start,	 [JR_WORDS_HELP] = take_nothing,
	[JR_WORDS_REVIEW] = take_review,
};

/* A reply is to the message's credit, an opt-out to its debit. */
static gboolean count_for_message(JrKeepRun *run, const Reply *reply,
				  GError **error)
{
	const JrReceipt receipt = {
		.message = reply->message.id,
		.metric = reply->kind == JR_WORDS_STOP ? JR_METRIC_UNSUBSCRIBED
						       : JR_METRIC_REPLIED,
		.at_s = reply->row->at_s,
		.seq = reply->row->seq,
		.cost_micros = -1,
		.segments = -1,
	};
	gboolean fresh;

	return !reply->message.id ||
	       jr_receipt_add(run->db, &receipt, &fresh, error);
}

static void describe(JrKeepRun *run, Reply *reply)
{
	g_autoptr(GString) json = g_string_new("{\"channel\":\"");

	g_string_append(json, jr_channel_name(reply->said->channel));
	g_string_append_c(json, '"');
	if (reply->message.id) {
		g_string_append(json, ",\"message\":");
		jr_val_write_text(reply->message.id, strlen(reply->message.id),
				  json);
	}
	g_string_append_c(json, '}');
	reply->row->data = jr_keep_text(run, json->str, (gssize)json->len);
	reply->row->data_len = json->len;
	reply->row->name = jr_words_kind_name(reply->kind);
	reply->row->person = whose(reply);
}

static Reply begin(JrKeepRun *run, JrIngestRec *rec)
{
	return (Reply){
		.rec = rec,
		.said = rec->inbound,
		.row = &run->rows[run->taken],
		.kind = classify(run, rec->inbound),
	};
}

gboolean jr_keep_recall_inbound(JrKeepRun *run, JrIngestRec *rec,
				GError **error)
{
	Reply reply = begin(run, rec);

	return find_message(run, &reply, error);
}

gboolean jr_keep_inbound(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));
	Reply reply = begin(run, rec);

	reply.people = people;
	reply.evidence = evidence_of(run, rec->inbound);
	if (!jr_people_with_number(run->db, reply.said->from, people, error) ||
	    !find_message(run, &reply, error))
		return FALSE;
	describe(run, &reply);
	return takers[reply.kind](run, &reply, error) &&
	       count_for_message(run, &reply, error);
}

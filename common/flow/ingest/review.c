/* Someone read a reply that might be an opt-out, and says what it is. */
#include "flow/ingest/keep_impl.h"
#include "io/json.h"
#include "store/receipts.h"
#include "store/suppress.h"

#include <string.h>

/* What the log has of the reply: its channel, the message it answers. */
static gboolean recall_reply(JrKeepRun *run, const JrReview *review,
			     const JrVal **data, GError **error)
{
	gboolean found;
	JrLogRow row;

	*data = NULL;
	if (!jr_log_get(run->db, review->log_seq, run->arena, &row, &found,
			error))
		return FALSE;
	if (!found || !row.data)
		return TRUE;
	*data = jr_json_parse(run->arena, row.data, strlen(row.data), error);
	return *data != NULL;
}

static const char *evidence_of(JrKeepRun *run, const JrReview *review)
{
	g_autoptr(GString) json = g_string_new(NULL);

	g_string_printf(json, "{\"review\":%" G_GINT64_FORMAT ",\"by\":",
			review->review);
	jr_val_write_text(review->done_by, strlen(review->done_by), json);
	g_string_append(json, ",\"text\":");
	jr_val_write_text(review->text, strlen(review->text), json);
	g_string_append_c(json, '}');
	return jr_keep_text(run, json->str, (gssize)json->len);
}

/* They said no when they wrote, not when someone read it. */
static gboolean opt_out(JrKeepRun *run, const JrReview *review,
			const JrVal *reply, GError **error)
{
	JrChannel channel = jr_channel_of(jr_val_get_text(reply, "channel"));
	JrConsent consent = {
		.person = review->person,
		.number = review->number,
		.channel = channel ? channel : JR_CHANNEL_SMS,
		.at_s = review->at_s,
		.recorded_s = run->now_s,
		.method = jr_consent_method_name(JR_CONSENT_REVIEW),
		.evidence = evidence_of(run, review),
		.log_seq = run->rows[run->taken].seq,
	};
	const JrReceipt debit = {
		.message = jr_val_get_text(reply, "message"),
		.metric = JR_METRIC_UNSUBSCRIBED,
		.at_s = review->at_s,
		.seq = run->rows[run->taken].seq,
		.cost_micros = -1,
		.segments = -1,
	};
	gboolean fresh;

	if (!review->person &&
	    !jr_keep_bar_number(run, review->number, review->at_s,
				consent.method, error))
		return FALSE;
	return jr_keep_consent(run, run->taken, &consent, error) &&
	       (!debit.message ||
		jr_receipt_add(run->db, &debit, &fresh, error));
}

/* The order comes to nothing. */
static gboolean refuse(JrKeepRun *run, JrIngestRec *rec, const char *why)
{
	jr_keep_refuse(run, rec, "identifiers.id", why);
	rec->kept = JR_KEPT_IGNORED;
	run->rows[run->taken].fresh = FALSE;
	return TRUE;
}

gboolean jr_keep_review(JrKeepRun *run, JrIngestRec *rec, GError **error)
{
	const JrIngestReview *said = rec->review;
	gboolean found, was;
	const JrVal *reply;
	JrReview review;

	if (!jr_review_get(run->db, said->review, run->arena, &review, &found,
			   error))
		return FALSE;
	if (!found)
		return refuse(run, rec,
			      "no such review: write one that jr-report "
			      "reviews shows");
	if (review.done_s)
		return refuse(run, rec, "that review was settled before");
	review.done_s = run->rows[run->taken].at_s;
	review.done_by = said->by;
	review.verdict = rec->name;
	run->rows[run->taken].person = review.person;
	return recall_reply(run, &review, &reply, error) &&
	       jr_review_done(run->db, &review, &was, error) &&
	       (!said->out || opt_out(run, &review, reply, error));
}

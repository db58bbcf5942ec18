/*
 * What Telnyx says of our account and senders.
 *
 * Sources: developers.telnyx.com/api-reference: balance; messaging profiles;
 * phone numbers; 10DLC phone number campaigns, campaigns (campaignStatus) and
 * brands (identityStatus); toll-free verification requests; short codes.
 */
#include "net/answer.h"
#include "net/telnyx_impl.h"
#include "net/texting.h"
#include "net/verify.h"

#include <string.h>

#define PAGE_SIZE "page%5Bsize%5D=250"
#define RECORDS 100 /* on a page of toll-free verifications */
#define RECORDS_TEXT "100"
#define ASKED_MAX 250 /* numbers of a pool that are looked at one by one */

/* What is being looked at. */
typedef struct {
	JrVerify v; /* first */
	const char *base_url;
	const char *profile; /* or NULL: none */
} Verify;

static char *next_page(const JrVerify *v G_GNUC_UNUSED, const char *url,
		       guint n, const json_t *page)
{
	const json_t *meta = json_object_get(page, "meta");
	const json_t *pages = json_object_get(meta, "total_pages");
	const json_t *records = json_object_get(page, "total_records");

	if (json_integer_value(pages) > n)
		return g_strdup_printf("%s&page%%5Bnumber%%5D=%u", url, n + 1);
	if (json_integer_value(records) > (gint64)n * RECORDS)
		return g_strdup_printf("%s&page=%u", url, n + 1);
	return NULL;
}

static char *escaped(const char *text)
{
	return g_uri_escape_string(text, NULL, FALSE);
}

/* What is at @path and @id, a new reference, in @object; NULL: there is no
 * such thing, which is told. */
static gboolean look_up(Verify *v, const char *what, const char *path,
			const char *id, json_t **object, GError **error)
{
	g_autofree char *end = escaped(id);
	g_autoptr(GError) why = NULL;

	*object = jr_verify_get(
		&v->v, what, g_strconcat(v->base_url, path, end, NULL), &why);
	if (!why)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&why));
	return FALSE;
}

static gboolean check_profile(Verify *v, GError **error)
{
	g_autoptr(json_t) object = NULL;
	const json_t *enabled;
	gboolean good;

	if (!v->profile)
		return TRUE;
	if (!look_up(v, "profile", "/v2/messaging_profiles/", v->profile,
		     &object, error))
		return FALSE;
	if (!object)
		return TRUE;
	enabled = json_object_get(json_object_get(object, "data"), "enabled");
	good = json_is_true(enabled);
	jr_verify_found(&v->v, "profile", good ? JR_CHECK_GOOD : JR_CHECK_WRONG,
			good			 ? NULL
			: json_is_false(enabled) ? "disabled"
						 : "unclear");
	return TRUE;
}

/* The list that @path, with @more, is. */
static gboolean check_list(Verify *v, const JrVerifyList *list,
			   const char *path, const char *more, GError **error)
{
	return jr_verify_list(
		&v->v, list,
		g_strconcat(v->base_url, path, "?" PAGE_SIZE, more, NULL),
		error);
}

/* The list of @what in our profile. */
static gboolean check_profile_list(Verify *v, const JrVerifyList *list,
				   const char *what, GError **error)
{
	g_autofree char *path =
		g_strconcat("/v2/messaging_profiles/", v->profile, what, NULL);

	return !v->profile || check_list(v, list, path, NULL, error);
}

/* A number that the account has; or what a profile picks from. */
static gboolean check_numbers(Verify *v, GError **error)
{
	static const JrVerifyList ours = { .what = "number",
					   .key = "data",
					   .field = "status",
					   .good = "active",
					   .number = "phone_number" };
	static const JrVerifyList pool = {
		.what = "pool", .key = "data", .field = "id", .whole = TRUE
	};
	g_autofree char *number = v->v.number ? escaped(v->v.number) : NULL;
	g_autofree char *filter =
		g_strconcat("&filter%5Bphone_number%5D=", number, NULL);

	if (v->v.what->short_code)
		return TRUE;
	if (!number)
		return check_profile_list(v, &pool, "/phone_numbers", error);
	/* A name is no number. */
	return v->v.number[0] != '+' ||
	       check_list(v, &ours, "/v2/phone_numbers", filter, error);
}

/* Where a campaign or brand is, and what is good of it. */
typedef struct {
	const char *what, *id, *path, *field;
	const char *good[3]; /* NULL-terminated */
} Registered;

static const Registered registered[] = {
	{ "campaign",
	  "telnyxCampaignId",
	  "/v2/10dlc/campaign/",
	  "campaignStatus",
	  { "MNO_PROVISIONED", NULL } },
	{ "brand",
	  "brandId",
	  "/v2/10dlc/brand/",
	  "identityStatus",
	  { "VERIFIED", "VETTED_VERIFIED", NULL } },
};

/* What belongs to @assignment; a shared campaign is somebody else's. */
static gboolean check_registered(Verify *v, const Registered *r,
				 const json_t *assignment, GError **error)
{
	const char *id = jr_answer_text(assignment, r->id);
	g_autoptr(json_t) object = NULL;
	const char *word;
	gboolean good;

	if (!id || !*id)
		return TRUE;
	if (!look_up(v, r->what, r->path, id, &object, error))
		return FALSE;
	if (!object)
		return TRUE;
	word = jr_answer_text(object, r->field);
	good = word && g_strv_contains(r->good, word);
	jr_verify_word(&v->v, r->what, word, good ? word : r->good[0]);
	return TRUE;
}

/* How @number of ours is registered. */
static gboolean check_number(Verify *v, const char *number, GError **error)
{
	g_autoptr(json_t) assignment = NULL;

	if (!look_up(v, "assignment", "/v2/10dlc/phone_number_campaigns/",
		     number, &assignment, error))
		return FALSE;
	if (!assignment)
		return TRUE;
	jr_verify_word(&v->v, "assignment",
		       jr_answer_text(assignment, "assignmentStatus"),
		       "ASSIGNED");
	for (gsize i = 0; i < G_N_ELEMENTS(registered); i++)
		if (!check_registered(v, &registered[i], assignment, error))
			return FALSE;
	return TRUE;
}

static gboolean all_good(const GArray *checks, guint from)
{
	for (guint i = from; i < checks->len; i++)
		if (g_array_index(checks, JrCheck, i).state != JR_CHECK_GOOD)
			return FALSE;
	return TRUE;
}

/* Each that messages may come from: told are those of the first that is not
 * well, or of the last. */
static gboolean check_10dlc(Verify *v, GError **error)
{
	const GPtrArray *pool = v->v.pool;
	GArray *checks = v->v.checks;
	const guint before = checks->len;

	if (!v->v.what->ten_dlc)
		return TRUE;
	if (v->v.number)
		return check_number(v, v->v.number, error);
	for (guint i = 0; i < MIN(pool->len, ASKED_MAX); i++) {
		if (!all_good(checks, before))
			return TRUE;
		g_array_set_size(checks, before);
		if (!check_number(v, pool->pdata[i], error))
			return FALSE;
	}
	if (pool->len > ASKED_MAX)
		jr_verify_found(&v->v, "assignment", JR_CHECK_LATER,
				"the pool is large: look there");
	return TRUE;
}

static gboolean check_toll_free(Verify *v, GError **error)
{
	static const JrVerifyList list = { .what = "toll_free",
					   .key = "records",
					   .field = "verificationStatus",
					   .good = "Verified",
					   .numbers = "phoneNumbers",
					   .number = "phoneNumber" };
	g_autofree char *number = v->v.number ? escaped(v->v.number) : NULL;

	return !v->v.what->toll_free ||
	       jr_verify_list(&v->v, &list,
			      g_strconcat(v->base_url,
					  "/v2/messaging_tollfree/verification"
					  "/requests?page_size=" RECORDS_TEXT,
					  number ? "&phone_number=" : NULL,
					  number, NULL),
			      error);
}

/* A code that the account has is one that carriers know. */
static gboolean check_short_code(Verify *v, GError **error)
{
	static const JrVerifyList ours = { .what = "short_code",
					   .key = "data",
					   .field = "short_code",
					   .number = "short_code" };
	static const JrVerifyList any = { .what = "short_code",
					  .key = "data",
					  .field = "short_code" };

	if (!v->v.what->short_code)
		return TRUE;
	return v->v.number
		       ? check_list(v, &ours, "/v2/short_codes", NULL, error)
		       : check_profile_list(v, &any, "/short_codes", error);
}

/* The profile that a hand-over from @sender goes through. */
static const char *profile_of(const JrTelnyx *t, const char *sender)
{
	if (!sender)
		return t->profile;
	if (g_regex_match_simple(JR_TELNYX_PROFILE, sender, 0, 0))
		return sender;
	return sender[0] == '+' ? NULL : t->profile;
}

gboolean jr_telnyx_verify(JrProvider *provider, JrAsk *ask,
			  const JrVerifyAsk *what, GArray *checks,
			  GError **error)
{
	static gboolean (*const all[])(Verify *, GError **) = {
		check_profile,	 check_numbers,	   check_10dlc,
		check_toll_free, check_short_code,
	};
	const JrTelnyx *t = (const JrTelnyx *)provider;
	g_autoptr(GPtrArray) pool = g_ptr_array_new_with_free_func(g_free);
	Verify v = { .v = { .provider = provider,
			    .ask = ask,
			    .what = what,
			    .checks = checks,
			    .number = what->number ? what->number
				      : what->sender || t->profile ? NULL
								   : t->from,
			    .pool = pool,
			    .aim = jr_telnyx_get,
			    .next = next_page },
		     .base_url = t->base_url,
		     .profile = profile_of(t, what->sender) };

	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		if (!all[i](&v, error))
			return FALSE;
	return TRUE;
}

/* The one question that is about no sender: whether the key is good, and there
 * is money left. */
gboolean jr_telnyx_question(JrProvider *provider, guint n,
			    gint64 now_s G_GNUC_UNUSED, JrHttpRequest *request,
			    JrCheck *check)
{
	const JrTelnyx *t = (const JrTelnyx *)provider;

	check->what = "credentials";
	if (n == 0)
		jr_telnyx_get(provider,
			      g_strconcat(t->base_url, "/v2/balance", NULL),
			      request);
	return n == 0;
}

void jr_telnyx_verdict(JrProvider *provider G_GNUC_UNUSED,
		       guint n G_GNUC_UNUSED, const JrHttpAnswer *http,
		       JrCheck *check)
{
	g_autoptr(json_t) object = jr_answer_json(http->body);
	const char *left =
		jr_answer_code(jr_answer_text(object, "data.available_credit"));

	jr_texting_credit(http, left, check);
}

/*
 * What Twilio says of our account and senders.
 *
 * Sources: twilio.com/docs/iam/api/account; /messaging/api/service-resource;
 * /messaging/api/usapptoperson-resource (campaign_status); brand-registration
 * and toll-free verification resources; /sms/api/short-code-resource.  Their
 * statuses are free words: only the one that is good counts as good.
 */
#include "net/ask.h"
#include "net/answer.h"
#include "net/twilio_impl.h"
#include "base/error.h"

#include <string.h>

#define PAGE_SIZE "200"

/* What is being looked at. */
typedef struct {
	const JrTwilio *twilio;
	JrAsk *ask;
	const JrVerifyAsk *what;
	const char *service; /* or NULL: none */
	const char *number;  /* or code; NULL: any of the service's */
	GPtrArray *pool;     /* char *: numbers of the service; owned */
	GArray *checks;
} Verify;

static void found(Verify *v, const char *what, JrCheckState how,
		  const char *said)
{
	JrCheck check = { what, how, g_strdup(said) };

	g_array_append_val(v->checks, check);
}

/*
 * The answer to a GET of @url, taken over; a new reference.  NULL without
 * error: there is no such thing, and that is @what's finding.
 */
static json_t *get(Verify *v, const char *what, char *url, GError **error)
{
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) why = NULL;
	json_t *object;

	jr_twilio_get(v->twilio, url, &request);
	object = jr_ask_json(v->ask, &request, &why);
	if (object)
		return object;
	if (g_error_matches(why, JR_ERROR, JR_ERROR_REFUSED))
		found(v, what, JR_CHECK_WRONG, "not found");
	else
		g_propagate_error(error, g_steal_pointer(&why));
	return NULL;
}

static gboolean check_service(Verify *v, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(json_t) service = NULL;

	if (!v->service)
		return TRUE;
	service = get(v, "service",
		      g_strdup_printf("%s/v1/Services/%s",
				      v->twilio->messaging_url, v->service),
		      &why);
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (service)
		found(v, "service", JR_CHECK_GOOD, NULL);
	return TRUE;
}

/*
 * A finding about the list @key that @url answers with: good when one of its
 * items has @good at @field; @good NULL: when there is one.  With @number only
 * those count that have our number there.
 */
typedef struct {
	const char *what, *key, *field, *good, *number;
} ListCheck;

/* Whether @number is the one that messages come from, or may be. */
static gboolean is_ours(const Verify *v, const char *number)
{
	if (!number)
		return FALSE;
	if (v->number)
		return g_str_equal(v->number, number);
	return g_ptr_array_find_with_equal_func(v->pool, number, g_str_equal,
						NULL);
}

/* Numbers that a list has, if it is of numbers. */
static void note_pool(Verify *v, const json_t *items)
{
	for (gsize i = 0; i < json_array_size(items); i++) {
		const char *number = jr_answer_text(json_array_get(items, i),
						    "phone_number");

		if (number)
			g_ptr_array_add(v->pool, g_strdup(number));
	}
}

static gboolean check_list(Verify *v, const ListCheck *check, char *url,
			   GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(json_t) answer = get(v, check->what, url, &why);
	const json_t *items = json_object_get(answer, check->key);
	const char *said = "none";
	JrCheckState how = JR_CHECK_WRONG;

	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (!answer)
		return TRUE;
	note_pool(v, items);
	for (gsize i = 0; i < json_array_size(items) && how == JR_CHECK_WRONG;
	     i++) {
		const json_t *item = json_array_get(items, i);
		const char *word =
			jr_answer_code(jr_answer_text(item, check->field));

		if (check->number &&
		    !is_ours(v, jr_answer_text(item, check->number)))
			continue;
		said = word ? word : "unclear";
		if (!check->good || g_strcmp0(word, check->good) == 0)
			how = JR_CHECK_GOOD;
	}
	found(v, check->what, how, said);
	return TRUE;
}

static gboolean check_pool(Verify *v, GError **error)
{
	static const ListCheck check = { .what = "pool",
					 .key = "phone_numbers",
					 .field = "sid" };

	return !v->service ||
	       check_list(v, &check,
			  g_strdup_printf("%s/v1/Services/%s/PhoneNumbers",
					  v->twilio->messaging_url, v->service),
			  error);
}

static gboolean check_brand(Verify *v, GError **error)
{
	static const ListCheck check = { "brand", "data", "status", "APPROVED",
					 NULL };

	return !v->what->ten_dlc ||
	       check_list(v, &check,
			  g_strconcat(v->twilio->messaging_url,
				      "/v1/a2p/BrandRegistrations", NULL),
			  error);
}

static gboolean check_campaign(Verify *v, GError **error)
{
	static const ListCheck check = { "campaign", "compliance",
					 "campaign_status", "VERIFIED", NULL };

	return !v->what->ten_dlc || !v->service ||
	       check_list(v, &check,
			  g_strdup_printf("%s/v1/Services/%s/Compliance/Usa2p",
					  v->twilio->messaging_url, v->service),
			  error);
}

static gboolean check_toll_free(Verify *v, GError **error)
{
	static const ListCheck check = { "toll_free", "verifications", "status",
					 "TWILIO_APPROVED",
					 "tollfree_phone_number" };

	return !v->what->toll_free ||
	       check_list(v, &check,
			  g_strconcat(v->twilio->messaging_url,
				      "/v1/Tollfree/Verifications"
				      "?PageSize=" PAGE_SIZE,
				      NULL),
			  error);
}

/* A code that the account has is one that carriers know. */
static gboolean check_short_code(Verify *v, GError **error)
{
	static const ListCheck ours = { "short_code", "short_codes",
					"short_code", NULL, "short_code" };
	static const ListCheck any = { "short_code", "short_codes",
				       "short_code", NULL, NULL };
	const JrTwilio *t = v->twilio;

	if (!v->what->short_code)
		return TRUE;
	if (v->number)
		return check_list(v, &ours,
				  g_strdup_printf("%s/2010-04-01/Accounts/%s"
						  "/SMS/ShortCodes.json"
						  "?ShortCode=%s",
						  t->base_url, t->account,
						  v->number),
				  error);
	return !v->service ||
	       check_list(v, &any,
			  g_strdup_printf("%s/v1/Services/%s/ShortCodes",
					  t->messaging_url, v->service),
			  error);
}

/* The service that a hand-over from @sender goes through. */
static const char *service_of(const JrTwilio *t, const char *sender)
{
	if (sender && g_str_has_prefix(sender, "MG"))
		return sender;
	return sender ? NULL : t->service;
}

gboolean jr_twilio_verify(JrProvider *provider, JrAsk *ask,
			  const JrVerifyAsk *what, GArray *checks,
			  GError **error)
{
	static gboolean (*const all[])(Verify *, GError **) = {
		check_service,	check_pool,	 check_brand,
		check_campaign, check_toll_free, check_short_code,
	};
	const JrTwilio *t = (const JrTwilio *)provider;
	g_autoptr(GPtrArray) pool = g_ptr_array_new_with_free_func(g_free);
	Verify v = { .twilio = t,
		     .ask = ask,
		     .what = what,
		     .service = service_of(t, what->sender),
		     .number = what->number		    ? what->number
			       : what->sender || t->service ? NULL
							    : t->from,
		     .pool = pool,
		     .checks = checks };

	for (guint i = 0; i < G_N_ELEMENTS(all); i++)
		if (!all[i](&v, error))
			return FALSE;
	return TRUE;
}

/* The one question that is about no sender: whether the key is good. */
gboolean jr_twilio_question(JrProvider *provider, guint n,
			    gint64 now_s G_GNUC_UNUSED, JrHttpRequest *request,
			    JrCheck *check)
{
	const JrTwilio *t = (const JrTwilio *)provider;

	check->what = "credentials";
	if (n == 0)
		jr_twilio_get(t,
			      g_strdup_printf("%s/2010-04-01/Accounts/%s.json",
					      t->base_url, t->account),
			      request);
	return n == 0;
}

void jr_twilio_verdict(JrProvider *provider G_GNUC_UNUSED,
		       guint n G_GNUC_UNUSED, const JrHttpAnswer *http,
		       JrCheck *check)
{
	g_autoptr(json_t) account = jr_answer_json(http->body);
	const char *status = jr_answer_code(jr_answer_text(account, "status"));

	jr_answer_check_status(http, check);
	if (check->state != JR_CHECK_GOOD)
		return;
	if (g_strcmp0(status, "active") != 0)
		check->state = JR_CHECK_WRONG;
	check->said = g_strdup(status);
}

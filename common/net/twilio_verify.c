/*
 * What Twilio says of our account and senders.
 *
 * Sources: twilio.com/docs/iam/api/account; /messaging/api/service-resource;
 * /messaging/api/usapptoperson-resource (campaign_status); brand-registration
 * and toll-free verification resources; /sms/api/short-code-resource.  Lists
 * of its Messaging API say where the next page is in meta.next_page_url.
 */
#include "net/answer.h"
#include "net/twilio_impl.h"
#include "net/verify.h"

#include <string.h>

#define PAGE_SIZE "?PageSize=200"

/* What is being looked at. */
typedef struct {
	JrVerify v; /* first */
	const JrTwilio *twilio;
	const char *service; /* or NULL: none */
} Verify;

static void aim(const JrProvider *provider, char *url, JrHttpRequest *request)
{
	jr_twilio_get((const JrTwilio *)provider, url, request);
}

/* Only their own host is asked with our key, whatever the page says. */
static char *next_page(const JrVerify *v, const char *url G_GNUC_UNUSED,
		       guint n G_GNUC_UNUSED, const json_t *page)
{
	const JrTwilio *t = (const JrTwilio *)v->provider;
	const char *text = jr_answer_text(page, "meta.next_page_url");
	g_autoptr(GUri) next =
		text ? g_uri_parse(text, G_URI_FLAGS_ENCODED, NULL) : NULL;

	if (!next)
		return NULL;
	return g_strconcat(t->messaging_url, g_uri_get_path(next), "?",
			   g_uri_get_query(next), NULL);
}

static gboolean check_service(Verify *v, GError **error)
{
	g_autoptr(GError) why = NULL;
	g_autoptr(json_t) service = NULL;

	if (!v->service)
		return TRUE;
	service = jr_verify_get(&v->v, "service",
				g_strdup_printf("%s/v1/Services/%s",
						v->twilio->messaging_url,
						v->service),
				&why);
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (service)
		jr_verify_found(&v->v, "service", JR_CHECK_GOOD, NULL);
	return TRUE;
}

static gboolean check_pool(Verify *v, GError **error)
{
	static const JrVerifyList list = { .what = "pool",
					   .key = "phone_numbers",
					   .field = "sid",
					   .whole = TRUE };

	return !v->service ||
	       jr_verify_list(
		       &v->v, &list,
		       g_strdup_printf(
			       "%s/v1/Services/%s/PhoneNumbers" PAGE_SIZE,
			       v->twilio->messaging_url, v->service),
		       error);
}

static gboolean check_brand(Verify *v, GError **error)
{
	static const JrVerifyList list = { .what = "brand",
					   .key = "data",
					   .field = "status",
					   .good = "APPROVED" };

	return !v->v.what->ten_dlc ||
	       jr_verify_list(
		       &v->v, &list,
		       g_strconcat(v->twilio->messaging_url,
				   "/v1/a2p/BrandRegistrations" PAGE_SIZE,
				   NULL),
		       error);
}

static gboolean check_campaign(Verify *v, GError **error)
{
	static const JrVerifyList list = { .what = "campaign",
					   .key = "compliance",
					   .field = "campaign_status",
					   .good = "VERIFIED" };

	return !v->v.what->ten_dlc || !v->service ||
	       jr_verify_list(
		       &v->v, &list,
		       g_strdup_printf(
			       "%s/v1/Services/%s/Compliance/Usa2p" PAGE_SIZE,
			       v->twilio->messaging_url, v->service),
		       error);
}

static gboolean check_toll_free(Verify *v, GError **error)
{
	static const JrVerifyList list = { .what = "toll_free",
					   .key = "verifications",
					   .field = "status",
					   .good = "TWILIO_APPROVED",
					   .number = "tollfree_phone_number" };

	return !v->v.what->toll_free ||
	       jr_verify_list(
		       &v->v, &list,
		       g_strconcat(v->twilio->messaging_url,
				   "/v1/Tollfree/Verifications" PAGE_SIZE,
				   NULL),
		       error);
}

/* A code that the account has is one that carriers know. */
static gboolean check_short_code(Verify *v, GError **error)
{
	static const JrVerifyList ours = { .what = "short_code",
					   .key = "short_codes",
					   .field = "short_code",
					   .number = "short_code" };
	static const JrVerifyList any = { .what = "short_code",
					  .key = "short_codes",
					  .field = "short_code" };
	const JrTwilio *t = v->twilio;

	if (!v->v.what->short_code)
		return TRUE;
	if (v->v.number)
		return jr_verify_list(
			&v->v, &ours,
			g_strdup_printf("%s/2010-04-01/Accounts/%s"
					"/SMS/ShortCodes.json"
					"?ShortCode=%s",
					t->base_url, t->account, v->v.number),
			error);
	return !v->service ||
	       jr_verify_list(
		       &v->v, &any,
		       g_strdup_printf("%s/v1/Services/%s/ShortCodes" PAGE_SIZE,
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
	Verify v = { .v = { .provider = provider,
			    .ask = ask,
			    .what = what,
			    .checks = checks,
			    .number = what->number ? what->number
				      : what->sender || t->service ? NULL
								   : t->from,
			    .pool = pool,
			    .aim = aim,
			    .next = next_page },
		     .twilio = t,
		     .service = service_of(t, what->sender) };

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

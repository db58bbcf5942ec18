/*
 * What MessageBird says of our account and numbers; of registrations with
 * carriers its interfaces say nothing.
 *
 * Sources: developers.messagebird.com/api/balance; /api/numbers.
 */
#include "net/answer.h"
#include "net/messagebird_impl.h"
#include "net/texting.h"
#include "net/verify.h"

#include <string.h>

void jr_messagebird_get(const JrProvider *provider, char *url,
			JrHttpRequest *request)
{
	const JrMessageBird *m = (const JrMessageBird *)provider;

	jr_texting_get(request, url);
	request->authorization = g_strconcat("AccessKey ", m->access_key, NULL);
}

/* The one question that is about no sender: whether the key is good, and there
 * is money left. */
gboolean jr_messagebird_question(JrProvider *provider, guint n,
				 gint64 now_s G_GNUC_UNUSED,
				 JrHttpRequest *request, JrCheck *check)
{
	const JrMessageBird *m = (const JrMessageBird *)provider;

	check->what = "credentials";
	if (n == 0)
		jr_messagebird_get(provider,
				   g_strconcat(m->base_url, "/balance", NULL),
				   request);
	return n == 0;
}

void jr_messagebird_verdict(JrProvider *provider G_GNUC_UNUSED,
			    guint n G_GNUC_UNUSED, const JrHttpAnswer *http,
			    JrCheck *check)
{
	g_autoptr(json_t) object = jr_answer_json(http->body);
	const json_t *amount = json_object_get(object, "amount");
	char left[G_ASCII_DTOSTR_BUF_SIZE];

	/* Who pays afterwards has no amount that could be used up. */
	if (!json_is_number(amount) ||
	    g_strcmp0(jr_answer_text(object, "payment"), "prepaid") != 0) {
		jr_texting_credit(http, NULL, check);
		return;
	}
	g_ascii_formatd(left, sizeof left, "%.2f", json_number_value(amount));
	jr_texting_credit(http, left, check);
}

static gboolean can_text(const json_t *number)
{
	const json_t *features = json_object_get(number, "features");

	for (gsize i = 0; i < json_array_size(features); i++)
		if (g_strcmp0(json_string_value(json_array_get(features, i)),
			      "sms") == 0)
			return TRUE;
	return FALSE;
}

/* Names and short codes are not among their numbers. */
gboolean jr_messagebird_verify(JrProvider *provider, JrAsk *ask,
			       const JrVerifyAsk *what, GArray *checks,
			       GError **error)
{
	const JrMessageBird *m = (const JrMessageBird *)provider;
	const char *from = what->number ? what->number : m->from;
	JrVerify v = { .provider = provider,
		       .ask = ask,
		       .what = what,
		       .checks = checks,
		       .aim = jr_messagebird_get };
	g_autoptr(json_t) number = NULL;
	g_autoptr(GError) why = NULL;

	if (!from || from[0] != '+')
		return TRUE;
	number = jr_verify_get(&v, "number",
			       g_strconcat(m->numbers_url, "/v1/phone-numbers/",
					   jr_messagebird_bare(from), NULL),
			       &why);
	if (why) {
		g_propagate_error(error, g_steal_pointer(&why));
		return FALSE;
	}
	if (number && !can_text(number))
		jr_verify_found(&v, "number", JR_CHECK_WRONG,
				"it does not send sms");
	else if (number)
		jr_verify_word(&v, "number", jr_answer_text(number, "status"),
			       "active");
	return TRUE;
}

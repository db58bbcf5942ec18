/* Twilio: the bytes of each request, and what each answer means. */
#include "net_unit.h"
#include "net/providers.h"
#include "base/error.h"
#include "unit.h"

#define SID "AC00000000000000000000000000000001"
#define MG "MG00000000000000000000000000000002"
#define HX "HX00000000000000000000000000000003"
#define BASIC "\"account_sid\":\"" SID "\",\"auth_token_env\":\"secret\""
#define SERVICE "{" BASIC ",\"messaging_service\":\"" MG "\"}"
#define SHORT                                                                  \
	"{" BASIC ",\"messaging_service\":\"" MG "\",\"shorten_urls\":true}"
#define NUMBER "{" BASIC ",\"from\":\"+12065550199\"}"
#define CALLBACK                                                               \
	"{" BASIC ",\"from\":\"+12065550199\","                                \
	"\"status_callback\":\"https://hooks.example.com/t?x=1\"}"
#define WHATSAPP "{" BASIC ",\"whatsapp_from\":\"+12065550198\"}"

static const struct {
	const char *settings, *handover, *body;
} requests[] = {
	{ SERVICE, "{\"body\":\"Hi Ana\"}",
	  "To=%2B12065550101&MessagingServiceSid=" MG "&Body=Hi%20Ana" },
	{ NUMBER, "{\"body\":\"a+b&c=d\\u00e9\\n\"}",
	  "To=%2B12065550101&From=%2B12065550199&"
	  "Body=a%2Bb%26c%3Dd%C3%A9%0A" },
	{ SERVICE, "{\"body\":\"x\",\"sender\":\"+12065550177\"}",
	  "To=%2B12065550101&From=%2B12065550177&Body=x" },
	{ NUMBER, "{\"body\":\"x\",\"sender\":\"" MG "\"}",
	  "To=%2B12065550101&MessagingServiceSid=" MG "&Body=x" },
	{ NUMBER,
	  "{\"media\":[\"https://x.example/1.png\",\"https://x.example/2\"]}",
	  "To=%2B12065550101&From=%2B12065550199&"
	  "MediaUrl=https%3A%2F%2Fx.example%2F1.png&"
	  "MediaUrl=https%3A%2F%2Fx.example%2F2" },
	/* the deadline, as seconds from now, at most ten hours */
	{ NUMBER, "{\"body\":\"x\",\"deadline\":1793800600}",
	  "To=%2B12065550101&From=%2B12065550199&Body=x&ValidityPeriod=600" },
	{ NUMBER, "{\"body\":\"x\",\"deadline\":1893800600}",
	  "To=%2B12065550101&From=%2B12065550199&Body=x&"
	  "ValidityPeriod=36000" },
	{ CALLBACK, "{\"id\":\"m_1/2\",\"body\":\"x\"}",
	  "To=%2B12065550101&From=%2B12065550199&Body=x&StatusCallback="
	  "https%3A%2F%2Fhooks.example.com%2Ft%3Fx%3D1%26jr_id%3Dm_1%252F2" },
	{ SERVICE,
	  "{\"body\":\"x\",\"options\":{\"shorten_urls\":true,"
	  "\"risk_check\":\"disable\",\"smart_encoded\":false}}",
	  "To=%2B12065550101&MessagingServiceSid=" MG
	  "&Body=x&ShortenUrls=true&RiskCheck=disable&SmartEncoded=false" },
	/* its default, which the step overrides; it is for texts alone */
	{ SHORT, "{\"body\":\"x\"}",
	  "To=%2B12065550101&MessagingServiceSid=" MG
	  "&Body=x&ShortenUrls=true" },
	{ SHORT, "{\"body\":\"x\",\"options\":{\"shorten_urls\":false}}",
	  "To=%2B12065550101&MessagingServiceSid=" MG
	  "&Body=x&ShortenUrls=false" },
	{ SHORT,
	  "{\"body\":\"x\",\"sender\":\"+12065550177\","
	  "\"options\":{\"shorten_urls\":false}}",
	  "To=%2B12065550101&From=%2B12065550177&Body=x&ShortenUrls=false" },
	{ SHORT, "{\"channel\":\"whatsapp\",\"body\":\"x\"}",
	  "To=whatsapp%3A%2B12065550101&MessagingServiceSid=" MG "&Body=x" },
	{ SHORT, "{\"media\":[\"https://x.example/1\"]}",
	  "To=%2B12065550101&MessagingServiceSid=" MG
	  "&MediaUrl=https%3A%2F%2Fx.example%2F1" },
	{ WHATSAPP,
	  "{\"channel\":\"whatsapp\",\"template\":\"" HX "\","
	  "\"data\":{\"1\":\"Ana\",\"2\":3}}",
	  "To=whatsapp%3A%2B12065550101&From=whatsapp%3A%2B12065550198&"
	  "ContentSid=" HX "&ContentVariables="
	  "%7B%221%22%3A%22Ana%22%2C%222%22%3A3%7D" },
	{ SERVICE, "{\"channel\":\"whatsapp\",\"body\":\"x\"}",
	  "To=whatsapp%3A%2B12065550101&MessagingServiceSid=" MG "&Body=x" },
};

START_TEST(a_request_is_made)
{
	g_autoptr(JrProvider) p =
		open_good("twilio", requests[_i].settings, NULL);
	JrHandover h = handover_of(requests[_i].handover);
	g_auto(JrHttpRequest) request = { 0 };
	g_autofree char *want = g_strconcat(
		"POST https://api.twilio.com/2010-04-01/Accounts/" SID
		"/Messages.json\n"
		"Content-Type: application/x-www-form-urlencoded\n"
		"Accept: application/json\n\n",
		requests[_i].body, NULL);

	ck_assert(p->kind->request(p, &h, permit, &request, NULL));
	g_autofree char *text = request_text(&request);
	ck_assert_str_eq(text, want);
	ck_assert_str_eq(request.user, SID);
	ck_assert_str_eq(request.password, "secret");
	ck_assert(!request.http2);
}
END_TEST

START_TEST(an_api_key_comes_before_the_account)
{
	g_autoptr(JrProvider) p =
		open_good("twilio",
			  "{\"account_sid\":\"" SID "\",\"from\":\"12345\","
			  "\"api_key\":\"SK00000000000000000000000000000009\","
			  "\"api_key_secret_env\":\"k\"}",
			  NULL);
	JrHandover h = handover_of("{\"body\":\"x\"}");
	g_auto(JrHttpRequest) request = { 0 };

	ck_assert(p->kind->request(p, &h, permit, &request, NULL));
	ck_assert_str_eq(request.user, "SK00000000000000000000000000000009");
	ck_assert_str_eq(request.password, "k");
}
END_TEST

static const struct {
	const char *settings, *handover;
	int code;
	const char *message;
} refusals[] = {
	{ NUMBER, "{}", JR_ERROR_INPUT, "neither body, media nor template" },
	{ NUMBER, "{\"body\":\"\"}", JR_ERROR_INPUT, "neither body" },
	{ NUMBER, "{\"body\":\"x\",\"deadline\":1793800000}", JR_ERROR_INPUT,
	  "its deadline has passed" },
	{ NUMBER,
	  "{\"media\":[\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\",\"\","
	  "\"\",\"\"]}",
	  JR_ERROR_INPUT, "more than 10 media" },
	{ NUMBER, "{\"media\":[7]}", JR_ERROR_INPUT, "a medium is no URL" },
	{ NUMBER, "{\"body\":\"x\",\"options\":{\"shorten\":true}}",
	  JR_ERROR_INPUT, "option 'shorten' is unknown to the provider" },
	{ NUMBER, "{\"body\":\"x\",\"options\":{\"shorten_urls\":1}}",
	  JR_ERROR_INPUT, "option 'shorten_urls'" },
	{ NUMBER, "{\"body\":\"x\",\"options\":{\"shorten_urls\":true}}",
	  JR_ERROR_INPUT, "shorten_urls needs a messaging service" },
	{ SHORT, "{\"body\":\"x\",\"sender\":\"+12065550177\"}",
	  JR_ERROR_CONFIG, "write messaging_service, or false" },
	{ WHATSAPP, "{\"channel\":\"whatsapp\",\"template\":\"welcome\"}",
	  JR_ERROR_INPUT, "the template is no ContentSid" },
	{ "{" BASIC "}", "{\"body\":\"x\"}", JR_ERROR_CONFIG,
	  "no sender for sms: write messaging_service or from" },
	{ NUMBER, "{\"channel\":\"whatsapp\",\"body\":\"x\"}", JR_ERROR_CONFIG,
	  "no sender for whatsapp: write messaging_service or whatsapp_from" },
};

START_TEST(a_message_that_cannot_be_sent_is_refused)
{
	g_autoptr(JrProvider) p =
		open_good("twilio", refusals[_i].settings, NULL);
	JrHandover h = handover_of(refusals[_i].handover);

	check_refused(p, &h, refusals[_i].code, refusals[_i].message);
}
END_TEST

START_TEST(a_body_has_1600_characters)
{
	g_autoptr(JrProvider) p = open_good("twilio", NUMBER, NULL);
	JrHandover h = handover_of("{}");

	for (int n = 1600; n <= 1601; n++) {
		g_autoptr(GString) body = g_string_new(NULL);
		g_auto(JrHttpRequest) request = { 0 };

		for (int i = 0; i < n; i++)
			g_string_append(body, "ж");
		h.body = body->str;
		ck_assert_int_eq(
			p->kind->request(p, &h, permit, &request, NULL),
			n == 1600);
	}
}
END_TEST

static const struct {
	const char *settings, *message;
} bad_settings[] = {
	{ "{}", "'account_sid' is missing: write account_sid" },
	{ "{\"account_sid\":\"AC1\"}", "'account_sid' is something else: write "
				       "'AC' and 32 hex digits" },
	{ "{\"account_sid\":7}",
	  "'account_sid' is a whole number: write a text" },
	{ "{\"account_sid\":\"" SID "\"}", "'auth_token' or api_key" },
	{ "{" BASIC ",\"api_key\":\"SK00000000000000000000000000000009\"}",
	  "'api_key' and api_key_secret_file or _env go together" },
	{ "{" BASIC ",\"form\":\"+12065550199\"}",
	  "'form' is not a setting: write 'from'" },
	{ "{" BASIC ",\"auth_token\":\"s3cr3t\"}",
	  "'auth_token' is not a setting" },
	{ "{" BASIC ",\"from\":\"+1 206\\n\"}", "'from' is something else" },
	{ "{" BASIC ",\"base_url\":\"http://api.example.com\"}",
	  "would go in the clear" },
	{ "{" BASIC ",\"status_callback\":\"https://a_b.example.com/\"}",
	  "has an underscore" },
	{ "{" BASIC ",\"classes\":{\"21610\":\"refused\"}}",
	  "code '21610': an opt-out stays one" },
	{ "{" BASIC ",\"classes\":{\"http-503\":\"wait\"}}",
	  "it would be sent twice" },
	{ "{" BASIC ",\"classes\":{\"30410\":\"wait\"}}",
	  "it would be sent twice" },
	{ "{" BASIC ",\"classes\":{\"30007\":\"accepted\"}}",
	  "cannot be 'accepted'" },
	{ "{" BASIC ",\"classes\":{\"30007\":\"refuse\"}}",
	  "no known outcome: write 'refused'" },
	{ "{" BASIC ",\"shorten_urls\":\"yes\"}",
	  "'shorten_urls' is a text: write true or false" },
	{ "{" BASIC ",\"classes\":[]}", "'classes' is a list: write a map" },
};

START_TEST(wrong_settings_are_told)
{
	check_wrong("twilio", bad_settings[_i].settings,
		    bad_settings[_i].message);
}
END_TEST

static const struct {
	int status;
	const char *head, *body;
	JrOutcome outcome;
	const char *code, *id;
	gint64 wait_s;
} answers[] = {
	{ 201, "", "{\"sid\":\"SM1\",\"status\":\"queued\"}",
	  JR_OUTCOME_ACCEPTED, NULL, "SM1", 0 },
	{ 201, "",
	  "{\"sid\":\"SM1\",\"status\":\"failed\",\"error_code\":30005}",
	  JR_OUTCOME_REFUSED, "30005", "SM1", 0 },
	{ 201, "", "{\"sid\":\"SM1\",\"status\":\"failed\"}",
	  JR_OUTCOME_REFUSED, "http-4xx", "SM1", 0 },
	{ 201, "", "{}", JR_OUTCOME_UNKNOWN, "http-201", NULL, 0 },
	{ 201, "", "{\"sid\":\"S M\"}", JR_OUTCOME_UNKNOWN, "http-201", NULL,
	  0 },
	{ 200, "", "<html>", JR_OUTCOME_UNKNOWN, "http-200", NULL, 0 },
	{ 201, "", "{\"sid\":\"SM1\"", JR_OUTCOME_UNKNOWN, "http-201", NULL,
	  0 },
	{ 400, "", "{\"code\":21211,\"message\":\"+1555 is not valid\"}",
	  JR_OUTCOME_REFUSED, "21211", NULL, 0 },
	{ 400, "", "{\"code\":21610}", JR_OUTCOME_OPTED_OUT, "21610", NULL, 0 },
	{ 400, "", "{\"code\":\"21610\"}", JR_OUTCOME_OPTED_OUT, "21610", NULL,
	  0 },
	{ 400, "", "{\"code\":99999}", JR_OUTCOME_REFUSED, "99999", NULL, 0 },
	{ 400, "", "{\"code\":\"a b\"}", JR_OUTCOME_REFUSED, "http-400", NULL,
	  0 },
	{ 400, "", "", JR_OUTCOME_REFUSED, "http-400", NULL, 0 },
	{ 401, "", "{\"code\":20003}", JR_OUTCOME_STOP, "20003", NULL, 0 },
	{ 401, "", "", JR_OUTCOME_STOP, "http-401", NULL, 0 },
	{ 404, "", "{\"code\":20404}", JR_OUTCOME_STOP, "20404", NULL, 0 },
	{ 408, "", "", JR_OUTCOME_UNKNOWN, "http-408", NULL, 0 },
	{ 429, "Retry-After: 7\n", "{\"code\":20429}", JR_OUTCOME_WAIT, "20429",
	  NULL, 7 },
	{ 429, "", "", JR_OUTCOME_WAIT, "http-429", NULL, 0 },
	{ 400, "", "{\"code\":14107}", JR_OUTCOME_WAIT, "14107", NULL, 60 },
	{ 400, "", "{\"code\":30034}", JR_OUTCOME_STOP, "30034", NULL, 0 },
	{ 302, "", "", JR_OUTCOME_STOP, "http-302", NULL, 0 },
	/* a server that fails may have taken it, whatever it says */
	{ 500, "", "{\"code\":20500}", JR_OUTCOME_UNKNOWN, "http-500", NULL,
	  0 },
	{ 503, "Retry-After: 7\n", "{\"code\":20429}", JR_OUTCOME_UNKNOWN,
	  "http-503", NULL, 0 },
	/* as configured */
	{ 400, "", "{\"code\":77777}", JR_OUTCOME_STOP, "77777", NULL, 0 },
	{ 400, "", "{\"code\":30450}", JR_OUTCOME_REFUSED, "30450", NULL, 0 },
	{ 418, "", "", JR_OUTCOME_STOP, "http-418", NULL, 0 },
};

START_TEST(an_answer_has_its_outcome)
{
	g_autoptr(JrProvider) p =
		open_good("twilio",
			  "{" BASIC ",\"classes\":{\"77777\":\"stop\","
			  "\"30450\":\"refused\",\"http-418\":\"stop\"}}",
			  NULL);
	g_auto(JrAnswer) a = answer_to(p, answers[_i].status, answers[_i].head,
				       answers[_i].body);

	ck_assert_str_eq(jr_outcome_name(a.outcome),
			 jr_outcome_name(answers[_i].outcome));
	ck_assert_pstr_eq(a.code, answers[_i].code);
	ck_assert_pstr_eq(a.provider_id, answers[_i].id);
	if (a.outcome == JR_OUTCOME_WAIT)
		ck_assert_int_eq(a.wait_s, answers[_i].wait_s);
	ck_assert((a.reason != NULL) == (a.outcome != JR_OUTCOME_ACCEPTED));
	/* nothing of what they write is told */
	ck_assert(!a.reason || !strstr(a.reason, "+1555"));
}
END_TEST

START_TEST(a_price_is_read)
{
	g_autoptr(JrProvider) p = open_good("twilio", NUMBER, NULL);
	g_auto(JrAnswer) a = answer_to(p, 201, "",
				       "{\"sid\":\"SM1\",\"price\":\"-0.0079\","
				       "\"price_unit\":\"USD\"}");

	ck_assert_str_eq(a.price, "-0.0079");
	ck_assert_str_eq(a.currency, "USD");
}
END_TEST

/* What every code comes to, so that no row changes unseen. */
START_TEST(the_codes_are_counted)
{
	guint n[JR_OUTCOME_LAST + 1] = { 0 };

	for (const JrClass *c = jr_twilio_classes; c->code; c++) {
		ck_assert(c->text && *c->text);
		n[c->outcome]++;
		for (const JrClass *d = c + 1; d->code; d++)
			ck_assert_str_ne(c->code, d->code);
	}
	ck_assert_uint_eq(n[JR_OUTCOME_ACCEPTED], 0);
	ck_assert_uint_eq(n[JR_OUTCOME_DROP_TOKEN], 0);
	ck_assert_uint_eq(n[JR_OUTCOME_OPTED_OUT], 2);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_request_is_made, 0, G_N_ELEMENTS(requests));
	tcase_add_test(tc, an_api_key_comes_before_the_account);
	tcase_add_loop_test(tc, a_message_that_cannot_be_sent_is_refused, 0,
			    G_N_ELEMENTS(refusals));
	tcase_add_test(tc, a_body_has_1600_characters);
	tcase_add_loop_test(tc, wrong_settings_are_told, 0,
			    G_N_ELEMENTS(bad_settings));
	tcase_add_loop_test(tc, an_answer_has_its_outcome, 0,
			    G_N_ELEMENTS(answers));
	tcase_add_test(tc, a_price_is_read);
	tcase_add_test(tc, the_codes_are_counted);
}

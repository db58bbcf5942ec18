/* Telnyx and MessageBird: the bytes of each request, and what each answer
 * means. */
#include "net_unit.h"
#include "net/providers.h"
#include "base/error.h"
#include "unit.h"

#define PROFILE "4001a1b2-0c3d-4e5f-8a9b-0123456789ab"
#define T_KEY "\"api_key_env\":\"KEY1\""
#define T_NUMBER "{" T_KEY ",\"from\":\"+12065550199\"}"
#define T_PROFILE "{" T_KEY ",\"messaging_profile\":\"" PROFILE "\"}"
#define T_BOTH                                                                 \
	"{" T_KEY ",\"from\":\"ACME\",\"messaging_profile\":\"" PROFILE "\"}"
#define T_CALLBACK                                                             \
	"{" T_KEY ",\"from\":\"+12065550199\","                                \
	"\"status_callback\":\"https://h.example/t\"}"
#define M_KEY "\"access_key_env\":\"KEY2\""
#define M_NAME "{" M_KEY ",\"from\":\"ACME\"}"
#define M_CALLBACK                                                             \
	"{" M_KEY ",\"from\":\"+12065550199\","                                \
	"\"status_callback\":\"https://h.example/m?a=b\"}"
#define T_HEAD                                                                 \
	"POST https://api.telnyx.com/v2/messages\n"                            \
	"Content-Type: application/json\nAccept: application/json\n\n"
#define M_HEAD                                                                 \
	"POST https://rest.messagebird.com/messages\n"                         \
	"Content-Type: application/json\nAccept: application/json\n\n"

static const struct {
	const char *provider, *settings, *handover, *authorization, *request;
} requests[] = {
	{ "telnyx", T_NUMBER, "{\"body\":\"Hi \\u00e9\\n\"}", "Bearer KEY1",
	  T_HEAD "{\"to\":\"+12065550101\",\"from\":\"+12065550199\","
		 "\"text\":\"Hi \u00e9\\n\"}" },
	{ "telnyx", T_PROFILE, "{\"body\":\"x\"}", "Bearer KEY1",
	  T_HEAD "{\"to\":\"+12065550101\",\"messaging_profile_id\":\"" PROFILE
		 "\",\"text\":\"x\"}" },
	/* A number of its own goes before the profile; a name needs it. */
	{ "telnyx", T_PROFILE, "{\"body\":\"x\",\"sender\":\"+12065550177\"}",
	  "Bearer KEY1",
	  T_HEAD "{\"to\":\"+12065550101\",\"from\":\"+12065550177\","
		 "\"text\":\"x\"}" },
	{ "telnyx", T_BOTH, "{\"body\":\"x\",\"sender\":\"ACME\"}",
	  "Bearer KEY1",
	  T_HEAD "{\"to\":\"+12065550101\",\"from\":\"ACME\","
		 "\"messaging_profile_id\":\"" PROFILE "\",\"text\":\"x\"}" },
	{ "telnyx", T_CALLBACK,
	  "{\"id\":\"m_1/2\",\"media\":[\"https://x.example/1.png\"],"
	  "\"options\":{\"subject\":\"s\",\"use_profile_webhooks\":false}}",
	  "Bearer KEY1",
	  T_HEAD "{\"to\":\"+12065550101\",\"from\":\"+12065550199\","
		 "\"media_urls\":[\"https://x.example/1.png\"],"
		 "\"webhook_url\":\"https://h.example/t?jr_id=m_1%2F2\","
		 "\"subject\":\"s\",\"use_profile_webhooks\":false}" },
	{ "messagebird", M_NAME, "{\"body\":\"Hi\"}", "AccessKey KEY2",
	  M_HEAD "{\"originator\":\"ACME\",\"recipients\":[\"12065550101\"],"
		 "\"body\":\"Hi\",\"datacoding\":\"auto\","
		 "\"reference\":\"m_1\"}" },
	{ "messagebird", M_CALLBACK,
	  "{\"body\":\"x\",\"deadline\":1793800600,"
	  "\"options\":{\"gateway\":2,\"type\":\"flash\"}}",
	  "AccessKey KEY2",
	  M_HEAD "{\"originator\":\"12065550199\","
		 "\"recipients\":[\"12065550101\"],\"body\":\"x\","
		 "\"datacoding\":\"auto\",\"validity\":600,"
		 "\"reference\":\"m_1\","
		 "\"reportUrl\":\"https://h.example/m?a=b&jr_id=m_1\","
		 "\"gateway\":2,\"type\":\"flash\"}" },
	{ "messagebird", M_NAME,
	  "{\"body\":\"x\",\"sender\":\"+12065550177\","
	  "\"deadline\":1993800600,\"options\":{\"datacoding\":\"unicode\"}}",
	  "AccessKey KEY2",
	  M_HEAD "{\"originator\":\"12065550177\","
		 "\"recipients\":[\"12065550101\"],\"body\":\"x\","
		 "\"datacoding\":\"unicode\",\"validity\":172800,"
		 "\"reference\":\"m_1\"}" },
};

START_TEST(a_request_is_made)
{
	g_autoptr(JrProvider) p =
		open_good(requests[_i].provider, requests[_i].settings, NULL);
	JrHandover h = handover_of(requests[_i].handover);
	g_auto(JrHttpRequest) request = { 0 };

	ck_assert(p->kind->request(p, &h, permit, &request, NULL));
	g_autofree char *text = request_text(&request);
	ck_assert_str_eq(text, requests[_i].request);
	ck_assert_str_eq(request.authorization, requests[_i].authorization);
}
END_TEST

static const struct {
	const char *provider, *settings, *handover;
	int code;
	const char *message;
} refusals[] = {
	{ "telnyx", T_NUMBER, "{}", JR_ERROR_INPUT, "neither body" },
	{ "telnyx", T_NUMBER, "{\"body\":\"x\",\"deadline\":1793800000}",
	  JR_ERROR_INPUT, "its deadline has passed" },
	{ "telnyx", "{" T_KEY "}", "{\"body\":\"x\"}", JR_ERROR_CONFIG,
	  "no sender for sms: write messaging_profile or from" },
	{ "telnyx", T_NUMBER, "{\"body\":\"x\",\"options\":{\"a\":1}}",
	  JR_ERROR_INPUT, "option 'a'" },
	{ "telnyx", T_NUMBER,
	  "{\"body\":\"x\",\"options\":{\"shorten_urls\":true}}",
	  JR_ERROR_INPUT,
	  "option 'shorten_urls' is no setting of a message at Telnyx" },
	{ "messagebird", M_NAME,
	  "{\"body\":\"x\",\"options\":{\"shorten_urls\":false}}",
	  JR_ERROR_INPUT,
	  "option 'shorten_urls' is nothing MessageBird does: write links" },
	{ "telnyx", T_NUMBER, "{\"media\":[3]}", JR_ERROR_INPUT,
	  "a medium is no URL" },
	{ "messagebird", M_NAME, "{\"media\":[\"https://x.example/1\"]}",
	  JR_ERROR_INPUT, "it takes no media" },
	{ "messagebird", M_NAME, "{}", JR_ERROR_INPUT, "neither body" },
	{ "messagebird", "{" M_KEY "}", "{\"body\":\"x\"}", JR_ERROR_CONFIG,
	  "no sender for sms: write from" },
	{ "messagebird", M_NAME, "{\"body\":\"x\",\"deadline\":1}",
	  JR_ERROR_INPUT, "its deadline has passed" },
};

START_TEST(a_message_that_cannot_be_sent_is_refused)
{
	g_autoptr(JrProvider) p =
		open_good(refusals[_i].provider, refusals[_i].settings, NULL);
	JrHandover h = handover_of(refusals[_i].handover);

	check_refused(p, &h, refusals[_i].code, refusals[_i].message);
}
END_TEST

static const struct {
	const char *provider, *settings, *message;
} bad_settings[] = {
	{ "telnyx", "{}", "'api_key' is missing" },
	{ "telnyx", "{" T_KEY ",\"messaging_profile\":\"MG1\"}",
	  "'messaging_profile' is something else: write the profile's UUID" },
	{ "telnyx", "{" T_KEY ",\"form\":\"1\"}", "write 'from'" },
	{ "telnyx", "{" T_KEY ",\"shorten_urls\":true}",
	  "'shorten_urls' is no setting of a message at Telnyx" },
	{ "messagebird", "{" M_KEY ",\"shorten_urls\":true}",
	  "'shorten_urls' is nothing MessageBird does" },
	/* and nobody is told to write what it does not take */
	{ "telnyx", "{" T_KEY ",\"shorten_url\":true}",
	  "'shorten_url' is not a setting: write one of 'api_key_file'" },
	{ "messagebird", "{}", "'access_key' is missing" },
	{ "messagebird", "{" M_KEY ",\"from\":\"far too long a name\"}",
	  "'from' is something else" },
	{ "messagebird", "{" M_KEY ",\"classes\":{\"99\":\"wait\"}}",
	  "it would be sent twice" },
};

START_TEST(wrong_settings_are_told)
{
	check_wrong(bad_settings[_i].provider, bad_settings[_i].settings,
		    bad_settings[_i].message);
}
END_TEST

#define ERRORS(code) "{\"errors\":[{\"code\":\"" code "\",\"title\":\"t\"}]}"
#define BIRD(code, parameter)                                                  \
	"{\"errors\":[{\"code\":" code ",\"description\":\"+1555 x\","         \
	"\"parameter\":" parameter "}]}"

static const struct {
	const char *provider;
	int status;
	const char *head, *body;
	JrOutcome outcome;
	const char *code, *id, *price;
	gint64 wait_s;
} answers[] = {
	{ "telnyx", 200, "",
	  "{\"data\":{\"id\":\"4031-a\",\"to\":[{\"status\":\"queued\"}],"
	  "\"cost\":{\"amount\":\"0.0051\",\"currency\":\"USD\"}}}",
	  JR_OUTCOME_ACCEPTED, NULL, "4031-a", "0.0051", 0 },
	{ "telnyx", 200, "",
	  "{\"data\":{\"id\":\"1\",\"to\":[{\"status\":\"sending_failed\"}],"
	  "\"errors\":[{\"code\":\"40008\"}]}}",
	  JR_OUTCOME_REFUSED, "40008", "1", NULL, 0 },
	{ "telnyx", 200, "",
	  "{\"data\":{\"id\":\"1\",\"to\":[{\"status\":\"delivery_failed\"}]}}",
	  JR_OUTCOME_REFUSED, "http-400", "1", NULL, 0 },
	{ "telnyx", 200, "", "{\"data\":{}}", JR_OUTCOME_UNKNOWN, "http-200",
	  NULL, NULL, 0 },
	{ "telnyx", 200, "", "[]", JR_OUTCOME_UNKNOWN, "http-200", NULL, NULL,
	  0 },
	{ "telnyx", 400, "",
	  "{\"errors\":[{\"code\":\"40300\","
	  "\"title\":\"Blocked due to STOP message\"}]}",
	  JR_OUTCOME_OPTED_OUT, "40300-stop", NULL, NULL, 0 },
	{ "telnyx", 400, "", ERRORS("40300"), JR_OUTCOME_REFUSED, "40300", NULL,
	  NULL, 0 },
	{ "telnyx", 401, "", ERRORS("10009"), JR_OUTCOME_STOP, "10009", NULL,
	  NULL, 0 },
	{ "telnyx", 429, "Retry-After: 9\n", ERRORS("10011"), JR_OUTCOME_WAIT,
	  "10011", NULL, NULL, 9 },
	{ "telnyx", 400, "", ERRORS("40016"), JR_OUTCOME_WAIT, "40016", NULL,
	  NULL, 3600 },
	{ "telnyx", 422, "", "", JR_OUTCOME_REFUSED, "http-422", NULL, NULL,
	  0 },
	{ "telnyx", 500, "", ERRORS("10011"), JR_OUTCOME_UNKNOWN, "http-500",
	  NULL, NULL, 0 },
	{ "messagebird", 201, "",
	  "{\"id\":\"e8077d\",\"recipients\":{\"items\":[{\"status\":\"sent\","
	  "\"price\":{\"amount\":0.04,\"currency\":\"EUR\"}}]}}",
	  JR_OUTCOME_ACCEPTED, NULL, "e8077d", "0.040000", 0 },
	{ "messagebird", 201, "", "{\"id\":\"e8077d\"}", JR_OUTCOME_ACCEPTED,
	  NULL, "e8077d", NULL, 0 },
	{ "messagebird", 201, "",
	  "{\"id\":\"e\",\"recipients\":{\"items\":"
	  "[{\"status\":\"delivery_failed\"}]}}",
	  JR_OUTCOME_REFUSED, "http-4xx", "e", NULL, 0 },
	{ "messagebird", 201, "", "{}", JR_OUTCOME_UNKNOWN, "http-201", NULL,
	  NULL, 0 },
	{ "messagebird", 401, "", BIRD("2", "\"access_key\""), JR_OUTCOME_STOP,
	  "2", NULL, NULL, 0 },
	{ "messagebird", 422, "", BIRD("10", "\"recipients\""),
	  JR_OUTCOME_REFUSED, "10", NULL, NULL, 0 },
	{ "messagebird", 422, "", BIRD("10", "\"originator\""), JR_OUTCOME_STOP,
	  "10-originator", NULL, NULL, 0 },
	{ "messagebird", 402, "", BIRD("25", "null"), JR_OUTCOME_STOP, "25",
	  NULL, NULL, 0 },
	{ "messagebird", 429, "", "", JR_OUTCOME_WAIT, "http-429", NULL, NULL,
	  0 },
	{ "messagebird", 500, "", BIRD("10", "\"x\""), JR_OUTCOME_UNKNOWN,
	  "http-500", NULL, NULL, 0 },
	{ "messagebird", 503, "", "", JR_OUTCOME_UNKNOWN, "http-503", NULL,
	  NULL, 0 },
};

START_TEST(an_answer_has_its_outcome)
{
	gboolean telnyx = g_str_equal(answers[_i].provider, "telnyx");
	g_autoptr(JrProvider) p = open_good(answers[_i].provider,
					    telnyx ? T_NUMBER : M_NAME, NULL);
	g_auto(JrAnswer) a = answer_to(p, answers[_i].status, answers[_i].head,
				       answers[_i].body);

	ck_assert_str_eq(jr_outcome_name(a.outcome),
			 jr_outcome_name(answers[_i].outcome));
	ck_assert_pstr_eq(a.code, answers[_i].code);
	ck_assert_pstr_eq(a.provider_id, answers[_i].id);
	ck_assert_pstr_eq(a.price, answers[_i].price);
	if (a.outcome == JR_OUTCOME_WAIT)
		ck_assert_int_eq(a.wait_s, answers[_i].wait_s);
	/* nothing of what they write is told */
	ck_assert(!a.reason || !strstr(a.reason, "+1555"));
}
END_TEST

/* What a page of their list says, as "id|to|body|at|metric|price", and where
 * the next one is. */
static const struct {
	const char *provider, *page, *rows, *next;
} lists[] = {
	{ "telnyx",
	  "{\"data\":{\"id\":\"4031\",\"parts\":2,"
	  "\"to\":[{\"phone_number\":\"+12065550101\","
	  "\"status\":\"delivered\"}],"
	  "\"cost\":{\"amount\":\"0.0102\",\"currency\":\"USD\"}}}",
	  "4031 - +12065550101 - 0 delivered 0.0102 2 -\n", NULL },
	{ "telnyx",
	  "{\"data\":{\"id\":\"4031\",\"to\":[{\"phone_number\":\"+1\","
	  "\"status\":\"sending_failed\"}],"
	  "\"errors\":[{\"code\":\"40300\",\"detail\":\"a STOP message\"}]}}",
	  "4031 - +1 - 0 failed - -1 40300-stop\n", NULL },
	{ "telnyx", "{\"data\":{}}", "", NULL },
	{ "messagebird",
	  "{\"offset\":0,\"count\":2,\"totalCount\":5,\"items\":["
	  "{\"id\":\"a\",\"reference\":\"m_1\",\"body\":\"x\","
	  "\"createdDatetime\":\"2026-11-02T15:00:00+00:00\","
	  "\"recipients\":{\"items\":[{\"recipient\":12065550101,"
	  "\"status\":\"delivered\","
	  "\"price\":{\"amount\":0.04,\"currency\":\"EUR\"}}]}},"
	  "{\"id\":\"b\",\"recipients\":{\"items\":[{"
	  "\"recipient\":31612345678,\"status\":\"delivery_failed\","
	  "\"statusErrorCode\":103}]}}]}",
	  "a m_1 +12065550101 x 1793631600 delivered 0.040000 -1 -\n"
	  "b - +31612345678 - 0 bounced - -1 103\n",
	  "2" },
	{ "messagebird",
	  "{\"offset\":4,\"count\":1,\"totalCount\":5,\"items\":["
	  "{\"id\":\"c\",\"recipients\":{\"items\":[{"
	  "\"recipient\":31612345678,\"status\":\"buffered\"}]}}]}",
	  "c - +31612345678 - 0 - - -1 -\n", NULL },
	{ "messagebird", "{\"items\":[]}", "", NULL },
};

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

START_TEST(a_page_of_their_list_is_read)
{
	gboolean telnyx = g_str_equal(lists[_i].provider, "telnyx");
	g_autoptr(JrProvider) p =
		open_good(lists[_i].provider, telnyx ? T_NUMBER : M_NAME, NULL);
	g_autoptr(JrArena) arena = jr_arena_new(1024 * 1024);
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(JrListed));
	g_autoptr(GString) said = g_string_new(NULL);
	g_autoptr(json_t) page = json_loads(lists[_i].page, 0, NULL);
	JrListPage out = { arena, rows, NULL };

	p->kind->listed(p, page, &out);
	for (guint i = 0; i < rows->len; i++) {
		const JrListed *r = &g_array_index(rows, JrListed, i);

		g_string_append_printf(
			said,
			"%s %s %s %s %" G_GINT64_FORMAT
			" %s %s %" G_GINT64_FORMAT " %s\n",
			r->provider_id, or_dash(r->id), r->to, or_dash(r->body),
			r->at_s, or_dash(jr_metric_name(r->metric)),
			or_dash(r->price), r->segments, or_dash(r->code));
	}
	ck_assert_str_eq(said->str, lists[_i].rows);
	ck_assert_pstr_eq(out.next, lists[_i].next);
	g_free(out.next);
}
END_TEST

/* What is asked, of the list and of the account. */
START_TEST(questions_are_made)
{
	g_autoptr(JrProvider) t = open_good("telnyx", T_NUMBER, NULL);
	g_autoptr(JrProvider) m = open_good("messagebird", M_NAME, NULL);
	const JrListAsk first = { .to = "+12065550101" },
			next = { .next = (char *)"7" };
	g_auto(JrHttpRequest) r1 = { 0 }, r2 = { 0 }, r3 = { 0 }, r4 = { 0 };
	JrCheck check = { 0 };

	ck_assert(t->kind->lookup(t, "40 31", &r1, NULL));
	ck_assert_str_eq(r1.url, "https://api.telnyx.com/v2/messages/40%2031");
	ck_assert(m->kind->list(m, &first, &r2, NULL));
	ck_assert_str_eq(r2.url, "https://rest.messagebird.com/messages?"
				 "direction=mt&limit=100&offset=0"
				 "&recipient=12065550101");
	ck_assert(m->kind->list(m, &next, &r3, NULL));
	ck_assert_str_eq(r3.url, "https://rest.messagebird.com/messages?"
				 "direction=mt&limit=100&offset=7");
	ck_assert_str_eq(r3.authorization, "AccessKey KEY2");
	ck_assert(t->kind->question(t, 0, 0, &r4, &check));
	ck_assert_str_eq(r4.url, "https://api.telnyx.com/v2/balance");
	ck_assert(!t->kind->question(t, 1, 0, &r4, &check));
}
END_TEST

/* What the answer to the question for our balance says. */
static const struct {
	const char *provider, *settings;
	int status;
	const char *body;
	JrCheckState state;
	const char *said;
} balances[] = {
	{ "telnyx", T_NUMBER, 200,
	  "{\"data\":{\"available_credit\":\"300.00\"}}", JR_CHECK_GOOD,
	  "credit 300.00" },
	{ "telnyx", T_NUMBER, 200,
	  "{\"data\":{\"available_credit\":\"-0.01\"}}", JR_CHECK_WRONG,
	  "credit -0.01" },
	{ "telnyx", T_NUMBER, 200, "{\"data\":{}}", JR_CHECK_GOOD, NULL },
	{ "telnyx", T_NUMBER, 200, "no JSON", JR_CHECK_GOOD, NULL },
	{ "telnyx", T_NUMBER, 401, "{}", JR_CHECK_WRONG,
	  "HTTP status 401: check the account and its key" },
	{ "telnyx", T_NUMBER, 503, "{}", JR_CHECK_LATER,
	  "HTTP status 503: check the account and its key" },
	{ "messagebird", M_NAME, 200,
	  "{\"payment\":\"prepaid\",\"type\":\"euros\",\"amount\":103}",
	  JR_CHECK_GOOD, "credit 103.00" },
	{ "messagebird", M_NAME, 200,
	  "{\"payment\":\"prepaid\",\"type\":\"euros\",\"amount\":0}",
	  JR_CHECK_WRONG, "credit 0.00" },
	{ "messagebird", M_NAME, 200,
	  "{\"payment\":\"postpaid\",\"amount\":-7.5}", JR_CHECK_GOOD, NULL },
	{ "messagebird", M_NAME, 200, "[]", JR_CHECK_GOOD, NULL },
	{ "messagebird", M_NAME, 403, "", JR_CHECK_WRONG,
	  "HTTP status 403: check the account and its key" },
};

START_TEST(a_balance_is_read)
{
	g_autoptr(JrProvider) p =
		open_good(balances[_i].provider, balances[_i].settings, NULL);
	g_autoptr(GString) head = g_string_new(NULL);
	g_autoptr(GString) body = g_string_new(balances[_i].body);
	const JrHttpAnswer http = { .end = JR_HTTP_ANSWERED,
				    .status = balances[_i].status,
				    .head = head,
				    .body = body };
	g_auto(JrCheck) check = { 0 };

	p->kind->verdict(p, 0, &http, &check);
	ck_assert_int_eq(check.state, balances[_i].state);
	ck_assert_pstr_eq(check.said, balances[_i].said);
}
END_TEST

START_TEST(no_code_stands_twice)
{
	static const JrClass *const tables[] = { jr_telnyx_classes,
						 jr_messagebird_classes };

	for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
		for (const JrClass *c = tables[i]; c->code; c++) {
			ck_assert(c->text && *c->text);
			for (const JrClass *d = c + 1; d->code; d++)
				ck_assert_str_ne(c->code, d->code);
		}
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_request_is_made, 0, G_N_ELEMENTS(requests));
	tcase_add_loop_test(tc, a_message_that_cannot_be_sent_is_refused, 0,
			    G_N_ELEMENTS(refusals));
	tcase_add_loop_test(tc, wrong_settings_are_told, 0,
			    G_N_ELEMENTS(bad_settings));
	tcase_add_loop_test(tc, a_balance_is_read, 0, G_N_ELEMENTS(balances));
	tcase_add_loop_test(tc, an_answer_has_its_outcome, 0,
			    G_N_ELEMENTS(answers));
	tcase_add_loop_test(tc, a_page_of_their_list_is_read, 0,
			    G_N_ELEMENTS(lists));
	tcase_add_test(tc, questions_are_made);
	tcase_add_test(tc, no_code_stands_twice);
}

/* Consent: what counts, and what is said of what does not. */
#include "base/error.h"
#include "io/json.h"
#include "rules/consent.h"
#include "unit.h"

#include <string.h>

#define NOW 1793800000 /* 2026-11-04 */
#define AT "\"sms_consent_at\":1793700000"
#define IP "\"sms_consent_ip\":\"203.0.113.7\""
#define YES "\"sms_consent\":true"
#define PHONE "\"sms_phone\":\"+12065550101\""
/* printf 'I agree' | sha256sum */
#define SHA "99955b75e054416577b88fcec811270c93bff6f1bc421f01e3da7c1b18ec61e3"
#define SHOWN "\"sms_consent_text\":\"I agree\""
#define HASH "\"sms_consent_text_sha256\":\"" SHA "\""
#define VERSION "\"sms_consent_text_version\":\"2024-05\""
#define IMPORT "\"sms_consent_method\":\"import\""
#define SOURCE "\"sms_consent_source\":\"till 4, paper form\""
#define OTHER "\"phone\":\"+12065550102\""

static const struct {
	const char *attributes, *stored;
	JrConsentRead read;
	JrConsentState state;
	const char *number; /* or, when refused, a part of the message */
	gint64 at_s;
} cases[] = {
	{ "{\"plan\":\"pro\"}", NULL, JR_CONSENT_SILENT, 0, NULL, 0 },
	{ "{\"email_consent\":true}", NULL, JR_CONSENT_SILENT, 0, NULL, 0 },
	{ "{\"SMS_CONSENT\":true}", NULL, JR_CONSENT_SILENT, 0, NULL, 0 },
	{ "{" YES "," AT "," IP "," PHONE "}", NULL, JR_CONSENT_CLAIMED,
	  JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT "," IP "," OTHER "}", NULL, JR_CONSENT_CLAIMED,
	  JR_CONSENT_YES, "+12065550102", 1793700000 },
	{ "{" YES "," AT "," IP "," PHONE "," OTHER "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT "," IP "}", "{" PHONE "}", JR_CONSENT_CLAIMED,
	  JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT "," IP "," OTHER "}", "{" PHONE "}",
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550102", 1793700000 },
	{ "{" YES "," AT ",\"sms_consent_evidence\":\"form 7\"," PHONE "}",
	  NULL, JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101",
	  1793700000 },
	{ "{\"sms_consent\":\"TRUE\"," AT "," IP "," PHONE "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{\"sms_consent\":1," AT "," IP "," PHONE "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES ",\"sms_consent_at\":\"2026-11-03T10:00:00Z\"," IP "," PHONE
	  "}",
	  NULL, JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101",
	  1793700000 },
	{ "{" YES ",\"sms_consent_at\":1793700000000," IP "," PHONE "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT ",\"sms_consent_ip\":\"2001:db8::1\"," PHONE "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT "," IP ",\"phone\":\"(206) 555-0103\"}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550103", 1793700000 },
	/* Refused, and why. */
	{ "{" YES "," IP "," PHONE "}", NULL, JR_CONSENT_REFUSED, 0,
	  "consent_at", 0 },
	{ "{" YES "," AT "," PHONE "}", NULL, JR_CONSENT_REFUSED, 0,
	  "consent_ip", 0 },
	{ "{" YES "," AT ",\"sms_consent_ip\":\"here\"," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "IP address", 0 },
	{ "{" YES "," AT ",\"sms_consent_ip\":7," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "IP address", 0 },
	{ "{" YES "," AT ",\"sms_consent_ip\":\"\"," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "IP address", 0 },
	{ "{" YES "," AT ",\"sms_consent_ip\":null," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "consent_ip", 0 },
	{ "{" YES "," AT "," IP "}", NULL, JR_CONSENT_REFUSED, 0, "E.164", 0 },
	{ "{" YES "," AT "," IP ",\"sms_phone\":\"555\"}", "{" PHONE "}",
	  JR_CONSENT_REFUSED, 0, "E.164", 0 }, /* the old one is not meant */
	{ "{" YES "," AT "," IP ",\"sms_phone\":12065550101}", NULL,
	  JR_CONSENT_REFUSED, 0, "E.164", 0 },
	{ "{" YES ",\"sms_consent_at\":\"soon\"," IP "," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "consent_at", 0 },
	{ "{" YES ",\"sms_consent_at\":true," IP "," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "consent_at", 0 },
	{ "{" YES ",\"sms_consent_at\":1793999999," IP "," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "future", 0 },
	{ "{" YES ",\"sms_consent_at\":0," IP "," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "1970", 0 },
	{ "{" YES "," AT "," IP "," PHONE ",\"sms_consent_method\":\"guess\"}",
	  NULL, JR_CONSENT_REFUSED, 0, "consent_method", 0 },
	{ "{\"sms_consent\":\"maybe\"," AT "," IP "," PHONE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "true or false", 0 },
	{ "{\"sms_consent\":{}}", NULL, JR_CONSENT_REFUSED, 0, "true or false",
	  0 },
	{ "{\"sms_consent\":2}", NULL, JR_CONSENT_REFUSED, 0, "true or false",
	  0 },
	/* An old opt-in, brought from elsewhere: where, and what was shown. */
	{ "{" YES "," AT "," PHONE "," IMPORT "," SOURCE "," SHOWN "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT "," PHONE "," IMPORT "," SOURCE "," HASH "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT "," PHONE "," IMPORT "," SOURCE "," VERSION "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{" YES "," AT "," PHONE "," IMPORT "," SOURCE "," IP "}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101", 1793700000 },
	{ "{\"sms_consent\":\"true\",\"sms_consent_at\":\"1793700000\"," PHONE
	  "," IMPORT "," SOURCE "," IP "}",
	  NULL, JR_CONSENT_CLAIMED, JR_CONSENT_YES, "+12065550101",
	  1793700000 }, /* as a table has it */
	{ "{" YES "," AT "," PHONE "," IMPORT "," SOURCE "}", NULL,
	  JR_CONSENT_REFUSED, 0, "consent_text_version", 0 },
	{ "{" YES "," AT "," PHONE "," IMPORT "," SHOWN "}", NULL,
	  JR_CONSENT_REFUSED, 0, "as sms_consent_source", 0 },
	{ "{" YES "," AT "," PHONE "," IMPORT "," IP "}", NULL,
	  JR_CONSENT_REFUSED, 0, "as sms_consent_source", 0 },
	{ "{" YES "," PHONE "," IMPORT "," SOURCE "," SHOWN "," IP "}", NULL,
	  JR_CONSENT_REFUSED, 0, "as sms_consent_at", 0 },
	{ "{" YES "," AT "," PHONE "," SOURCE "," SHOWN "," VERSION "}", NULL,
	  JR_CONSENT_REFUSED, 0, "consent_ip", 0 }, /* a form has an IP */
	{ "{" YES "," AT "," PHONE "," IP
	  ",\"sms_consent_text_sha256\":\"ab\"}",
	  NULL, JR_CONSENT_REFUSED, 0, "64 hex digits", 0 },
	{ "{" YES "," AT "," PHONE "," IP "," HASH
	  ",\"sms_consent_text\":\"I agree!\"}",
	  NULL, JR_CONSENT_REFUSED, 0, "is not that of", 0 },
	{ "{" YES "," AT "," PHONE "," IP ",\"sms_consent_text_version\":3}",
	  NULL, JR_CONSENT_REFUSED, 0, "sms_consent_text_version is no text",
	  0 },
	{ "{" YES "," AT "," PHONE ",\"sms_consent_evidence\":12345}", NULL,
	  JR_CONSENT_REFUSED, 0, "sms_consent_evidence is no text", 0 },
	/* A no needs nothing. */
	{ "{\"sms_consent\":false}", NULL, JR_CONSENT_CLAIMED, JR_CONSENT_NO,
	  "", 1793800000 },
	{ "{\"sms_consent\":false}", "{" PHONE "}", JR_CONSENT_CLAIMED,
	  JR_CONSENT_NO, "+12065550101", 1793800000 },
	{ "{\"sms_consent\":\"no\"," PHONE "}", NULL, JR_CONSENT_CLAIMED,
	  JR_CONSENT_NO, "+12065550101", 1793800000 },
	{ "{\"sms_consent\":0,\"phone\":\"garbage\"}", NULL, JR_CONSENT_CLAIMED,
	  JR_CONSENT_NO, "", 1793800000 },
	/* For the number that would be written to, whatever else is named. */
	{ "{\"sms_consent\":false," OTHER "}", "{" PHONE "}",
	  JR_CONSENT_CLAIMED, JR_CONSENT_NO, "+12065550101", 1793800000 },
	{ "{\"sms_consent\":false," PHONE "}",
	  "{\"sms_phone\":\"+12065550105\"}", JR_CONSENT_CLAIMED, JR_CONSENT_NO,
	  "+12065550101", 1793800000 },
	{ "{\"sms_consent\":false," OTHER "}", NULL, JR_CONSENT_CLAIMED,
	  JR_CONSENT_NO, "+12065550102", 1793800000 },
	{ "{\"sms_consent\":null}", NULL, JR_CONSENT_CLAIMED, JR_CONSENT_NO, "",
	  1793800000 },
	/* The time beside it may be that of the yes. */
	{ "{\"sms_consent\":false," AT "," PHONE "}", NULL, JR_CONSENT_CLAIMED,
	  JR_CONSENT_NO, "+12065550101", 1793800000 },
	{ "{\"sms_consent\":false,\"sms_consent_at\":9999999999}", NULL,
	  JR_CONSENT_CLAIMED, JR_CONSENT_NO, "", 1793800000 },
};

#define LIMIT ((gsize)1024 * 1024)

static const JrVal *parse(JrArena *arena, const char *json)
{
	const JrVal *val =
		json ? jr_json_parse(arena, json, strlen(json), NULL) : NULL;

	ck_assert_msg(!json || val, "%s", json);
	return val;
}

START_TEST(consent_counts_with_its_evidence)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	g_autoptr(GError) error = NULL;
	const JrConsentAsk ask = { parse(arena, cases[_i].attributes),
				   parse(arena, cases[_i].stored), "US", NOW,
				   NOW };
	JrConsentClaim claim;

	ck_assert_int_eq(jr_consent_read(&ask, JR_CHANNEL_SMS, &claim, &error),
			 cases[_i].read);
	ck_assert((cases[_i].read == JR_CONSENT_REFUSED) == !!error);
	if (error) {
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
		ck_assert_msg(!!strstr(error->message, cases[_i].number), "%s",
			      error->message);
		ck_assert_ptr_null(strstr(error->message, "5550"));
		return;
	}
	if (cases[_i].read != JR_CONSENT_CLAIMED)
		return;
	ck_assert_int_eq(claim.state, cases[_i].state);
	ck_assert_str_eq(claim.number, cases[_i].number);
	ck_assert_int_eq(claim.at_s, cases[_i].at_s);
}
END_TEST

START_TEST(all_that_proves_it_is_kept)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrConsentAsk ask = {
		.attributes =
			parse(arena, "{" YES "," AT "," IP "," PHONE ","
				     "\"sms_consent_user_agent\":\"ua\","
				     "\"sms_consent_source\":\"/signup\","
				     "\"sms_consent_text\":\"I agree\","
				     "\"sms_consent_text_sha256\":\"" SHA "\","
				     "\"sms_consent_text_version\":\"3\","
				     "\"sms_consent_scope\":\"alerts\","
				     "\"sms_consent_method\":\"form\"}"),
		.now_s = NOW,
	};
	JrConsentClaim c;

	ck_assert_int_eq(jr_consent_read(&ask, JR_CHANNEL_SMS, &c, NULL),
			 JR_CONSENT_CLAIMED);
	ck_assert_int_eq(c.channel, JR_CHANNEL_SMS);
	ck_assert_str_eq(c.ip, "203.0.113.7");
	ck_assert_str_eq(c.user_agent, "ua");
	ck_assert_str_eq(c.source, "/signup");
	ck_assert_str_eq(c.text, "I agree");
	ck_assert_str_eq(c.sha256, SHA);
	ck_assert_str_eq(c.text_version, "3");
	ck_assert_str_eq(c.scope, "alerts");
	ck_assert_int_eq(c.method, JR_CONSENT_FORM);
}
END_TEST

/* What was shown is known by its hash, whoever computed it. */
START_TEST(words_that_were_shown_are_hashed)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrConsentAsk ask = {
		.attributes = parse(arena, "{" YES "," AT "," IP "," PHONE
					   "," SHOWN "}"),
		.now_s = NOW,
	};
	JrConsentClaim c;

	ck_assert_int_eq(jr_consent_read(&ask, JR_CHANNEL_SMS, &c, NULL),
			 JR_CONSENT_CLAIMED);
	ck_assert_str_eq(c.sha256, SHA);
}
END_TEST

/* Consent to one channel is none to another. */
START_TEST(channels_do_not_borrow_consent)
{
	g_autoptr(JrArena) arena = jr_arena_new(LIMIT);
	const JrConsentAsk ask = {
		.attributes =
			parse(arena, "{\"whatsapp_consent\":true,"
				     "\"whatsapp_consent_at\":1793700000,"
				     "\"whatsapp_consent_ip\":\"203.0.113.7\","
				     "\"whatsapp_phone\":\"+447911123456\"}"),
		.now_s = NOW,
	};
	JrConsentClaim c;

	ck_assert_int_eq(jr_consent_read(&ask, JR_CHANNEL_SMS, &c, NULL),
			 JR_CONSENT_SILENT);
	ck_assert_int_eq(jr_consent_read(&ask, JR_CHANNEL_WHATSAPP, &c, NULL),
			 JR_CONSENT_CLAIMED);
	ck_assert_str_eq(c.number, "+447911123456");
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, consent_counts_with_its_evidence, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_test(tc, all_that_proves_it_is_kept);
	tcase_add_test(tc, words_that_were_shown_are_hashed);
	tcase_add_test(tc, channels_do_not_borrow_consent);
}

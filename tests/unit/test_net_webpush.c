/* Web Push: what is encrypted, for whom, and what each answer means. */
#include "net_unit.h"
#include "net/base64url.h"
#include "net/ece.h"
#include "net/p256.h"
#include "net/providers.h"
#include "net/push.h"
#include "net/webpush.h"
#include "base/error.h"
#include "unit.h"

/* The example of RFC 8291, appendix A. */
#define P256DH                                                                 \
	"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-"                   \
	"AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
#define AUTH "BTBZMqHH6r4Tts7J_aSIgg"
#define SECRET "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
#define SALT "DGv6ra1nlYgDCS1FRnbzlw"
#define PLAIN "When I grow up, I want to be a watermelon"
#define SEALED                                                                  \
	"DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_"                        \
	"c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_" \
	"yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_"   \
	"Qulcy4a-fN"

static void bytes_of(const char *text, guint8 *bytes, gsize want)
{
	gsize n = 0;
	g_autofree guint8 *got = jr_base64url_decode(text, strlen(text), &n);

	ck_assert(got && n == want);
	memcpy(bytes, got, want);
}

START_TEST(the_example_of_the_rfc_comes_out)
{
	JrEceKeys keys;
	JrEceOnce once;
	g_autoptr(GError) error = NULL;
	gsize len;

	ck_assert(jr_ece_keys_read(P256DH, AUTH, &keys, &error));
	bytes_of(SECRET, once.secret, sizeof once.secret);
	bytes_of(SALT, once.salt, sizeof once.salt);
	g_autoptr(GBytes) sealed =
		jr_ece_encrypt(&keys, &once, PLAIN, strlen(PLAIN), &error);
	ck_assert(sealed != NULL);
	const void *bytes = g_bytes_get_data(sealed, &len);
	g_autofree char *text = jr_base64url(bytes, len);
	ck_assert_str_eq(text, SEALED);
}
END_TEST

START_TEST(no_two_are_alike)
{
	g_autofree char *most = g_strnfill(JR_ECE_MAX, 'x');
	JrEceKeys keys;

	ck_assert(jr_ece_keys_read(P256DH, AUTH, &keys, NULL));
	g_autoptr(GBytes) one =
		jr_ece_encrypt(&keys, NULL, most, JR_ECE_MAX, NULL);
	g_autoptr(GBytes) two =
		jr_ece_encrypt(&keys, NULL, most, JR_ECE_MAX, NULL);
	ck_assert_uint_eq(g_bytes_get_size(one), 4096);
	ck_assert(!g_bytes_equal(one, two));
	ck_assert(!jr_ece_encrypt(&keys, NULL, most, JR_ECE_MAX + 1, NULL));
}
END_TEST

static const struct {
	const char *p256dh, *auth, *says; /* NULL: it is good */
} key_rows[] = {
	{ P256DH, AUTH, NULL },
	{ P256DH "=", AUTH "==", NULL },
	{ NULL, AUTH, "p256dh" },
	{ P256DH, NULL, "auth" },
	{ "", AUTH, "p256dh" },
	{ "BCVx", AUTH, "p256dh" },
	{ "A" P256DH, AUTH, "p256dh" },
	{ "+" P256DH, AUTH, "p256dh" },
	{ P256DH, "BTBZMqHH6r4Tts7J_aSIg", "auth" },
	{ P256DH, AUTH AUTH, "auth" },
	/* 65 bytes, but compressed and then some */
	{ "AiVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-"
	  "AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
	  AUTH, "p256dh" },
};

START_TEST(keys_are_looked_at)
{
	g_autoptr(GError) error = NULL;
	gboolean good = jr_webpush_check_keys(key_rows[_i].p256dh,
					      key_rows[_i].auth, &error);

	ck_assert_int_eq(good, key_rows[_i].says == NULL);
	if (!good)
		ck_assert_msg(strstr(error->message, key_rows[_i].says) != NULL,
			      "%s", error->message);
}
END_TEST

START_TEST(a_point_beside_the_curve_is_refused)
{
	g_autoptr(GError) error = NULL;
	JrEceKeys keys;

	ck_assert(jr_ece_keys_read(P256DH, AUTH, &keys, NULL));
	keys.p256dh[64] ^= 1;
	ck_assert(!jr_ece_encrypt(&keys, NULL, "x", 1, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
}
END_TEST

#define VAPID "\"vapid_key_env\":\"" SECRET "\""
#define SUBJECT "\"subject\":\"mailto:ops@example.com\""

static const struct {
	const char *settings, *says; /* NULL: they are good */
} settings_rows[] = {
	{ "{" VAPID "," SUBJECT "}", NULL },
	{ "{" VAPID ",\"subject\":\"https://example.com/push\"}", NULL },
	{ "{" VAPID "," SUBJECT ",\"hosts\":[\"push.example\"]}", NULL },
	{ "{" SUBJECT "}", "vapid_key" },
	{ "{" VAPID "}", "subject" },
	{ "{" VAPID ",\"subject\":\"ops@example.com\"}", "subject" },
	{ "{\"vapid_key_env\":\"x\"," SUBJECT "}", "P-256" },
	/* 0 is no key, nor is the order of the curve */
	{ "{\"vapid_key_env\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	  "\"," SUBJECT "}",
	  "P-256" },
	{ "{\"vapid_key_env\":\"_____wAAAAD__________7zm-q2nF56E87nKwvxjJVE"
	  "\"," SUBJECT "}",
	  "P-256" },
	{ "{" VAPID "," SUBJECT ",\"host\":[\"push.example\"]}", "host" },
};

START_TEST(settings_are_looked_at)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JrProvider) p =
		open_with("webpush", settings_rows[_i].settings, NULL, &error);

	ck_assert_int_eq(p != NULL, settings_rows[_i].says == NULL);
	if (!p)
		ck_assert_msg(strstr(error->message, settings_rows[_i].says) !=
				      NULL,
			      "%s", error->message);
}
END_TEST

START_TEST(a_key_in_pem_does_as_well)
{
	g_autofree char *pem = make_key(FALSE);
	g_autofree char *rsa = make_key(TRUE);
	json_t *good = json_pack("{s:s, s:s}", "vapid_key_env", pem, "subject",
				 "mailto:a@b.example");
	json_t *bad = json_pack("{s:s, s:s}", "vapid_key_env", rsa, "subject",
				"mailto:a@b.example");
	g_autofree char *good_text = json_dumps(good, 0);
	g_autofree char *bad_text = json_dumps(bad, 0);
	g_autoptr(JrProvider) good_one = NULL;
	g_autoptr(GError) error = NULL;

	good_one = open_good("webpush", good_text, NULL);
	ck_assert(good_one != NULL);
	ck_assert(!open_with("webpush", bad_text, NULL, &error));
	json_decref(good);
	json_decref(bad);
}
END_TEST

/* "to" and the keys of a hand-over. */
#define TO(url)                                                                \
	"\"kind\":\"webpush\",\"to\":\"" url "\",\"p256dh\":\"" P256DH         \
	"\",\"auth\":\"" AUTH "\""
#define AT_MOZILLA TO("https://updates.push.services.mozilla.com/wpush/v2/g")

static const struct {
	const char *handover, *headers; /* NULL: it is refused … */
	const char *says;		/* … so */
} requests[] = {
	{ "{" AT_MOZILLA ",\"title\":\"T\"}", "TTL: 2419200\nTopic: m_1\n",
	  NULL },
	{ "{" AT_MOZILLA ",\"title\":\"T\",\"deadline\":1793800600,"
	  "\"options\":{\"priority\":\"high\"}}",
	  "TTL: 600\nTopic: m_1\nUrgency: high\n", NULL },
	{ "{" AT_MOZILLA ",\"title\":\"T\",\"deadline\":1803800600,"
	  "\"options\":{\"priority\":\"normal\",\"collapse_id\":\"news\"}}",
	  "TTL: 2419200\nTopic: news\nUrgency: normal\n", NULL },
	{ "{" AT_MOZILLA ",\"title\":\"T\",\"options\":{\"collapse_id\":"
	  "\"a b\"}}",
	  "TTL: 2419200\nTopic: h-ex7nr5934egakm82yvb2v3x4sd\n", NULL },
	{ "{" TO("https://127.0.0.1/x") ",\"title\":\"T\"}", NULL, "hosts" },
	{ "{" TO("https://evilpush.apple.com/x") ",\"title\":\"T\"}", NULL,
	  "hosts" },
	{ "{" TO("https://web.push.apple.com.evil.example/x") ",\"title\":"
							      "\"T\"}",
	  NULL, "hosts" },
	{ "{" TO("https://u@web.push.apple.com/x") ",\"title\":\"T\"}", NULL,
	  "https URL" },
	{ "{" TO("http://web.push.apple.com/x") ",\"title\":\"T\"}", NULL,
	  "https URL" },
	{ "{" TO("http://127.0.0.1/x") ",\"title\":\"T\"}", NULL, "https URL" },
	{ "{" TO("gibberish") ",\"title\":\"T\"}", NULL, "https URL" },
	{ "{\"kind\":\"apns\",\"to\":\"https://web.push.apple.com/x\","
	  "\"title\":\"T\"}",
	  NULL, "webpush" },
	{ "{\"kind\":\"webpush\",\"to\":\"https://web.push.apple.com/x\","
	  "\"title\":\"T\"}",
	  NULL, "p256dh" },
	{ "{" AT_MOZILLA ",\"body\":\"T\",\"data\":{\"CIO-x\":1}}", NULL,
	  "CIO-x" },
	{ "{" AT_MOZILLA ",\"body\":\"T\",\"options\":{\"critical\":1}}", NULL,
	  "critical" },
	{ "{" AT_MOZILLA "}", NULL, "neither title nor body" },
};

START_TEST(a_request_is_made_or_refused)
{
	g_autoptr(JrProvider) p =
		open_good("webpush", "{" VAPID "," SUBJECT "}", NULL);
	JrHandover h = handover_of(requests[_i].handover);
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;
	gboolean made = p->kind->request(p, &h, permit, &request, &error);

	ck_assert_msg(made == (requests[_i].headers != NULL), "%s",
		      error ? error->message : "it was made");
	if (!made) {
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_INPUT));
		ck_assert_msg(strstr(error->message, requests[_i].says) != NULL,
			      "%s", error->message);
		return;
	}
	g_autofree char *text = g_strjoinv("\n", request.headers);
	g_autofree char *want =
		g_strconcat("Content-Type: application/octet-stream\n"
			    "Content-Encoding: aes128gcm\n",
			    requests[_i].headers, NULL);
	g_strchomp(want);
	ck_assert_str_eq(text, want);
	ck_assert_str_eq(request.url, h.to);
	ck_assert(request.http2);
}
END_TEST

/* The claims of the token in @authorization: "vapid t=TOKEN, k=KEY". */
static json_t *claims_of(const char *authorization)
{
	g_auto(GStrv) parts = g_strsplit_set(authorization, "=,.", -1);
	gsize n = 0;
	g_autofree guint8 *bytes =
		jr_base64url_decode(parts[2], strlen(parts[2]), &n);

	ck_assert(g_str_has_prefix(authorization, "vapid t="));
	return json_loadb((char *)bytes, n, 0, NULL);
}

START_TEST(the_token_names_the_origin)
{
	g_autoptr(JrProvider) p = open_good(
		"webpush",
		"{" VAPID "," SUBJECT ",\"hosts\":[\"push.example\"]}", NULL);
	JrHandover h = handover_of(
		"{" TO("https://a.push.example:8443/x") ",\"title\":\"T\"}");
	g_auto(JrHttpRequest) first = { 0 }, second = { 0 }, later = { 0 };

	ck_assert(p->kind->request(p, &h, permit, &first, NULL));
	ck_assert(p->kind->request(p, &h, permit, &second, NULL));
	ck_assert_str_eq(first.authorization, second.authorization);
	ck_assert(g_str_has_suffix(
		first.authorization,
		", k=BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocIn"
		"mYWAmS6TlzAC8wEqKK6PBru3jl7A8"));
	json_t *claims = claims_of(first.authorization);
	json_t *want = json_pack(
		"{s:s, s:i, s:s}", "aud", "https://a.push.example:8443", "exp",
		1793800000 + 12 * 3600, "sub", "mailto:ops@example.com");
	ck_assert(json_equal(claims, want));
	json_decref(claims);
	json_decref(want);
	h.now_s += 12 * 3600 - 60;
	ck_assert(p->kind->request(p, &h, permit, &later, NULL));
	ck_assert_str_ne(first.authorization, later.authorization);
}
END_TEST

static const struct {
	const char *handover, *message;
} messages[] = {
	{ "{\"to\":\"u\",\"title\":\"T\",\"body\":\"B\",\"link\":\"https://x\","
	  "\"image\":\"https://i\",\"data\":{\"n\":1},\"options\":{\"icon\":"
	  "\"/i.png\",\"require_interaction\":true,\"sound\":\"s\"}}",
	  "{\"notification\":{\"title\":\"T\",\"body\":\"B\",\"image\":"
	  "\"https://i\",\"tag\":\"m_1\",\"icon\":\"/i.png\","
	  "\"requireInteraction\":true,\"data\":{\"n\":1,\"link\":"
	  "\"https://x\",\"CIO-Delivery-ID\":\"m_1\","
	  "\"CIO-Delivery-Token\":\"u\"}}}" },
	{ "{\"to\":\"u\",\"options\":{\"silent\":true},\"data\":{\"n\":1}}",
	  "{\"data\":{\"n\":1,\"CIO-Delivery-ID\":\"m_1\","
	  "\"CIO-Delivery-Token\":\"u\"}}" },
	{ "{\"to\":\"u\",\"body\":\"B\",\"options\":{\"collapse_id\":\"c\"}}",
	  "{\"notification\":{\"body\":\"B\",\"tag\":\"c\",\"data\":{"
	  "\"CIO-Delivery-ID\":\"m_1\",\"CIO-Delivery-Token\":\"u\"}}}" },
};

START_TEST(a_service_worker_gets)
{
	JrHandover h = handover_of(messages[_i].handover);
	JrPushOptions options;

	ck_assert(jr_push_options_read(&h, &options, NULL));
	json_t *message = jr_webpush_message(&h, &options, NULL);
	g_autofree char *text = json_dumps(message, JSON_COMPACT);
	ck_assert_str_eq(text, messages[_i].message);
	json_decref(message);
	jr_push_options_clear(&options);
}
END_TEST

START_TEST(what_is_too_much_is_said)
{
	g_autoptr(JrProvider) p =
		open_good("webpush", "{" VAPID "," SUBJECT "}", NULL);
	JrHandover h = handover_of("{" AT_MOZILLA "}");
	g_autofree char *body = g_strnfill(3993, 'x');
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;

	h.body = body;
	ck_assert(!p->kind->request(p, &h, permit, &request, &error));
	ck_assert_msg(strstr(error->message, "at most 3993 bytes") != NULL,
		      "%s", error->message);
}
END_TEST

static const struct {
	int status;
	const char *head;
	JrOutcome outcome;
	gint64 wait_s;
} answers[] = {
	{ 201, "Location: https://push.example/m/1\n", JR_OUTCOME_ACCEPTED, 0 },
	{ 200, "", JR_OUTCOME_ACCEPTED, 0 },
	{ 202, "", JR_OUTCOME_ACCEPTED, 0 },
	{ 204, "", JR_OUTCOME_UNKNOWN, 0 },
	{ 307, "", JR_OUTCOME_REFUSED, 0 },
	{ 400, "", JR_OUTCOME_REFUSED, 0 },
	{ 401, "", JR_OUTCOME_STOP, 0 },
	{ 403, "", JR_OUTCOME_DROP_TOKEN, 0 },
	{ 404, "", JR_OUTCOME_DROP_TOKEN, 0 },
	{ 410, "", JR_OUTCOME_DROP_TOKEN, 0 },
	{ 413, "", JR_OUTCOME_REFUSED, 0 },
	{ 429, "", JR_OUTCOME_WAIT, 60 },
	{ 429, "Retry-After: 120\n", JR_OUTCOME_WAIT, 120 },
	{ 500, "", JR_OUTCOME_UNKNOWN, 0 },
	{ 503, "Retry-After: 5\n", JR_OUTCOME_WAIT, 60 },
};

START_TEST(an_answer_means)
{
	g_autoptr(JrProvider) p =
		open_good("webpush", "{" VAPID "," SUBJECT "}", NULL);
	g_auto(JrAnswer) answer =
		answer_to(p, answers[_i].status, answers[_i].head, "");

	ck_assert_int_eq(answer.outcome, answers[_i].outcome);
	ck_assert_int_eq(answer.wait_s, answers[_i].wait_s);
	ck_assert_int_eq(answer.provider_id != NULL,
			 answers[_i].head[0] == 'L');
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, the_example_of_the_rfc_comes_out);
	tcase_add_test(tc, no_two_are_alike);
	tcase_add_loop_test(tc, keys_are_looked_at, 0, G_N_ELEMENTS(key_rows));
	tcase_add_test(tc, a_point_beside_the_curve_is_refused);
	tcase_add_loop_test(tc, settings_are_looked_at, 0,
			    G_N_ELEMENTS(settings_rows));
	tcase_add_test(tc, a_key_in_pem_does_as_well);
	tcase_add_loop_test(tc, a_request_is_made_or_refused, 0,
			    G_N_ELEMENTS(requests));
	tcase_add_test(tc, the_token_names_the_origin);
	tcase_add_loop_test(tc, a_service_worker_gets, 0,
			    G_N_ELEMENTS(messages));
	tcase_add_test(tc, what_is_too_much_is_said);
	tcase_add_loop_test(tc, an_answer_means, 0, G_N_ELEMENTS(answers));
}

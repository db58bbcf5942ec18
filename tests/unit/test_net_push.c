/* FCM and APNs: the bytes of each request, and what each answer means. */
#include "net_unit.h"
#include "net/providers.h"
#include "base/error.h"
#include "unit.h"

#include <glib/gstdio.h>

#define HEX64 "00fc13adff785122b4ad28809a3420982341241421348097878e577c991de8f0"

static char *folder;
static char *fcm_settings, *apns_settings;

/* Keys and the settings that name them, once for all tests. */
static void make_settings(void)
{
	g_autofree char *rsa = make_key(TRUE);
	g_autofree char *ec = make_key(FALSE);
	json_t *account = json_pack(
		"{s:s, s:s, s:s, s:s, s:s, s:s}", "type", "service_account",
		"client_email", "jr@demo.example", "private_key", rsa,
		"private_key_id", "kid1", "token_uri",
		"https://oauth2.example/token", "project_id", "demo-app");
	g_autofree char *text = json_dumps(account, 0);

	json_decref(account);
	folder = g_dir_make_tmp("jr-push-XXXXXX", NULL);
	g_autofree char *fcm = g_build_filename(folder, "fcm.json", NULL);
	g_autofree char *apns = g_build_filename(folder, "apns.p8", NULL);
	g_file_set_contents(fcm, text, -1, NULL);
	g_file_set_contents(apns, ec, -1, NULL);
	fcm_settings = g_strdup_printf("{\"service_account_file\":\"%s\"", fcm);
	apns_settings = g_strdup_printf(
		"{\"key_file\":\"%s\",\"key_id\":\"ABC123DEFG\","
		"\"team_id\":\"DEF123GHIJ\",\"topic\":\"com.example.app\"",
		apns);
}

static void remove_settings(void)
{
	const char *const names[] = { "fcm.json", "apns.p8" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
			g_build_filename(folder, names[i], NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
	g_free(folder);
	g_free(fcm_settings);
	g_free(apns_settings);
}

/* A provider with further settings: "\"topic\":..." or "". */
static JrProvider *provider(const char *name, const char *more)
{
	g_autofree char *settings = g_strconcat(
		g_str_equal(name, "fcm") ? fcm_settings : apns_settings,
		*more ? "," : "", more, "}", NULL);

	return open_good(name, settings, NULL);
}

#define FCM_HEAD                                                               \
	"POST https://fcm.googleapis.com/v1/projects/demo-app/messages:send\n" \
	"Content-Type: application/json\n\n"
#define IDS(to) "\"CIO-Delivery-ID\":\"m_1\",\"CIO-Delivery-Token\":\"" to "\""

static const struct {
	const char *settings, *handover, *body;
} fcm_requests[] = {
	{ "",
	  "{\"kind\":\"fcm-token\",\"to\":\"tok\",\"title\":\"Hi\","
	  "\"body\":\"Ana\"}",
	  "{\"message\":{\"token\":\"tok\",\"data\":{" IDS(
		  "tok") "},"
			 "\"notification\":{\"title\":\"Hi\",\"body\":\"Ana\"},"
			 "\"android\":{\"notification\":{\"tag\":\"m_1\"}},"
			 "\"apns\":{\"headers\":{\"apns-collapse-id\":\"m_1\","
			 "\"apns-priority\":\"10\"},"
			 "\"payload\":{\"aps\":{\"mutable-content\":1}}}}}" },
	{ "",
	  "{\"kind\":\"fcm-token\",\"to\":\"tok\",\"platform\":\"android\","
	  "\"title\":\"Hi\",\"options\":{\"badge\":1,\"sound\":\"s\"}}",
	  "{\"message\":{\"token\":\"tok\",\"data\":{" IDS(
		  "tok") "},\"notification\":{\"title\":\"Hi\"},"
			 "\"android\":{\"notification\":{\"notification_count\":1,"
			 "\"sound\":\"s\",\"tag\":\"m_1\"}}}}" },
	{ "",
	  "{\"kind\":\"fcm-fid\",\"to\":\"fid1\",\"body\":\"x\","
	  "\"link\":\"app://a\",\"image\":\"https://x.example/i.png\","
	  "\"deadline\":1793800600,\"data\":{\"n\":1,\"t\":\"s\","
	  "\"o\":{\"a\":[true,null]}}}",
	  "{\"message\":{\"fid\":\"fid1\",\"data\":{\"n\":\"1\",\"t\":\"s\","
	  "\"o\":\"{\\\"a\\\":[true,null]}\",\"link\":\"app://a\"," IDS(
		  "fid1") "},\"notification\":{\"body\":\"x\","
			  "\"image\":\"https://x.example/i.png\"},"
			  "\"android\":{\"ttl\":\"600s\",\"notification\":{\"tag\":\"m_1\"}},"
			  "\"apns\":{\"headers\":{\"apns-collapse-id\":\"m_1\","
			  "\"apns-expiration\":\"1793800600\",\"apns-priority\":\"10\"},"
			  "\"payload\":{\"CIO\":{\"push\":{\"link\":\"app://a\","
			  "\"image\":\"https://x.example/i.png\"}},"
			  "\"aps\":{\"mutable-content\":1}}}}}" },
	{ "\"validate_only\":true",
	  "{\"kind\":\"fcm-token\",\"to\":\"tok\",\"title\":\"T\","
	  "\"body\":\"B\",\"options\":{\"sound\":\"ding\",\"badge\":3,"
	  "\"subtitle\":\"S\",\"priority\":\"normal\",\"collapse_key\":\"ck\","
	  "\"collapse_id\":\"ci\",\"channel_id\":\"ch\","
	  "\"analytics_label\":\"al\"}}",
	  "{\"validate_only\":true,\"message\":{\"token\":\"tok\","
	  "\"data\":{" IDS(
		  "tok") "},"
			 "\"notification\":{\"title\":\"T\",\"body\":\"B\"},"
			 "\"android\":{\"priority\":\"normal\","
			 "\"notification\":{\"sound\":\"ding\",\"notification_count\":3,"
			 "\"channel_id\":\"ch\",\"tag\":\"ci\"},\"collapse_key\":\"ck\"},"
			 "\"apns\":{\"headers\":{\"apns-collapse-id\":\"ci\","
			 "\"apns-priority\":\"5\"},\"payload\":{\"aps\":{\"sound\":\"ding\","
			 "\"badge\":3,\"alert\":{\"subtitle\":\"S\",\"title\":\"T\","
			 "\"body\":\"B\"},\"mutable-content\":1}}},"
			 "\"fcm_options\":{\"analytics_label\":\"al\"}}}" },
	{ "",
	  "{\"kind\":\"fcm-token\",\"to\":\"tok\",\"data\":{\"sync\":true},"
	  "\"options\":{\"silent\":true,\"sound\":\"ding\"}}",
	  "{\"message\":{\"token\":\"tok\",\"data\":{\"sync\":\"true\"," IDS(
		  "tok") "},\"android\":{},"
			 "\"apns\":{\"headers\":{\"apns-collapse-id\":\"m_1\","
			 "\"apns-priority\":\"5\",\"apns-push-type\":\"background\"},"
			 "\"payload\":{\"aps\":{\"content-available\":1}}}}}" },
	/* Ours stand where data of the same name would. */
	{ "\"data_only\":true",
	  "{\"kind\":\"fcm-token\",\"to\":\"tok\",\"title\":\"T\","
	  "\"link\":\"app://a\",\"platform\":\"android\","
	  "\"data\":{\"title\":\"x\",\"q\\\"\":2,\"link\":\"y\",\"body\":\"z\"}}",
	  "{\"message\":{\"token\":\"tok\",\"data\":{\"title\":\"T\","
	  "\"q\\\"\":\"2\",\"link\":\"app://a\",\"body\":\"z\"," IDS(
		  "tok") "},\"android\":{}}}" },
	{ "\"data_only\":true",
	  "{\"kind\":\"fcm-token\",\"to\":\"tok\",\"title\":\"T\","
	  "\"body\":\"B\"}",
	  "{\"message\":{\"token\":\"tok\",\"data\":{" IDS(
		  "tok") ","
			 "\"title\":\"T\",\"body\":\"B\"},\"android\":{},"
			 "\"apns\":{\"headers\":{\"apns-collapse-id\":\"m_1\","
			 "\"apns-priority\":\"10\"},\"payload\":{\"aps\":{"
			 "\"mutable-content\":1,\"alert\":{\"title\":\"T\","
			 "\"body\":\"B\"}}}}}}" },
	{ "",
	  "{\"kind\":\"fcm-token\",\"to\":\"tok\",\"platform\":\"web\","
	  "\"title\":\"T\",\"link\":\"https://x\",\"deadline\":1793800600,"
	  "\"options\":{\"require_interaction\":true,"
	  "\"priority\":\"high\"}}",
	  "{\"message\":{\"token\":\"tok\",\"data\":{\"link\":"
	  "\"https://x\"," IDS(
		  "tok") "},\"notification\":{\"title\":\"T\"},"
			 "\"android\":{\"ttl\":\"600s\",\"priority\":\"high\","
			 "\"notification\":{\"tag\":\"m_1\"}},\"apns\":{\"headers\":{"
			 "\"apns-collapse-id\":\"m_1\",\"apns-expiration\":\"1793800600\","
			 "\"apns-priority\":\"10\"},\"payload\":{\"CIO\":{\"push\":{"
			 "\"link\":\"https://x\"}},\"aps\":{\"mutable-content\":1}}},"
			 "\"webpush\":{\"headers\":{\"TTL\":\"600\",\"Urgency\":\"high\"},"
			 "\"fcm_options\":{\"link\":\"https://x\"},\"notification\":{"
			 "\"tag\":\"m_1\",\"requireInteraction\":true}}}}" },
};

START_TEST(an_fcm_request_is_made)
{
	g_autoptr(JrProvider) p = provider("fcm", fcm_requests[_i].settings);
	JrHandover h = handover_of(fcm_requests[_i].handover);
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *want =
		g_strconcat(FCM_HEAD, fcm_requests[_i].body, NULL);

	h.channel = JR_CHANNEL_PUSH;
	ck_assert_msg(p->kind->request(p, &h, permit, &request, &error), "%s",
		      error ? error->message : "");
	g_autofree char *text = request_text(&request);
	ck_assert_str_eq(text, want);
	ck_assert(request.http2 && !request.authorization);
}
END_TEST

#define APNS_HEAD                                                              \
	"POST https://api.push.apple.com/3/device/" HEX64 "\n"                 \
	"content-type: application/json\n"

static const struct {
	const char *settings, *handover, *text;
} apns_requests[] = {
	{ "", "{\"title\":\"Hi\",\"body\":\"Ana\"}",
	  APNS_HEAD "apns-topic: com.example.app\n"
		    "apns-push-type: alert\napns-priority: 10\n"
		    "apns-id: ID\napns-collapse-id: m_1\n\n"
		    "{\"aps\":{\"alert\":{\"title\":\"Hi\",\"body\":\"Ana\"},"
		    "\"mutable-content\":1}," IDS(HEX64) "}" },
	{ "\"environment\":\"sandbox\"",
	  "{\"body\":\"x\",\"app\":\"com.example.other\","
	  "\"link\":\"app://a\",\"image\":\"https://x.example/i\","
	  "\"deadline\":1793800600,\"data\":{\"k\":{\"a\":1}},"
	  "\"options\":{\"sound\":\"ding\",\"badge\":0,\"thread_id\":\"t\","
	  "\"subtitle\":\"S\",\"interruption_level\":\"time-sensitive\","
	  "\"relevance_score\":0.5,\"category\":\"c\","
	  "\"priority\":\"normal\",\"collapse_id\":\"sale 1\"}}",
	  "POST https://api.sandbox.push.apple.com/3/device/" HEX64 "\n"
	  "content-type: application/json\n"
	  "apns-topic: com.example.other\napns-push-type: alert\n"
	  "apns-priority: 5\napns-id: ID\n"
	  "apns-collapse-id: HASH\napns-expiration: 1793800600\n\n"
	  "{\"aps\":{\"alert\":{\"body\":\"x\",\"subtitle\":\"S\"},"
	  "\"mutable-content\":1,\"sound\":\"ding\",\"badge\":0,"
	  "\"thread-id\":\"t\",\"interruption-level\":\"time-sensitive\","
	  "\"relevance-score\":0.5,\"category\":\"c\"},\"k\":{\"a\":1},"
	  "\"link\":\"app://a\",\"CIO\":{\"push\":{\"link\":\"app://a\","
	  "\"image\":\"https://x.example/i\"}}," IDS(HEX64) "}" },
	{ "",
	  "{\"environment\":\"sandbox\",\"options\":{\"silent\":true,"
	  "\"sound\":\"ding\",\"badge\":1,\"push_type\":\"background\"}}",
	  "POST https://api.sandbox.push.apple.com/3/device/" HEX64 "\n"
	  "content-type: application/json\napns-topic: com.example.app\n"
	  "apns-push-type: background\napns-priority: 5\napns-id: ID\n"
	  "apns-collapse-id: m_1\n\n"
	  "{\"aps\":{\"content-available\":1}," IDS(HEX64) "}" },
	{ "\"base_url\":\"http://127.0.0.1:9\"",
	  "{\"title\":\"x\",\"options\":{\"push_type\":\"location\"}}",
	  "POST http://127.0.0.1:9/3/device/" HEX64 "\n"
	  "content-type: application/json\n"
	  "apns-topic: com.example.app.location-query\n"
	  "apns-push-type: location\napns-priority: 10\napns-id: ID\n"
	  "apns-collapse-id: m_1\n\n"
	  "{\"aps\":{\"alert\":{\"title\":\"x\"},\"mutable-content\":1}," IDS(
		  HEX64) "}" },
	{ "",
	  "{\"title\":\"x\",\"app\":\"com.example.app.voip\","
	  "\"options\":{\"push_type\":\"voip\"}}",
	  APNS_HEAD "apns-topic: com.example.app.voip\n"
		    "apns-push-type: voip\napns-priority: 10\napns-id: ID\n"
		    "apns-collapse-id: m_1\n\n"
		    "{\"aps\":{\"alert\":{\"title\":\"x\"},"
		    "\"mutable-content\":1}," IDS(HEX64) "}" },
};

/* Replace the value after @name, which is checked by @pattern. */
static char *mask(const char *text, const char *pattern, const char *with)
{
	g_autoptr(GRegex) regex = g_regex_new(pattern, 0, 0, NULL);

	return g_regex_replace_literal(regex, text, -1, 0, with, 0, NULL);
}

START_TEST(an_apns_request_is_made)
{
	g_autoptr(JrProvider) p = provider("apns", apns_requests[_i].settings);
	JrHandover h = handover_of(apns_requests[_i].handover);
	g_auto(JrHttpRequest) request = { 0 };
	g_autoptr(GError) error = NULL;

	h.channel = JR_CHANNEL_PUSH;
	h.kind = "apns";
	h.to = HEX64;
	ck_assert_msg(p->kind->request(p, &h, permit, &request, &error), "%s",
		      error ? error->message : "");
	g_autofree char *text = request_text(&request);
	g_autofree char *no_id =
		mask(text,
		     "apns-id: [0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-"
		     "[89ab][0-9a-f]{3}-[0-9a-f]{12}\n",
		     "apns-id: ID\n");
	g_autofree char *masked = mask(no_id, "collapse-id: h-[0-9a-z]{26}\n",
				       "collapse-id: HASH\n");
	ck_assert_str_eq(masked, apns_requests[_i].text);
}
END_TEST

START_TEST(apns_ids_are_the_messages_own)
{
	g_autoptr(JrProvider) p = provider("apns", "");
	g_autofree char *first = NULL;

	for (int i = 0; i < 4; i++) {
		JrHandover h = handover_of("{\"title\":\"x\"}");
		g_auto(JrHttpRequest) request = { 0 };

		h.kind = "apns";
		h.to = i < 3 ? HEX64 : HEX64 "00";
		h.id = i == 2 ? "m_2" : "m_1";
		ck_assert(p->kind->request(p, &h, permit, &request, NULL));
		g_autofree char *ids = g_strjoinv("\n", request.headers);
		if (i == 0)
			first = g_strdup(ids);
		else
			ck_assert_int_eq(strcmp(first, ids) == 0, i == 1);
	}
}
END_TEST

static const struct {
	const char *provider, *handover, *message;
} refusals[] = {
	{ "fcm", "{\"to\":\"t\",\"kind\":\"apns\",\"body\":\"x\"}",
	  "FCM takes no device of the kind 'apns'" },
	{ "fcm", "{\"to\":\"t\",\"body\":\"x\"}", "of the kind ''" },
	{ "fcm", "{\"to\":\"t\",\"kind\":\"fcm-token\"}",
	  "neither title nor body" },
	{ "fcm",
	  "{\"to\":\"t\",\"kind\":\"fcm-token\",\"body\":\"x\","
	  "\"deadline\":1793800000}",
	  "its deadline has passed" },
	{ "fcm",
	  "{\"to\":\"t\",\"kind\":\"fcm-token\",\"body\":\"x\","
	  "\"data\":{\"google.a\":1}}",
	  "custom data 'google.a' has a reserved name" },
	{ "fcm",
	  "{\"to\":\"t\",\"kind\":\"fcm-token\",\"body\":\"x\","
	  "\"data\":{\"CIO-Delivery-ID\":1}}",
	  "has a reserved name" },
	{ "fcm",
	  "{\"to\":\"t\",\"kind\":\"fcm-token\",\"body\":\"x\","
	  "\"options\":{\"sounds\":\"x\"}}",
	  "option 'sounds' is unknown for push" },
	{ "fcm",
	  "{\"to\":\"t\",\"kind\":\"fcm-token\",\"body\":\"x\","
	  "\"options\":{\"badge\":\"x\"}}",
	  "option 'badge' has the wrong type" },
	{ "apns",
	  "{\"to\":\"" HEX64 "\",\"kind\":\"apns\",\"body\":\"x\","
	  "\"options\":{\"interruption_level\":\"urgent\"}}",
	  "option 'interruption_level' cannot be that" },
	{ "apns",
	  "{\"to\":\"" HEX64 "\",\"kind\":\"fcm-token\",\"body\":\"x\"}",
	  "APNs takes devices of the kind 'apns' only" },
	{ "apns", "{\"to\":\"../3/x\",\"kind\":\"apns\",\"body\":\"x\"}",
	  "this is no APNs token" },
	{ "apns", "{\"to\":\"" HEX64 "zz\",\"kind\":\"apns\",\"body\":\"x\"}",
	  "this is no APNs token" },
	{ "apns",
	  "{\"to\":\"" HEX64 "\",\"kind\":\"apns\",\"body\":\"x\","
	  "\"environment\":\"staging\"}",
	  "neither production nor sandbox" },
	{ "apns",
	  "{\"to\":\"" HEX64 "\",\"kind\":\"apns\",\"body\":\"x\","
	  "\"app\":\"a\\r\\nb\"}",
	  "is no bundle id" },
	{ "apns",
	  "{\"to\":\"" HEX64 "\",\"kind\":\"apns\",\"body\":\"x\","
	  "\"data\":{\"aps\":{}}}",
	  "custom data 'aps' has a reserved name" },
	{ "apns",
	  "{\"to\":\"" HEX64 "\",\"kind\":\"apns\",\"body\":\"x\","
	  "\"options\":{\"push_type\":\"background\"}}",
	  "push_type background shows nothing: write silent: true" },
	{ "apns",
	  "{\"to\":\"" HEX64 "\",\"kind\":\"apns\","
	  "\"options\":{\"push_type\":\"alert\",\"silent\":true}}",
	  "push_type alert shows something: leave it or silent out" },
};

START_TEST(a_push_that_cannot_be_sent_is_refused)
{
	g_autoptr(JrProvider) p = provider(refusals[_i].provider, "");
	JrHandover h = handover_of(refusals[_i].handover);

	h.channel = JR_CHANNEL_PUSH;
	check_refused(p, &h, JR_ERROR_INPUT, refusals[_i].message);
}
END_TEST

/* The bytes of an APNs body are the payload; exactly 4096 of them may go. */
START_TEST(a_payload_has_4096_bytes)
{
	g_autoptr(JrProvider) p = provider("apns", "");
	g_autoptr(GString) body = g_string_new("x");
	JrHandover h = handover_of("{}");
	gsize size = 0;

	h.kind = "apns";
	h.to = HEX64;
	for (;;) {
		g_auto(JrHttpRequest) request = { 0 };
		g_autoptr(GError) error = NULL;

		h.body = body->str;
		if (!p->kind->request(p, &h, permit, &request, &error)) {
			ck_assert(strstr(error->message,
					 "the payload takes 4097 of at most "
					 "4096 bytes"));
			break;
		}
		size = g_bytes_get_size(request.body);
		g_string_append_c(body, 'x');
	}
	ck_assert_uint_eq(size, 4096);
}
END_TEST

#define FCM_ERROR(status, code)                                                \
	"{\"error\":{\"status\":\"" status "\",\"details\":[{\"@type\":"       \
	"\"type.googleapis.com/google.firebase.fcm.v1.FcmError\","             \
	"\"errorCode\":\"" code "\"}]}}"

static const struct {
	const char *provider;
	int status;
	const char *head, *body;
	JrOutcome outcome;
	const char *code, *id;
	gint64 wait_s, gone_at_ms;
	gboolean stale;
} answers[] = {
	{ "fcm", 200, "", "{\"name\":\"projects/p/messages/0:1\"}",
	  JR_OUTCOME_ACCEPTED, NULL, "projects/p/messages/0:1", 0, 0, FALSE },
	{ "fcm", 200, "", "{}", JR_OUTCOME_UNKNOWN, "http-200", NULL, 0, 0,
	  FALSE },
	{ "fcm", 200, "", "[]", JR_OUTCOME_UNKNOWN, "http-200", NULL, 0, 0,
	  FALSE },
	{ "fcm", 404, "", FCM_ERROR("NOT_FOUND", "UNREGISTERED"),
	  JR_OUTCOME_DROP_TOKEN, "UNREGISTERED", NULL, 0, 0, FALSE },
	{ "fcm", 403, "", FCM_ERROR("PERMISSION_DENIED", "SENDER_ID_MISMATCH"),
	  JR_OUTCOME_DROP_TOKEN, "SENDER_ID_MISMATCH", NULL, 0, 0, FALSE },
	{ "fcm", 403, "", "{\"error\":{\"status\":\"PERMISSION_DENIED\"}}",
	  JR_OUTCOME_STOP, "PERMISSION_DENIED", NULL, 0, 0, FALSE },
	{ "fcm", 400, "", FCM_ERROR("INVALID_ARGUMENT", "INVALID_ARGUMENT"),
	  JR_OUTCOME_REFUSED, "INVALID_ARGUMENT", NULL, 0, 0, FALSE },
	{ "fcm", 400, "",
	  "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"message\":\"The "
	  "registration token is not a valid FCM registration token\"}}",
	  JR_OUTCOME_DROP_TOKEN, "INVALID_ARGUMENT.token", NULL, 0, 0, FALSE },
	{ "fcm", 400, "",
	  "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"details\":[{"
	  "\"fieldViolations\":[{\"field\":\"message.token\"}]}]}}",
	  JR_OUTCOME_DROP_TOKEN, "INVALID_ARGUMENT.token", NULL, 0, 0, FALSE },
	{ "fcm", 400, "",
	  "{\"error\":{\"status\":\"INVALID_ARGUMENT\",\"details\":[{"
	  "\"fieldViolations\":[{\"field\":\"message.data\"}]}]}}",
	  JR_OUTCOME_REFUSED, "INVALID_ARGUMENT", NULL, 0, 0, FALSE },
	{ "fcm", 401, "", "{\"error\":{\"status\":\"UNAUTHENTICATED\"}}",
	  JR_OUTCOME_STOP, "UNAUTHENTICATED", NULL, 0, 0, TRUE },
	{ "fcm", 401, "",
	  FCM_ERROR("UNAUTHENTICATED", "THIRD_PARTY_AUTH_ERROR"),
	  JR_OUTCOME_WAIT, "THIRD_PARTY_AUTH_ERROR", NULL, 3600, 0, FALSE },
	{ "fcm", 429, "Retry-After: 90\n",
	  FCM_ERROR("RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), JR_OUTCOME_WAIT,
	  "QUOTA_EXCEEDED", NULL, 90, 0, FALSE },
	{ "fcm", 429, "", "", JR_OUTCOME_WAIT, "http-429", NULL, 60, 0, FALSE },
	{ "fcm", 503, "Retry-After: 5\n",
	  "{\"error\":{\"status\":\"UNAVAILABLE\"}}", JR_OUTCOME_WAIT,
	  "UNAVAILABLE", NULL, 5, 0, FALSE },
	{ "fcm", 500, "", FCM_ERROR("INTERNAL", "INTERNAL"), JR_OUTCOME_WAIT,
	  "INTERNAL", NULL, 0, 0, FALSE },
	{ "fcm", 502, "", "<html>", JR_OUTCOME_UNKNOWN, "http-502", NULL, 0, 0,
	  FALSE },
	{ "fcm", 404, "", "<html>", JR_OUTCOME_STOP, "http-404", NULL, 0, 0,
	  FALSE },
	{ "fcm", 400, "", "{\"error\":{\"status\":\"a b\"}}",
	  JR_OUTCOME_REFUSED, "http-400", NULL, 0, 0, FALSE },
	{ "fcm", 400, "", "{\"error\":7}", JR_OUTCOME_REFUSED, "http-400", NULL,
	  0, 0, FALSE },
	{ "apns", 200, "apns-id: U\n", "", JR_OUTCOME_ACCEPTED, NULL, "U", 0, 0,
	  FALSE },
	{ "apns", 200, "", "", JR_OUTCOME_ACCEPTED, NULL, NULL, 0, 0, FALSE },
	{ "apns", 410, "",
	  "{\"reason\":\"Unregistered\",\"timestamp\":1793700000123}",
	  JR_OUTCOME_DROP_TOKEN, "Unregistered", NULL, 0, 1793700000123,
	  FALSE },
	{ "apns", 410, "", "{\"reason\":\"ExpiredToken\",\"timestamp\":5}",
	  JR_OUTCOME_DROP_TOKEN, "ExpiredToken", NULL, 0, 5, FALSE },
	{ "apns", 410, "", "", JR_OUTCOME_DROP_TOKEN, "http-410", NULL, 0, 0,
	  FALSE },
	{ "apns", 400, "", "{\"reason\":\"BadDeviceToken\",\"timestamp\":5}",
	  JR_OUTCOME_DROP_TOKEN, "BadDeviceToken", NULL, 0, 0, FALSE },
	{ "apns", 403, "", "{\"reason\":\"ExpiredProviderToken\"}",
	  JR_OUTCOME_STOP, "ExpiredProviderToken", NULL, 0, 0, TRUE },
	{ "apns", 403, "", "{\"reason\":\"InvalidProviderToken\"}",
	  JR_OUTCOME_STOP, "InvalidProviderToken", NULL, 0, 0, FALSE },
	{ "apns", 413, "", "{\"reason\":\"PayloadTooLarge\"}",
	  JR_OUTCOME_REFUSED, "PayloadTooLarge", NULL, 0, 0, FALSE },
	{ "apns", 429, "", "{\"reason\":\"TooManyRequests\"}", JR_OUTCOME_WAIT,
	  "TooManyRequests", NULL, 60, 0, FALSE },
	{ "apns", 429, "", "{\"reason\":\"TooManyProviderTokenUpdates\"}",
	  JR_OUTCOME_WAIT, "TooManyProviderTokenUpdates", NULL, 1200, 0,
	  FALSE },
	{ "apns", 503, "", "{\"reason\":\"Shutdown\"}", JR_OUTCOME_WAIT,
	  "Shutdown", NULL, 60, 0, FALSE },
	{ "apns", 503, "", "", JR_OUTCOME_UNKNOWN, "http-503", NULL, 0, 0,
	  FALSE },
	{ "apns", 400, "", "{\"reason\":\"SomethingNew\"}", JR_OUTCOME_REFUSED,
	  "SomethingNew", NULL, 0, 0, FALSE },
	{ "apns", 201, "", "", JR_OUTCOME_UNKNOWN, "http-201", NULL, 0, 0,
	  FALSE },
};

START_TEST(a_push_answer_has_its_outcome)
{
	g_autoptr(JrProvider) p = provider(answers[_i].provider, "");
	g_auto(JrAnswer) a = answer_to(p, answers[_i].status, answers[_i].head,
				       answers[_i].body);

	ck_assert_str_eq(jr_outcome_name(a.outcome),
			 jr_outcome_name(answers[_i].outcome));
	ck_assert_pstr_eq(a.code, answers[_i].code);
	ck_assert_pstr_eq(a.provider_id, answers[_i].id);
	ck_assert_int_eq(a.wait_s, answers[_i].wait_s);
	ck_assert_int_eq(a.gone_at_ms, answers[_i].gone_at_ms);
	ck_assert_int_eq(a.stale_token, answers[_i].stale);
	ck_assert((a.reason != NULL) == (a.outcome != JR_OUTCOME_ACCEPTED));
}
END_TEST

static const struct {
	const char *provider, *settings, *message;
} bad_settings[] = {
	{ "fcm", "{}",
	  "'service_account' is missing: write "
	  "service_account_file or _env" },
	{ "fcm", "{\"service_account_env\":\"{}\"}",
	  "has no client_email: write the JSON key file" },
	{ "fcm", "{\"service_account_env\":\"[\"}",
	  "is no JSON: write the JSON key file of a service account" },
	{ "fcm",
	  "{\"service_account_env\":\"{\\\"client_email\\\":\\\"a\\\","
	  "\\\"private_key\\\":\\\"k3y\\\",\\\"project_id\\\":\\\"p\\\","
	  "\\\"token_uri\\\":\\\"https://x.example\\\"}\"}",
	  "has a private_key that is not a private key: write an RSA "
	  "key of 2048 bits or more" },
	{ "fcm",
	  "{\"service_account_env\":\"{\\\"client_email\\\":\\\"a\\\","
	  "\\\"private_key\\\":\\\"k3y\\\","
	  "\\\"token_uri\\\":\\\"https://x.example\\\"}\"}",
	  "has no project_id" },
	{ "apns", "{\"key_env\":\"k3y\"}",
	  "'key_id' is missing: write key_id, "
	  "its 10 letters and digits" },
	{ "apns",
	  "{\"key_env\":\"k3y\",\"key_id\":\"ABC123DEFG\","
	  "\"team_id\":\"DEF123GHIJ\",\"topic\":\"t\"}",
	  "not a private key: write a key on the curve P-256" },
	{ "apns",
	  "{\"key_env\":\"k3y\",\"key_id\":\"abc\",\"team_id\":\"DEF\","
	  "\"topic\":\"t\"}",
	  "'key_id' is something else: write its 10 letters and digits" },
};

START_TEST(wrong_push_settings_are_told)
{
	check_wrong(bad_settings[_i].provider, bad_settings[_i].settings,
		    bad_settings[_i].message);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_unchecked_fixture(tc, make_settings, remove_settings);
	tcase_add_loop_test(tc, an_fcm_request_is_made, 0,
			    G_N_ELEMENTS(fcm_requests));
	tcase_add_loop_test(tc, an_apns_request_is_made, 0,
			    G_N_ELEMENTS(apns_requests));
	tcase_add_test(tc, apns_ids_are_the_messages_own);
	tcase_add_loop_test(tc, a_push_that_cannot_be_sent_is_refused, 0,
			    G_N_ELEMENTS(refusals));
	tcase_add_test(tc, a_payload_has_4096_bytes);
	tcase_add_loop_test(tc, a_push_answer_has_its_outcome, 0,
			    G_N_ELEMENTS(answers));
	tcase_add_loop_test(tc, wrong_push_settings_are_told, 0,
			    G_N_ELEMENTS(bad_settings));
}

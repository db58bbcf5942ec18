/*
 * sender_unit.h - senders of push messages and their stand-in, for the tests
 * that hand whole messages over.
 */
#pragma once

#include "net_unit.h"
#include "net/sender.h"
#include "../standin/standin.h"

static char *folder; /* with keys and a certificate */

static inline void make_folder(void)
{
	folder = standin_certificate();
	for (int rsa = 0; rsa < 2; rsa++) {
		g_autofree char *pem = make_key(rsa);
		g_autofree char *path = g_build_filename(
			folder, rsa ? "rsa.pem" : "ec.pem", NULL);
		g_file_set_contents(path, pem, -1, NULL);
	}
}

static inline void remove_folder(void)
{
	standin_remove(folder);
	g_free(folder);
}

static inline Standin start_push(const char *more)
{
	g_autofree char *options = g_strdup_printf(
		"{\"key\":\"%s/key.pem\",\"cert\":\"%s/cert.pem\","
		"\"rsa\":\"%s/rsa.pem\",\"ec\":\"%s/ec.pem\"%s%s}",
		folder, folder, folder, folder, *more ? "," : "", more);
	const char *const argv[] = { "node", "tests/standin/push.mjs", options,
				     NULL };

	return standin_start("https", argv);
}

/* FCM whose service account's key is in file @key. */
static inline JrProvider *fcm(const Standin *s, const char *key,
			      const char *cache)
{
	g_autofree char *pem_path = g_build_filename(folder, key, NULL);
	g_autofree char *account_path =
		g_build_filename(folder, "account.json", NULL);
	g_autofree char *pem = NULL;
	g_autofree char *token_url = g_strconcat(s->url, "/token", NULL);

	ck_assert(g_file_get_contents(pem_path, &pem, NULL, NULL));
	json_t *account =
		json_pack("{s:s, s:s, s:s, s:s}", "client_email",
			  "jr@demo.example", "private_key", pem, "token_uri",
			  token_url, "project_id", "demo-app");
	ck_assert_int_eq(json_dump_file(account, account_path, 0), 0);
	json_decref(account);
	g_autofree char *settings = g_strdup_printf(
		"{\"service_account_file\":\"%s\",\"base_url\":\"%s\"}",
		account_path, s->url);
	return open_good("fcm", settings, cache);
}

static inline JrProvider *apns(const Standin *s, const char *key_id,
			       const char *cache)
{
	g_autofree char *settings = g_strdup_printf(
		"{\"key_file\":\"%s/ec.pem\",\"key_id\":\"%s\","
		"\"team_id\":\"DEF123GHIJ\",\"topic\":\"com.example.app\","
		"\"base_url\":\"%s\"}",
		folder, key_id, s->url);

	return open_good("apns", settings, cache);
}

static inline JrSender *sender_of(JrProvider *provider, JrSenderLimits limits)
{
	static char *ca_file;

	g_free(ca_file);
	ca_file = g_build_filename(folder, "cert.pem", NULL);
	limits.http.ca_file = ca_file;
	return jr_sender_new(provider, &limits);
}

/* One hand-over and what came of it. */
typedef struct {
	char id[32], to[80];
	guint calls;
	JrOutcome outcome;
	char *code, *reason;
	gint64 gone_at_ms;
} Job;

static inline void take(const JrAnswer *answer, gpointer data)
{
	Job *job = data;

	job->calls++;
	job->outcome = answer->outcome;
	job->gone_at_ms = answer->gone_at_ms;
	g_free(job->code);
	g_free(job->reason);
	job->code = g_strdup(answer->code);
	job->reason = g_strdup(answer->reason);
}

/* @end goes at the end of the token. */
static inline void submit_push(JrSender *sender, Job *job, int i,
			       const char *kind, const char *end)
{
	JrHandover h = handover_of("{\"channel\":\"push\",\"title\":\"x\"}");

	g_snprintf(job->id, sizeof(job->id), "m_%d", i);
	if (g_str_equal(kind, "apns"))
		g_snprintf(job->to, sizeof(job->to), "%0*x%s",
			   (int)(64 - strlen(end)), i, end);
	else
		g_snprintf(job->to, sizeof(job->to), "token%d%s", i, end);
	h.id = job->id;
	h.to = job->to;
	h.kind = kind;
	jr_sender_submit(sender, &h, permit, take, job);
}

/* One of APNs, to a device @like that, with a token that ends in @end. */
static inline void submit_like(JrSender *sender, Job *job,
			       const JrHandover *like, const char *end)
{
	JrHandover h = handover_of("{\"channel\":\"push\",\"title\":\"x\"}");

	g_snprintf(job->id, sizeof(job->id), "%s", like->id);
	g_snprintf(job->to, sizeof(job->to), "%0*x%s", (int)(64 - strlen(end)),
		   g_str_hash(like->id), end);
	h.id = job->id;
	h.to = job->to;
	h.kind = "apns";
	h.environment = like->environment;
	h.app = like->app;
	jr_sender_submit(sender, &h, permit, take, job);
}

static inline void clear_jobs(Job *jobs, int n)
{
	for (int i = 0; i < n; i++) {
		ck_assert_uint_eq(jobs[i].calls, 1);
		g_free(jobs[i].code);
		g_free(jobs[i].reason);
	}
}

static inline void take_text(const JrHttpAnswer *answer, gpointer data)
{
	ck_assert_int_eq(answer->status, 200);
	*(json_t **)data = json_loads(answer->body->str, 0, NULL);
}

/* What the stand-in says at @path; new reference. */
static inline json_t *ask(const Standin *s, const char *path, gboolean http2)
{
	g_autofree char *ca_file = g_build_filename(folder, "cert.pem", NULL);
	g_autoptr(JrHttp) http =
		jr_http_new(&(JrHttpLimits){ .ca_file = ca_file });
	g_auto(JrHttpRequest) request = {
		.method = "GET",
		.url = g_strconcat(s->url, path, NULL),
		.http2 = http2,
	};
	json_t *got = NULL;

	jr_http_start(http, &request, take_text, &got);
	while (jr_http_poll(http, 1000) > 0)
		;
	ck_assert(got != NULL);
	return got;
}

static inline int number(const json_t *object, const char *key)
{
	return (int)json_integer_value(json_object_get(object, key));
}

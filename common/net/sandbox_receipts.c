#include "net/form.h"
#include "net/json.h"
#include "net/sandbox.h"
#include "base/hash.h"
#include "base/instant.h"

#include <string.h>

#define HOOK "https://hooks.example.com/twilio"

/* What comes back of one message. */
typedef struct {
	const JrSandboxTaste *taste;
	const JrHandover *h;
	const char *provider_id;
	int fd;
} Echo;

/* A draw in [0, 1) for @what, the same for the same message. */
static double draw(const Echo *e, const char *what)
{
	g_autofree char *salt = g_strconcat(e->taste->seed, ":", what, NULL);

	return jr_hash_bucket(salt, e->h->id);
}

/* An instant for @what, between @from and @to seconds after the hand-over. */
static gint64 at(const Echo *e, const char *what, int from, int to)
{
	g_autofree char *which = g_strconcat("at:", what, NULL);

	return e->h->now_s + from + (gint64)(draw(e, which) * (to - from));
}

static void append(const Echo *e, json_t *record, gint64 at_s)
{
	char text[JR_INSTANT_SIZE];

	jr_json_put_text(record, "received_at", jr_instant_format(at_s, text));
	/* A receipt that is lost is one that never came. */
	(void)jr_sandbox_append(e->fd, record);
	json_decref(record);
}

/* A webhook of Twilio's with @form, which is taken over, as its body. */
static void append_webhook(const Echo *e, GString *form, gint64 at_s)
{
	g_autofree char *id = g_uri_escape_string(e->h->id, NULL, FALSE);
	g_autofree char *url = g_strconcat(HOOK "?jr_id=", id, NULL);
	json_t *record = json_object();

	jr_json_put_text(record, "source", "twilio");
	jr_json_put_text(record, "url", url);
	jr_json_put_text(record, "headers.Content-Type",
			 "application/x-www-form-urlencoded");
	jr_json_put_text(record, "body", form->str);
	g_string_free(form, TRUE);
	append(e, record, at_s);
}

static void append_status(const Echo *e, const char *status, const char *code,
			  gint64 at_s)
{
	GString *form = g_string_new(NULL);

	jr_form_add(form, "MessageSid", e->provider_id);
	jr_form_add(form, "MessageStatus", status);
	jr_form_add(form, "To", e->h->to);
	jr_form_add(form, "From", e->taste->from);
	if (code)
		jr_form_add(form, "ErrorCode", code);
	append_webhook(e, form, at_s);
}

static void append_stop(const Echo *e, gint64 at_s)
{
	GString *form = g_string_new(NULL);
	g_autofree char *reply = g_strconcat(e->h->id, " reply", NULL);
	char hex[JR_SHA256_SIZE];
	g_autofree char *sid = NULL;

	jr_sha256(reply, strlen(reply), hex);
	sid = g_strdup_printf("SM%.32s", hex);
	jr_form_add(form, "MessageSid", sid);
	jr_form_add(form, "SmsStatus", "received");
	jr_form_add(form, "From", e->h->to);
	jr_form_add(form, "To", e->taste->from);
	jr_form_add(form, "Body", "STOP");
	append_webhook(e, form, at_s);
}

/* A delivery event, as an app or the short link's host reports it. */
static void append_event(const Echo *e, const char *name, const char *key,
			 const char *value, gint64 at_s)
{
	json_t *record = json_object();

	jr_json_put_text(record, "type", "delivery");
	jr_json_put_text(record, "action", "event");
	jr_json_put_text(record, "identifiers.id", e->h->id);
	jr_json_put_text(record, "name", name);
	jr_json_put(record, "timestamp", json_integer(at_s));
	json_object_set_new(record, "attributes",
			    json_pack("{s:s}", key, value));
	append(e, record, at_s);
}

/* The first link in @text; owned; NULL when there is none. */
static char *link_in(const char *text)
{
	const char *link = text ? strstr(text, "https://") : NULL;

	return link ? g_strndup(link, strcspn(link, " \t\r\n\"<>")) : NULL;
}

static void echo_sms(const Echo *e)
{
	static const char *const faults[] = { "30003", "30005", "30006",
					      "30007", "30008" };
	g_autofree char *link = link_in(e->h->body);

	if (draw(e, "delivered") >= e->taste->delivered) {
		gsize i = (gsize)(draw(e, "fault") * G_N_ELEMENTS(faults));

		append_status(e, "undelivered", faults[i],
			      at(e, "undelivered", 5, 90));
		return;
	}
	append_status(e, "delivered", NULL, at(e, "delivered", 2, 20));
	if (link && draw(e, "clicked") < e->taste->clicked)
		append_event(e, "clicked", "href", link,
			     at(e, "clicked", 30, 4 * 3600));
	if (draw(e, "stopped") < e->taste->stopped)
		append_stop(e, at(e, "stopped", 30, 3600));
}

static void echo_push(const Echo *e)
{
	if (draw(e, "delivered") >= e->taste->delivered)
		return; /* a push that does not arrive says nothing */
	append_event(e, "delivered", "device_token", e->h->to,
		     at(e, "delivered", 1, 10));
	if (draw(e, "opened") < e->taste->opened)
		append_event(e, "opened", "device_token", e->h->to,
			     at(e, "opened", 15, 2 * 3600));
}

void jr_sandbox_receipts(const JrSandboxTaste *taste,
			 const JrHandover *handover, const char *provider_id,
			 int fd)
{
	const Echo e = { taste, handover, provider_id, fd };

	switch (handover->channel) {
	case JR_CHANNEL_SMS:
	case JR_CHANNEL_WHATSAPP:
		echo_sms(&e);
		break;
	case JR_CHANNEL_PUSH:
		echo_push(&e);
		break;
	case JR_CHANNEL_EMAIL:
		break;
	}
}

#include "flow/format/trust.h"
#include "io/secret.h"
#include "net/settings.h"
#include "net/signature.h"

#include <string.h>

/* A call, and with what it is to be checked. */
typedef struct {
	const JrWebhook *hook;
	JrSigned what;
	const char *key;
	gint64 at_s;
} Call;

static const char *header(const Call *call, const char *name)
{
	return jr_webhook_header(call->hook, name);
}

#define TWILIO "X-Twilio-Signature"
#define TELNYX "telnyx-signature-ed25519"
#define MESSAGEBIRD "MessageBird-Signature-JWT"
#define CUSTOMERIO "X-CIO-Signature"

static gboolean by_twilio(const Call *call)
{
	return jr_signature_twilio(call->key, &call->what,
				   header(call, TWILIO));
}

static gboolean by_telnyx(const Call *call)
{
	return jr_signature_telnyx(call->key, &call->what, header(call, TELNYX),
				   header(call, "telnyx-timestamp"),
				   call->at_s);
}

static gboolean by_messagebird(const Call *call)
{
	return jr_signature_messagebird(call->key, &call->what,
					header(call, MESSAGEBIRD), call->at_s);
}

static gboolean by_customerio(const Call *call)
{
	return jr_signature_customerio(
		call->key, &call->what, header(call, CUSTOMERIO),
		header(call, "X-CIO-Timestamp"), call->at_s);
}

typedef struct {
	char *key; /* NULL: not configured */
	gboolean unsigned_too;
} Keys;

#define KEY(name, kind)                                                        \
	{                                                                      \
		.key = name, .type = kind,                                     \
		.offset = G_STRUCT_OFFSET(Keys, key)                           \
	}
#define TABLE(name, kind)                                                      \
	(const JrSetting[])                                                    \
	{                                                                      \
		KEY(name, kind),                                               \
			{ .key = "trust_unsigned",                             \
			  .type = JR_SETTING_YES,                              \
			  .offset = G_STRUCT_OFFSET(Keys, unsigned_too) },     \
		{                                                              \
			.key = NULL                                            \
		}                                                              \
	}

static const struct {
	const char *source; /* as envelopes and `providers` have it */
	const JrSetting *settings;
	const char *setting; /* for people: what names the key */
	const char *header;
	gboolean (*signed_by)(const Call *call);
} sources[] = {
	{ "twilio", TABLE("auth_token", JR_SETTING_SECRET), "auth_token_file",
	  TWILIO, by_twilio },
	{ "telnyx", TABLE("public_key", JR_SETTING_TEXT), "public_key", TELNYX,
	  by_telnyx },
	{ "messagebird", TABLE("signing_key", JR_SETTING_SECRET),
	  "signing_key_file", MESSAGEBIRD, by_messagebird },
	{ "customerio", TABLE("signing_key", JR_SETTING_SECRET),
	  "signing_key_file", CUSTOMERIO, by_customerio },
};

struct _JrTrust {
	Keys keys[G_N_ELEMENTS(sources)];
};

JrTrust *jr_trust_new(const JrPolicy *policy, gboolean all, GError **error)
{
	g_autoptr(JrTrust) trust = g_new0(JrTrust, 1);

	for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
		const JrProviderSetup setup = {
			.settings =
				jr_policy_provider(policy, sources[i].source),
			.file = policy->file,
			.secret = jr_secret_get,
		};

		if (!jr_settings_read_some(&setup, sources[i].settings,
					   &trust->keys[i], error))
			return NULL;
		trust->keys[i].unsigned_too |= all;
	}
	return g_steal_pointer(&trust);
}

void jr_trust_free(JrTrust *trust)
{
	if (!trust)
		return;
	for (guint i = 0; i < G_N_ELEMENTS(sources); i++) {
		jr_settings_clear(sources[i].settings, &trust->keys[i]);
	}
	g_free(trust);
}

char *jr_trust_unsigned(const JrTrust *trust)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(sources); i++)
		if (!trust->keys[i].key && trust->keys[i].unsigned_too)
			g_string_append_printf(names, "%s%s",
					       names->len ? ", " : "",
					       sources[i].source);
	return g_string_free(names, names->len == 0);
}

/* There is no key to check with. */
static gboolean believe(JrFormatLine *line, guint i)
{
	if (line->setup->trust->keys[i].unsigned_too) {
		(*line->setup->believed)++;
		return TRUE;
	}
	return jr_line_refuse(line, "headers",
			      "who sent this is not known, as there is no key "
			      "to tell: write providers.%s.%s into jr.yaml, or "
			      "give --trust-unsigned",
			      sources[i].source, sources[i].setting);
}

static gboolean check(JrFormatLine *line, const JrWebhook *hook, guint i)
{
	const JrVal *at = jr_val_get(line->val, "received_at");
	gint64 at_ms = line->setup->now_ms;
	Call call = { .hook = hook,
		      .what = { hook->url ? hook->url : "", hook->body.text,
				hook->body.len },
		      .key = line->setup->trust->keys[i].key };

	if (!jr_val_is_null(at) &&
	    !jr_line_time(line, "received_at", at, &at_ms))
		return FALSE;
	call.at_s = at_ms / 1000;
	if (!jr_webhook_header(hook, sources[i].header))
		return jr_line_refuse(line, "headers",
				      "no signature of %s: log its header %s",
				      sources[i].source, sources[i].header);
	if (hook->parsed)
		return jr_line_refuse(line, "body",
				      "an object, over which nothing was "
				      "signed: log the body as it came, as a "
				      "text");
	return sources[i].signed_by(&call) ||
	       jr_line_refuse(line, "headers",
			      "this is no signature of %s over this url and "
			      "body at that time: it was forged, or url, body "
			      "or received_at is not as it was",
			      sources[i].source);
}

gboolean jr_trust_check(JrFormatLine *line, const JrWebhook *hook,
			const char *source, gboolean bare)
{
	guint i = 0;

	while (i < G_N_ELEMENTS(sources) &&
	       !g_str_equal(sources[i].source, source))
		i++;
	g_assert(i < G_N_ELEMENTS(sources) && line->setup->trust);
	if (!line->setup->trust->keys[i].key)
		return believe(line, i);
	return bare ? jr_line_refuse(line, "headers",
				     "a webhook of %s alone, without its "
				     "signature: write {\"source\":\"%s\","
				     "\"url\":…,\"headers\":…,\"body\":…}",
				     source, source)
		    : check(line, hook, i);
}

#include "rules/consent.h"
#include "base/error.h"
#include "rules/wait.h"

#include <string.h>

#define SKEW_S (60 * 60) /* how far a sender's clock may be ahead */

static const char *const states[] = {
	[JR_CONSENT_YES] = "yes",
	[JR_CONSENT_NO] = "no",
};

static const char *const methods[] = {
	[JR_CONSENT_FORM] = "form",	    [JR_CONSENT_KEYWORD] = "keyword",
	[JR_CONSENT_IMPORT] = "import",	    [JR_CONSENT_API] = "api",
	[JR_CONSENT_PROVIDER] = "provider", [JR_CONSENT_REVIEW] = "review",
};

const char *jr_consent_state_name(JrConsentState state)
{
	return JR_TERM_NAME(states, state);
}

const char *jr_consent_method_name(JrConsentMethod method)
{
	return JR_TERM_NAME(methods, method);
}

JrConsentMethod jr_consent_method_of(const char *name)
{
	return JR_TERM_FIND(methods, name);
}

/* One reading. */
typedef struct {
	const JrConsentAsk *ask;
	const char *channel; /* "sms" */
	JrConsentClaim *claim;
} Reading;

/* The attribute "<channel>_<name>"; NULL when there is none or it is null. */
static const JrVal *attribute(const Reading *r, const char *name)
{
	g_autofree char *key = g_strdup_printf("%s_%s", r->channel, name);
	const JrVal *val = jr_val_get(r->ask->attributes, key);

	return jr_val_is_null(val) ? NULL : val;
}

static const char *text_of(const Reading *r, const char *name)
{
	const JrVal *val = attribute(r, name);

	return val && val->type == JR_VAL_TEXT && val->len ? val->text : NULL;
}

/* @why names attributes as "consent_at": shown as they are written. */
static gboolean refuse(const Reading *r, GError **error, const char *why)
{
	g_autoptr(GString) text = g_string_new(why);
	g_autofree char *key = g_strdup_printf(" %s_consent_", r->channel);

	g_string_replace(text, " consent_", key, 0);
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "%s_consent does not count: %s", r->channel, text->str);
	return FALSE;
}

/* 1, 0, or -1 when it is neither. */
static int yes_or_no(const JrVal *val)
{
	static const struct {
		const char *word;
		int is;
	} words[] = {
		{ "true", 1 }, { "1", 1 },	   { "yes", 1 },
		{ "on", 1 },   { "false", 0 },	   { "0", 0 },
		{ "no", 0 },   { "off", 0 },	   { "f", 0 },
		{ "n", 0 },    { "opted_out", 0 }, { "unsubscribed", 0 },
		{ "none", 0 }, { "", 0 },
	};

	if (val->type == JR_VAL_BOOL)
		return val->yes ? 1 : 0;
	if (val->type == JR_VAL_NULL)
		return 0;
	if (val->type == JR_VAL_INT && (val->num == 0 || val->num == 1))
		return (int)val->num;
	if (val->type == JR_VAL_REAL && (val->real == 0 || val->real == 1))
		return (int)val->real;
	for (guint i = 0; val->type == JR_VAL_TEXT && i < G_N_ELEMENTS(words);
	     i++)
		if (g_ascii_strcasecmp(val->text, words[i].word) == 0)
			return words[i].is;
	return -1;
}

/*
 * The number in @map under @key, to claim->number: "" when it is none.  FALSE
 * when nothing stands there, so that others may be asked.
 */
static gboolean take_number(Reading *r, const JrVal *map, const char *key)
{
	const JrVal *val = jr_val_get(map, key);

	r->claim->number[0] = '\0';
	if (jr_val_is_null(val))
		return FALSE;
	if (val->type != JR_VAL_TEXT ||
	    !jr_phone_normalize(val->text, r->ask->country, r->claim->number,
				NULL))
		r->claim->number[0] = '\0';
	return TRUE; /* a wrong one is not passed over */
}

/*
 * The number this is about: the channel's own, else `phone`.  A yes is for one
 * that this record names, if it names any; a no is for the one that would be
 * written to from now on.
 */
static void find_number(Reading *r, gboolean yes)
{
	g_autofree char *own = g_strdup_printf("%s_phone", r->channel);
	const JrVal *now = r->ask->attributes, *before = r->ask->stored;
	const struct {
		const JrVal *map;
		const char *key;
	} places[2][4] = {
		{ { now, own },
		  { before, own },
		  { now, "phone" },
		  { before, "phone" } },
		{ { now, own },
		  { now, "phone" },
		  { before, own },
		  { before, "phone" } },
	};

	for (guint i = 0; i < 4; i++)
		if (take_number(r, places[yes][i].map, places[yes][i].key))
			return;
}

static gboolean find_time(Reading *r, GError **error)
{
	const JrVal *at = attribute(r, "consent_at");

	if (!at)
		return refuse(r, error, "add when it was given, as consent_at");
	if (!jr_wait_date(at, NULL, &r->claim->at_s, NULL))
		return refuse(
			r, error,
			"its consent_at is no instant: write it like "
			"'2026-11-23T06:40:00Z' or in seconds since 1970");
	if (r->claim->at_s <= 0 || r->claim->at_s > r->ask->now_s + SKEW_S)
		return refuse(r, error,
			      "its consent_at lies in the future or before "
			      "1970: write when it was given");
	return TRUE;
}

static gboolean find_method(Reading *r, GError **error)
{
	const char *name = text_of(r, "consent_method");

	r->claim->method = name ? jr_consent_method_of(name) : JR_CONSENT_API;
	/* Nobody opts in by what is ours, or the provider's, to say. */
	if ((name && !r->claim->method) ||
	    r->claim->method >= JR_CONSENT_PROVIDER)
		return refuse(r, error,
			      "its consent_method is none of form, keyword, "
			      "import, api");
	return TRUE;
}

static void find_texts(Reading *r)
{
	r->claim->user_agent = text_of(r, "consent_user_agent");
	r->claim->source = text_of(r, "consent_source");
	r->claim->scope = text_of(r, "consent_scope");
	r->claim->text = text_of(r, "consent_text");
	r->claim->text_version = text_of(r, "consent_text_version");
}

/* The hash of what was shown: as given, or found from the words. */
static gboolean find_hash(Reading *r, GError **error)
{
	const JrVal *given = attribute(r, "consent_text_sha256");
	g_autofree char *hex = NULL;

	if (r->claim->text)
		jr_sha256(r->claim->text, strlen(r->claim->text),
			  r->claim->sha256);
	if (!given)
		return TRUE;
	if (given->type == JR_VAL_TEXT)
		hex = g_ascii_strdown(given->text, -1);
	if (!hex || strlen(hex) != JR_SHA256_SIZE - 1 ||
	    strspn(hex, "0123456789abcdef") != JR_SHA256_SIZE - 1)
		return refuse(r, error,
			      "its consent_text_sha256 is no SHA-256: write 64 "
			      "hex digits");
	if (r->claim->text && strcmp(hex, r->claim->sha256) != 0)
		return refuse(r, error,
			      "its consent_text_sha256 is not that of its "
			      "consent_text: leave one of them out");
	g_strlcpy(r->claim->sha256, hex, JR_SHA256_SIZE);
	return TRUE;
}

/* What an import may show in place of an address: where, and what was shown. */
static gboolean is_documented(const JrConsentClaim *claim)
{
	return claim->source && (*claim->sha256 || claim->text_version);
}

static gboolean find_evidence(Reading *r, GError **error)
{
	const JrVal *ip = attribute(r, "consent_ip");
	gboolean import = r->claim->method == JR_CONSENT_IMPORT;

	r->claim->ip = text_of(r, "consent_ip");
	r->claim->evidence = text_of(r, "consent_evidence");
	if (ip && (!r->claim->ip || !g_hostname_is_ip_address(r->claim->ip)))
		return refuse(r, error, "its consent_ip is no IP address");
	if (import && !r->claim->source)
		return refuse(r, error,
			      "say where it was collected, as consent_source");
	if (r->claim->ip || r->claim->evidence ||
	    (import && is_documented(r->claim)))
		return TRUE;
	return refuse(
		r, error,
		import ? "add the IP address as consent_ip, other "
			 "evidence as consent_evidence, or what was shown "
			 "as consent_text, consent_text_sha256 or "
			 "consent_text_version"
		       : "add the IP address as consent_ip, or other "
			 "evidence as consent_evidence");
}

/* What is no text would be left away, and with it what proves the yes. */
static gboolean check_texts(const Reading *r, GError **error)
{
	static const char *const names[] = {
		"consent_user_agent",  "consent_source",   "consent_scope",
		"consent_method",      "consent_evidence", "consent_text",
		"consent_text_version"
	};

	for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
		const JrVal *val = attribute(r, names[i]);
		g_autofree char *why = NULL;

		if (!val || val->type == JR_VAL_TEXT)
			continue;
		why = g_strdup_printf("its %s is no text: write it in quotes",
				      names[i]);
		return refuse(r, error, why);
	}
	return TRUE;
}

static gboolean read_yes(Reading *r, GError **error)
{
	r->claim->state = JR_CONSENT_YES;
	if (!r->claim->number[0])
		return refuse(
			r, error,
			"add the number it is for, in E.164, as phone, or "
			"as the channel's own: sms_phone, whatsapp_phone");
	return find_time(r, error) && check_texts(r, error) &&
	       find_method(r, error) && find_hash(r, error) &&
	       find_evidence(r, error);
}

/* Nothing about a no is so wrong that it does not count. */
static void read_no(Reading *r)
{
	const JrVal *at = attribute(r, "consent_at");

	r->claim->state = JR_CONSENT_NO;
	if (!at || !jr_wait_date(at, NULL, &r->claim->at_s, NULL) ||
	    r->claim->at_s < r->ask->at_s || r->claim->at_s > r->ask->now_s)
		r->claim->at_s = r->ask->at_s; /* it may be the yes's */
	r->claim->ip = text_of(r, "consent_ip");
	r->claim->evidence = text_of(r, "consent_evidence");
	if (!find_method(r, NULL))
		r->claim->method = JR_CONSENT_API;
	if (!find_hash(r, NULL))
		r->claim->sha256[0] = '\0';
}

JrConsentRead jr_consent_read(const JrConsentAsk *ask, JrChannel channel,
			      JrConsentClaim *claim, GError **error)
{
	Reading r = { ask, jr_channel_name(channel), claim };
	g_autofree char *key = g_strdup_printf("%s_consent", r.channel);
	const JrVal *said = jr_val_get(ask->attributes, key);
	int yes;

	*claim = (JrConsentClaim){ .channel = channel };
	if (!said)
		return JR_CONSENT_SILENT;
	yes = yes_or_no(said);
	if (yes < 0) {
		refuse(&r, error, "write true or false");
		return JR_CONSENT_REFUSED;
	}
	find_number(&r, yes);
	find_texts(&r);
	if (yes && !read_yes(&r, error))
		return JR_CONSENT_REFUSED;
	if (!yes)
		read_no(&r);
	return JR_CONSENT_CLAIMED;
}

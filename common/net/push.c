#include "base/doc.h"
#include "net/push.h"
#include "net/json.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/suggest.h"

#include <stddef.h>
#include <string.h>

#define WORDS(...)                                                             \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__, NULL                                              \
	}

/* A value's types, as bits. */
#define TEXT (1 << JR_VAL_TEXT)
#define YES (1 << JR_VAL_BOOL)
#define INT (1 << JR_VAL_INT)
#define NUMBER (1 << JR_VAL_INT | 1 << JR_VAL_REAL)
#define MAP (1 << JR_VAL_MAP)

#define NOWHERE (-1)
#define AT(field) ((gssize)offsetof(JrPushOptions, field))

/* The options of push steps.  To add one: a row, a line in jr-providers(5). */
static const struct {
	const char *option;
	int types;
	const char *const *words;	 /* TEXT: one of these */
	const char *android, *aps, *web; /* where it goes; NULL: nowhere */
	gssize at;			 /* or into JrPushOptions */
} rows[] = {
	{ "sound", TEXT, NULL, "notification.sound", "sound", NULL, NOWHERE },
	{ "critical_sound", MAP, NULL, NULL, "sound", NULL, NOWHERE },
	{ "badge", INT, NULL, "notification.notification_count", "badge", NULL,
	  NOWHERE },
	{ "subtitle", TEXT, NULL, NULL, "alert.subtitle", NULL, NOWHERE },
	{ "thread_id", TEXT, NULL, NULL, "thread-id", NULL, NOWHERE },
	{ "category", TEXT, NULL, NULL, "category", NULL, NOWHERE },
	{ "interruption_level", TEXT,
	  WORDS("passive", "active", "time-sensitive", "critical"), NULL,
	  "interruption-level", NULL, NOWHERE },
	{ "relevance_score", NUMBER, NULL, NULL, "relevance-score", NULL,
	  NOWHERE },
	{ "require_interaction", YES, NULL, NULL, NULL, "requireInteraction",
	  NOWHERE },
	{ "channel_id", TEXT, NULL, "notification.channel_id", NULL, NULL,
	  NOWHERE },
	{ "icon", TEXT, NULL, "notification.icon", NULL, "icon", NOWHERE },
	{ "color", TEXT, NULL, "notification.color", NULL, NULL, NOWHERE },
	{ "click_action", TEXT, NULL, "notification.click_action", NULL, NULL,
	  NOWHERE },
	{ "collapse_key", TEXT, NULL, "collapse_key", NULL, NULL, NOWHERE },
	{ "collapse_id", TEXT, NULL, NULL, NULL, NULL, AT(collapse_id) },
	{ "priority", TEXT, WORDS("high", "normal"), NULL, NULL, NULL,
	  AT(priority) },
	{ "push_type", TEXT,
	  WORDS("alert", "background", "location", "voip", "complication",
		"fileprovider", "mdm", "liveactivity", "pushtotalk"),
	  NULL, NULL, NULL, AT(push_type) },
	{ "analytics_label", TEXT, NULL, NULL, NULL, NULL, AT(label) },
	{ "silent", YES, NULL, NULL, NULL, NULL, AT(silent) },
};

static gboolean wrong_option(const char *option, const char *what,
			     GError **error)
{
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT, "option '%s' %s", option,
		    what);
	return FALSE;
}

static gboolean unknown_option(const char *option, GError **error)
{
	const char *names[G_N_ELEMENTS(rows) + 1] = { NULL };
	const char *near;

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		names[i] = rows[i].option;
	near = jr_suggest(option, names);
	g_autofree char *what = g_strdup_printf(
		"is unknown for push: %s%s%s", near ? "write '" : "see ",
		near ? near : "jr-providers(5)", near ? "'" : "");
	return wrong_option(option, what, error);
}

/* The place of @option in rows; -1 and JR_ERROR_INPUT: it is unknown. */
static int row_of(const char *option, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		if (strcmp(rows[i].option, option) == 0)
			return (int)i;
	unknown_option(option, error);
	return -1;
}

/* What the values of @types are called, for a message. */
static const char *type_words(int types)
{
	static const struct {
		int types;
		const char *words;
	} all[] = {
		{ TEXT, "a text" },	   { YES, "true or false" },
		{ INT, "a whole number" }, { NUMBER, "a number" },
		{ MAP, "a map" },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		if (all[i].types == types)
			return all[i].words;
	return "another value";
}

static gboolean check_value(int row, const JrVal *val, GError **error)
{
	const char *const *words = rows[row].words;
	g_autofree char *what = NULL;

	if (!(rows[row].types & 1 << val->type))
		what = g_strdup_printf("has the wrong type: write %s",
				       type_words(rows[row].types));
	else if (words && !g_strv_contains(words, val->text)) {
		g_autofree char *list = g_strjoinv(", ", (char **)words);

		what = g_strdup_printf("cannot be that: write one of %s", list);
	}
	return !what || wrong_option(rows[row].option, what, error);
}

gboolean jr_push_option_check(const char *option, const JrVal *val,
			      GError **error)
{
	int row = row_of(option, error);

	return row >= 0 && (!val || check_value(row, val, error));
}

/* Put @val at @path (NULL: nowhere) in *@map, which is made for the first. */
static void put_at(json_t **map, const char *path, const JrVal *val)
{
	if (!path)
		return;
	if (!*map)
		*map = json_object();
	jr_json_put(*map, path, jr_doc_of_val(val));
}

/* Put the option of row @i where it belongs. */
static void put_option(int i, const JrVal *val, JrPushOptions *options)
{
	gpointer at = (char *)options + rows[i].at;

	put_at(&options->android, rows[i].android, val);
	put_at(&options->aps, rows[i].aps, val);
	put_at(&options->web, rows[i].web, val);
	if (rows[i].at == NOWHERE)
		return;
	if (val->type == JR_VAL_BOOL)
		*(gboolean *)at = val->yes;
	else
		*(const char **)at = val->text;
}

static gboolean read_option(const JrMember *member, JrPushOptions *options,
			    GError **error)
{
	int row = row_of(member->key, error);

	if (row < 0)
		return FALSE;
	if (jr_val_is_null(&member->val)) /* of a template: not said */
		return TRUE;
	if (!check_value(row, &member->val, error))
		return FALSE;
	put_option(row, &member->val, options);
	return TRUE;
}

gboolean jr_push_options_read(const JrHandover *handover,
			      JrPushOptions *options, GError **error)
{
	const JrVal *map = handover->options;
	guint32 n = jr_val_is_null(map) ? 0 : map->len;

	*options = (JrPushOptions){ 0 };
	for (guint32 i = 0; i < n; i++)
		if (!read_option(&map->members[i], options, error))
			return FALSE;
	return TRUE;
}

void jr_push_options_clear(JrPushOptions *options)
{
	json_decref(options->android);
	json_decref(options->aps);
	json_decref(options->web);
	*options = (JrPushOptions){ 0 };
}

gboolean jr_push_check(const JrHandover *handover, const JrPushOptions *options,
		       GError **error)
{
	const char *const texts[] = { handover->id,    handover->to,
				      handover->title, handover->body,
				      handover->link,  handover->image };
	const char *fault = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (texts[i] && !g_utf8_validate(texts[i], -1, NULL))
			fault = "a text is not UTF-8";
	if (!handover->title && !handover->body && !options->silent)
		fault = "neither title nor body: write one, or silent: true";
	if (handover->deadline_s && handover->deadline_s <= handover->now_s)
		fault = "its deadline has passed";
	if (fault)
		g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT, fault);
	return !fault;
}

char *jr_push_id(const char *id, gsize max)
{
	const char *const parts[] = { id, NULL };

	gsize len = 0;

	/* It goes into a header: nothing there but what is printed. */
	while (g_ascii_isgraph(id[len]))
		len++;
	return id[len] == '\0' && len <= max ? g_strdup(id)
					     : jr_hash_id("h-", parts);
}

gint64 jr_push_ttl_s(const JrHandover *handover, gint64 max)
{
	return handover->deadline_s
		       ? MIN(handover->deadline_s - handover->now_s, max)
		       : max;
}

gboolean jr_push_fits(gsize bytes, gsize max, GError **error)
{
	if (bytes <= max)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
		    "the payload takes %" G_GSIZE_FORMAT
		    " of at most %" G_GSIZE_FORMAT
		    " bytes: shorten text or data",
		    bytes, max);
	return FALSE;
}

gboolean jr_push_key_check(const char *key, guint to, GError **error)
{
	/* Names that services keep for themselves, or their begin. */
	static const struct {
		const char *name;
		gboolean begin;
		guint of;
	} reserved[] = {
		{ "from", FALSE, JR_PUSH_TO_FCM },
		{ "message_type", FALSE, JR_PUSH_TO_FCM },
		{ "google.", TRUE, JR_PUSH_TO_FCM },
		{ "gcm.notification.", TRUE, JR_PUSH_TO_FCM },
		{ "aps", FALSE, JR_PUSH_TO_APNS },
		{ "CIO", FALSE, JR_PUSH_TO_APNS },
		{ "CIO-", TRUE, JR_PUSH_TO_ALL },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(reserved); i++) {
		if (!(reserved[i].of & to) ||
		    !(reserved[i].begin
			      ? g_str_has_prefix(key, reserved[i].name)
			      : g_str_equal(key, reserved[i].name)))
			continue;
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "custom data '%s' has a reserved name: write "
			    "another key",
			    key);
		return FALSE;
	}
	return TRUE;
}

#include "net/settings.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/suggest.h"

#include <string.h>

/* One setting on its way from the map into the struct. */
typedef struct {
	const JrProviderSetup *setup;
	const JrSetting *row;
	const JrVal *val; /* NULL: not given */
	gpointer at;	  /* in the struct */
} Reading;

gboolean jr_settings_wrong(const JrProviderSetup *setup, const char *key,
			   const char *what, GError **error)
{
	const JrVal *val = jr_val_get(setup->settings, key);

	if (!val)
		val = setup->settings;
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG, "'%s' %s", key, what);
	jr_error_at(error, setup->file, val ? val->line : 0,
		    val ? val->column : 0);
	return FALSE;
}

static gboolean wrong_type(const Reading *r, const char *want, GError **error)
{
	g_autofree char *what = g_strdup_printf("is %s: write %s",
						jr_val_type_name(r->val), want);

	return jr_settings_wrong(r->setup, r->row->key, what, error);
}

static gboolean matches(const Reading *r, const char *text, GError **error)
{
	if (!r->row->pattern || g_regex_match_simple(r->row->pattern, text,
						     G_REGEX_DOLLAR_ENDONLY, 0))
		return TRUE;
	g_autofree char *what =
		g_strdup_printf("is something else: write %s", r->row->want);
	return jr_settings_wrong(r->setup, r->row->key, what, error);
}

static gboolean read_text(const Reading *r, GError **error)
{
	if (r->val->type != JR_VAL_TEXT)
		return wrong_type(r, "a text, in quotes", error);
	if (!matches(r, r->val->text, error))
		return FALSE;
	*(char **)r->at = g_strdup(r->val->text);
	return TRUE;
}

static gboolean read_url(const Reading *r, GError **error)
{
	g_autoptr(GError) why = NULL;

	if (r->val->type != JR_VAL_TEXT)
		return wrong_type(r, "a URL", error);
	if (!jr_http_check_url(r->val->text, &why)) {
		g_autofree char *what = g_strdup_printf("is %s", why->message);

		return jr_settings_wrong(r->setup, r->row->key, what, error);
	}
	*(char **)r->at = g_strdup(r->val->text);
	return TRUE;
}

static gboolean read_yes(const Reading *r, GError **error)
{
	if (r->val->type != JR_VAL_BOOL)
		return wrong_type(r, "true or false", error);
	*(gboolean *)r->at = r->val->yes;
	return TRUE;
}

static gboolean read_count(const Reading *r, GError **error)
{
	if (r->val->type != JR_VAL_INT || r->val->num < 0)
		return wrong_type(r, "a whole number, 0 or more", error);
	*(gint64 *)r->at = r->val->num;
	return TRUE;
}

static gboolean read_rate(const Reading *r, GError **error)
{
	double rate = -1;

	if (r->val->type == JR_VAL_INT)
		rate = (double)r->val->num;
	else if (r->val->type == JR_VAL_REAL)
		rate = r->val->real;
	if (rate < 0)
		return wrong_type(r, "a number, 0 or more", error);
	*(double *)r->at = rate;
	return TRUE;
}

static gboolean read_span(const Reading *r, GError **error)
{
	JrSpan span;

	if (r->val->type != JR_VAL_TEXT ||
	    !jr_span_parse(r->val->text, &span, NULL) ||
	    jr_span_seconds(&span) <= 0)
		return wrong_type(r, "a duration such as '30s'", error);
	*(gint64 *)r->at = jr_span_seconds(&span);
	return TRUE;
}

static gboolean read_map(const Reading *r, GError **error)
{
	if (r->val->type != JR_VAL_MAP)
		return wrong_type(r, "a map", error);
	*(const JrVal **)r->at = r->val;
	return TRUE;
}

static gboolean read_list(const Reading *r, GError **error)
{
	gboolean texts = r->val->type == JR_VAL_LIST && r->val->len > 0;

	for (guint32 i = 0; texts && i < r->val->len; i++)
		texts = r->val->items[i].type == JR_VAL_TEXT;
	if (!texts)
		return wrong_type(r, "a list of texts", error);
	*(const JrVal **)r->at = r->val;
	return TRUE;
}

static gboolean read_secret(const Reading *r, GError **error)
{
	char *secret = r->setup->secret(r->setup->settings, r->row->key, error);

	*(char **)r->at = secret;
	if (!secret)
		jr_error_at(error, r->setup->file, r->val->line,
			    r->val->column);
	return secret && matches(r, secret, error);
}

static gboolean read_nothing(const Reading *r, GError **error)
{
	(void)r;
	(void)error;
	return TRUE;
}

static gboolean (*const readers[])(const Reading *r, GError **error) = {
	[JR_SETTING_TEXT] = read_text,	   [JR_SETTING_URL] = read_url,
	[JR_SETTING_SECRET] = read_secret, [JR_SETTING_YES] = read_yes,
	[JR_SETTING_COUNT] = read_count,   [JR_SETTING_RATE] = read_rate,
	[JR_SETTING_SPAN] = read_span,	   [JR_SETTING_MAP] = read_map,
	[JR_SETTING_LIST] = read_list,	   [JR_SETTING_OTHERS] = read_nothing,
	[JR_SETTING_LACKS] = read_nothing,
};

static const char *const secret_ends[] = { "_file", "_env" };

/* The value for @row, or for a secret the one that says where it is. */
static const JrVal *find(const JrVal *settings, const JrSetting *row)
{
	const JrVal *val = jr_val_get(settings, row->key);

	if (row->type != JR_SETTING_SECRET)
		return val;
	val = NULL;
	for (gsize i = 0; !val && i < G_N_ELEMENTS(secret_ends); i++) {
		g_autofree char *key =
			g_strconcat(row->key, secret_ends[i], NULL);

		val = jr_val_get(settings, key);
	}
	return val;
}

/* All keys that @table takes, NULL-terminated; owned. */
static GPtrArray *keys_of(const JrSetting *table)
{
	GPtrArray *keys = g_ptr_array_new_with_free_func(g_free);

	for (; table->key; table++) {
		if (table->type == JR_SETTING_LACKS)
			continue;
		if (table->type != JR_SETTING_SECRET) {
			g_ptr_array_add(keys, g_strdup(table->key));
			continue;
		}
		for (gsize i = 0; i < G_N_ELEMENTS(secret_ends); i++)
			g_ptr_array_add(
				keys,
				g_strconcat(table->key, secret_ends[i], NULL));
	}
	g_ptr_array_add(keys, NULL);
	return keys;
}

/* What is wrong with @key, which @table does not take; owned. */
static char *not_taken(const JrSetting *table, const char *key,
		       const GPtrArray *keys)
{
	g_autofree char *write = NULL;

	for (; table->key; table++)
		if (table->type == JR_SETTING_LACKS &&
		    g_str_equal(table->key, key))
			return g_strdup(table->want);
	write = jr_suggest_write(key, (const char *const *)keys->pdata);
	return g_strdup_printf("is not a setting: %s", write);
}

static gboolean only_known(const JrProviderSetup *setup, const JrSetting *table,
			   GError **error)
{
	g_autoptr(GPtrArray) keys = keys_of(table);
	const JrVal *map = setup->settings;

	if (jr_val_is_null(map))
		return TRUE;
	for (guint32 i = 0; map->type == JR_VAL_MAP && i < map->len; i++) {
		const char *key = map->members[i].key;

		if (g_strv_contains((const char *const *)keys->pdata, key))
			continue;
		g_autofree char *what = not_taken(table, key, keys);
		return jr_settings_wrong(setup, key, what, error);
	}
	return TRUE;
}

static gboolean read_row(const Reading *r, GError **error)
{
	if (!jr_val_is_null(r->val))
		return readers[r->row->type](r, error);
	if (r->row->otherwise)
		*(char **)r->at = g_strdup(r->row->otherwise);
	if (!r->row->required)
		return TRUE;
	const char *want = r->row->want;
	g_autofree char *what = g_strdup_printf(
		"is missing: write %s%s%s%s", r->row->key,
		r->row->type == JR_SETTING_SECRET ? "_file or _env" : "",
		want ? ", " : "", want ? want : "");
	return jr_settings_wrong(r->setup, r->row->key, what, error);
}

gboolean jr_settings_read(const JrProviderSetup *setup, const JrSetting *table,
			  gpointer target, GError **error)
{
	return only_known(setup, table, error) &&
	       jr_settings_read_some(setup, table, target, error);
}

gboolean jr_settings_read_some(const JrProviderSetup *setup,
			       const JrSetting *table, gpointer target,
			       GError **error)
{
	for (; table->key; table++) {
		const Reading r = { setup, table, find(setup->settings, table),
				    (char *)target + table->offset };

		if (!read_row(&r, error))
			return FALSE;
	}
	return TRUE;
}

void jr_settings_clear(const JrSetting *table, gpointer target)
{
	for (; table->key; table++) {
		char **text = (char **)((char *)target + table->offset);

		switch (table->type) {
		case JR_SETTING_SECRET:
			if (*text)
				explicit_bzero(*text, strlen(*text));
			g_clear_pointer(text, g_free);
			break;
		case JR_SETTING_TEXT:
		case JR_SETTING_URL:
			g_clear_pointer(text, g_free);
			break;
		case JR_SETTING_YES:
		case JR_SETTING_COUNT:
		case JR_SETTING_RATE:
		case JR_SETTING_SPAN:
		case JR_SETTING_MAP:
		case JR_SETTING_LIST:
		case JR_SETTING_OTHERS:
		case JR_SETTING_LACKS:
			break;
		}
	}
}

#include "rules/fields.h"
#include "base/error.h"
#include "base/instant.h"
#include "base/suggest.h"
#include "rules/wait.h"

#include <string.h>

gboolean jr_field_wrong(const JrVal *val, const char *file, GError **error,
			const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG, "%s", what);
	jr_error_at(error, file, val ? val->line : 0, val ? val->column : 0);
	return FALSE;
}

static gboolean unknown_key(const JrMember *member, const JrField *table,
			    const char *file, GError **error)
{
	g_autoptr(GPtrArray) known = g_ptr_array_new();
	g_autofree char *write = NULL;

	for (const JrField *row = table; row->key; row++)
		g_ptr_array_add(known, (gpointer)row->key);
	g_ptr_array_add(known, NULL);
	write = jr_suggest_write(member->key,
				 (const char *const *)known->pdata);
	g_set_error(error, JR_ERROR, JR_ERROR_CONFIG, "unknown key '%s': %s",
		    member->key, write);
	jr_error_at(error, file, member->key_line, member->key_column);
	return FALSE;
}

gboolean jr_fields_read(const JrVal *map, const JrField *table,
			const char *file, gpointer target, GError **error)
{
	if (map->type != JR_VAL_MAP)
		return jr_field_wrong(map, file, error,
				      "%s where a map is due: write 'key: "
				      "value' lines",
				      jr_val_type_name(map));
	for (guint32 i = 0; i < map->len; i++) {
		const JrMember *member = &map->members[i];
		const JrField *row = table;

		while (row->key && !g_str_equal(row->key, member->key))
			row++;
		if (!row->key)
			return unknown_key(member, table, file, error);
		/* "key:" with nothing after it is as if it were not there. */
		if (row->read && member->val.type != JR_VAL_NULL &&
		    !row->read(&member->val, file, (char *)target + row->offset,
			       error)) {
			return FALSE;
		}
	}
	return TRUE;
}

gboolean jr_field_is_like(const char *text, const char *pattern)
{
	return g_regex_match_simple(pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

gboolean jr_field_text(const JrVal *val, const char *file, gpointer at,
		       GError **error)
{
	char **text = at;

	if (val->type != JR_VAL_TEXT)
		return jr_field_wrong(val, file, error,
				      "%s where a text is due: put it in "
				      "quotes",
				      jr_val_type_name(val));
	g_free(*text);
	*text = g_strdup(val->text);
	return TRUE;
}

gboolean jr_field_yes(const JrVal *val, const char *file, gpointer at,
		      GError **error)
{
	if (val->type != JR_VAL_BOOL)
		return jr_field_wrong(val, file, error,
				      "%s where a choice is due: write true or "
				      "false",
				      jr_val_type_name(val));
	*(gboolean *)at = val->yes;
	return TRUE;
}

gboolean jr_field_count(const JrVal *val, const char *file, gpointer at,
			GError **error)
{
	if (val->type != JR_VAL_INT || val->num < 0 || val->num > G_MAXINT32)
		return jr_field_wrong(val, file, error,
				      "%s where a count is due: write a whole "
				      "number from 0",
				      jr_val_type_name(val));
	*(guint *)at = (guint)val->num;
	return TRUE;
}

gboolean jr_field_real(const JrVal *val, const char *file, gpointer at,
		       GError **error)
{
	double num = val->type == JR_VAL_INT	? (double)val->num
		     : val->type == JR_VAL_REAL ? val->real
						: -1;

	if (num < 0)
		return jr_field_wrong(val, file, error,
				      "write a number from 0, like 0.5");
	*(double *)at = num;
	return TRUE;
}

gboolean jr_field_rate(const JrVal *val, const char *file, gpointer at,
		       GError **error)
{
	double rate = 0;

	if (!jr_field_real(val, file, &rate, NULL) || rate > 1)
		return jr_field_wrong(val, file, error,
				      "write a share from 0 to 1, like 0.02 "
				      "for 2 %%");
	*(double *)at = rate;
	return TRUE;
}

gboolean jr_field_span(const JrVal *val, const char *file, gpointer at,
		       GError **error)
{
	g_autoptr(GError) why = NULL;

	if (val->type != JR_VAL_TEXT)
		return jr_field_wrong(val, file, error,
				      "%s where a duration is due: write one "
				      "like 10m, 24h or 3d",
				      jr_val_type_name(val));
	if (jr_span_parse(val->text, at, &why))
		return TRUE;
	return jr_field_wrong(val, file, error, "%s", why->message);
}

gboolean jr_field_seconds(const JrVal *val, const char *file, gpointer at,
			  GError **error)
{
	JrSpan span;

	if (!jr_field_span(val, file, &span, error))
		return FALSE;
	if (jr_span_seconds(&span) < 0)
		return jr_field_wrong(
			val, file, error,
			"a duration below 0: leave the minus out");
	*(gint64 *)at = jr_span_seconds(&span);
	return TRUE;
}

gboolean jr_field_money(const JrVal *val, const char *file, gpointer at,
			GError **error)
{
	double units = 0;

	if (!jr_field_real(val, file, &units, NULL) || units > 1e9)
		return jr_field_wrong(val, file, error,
				      "write an amount from 0, like 0.0083");
	*(gint64 *)at = (gint64)(units * 1e6 + 0.5);
	return TRUE;
}

gboolean jr_field_texts(const JrVal *val, const char *file, gpointer at,
			GError **error)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	char ***target = at;

	if (val->type != JR_VAL_LIST)
		return jr_field_wrong(val, file, error,
				      "%s where a list is due: write [one, "
				      "two]",
				      jr_val_type_name(val));
	for (guint32 i = 0; i < val->len; i++) {
		char *text = NULL;

		if (!jr_field_text(&val->items[i], file, &text, error))
			return FALSE;
		g_ptr_array_add(texts, text);
	}
	g_ptr_array_add(texts, NULL);
	g_strfreev(*target);
	*target = (char **)g_ptr_array_steal(texts, NULL);
	return TRUE;
}

gboolean jr_field_minute(const JrVal *val, const char *file, gpointer at,
			 GError **error)
{
	g_autoptr(GError) why = NULL;

	if (val->type == JR_VAL_TEXT && jr_wait_minute(val->text, at, &why))
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "no time of day: write one like \"09:00\"");
}

gboolean jr_field_clock(const JrVal *val, const char *file, gpointer at,
			GError **error)
{
	if (!jr_field_minute(val, file, at, error))
		return FALSE;
	if (*(gint16 *)at < 24 * 60)
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "no clock shows 24:00: write \"00:00\"");
}

/* The bit of "mon" … "sun", or of "monday" …; 0 when it is none. */
static guint8 weekday_bit(const char *name)
{
	static const char *const days[] = { "monday",	"tuesday", "wednesday",
					    "thursday", "friday",  "saturday",
					    "sunday" };

	for (guint i = 0; i < G_N_ELEMENTS(days); i++)
		if (strlen(name) >= 3 &&
		    g_ascii_strncasecmp(days[i], name, strlen(name)) == 0)
			return (guint8)(1 << (i + 1));
	return 0;
}

gboolean jr_field_weekdays(const JrVal *val, const char *file, gpointer at,
			   GError **error)
{
	const JrVal *items = val->type == JR_VAL_LIST ? val->items : val;
	guint32 n = val->type == JR_VAL_LIST ? val->len : 1;
	guint8 days = 0;

	for (guint32 i = 0; i < n; i++) {
		guint8 bit = items[i].type == JR_VAL_TEXT
				     ? weekday_bit(items[i].text)
				     : 0;

		if (!bit)
			return jr_field_wrong(&items[i], file, error,
					      "no weekday: write them like "
					      "[mon, tue, sat]");
		days |= bit;
	}
	if (!days)
		return jr_field_wrong(val, file, error,
				      "no weekday at all: write them like "
				      "[mon, tue, sat], or leave days out");
	*(guint8 *)at = days;
	return TRUE;
}

gboolean jr_field_map(const JrVal *val, const char *file, gpointer at,
		      GError **error)
{
	if (val->type != JR_VAL_MAP)
		return jr_field_wrong(val, file, error,
				      "%s where a map is due: write 'key: "
				      "value' lines",
				      jr_val_type_name(val));
	*(const JrVal **)at = val;
	return TRUE;
}

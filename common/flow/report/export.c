/*
 * Rows of a dump, made legible: a name for each table, a word or an instant
 * for each number that means one, JSON where it stood in a text.
 */
#include "flow/report/export_impl.h"
#include "base/error.h"
#include "base/instant.h"
#include "flow/report/report.h"
#include "flow/schedule/explain.h"
#include "io/json.h"
#include "store/enrolments.h"
#include "store/erase.h"
#include "store/log.h"
#include "store/people.h"

#include <string.h>

#define ARENA ((gsize)64 * 1024 * 1024) /* a row, and what it is made of */

/* What a table's rows are called; those not named are no news of a person. */
static const struct {
	const char *table, *about;
} tables[] = {
	{ "attempts", "attempt" },
	{ "clicks", "click" },
	{ "decisions", "decision" },
	{ "devices", "device" },
	{ "enrolments", "journey" },
	{ "identities", "identity" },
	{ "links", "link" },
	{ "lists", "list" },
	{ "log", "record" },
	{ "members", "segment" },
	{ "messages", "message" },
	{ "metrics", "metric" },
	{ "numbers", "number" },
	{ "people", "person" },
	{ "re_permissions", "re_permission" },
	{ "removals", "removed_device" },
	{ "reviews", "review" },
	{ "subscriptions", "subscription" },
	{ "timers", "timer" },
};

typedef void (*Show)(const JrVal *val, GString *out);

static void show_word(const char *word, GString *out)
{
	jr_val_write_text(word ? word : "?", word ? strlen(word) : 1, out);
}

static void show_person_state(const JrVal *val, GString *out)
{
	static const char *const words[] = {
		[JR_PERSON_LIVE] = "live",
		[JR_PERSON_SUPPRESSED] = "suppressed",
		[JR_PERSON_ERASED] = "erased",
		[JR_PERSON_MERGED] = "merged",
	};
	gboolean known = val->num > 0 && (gsize)val->num < G_N_ELEMENTS(words);

	show_word(known ? words[val->num] : NULL, out);
}

static void show_identity(const JrVal *val, GString *out)
{
	show_word(jr_identity_name((JrIdentityKind)val->num), out);
}

static void show_record(const JrVal *val, GString *out)
{
	show_word(jr_log_kind_name((JrLogKind)val->num), out);
}

static void show_channel(const JrVal *val, GString *out)
{
	show_word(jr_channel_name((JrChannel)val->num), out);
}

static void show_purpose(const JrVal *val, GString *out)
{
	show_word(jr_purpose_name((JrPurpose)val->num), out);
}

static void show_message_state(const JrVal *val, GString *out)
{
	show_word(jr_message_state_name((JrMessageState)val->num), out);
}

static void show_journey_state(const JrVal *val, GString *out)
{
	show_word(jr_enrolment_state_name((JrEnrolmentState)val->num), out);
}

static void show_metric(const JrVal *val, GString *out)
{
	show_word(jr_metric_name((JrMetric)val->num), out);
}

static void show_yes(const JrVal *val, GString *out)
{
	g_string_append(out, val->num ? "true" : "false");
}

/* JSON that the store has as a text. */
static void show_json(const JrVal *val, GString *out)
{
	g_string_append_len(out, val->text, val->len);
}

/* When each attribute was said: {"plan":1793800012000}. */
static void show_times(const JrVal *val, GString *out)
{
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);
	const JrVal *times = jr_json_parse(arena, val->text, val->len, NULL);

	g_string_append_c(out, '{');
	for (guint32 i = 0; times && i < times->len; i++) {
		const JrMember *one = &times->members[i];

		g_string_append(out, i ? "," : "");
		jr_val_write_text(one->key, one->key_len, out);
		g_string_append_c(out, ':');
		jr_export_instant(one->val.num / 1000, out);
	}
	g_string_append_c(out, '}');
}

/* NULL for the table: of each.  To show a column in another way: a row. */
static const struct {
	const char *table, *column;
	Show show; /* NULL: it is the store's alone */
} columns[] = {
	{ NULL, "person", NULL },
	{ NULL, "number_key", NULL },
	{ NULL, "seq", NULL },
	{ NULL, "log_seq", NULL },
	{ NULL, "flags", NULL },
	{ NULL, "hash", NULL },
	{ NULL, "first", NULL },
	{ NULL, "day", NULL },
	{ NULL, "merged_into", NULL },
	{ NULL, "trigger_seq", NULL },
	{ NULL, "watch_s", NULL },
	{ NULL, "attributes", show_json },
	{ NULL, "data", show_json },
	{ NULL, "content", show_json },
	{ NULL, "vars", show_json },
	{ NULL, "details", show_json },
	{ NULL, "times", show_times },
	{ NULL, "channel", show_channel },
	{ NULL, "purpose", show_purpose },
	{ NULL, "metric", show_metric },
	{ NULL, "enabled", show_yes },
	{ NULL, "listed", show_yes },
	{ NULL, "subscribed", show_yes },
	{ NULL, "bot", show_yes },
	{ "people", "state", show_person_state },
	{ "messages", "state", show_message_state },
	{ "attempts", "state", show_message_state },
	{ "enrolments", "state", show_journey_state },
	{ "identities", "kind", show_identity },
	{ "log", "kind", show_record },
	{ "timers", "kind", NULL },
};

/* A column that ends in @suffix: how long its name is without. */
static gsize stem(const char *column, const char *suffix)
{
	return g_str_has_suffix(column, suffix)
		       ? strlen(column) - strlen(suffix)
		       : 0;
}

void jr_export_instant(gint64 at_s, GString *out)
{
	char text[JR_INSTANT_SIZE];

	g_string_append_printf(out, "\"%s\"", jr_instant_format(at_s, text));
}

void jr_export_key(const char *key, gsize len, GString *out)
{
	if (out->str[out->len - 1] != '{')
		g_string_append_c(out, ',');
	jr_val_write_text(key, len, out);
	g_string_append_c(out, ':');
}

/* "at_s" is "at", "due_s" is "due_at": an instant, or never. */
static gboolean put_instant(const JrMember *member, GString *out)
{
	static const char *const whole[] = { "at", "since", "last_used", NULL };
	gsize s = stem(member->key, "_s"), ms = stem(member->key, "_ms");
	gsize len = s ? s : ms;
	gint64 at_s = s ? member->val.num : member->val.num / 1000;
	g_autofree char *name = NULL;

	if (!len || member->val.type != JR_VAL_INT)
		return FALSE;
	if (at_s <= 0 || member->val.num == G_MAXINT64)
		return TRUE;
	name = g_strndup(member->key, len);
	if (!g_strv_contains(whole, name)) {
		g_autofree char *begun = g_steal_pointer(&name);

		name = g_strconcat(begun, "_at", NULL);
	}
	jr_export_key(name, strlen(name), out);
	jr_export_instant(at_s, out);
	return TRUE;
}

static gsize row_of(const char *table, const char *column)
{
	gsize i = 0;

	while (i < G_N_ELEMENTS(columns) &&
	       ((columns[i].table && !g_str_equal(columns[i].table, table)) ||
		!g_str_equal(columns[i].column, column)))
		i++;
	return i;
}

static void put_member(const char *table, const JrMember *member, GString *out)
{
	gsize i = row_of(table, member->key);

	if (member->val.type == JR_VAL_NULL)
		return;
	if (i < G_N_ELEMENTS(columns) && !columns[i].show)
		return;
	if (i == G_N_ELEMENTS(columns) && put_instant(member, out))
		return;
	jr_export_key(member->key, member->key_len, out);
	if (i < G_N_ELEMENTS(columns))
		columns[i].show(&member->val, out);
	else
		jr_val_write(&member->val, out);
}

static const char *about_of(const char *table)
{
	for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
		if (g_str_equal(tables[i].table, table))
			return tables[i].about;
	return NULL;
}

void jr_export_put(JrExport *export, const char *about, const GString *data)
{
	g_string_append_printf(export->out,
			       "{\"type\":\"export\",\"about\":\"%s\","
			       "\"data\":",
			       about);
	g_string_append_len(export->out, data->str, (gssize)data->len);
	g_string_append(export->out, "}\n");
}

/* One line of the dump. */
static gboolean put_row(const char *line, gsize len, gpointer user)
{
	JrExport *export = user;
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);
	g_autoptr(GString) data = g_string_new("{");
	const JrVal *val = jr_json_parse(arena, line, len, &export->error);
	const char *table = jr_val_get_text(val, "table"), *about;
	const JrVal *row = jr_val_get(val, "row");

	if (!val)
		return FALSE;
	about = about_of(table);
	for (guint32 i = 0; about && i < row->len; i++)
		put_member(table, &row->members[i], data);
	g_string_append_c(data, '}');
	if (about)
		jr_export_put(export, about, data);
	return TRUE;
}

gboolean jr_report_export(JrFlow *flow, const JrReportAsk *ask, GString *out,
			  GError **error)
{
	return jr_export(flow, ask->operand, out, error);
}

gboolean jr_export(JrFlow *flow, const char *name, GString *out, GError **error)
{
	JrExport export = { .flow = flow, .out = out };

	if (!jr_schedule_find_person(flow, name, &export.person, error) ||
	    !jr_store_dump(flow->db, JR_DUMP_PERSON, export.person, put_row,
			   &export, error))
		return FALSE;
	if (export.error) {
		g_propagate_error(error, export.error);
		return FALSE;
	}
	return jr_export_consents(&export, error);
}

#include "rules/attrs.h"

/* What comes of a member of the update. */
typedef enum {
	IGNORED, /* refused, or older than what is stored */
	SET,
	REMOVED,
} Fate;

typedef struct {
	const JrAttrsMerge *merge;
	const JrAttrsReport *report;
	Fate *fates;	/* of each member of the update */
	guint n_values; /* attributes, as the update goes on */
	guint n_times;
	gboolean dirty; /* there is something to write */
} Merger;

static guint n_members(const JrVal *map)
{
	return map && map->type == JR_VAL_MAP ? map->len : 0;
}

static const JrVal *stored_of(const JrVal *map, const JrMember *member)
{
	return jr_val_get_len(map, member->key, member->key_len);
}

static gsize json_bytes(const JrVal *val)
{
	g_autoptr(GString) json = g_string_new(NULL);

	jr_val_write(val, json);
	return json->len;
}

static gboolean is_too_long(const JrVal *val)
{
	switch (val->type) {
	case JR_VAL_TEXT:
		return val->len > JR_ATTR_VALUE_MAX;
	case JR_VAL_LIST:
	case JR_VAL_MAP:
		return json_bytes(val) > JR_ATTR_VALUE_MAX;
	case JR_VAL_NULL:
	case JR_VAL_BOOL:
	case JR_VAL_INT:
	case JR_VAL_REAL:
		return FALSE;
	}
	g_assert_not_reached();
}

/* Why @member cannot be stored; NULL when it can. */
static const char *why_refused(const Merger *m, const JrMember *member)
{
	gboolean removes = member->val.type == JR_VAL_NULL;

	if (member->key_len == 0)
		return "an attribute has a name: give it one";
	if (member->key_len > JR_ATTR_NAME_MAX)
		return "its name is over 150 bytes: shorten it";
	if (is_too_long(&member->val))
		return "its value is over 1000 bytes: shorten it, or send it "
		       "as an event";
	if (!removes && !stored_of(m->merge->values, member) &&
	    m->n_values >= JR_ATTRS_MAX)
		return "the person has 300 attributes already: remove some";
	if (!stored_of(m->merge->times, member) &&
	    m->n_times >= JR_ATTRS_MAX_TIMES)
		return "the person had 1000 attributes already: use fewer "
		       "names";
	return NULL;
}

static gboolean is_older(const Merger *m, const JrMember *member)
{
	const JrVal *time = stored_of(m->merge->times, member);

	return time && time->type == JR_VAL_INT && m->merge->at_ms < time->num;
}

static void note_change(Merger *m, const JrMember *member)
{
	const JrVal *before = stored_of(m->merge->values, member);
	const JrVal *after =
		member->val.type == JR_VAL_NULL ? NULL : &member->val;
	const JrVal *time = stored_of(m->merge->times, member);

	if (!time || time->type != JR_VAL_INT || time->num != m->merge->at_ms)
		m->dirty = TRUE;
	if (!before == !after && (!after || jr_val_equal(before, after)))
		return;
	m->dirty = TRUE;
	if (m->report && m->report->changed)
		g_ptr_array_add(m->report->changed, (gpointer)member->key);
}

static void decide(Merger *m, guint i)
{
	const JrMember *member = &m->merge->update->members[i];
	gboolean removes = member->val.type == JR_VAL_NULL;
	gboolean stands = !!stored_of(m->merge->values, member);
	const char *why = i < JR_ATTRS_MAX_TIMES
				  ? why_refused(m, member)
				  : "it is behind 1000 others: send fewer";

	if (why && m->report && m->report->refused)
		m->report->refused(m->report->user, member->key, why);
	if (why || is_older(m, member))
		return;
	m->fates[i] = removes ? REMOVED : SET;
	if (removes && stands)
		m->n_values--;
	else if (!removes && !stands)
		m->n_values++;
	m->n_times += !stored_of(m->merge->times, member);
	note_change(m, member);
}

/* --- writing --- */

static void write_key(const JrMember *member, GString *out)
{
	if (out->str[out->len - 1] != '{')
		g_string_append_c(out, ',');
	jr_val_write_text(member->key, member->key_len, out);
	g_string_append_c(out, ':');
}

/* The fate of what is stored under the name of @member, and its new value. */
static Fate fate_of(const Merger *m, const JrMember *member, const JrVal **val)
{
	const JrVal *update = m->merge->update;
	const JrMember *in_update;

	*val = stored_of(update, member);
	if (!*val)
		return IGNORED;
	in_update = (const void *)((const char *)*val -
				   G_STRUCT_OFFSET(JrMember, val));
	return m->fates[in_update - update->members];
}

static void write_values(const Merger *m, GString *out)
{
	const JrVal *values = m->merge->values, *val;

	g_string_append_c(out, '{');
	for (guint i = 0; i < n_members(values); i++) {
		const JrMember *member = &values->members[i];
		Fate fate = fate_of(m, member, &val);

		if (fate == REMOVED)
			continue;
		write_key(member, out);
		jr_val_write(fate == SET ? val : &member->val, out);
	}
	for (guint i = 0; i < n_members(m->merge->update); i++) {
		const JrMember *member = &m->merge->update->members[i];

		if (m->fates[i] != SET || stored_of(values, member))
			continue;
		write_key(member, out);
		jr_val_write(&member->val, out);
	}
	g_string_append_c(out, '}');
}

static void write_times(const Merger *m, GString *out)
{
	const JrVal at = jr_val_int(m->merge->at_ms);
	const JrVal *times = m->merge->times, *val;

	g_string_append_c(out, '{');
	for (guint i = 0; i < n_members(times); i++) {
		const JrMember *member = &times->members[i];

		write_key(member, out);
		jr_val_write(fate_of(m, member, &val) == IGNORED ? &member->val
								 : &at,
			     out);
	}
	for (guint i = 0; i < n_members(m->merge->update); i++) {
		const JrMember *member = &m->merge->update->members[i];

		if (m->fates[i] == IGNORED || stored_of(times, member))
			continue;
		write_key(member, out);
		jr_val_write(&at, out);
	}
	g_string_append_c(out, '}');
}

gboolean jr_attrs_merge(const JrAttrsMerge *merge, const JrAttrsReport *report,
			GString *values, GString *times)
{
	guint n = n_members(merge->update);
	g_autofree Fate *fates = g_new0(Fate, n + 1);
	Merger m = { .merge = merge,
		     .report = report,
		     .fates = fates,
		     .n_values = n_members(merge->values),
		     .n_times = n_members(merge->times) };

	for (guint i = 0; i < n; i++)
		decide(&m, i);
	write_values(&m, values);
	write_times(&m, times);
	return m.dirty;
}

gboolean jr_attr_is_theirs(const char *name)
{
	static const char *const names[] = { "id",	 "email",
					     "phone",	 "sms_phone",
					     "timezone", "whatsapp_phone",
					     "cio_id",	 NULL };

	return g_strv_contains(names, name) ||
	       g_str_has_prefix(name, "sms_consent") ||
	       g_str_has_prefix(name, "whatsapp_consent");
}

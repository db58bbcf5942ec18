/* The writing half of roster.h: people who are new or changed. */
#include "base/error.h"
#include "base/hash.h"
#include "flow/ingest/roster_impl.h"
#include "rules/phone.h"

#include <string.h>

/* Whom records and messages name: never a number or an address. */
static const char *name_of(JrRoster *roster, const JrIdentity *identity)
{
	const char *parts[] = { jr_identity_name(identity->kind),
				identity->value, NULL };

	if (identity->kind == JR_IDENTITY_ID)
		return jr_arena_text(roster->arena, identity->value,
				     strlen(identity->value));
	g_autofree char *id = jr_hash_id("p_", parts);
	return jr_arena_text(roster->arena, id, strlen(id));
}

JrWho *jr_roster_make(JrRoster *roster, const JrIdentity *identity)
{
	const JrPerson data = {
		.id = name_of(roster, identity),
		.state = JR_PERSON_LIVE,
		.attributes = "{}",
		.times = "{}",
		.created_s = roster->now_s,
		.updated_s = roster->now_s,
	};
	JrWho *who = g_hash_table_lookup(roster->by_name, identity);
	const JrRosterName name = { .who = who, .identity = *identity };

	g_assert(who && !who->person && !who->made && data.id);
	who->made = TRUE;
	jr_roster_touch(roster, who, &data);
	g_array_append_val(roster->names, name);
	return who;
}

void jr_roster_name(JrRoster *roster, JrWho *who, const JrIdentity *identity)
{
	const JrRosterName name = { .who = who, .identity = *identity };

	jr_roster_remember(roster, identity, who);
	g_array_append_val(roster->names, name);
	if (identity->kind != JR_IDENTITY_ID)
		return;
	who->data->id = name_of(roster, identity);
	who->dirty = TRUE;
}

static const JrVal *read_json(JrRoster *roster, JrArena *arena,
			      const char *text, GError **error)
{
	g_autoptr(GError) why = NULL;
	const JrVal *val =
		jr_json_read(roster->json, arena, text, strlen(text), &why);

	if (!val)
		g_set_error(error, JR_ERROR, JR_ERROR_IO,
			    "the state is damaged: attributes of a person: %s",
			    why->message);
	return val;
}

const JrVal *jr_roster_values(JrRoster *roster, const char *json,
			      GError **error)
{
	return read_json(roster, roster->arena, json, error);
}

const JrVal *jr_roster_again(JrRoster *roster, const char *json, gsize len)
{
	const JrVal *val =
		jr_json_read(roster->json, roster->arena, json, len, NULL);

	g_assert(val);
	return val;
}

static const char *keep_text(JrRoster *roster, const GString *text)
{
	const char *copy = jr_arena_text(roster->arena, text->str, text->len);

	g_assert(copy);
	return copy;
}

gboolean jr_roster_merge(JrRoster *roster, JrWho *who, const JrVal *update,
			 gint64 at_ms, const JrAttrsReport *report,
			 GError **error)
{
	JrAttrsMerge merge = { .update = update, .at_ms = at_ms };

	jr_arena_reset(roster->scratch);
	g_string_truncate(roster->values, 0);
	g_string_truncate(roster->times, 0);
	merge.values = read_json(roster, roster->scratch, who->data->attributes,
				 error);
	if (!merge.values)
		return FALSE;
	merge.times =
		read_json(roster, roster->scratch, who->data->times, error);
	if (!merge.times)
		return FALSE;
	if (!jr_attrs_merge(&merge, report, roster->values, roster->times))
		return TRUE;
	who->data->attributes = keep_text(roster, roster->values);
	who->data->times = keep_text(roster, roster->times);
	who->data->updated_s = roster->now_s;
	who->dirty = TRUE;
	return TRUE;
}

gboolean jr_roster_pending(const JrRoster *roster)
{
	for (guint i = 0; i < roster->touched->len; i++) {
		const JrWho *who = roster->touched->pdata[i];

		if (who->made || who->dirty || who->number)
			return TRUE;
	}
	return roster->names->len > 0;
}

/* Append @who's data to @people when @made is what they are. */
static GArray *gather(JrRoster *roster, gboolean made, GPtrArray *whos)
{
	GArray *people = g_array_new(FALSE, FALSE, sizeof(JrPerson));

	for (guint i = 0; i < roster->touched->len; i++) {
		JrWho *who = roster->touched->pdata[i];

		if (who->made != made || (!made && !who->dirty))
			continue;
		g_array_append_val(people, *who->data);
		g_ptr_array_add(whos, who);
	}
	return people;
}

static gboolean add_made(JrRoster *roster, GError **error)
{
	g_autoptr(GPtrArray) whos = g_ptr_array_new();
	g_autoptr(GArray) people = gather(roster, TRUE, whos);

	if (people->len > 0 &&
	    !jr_people_add(roster->db, (JrPerson *)people->data, people->len,
			   error))
		return FALSE;
	for (guint i = 0; i < whos->len; i++) {
		JrWho *who = whos->pdata[i];

		who->person = who->data->person =
			g_array_index(people, JrPerson, i).person;
		who->made = who->dirty = FALSE;
		jr_roster_remember_number(roster, who);
	}
	return TRUE;
}

static gboolean add_names(JrRoster *roster, GError **error)
{
	guint n = roster->names->len;
	g_autofree JrPersonIdentity *all = g_new(JrPersonIdentity, n);

	for (guint i = 0; i < n; i++) {
		const JrRosterName *name =
			&g_array_index(roster->names, JrRosterName, i);

		all[i].person = name->who->person;
		all[i].identity = name->identity;
	}
	g_array_set_size(roster->names, 0);
	return n == 0 || jr_people_identify(roster->db, all, n, error);
}

static gboolean save_changed(JrRoster *roster, GError **error)
{
	g_autoptr(GPtrArray) whos = g_ptr_array_new();
	g_autoptr(GArray) people = gather(roster, FALSE, whos);

	if (people->len > 0 &&
	    !jr_people_save(roster->db, (const JrPerson *)people->data,
			    people->len, error))
		return FALSE;
	for (guint i = 0; i < whos->len; i++)
		((JrWho *)whos->pdata[i])->dirty = FALSE;
	return TRUE;
}

/* The numbers in @who's attributes that are some, each once. */
static gboolean set_numbers(JrRoster *roster, JrWho *who, GError **error)
{
	const char *const keys[] = { "sms_phone", "phone", "whatsapp_phone" };
	const char *numbers[G_N_ELEMENTS(keys) + 1] = { NULL };
	const JrVal *values =
		jr_roster_values(roster, who->data->attributes, error);
	guint n = 0;

	if (!values)
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *number = jr_val_get_text(values, keys[i]);

		if (jr_phone_valid(number) && !g_strv_contains(numbers, number))
			numbers[n++] = number;
	}
	who->number = FALSE;
	return jr_person_set_numbers(roster->db, who->person, numbers, error);
}

gboolean jr_roster_flush(JrRoster *roster, GError **error)
{
	if (!add_made(roster, error) || !add_names(roster, error) ||
	    !save_changed(roster, error))
		return FALSE;
	for (guint i = 0; i < roster->touched->len; i++) {
		JrWho *who = roster->touched->pdata[i];

		if (who->number && !set_numbers(roster, who, error))
			return FALSE;
	}
	return TRUE;
}

#include "flow/ingest/roster_impl.h"
#include "store/log.h"

#include <string.h>

#define CACHE_PEOPLE 140000 /* about 150 bytes each, and those of a batch */
#define CACHE_BYTES ((gsize)64 * 1024 * 1024)
#define SCRATCH_BYTES ((gsize)16 * 1024 * 1024)

static guint name_hash(gconstpointer key)
{
	const JrIdentity *name = key;

	return g_str_hash(name->value) * 8 + name->kind;
}

static gboolean name_equal(gconstpointer a, gconstpointer b)
{
	const JrIdentity *one = a, *other = b;

	return one->kind == other->kind &&
	       strcmp(one->value, other->value) == 0;
}

JrRoster *jr_roster_new(void)
{
	JrRoster *roster = g_new0(JrRoster, 1);

	roster->cache = jr_arena_new(CACHE_BYTES);
	roster->scratch = jr_arena_new(SCRATCH_BYTES);
	roster->json = jr_json_new();
	roster->by_name = g_hash_table_new(name_hash, name_equal);
	roster->by_number = g_hash_table_new(g_int64_hash, g_int64_equal);
	roster->asks = g_array_new(FALSE, FALSE, sizeof(JrPersonAsk));
	roster->wanted = g_ptr_array_new();
	roster->touched = g_ptr_array_new();
	roster->names = g_array_new(FALSE, FALSE, sizeof(JrRosterName));
	roster->values = g_string_new(NULL);
	roster->times = g_string_new(NULL);
	return roster;
}

void jr_roster_free(JrRoster *roster)
{
	if (!roster)
		return;
	g_hash_table_unref(roster->by_name);
	g_hash_table_unref(roster->by_number);
	g_array_unref(roster->asks);
	g_ptr_array_unref(roster->wanted);
	g_ptr_array_unref(roster->touched);
	g_array_unref(roster->names);
	g_string_free(roster->values, TRUE);
	g_string_free(roster->times, TRUE);
	jr_json_free(roster->json);
	jr_arena_free(roster->cache);
	jr_arena_free(roster->scratch);
	g_free(roster);
}

static void drop_batch(JrRoster *roster)
{
	for (guint i = 0; i < roster->touched->len; i++)
		((JrWho *)roster->touched->pdata[i])->data = NULL;
	g_ptr_array_set_size(roster->touched, 0);
	g_ptr_array_set_size(roster->wanted, 0);
	g_array_set_size(roster->asks, 0);
	g_array_set_size(roster->names, 0);
}

static void drop_all(JrRoster *roster)
{
	drop_batch(roster);
	g_hash_table_remove_all(roster->by_name);
	g_hash_table_remove_all(roster->by_number);
	jr_arena_reset(roster->cache);
}

void jr_roster_forget(JrRoster *roster)
{
	roster->taking = TRUE;
	drop_all(roster);
}

gboolean jr_roster_begin(JrRoster *roster, JrDb *db, JrArena *arena,
			 gint64 now_s, GError **error)
{
	gint64 seq;

	roster->db = db;
	roster->arena = arena;
	roster->now_s = now_s;
	roster->believing = FALSE;
	roster->unknown = 0;
	drop_batch(roster);
	if (!jr_log_last(db, &seq, error))
		return FALSE;
	/* Whoever merges, erases or makes people writes it into the log. */
	if (seq != roster->seq)
		roster->settled = seq;
	if (seq != roster->seq ||
	    g_hash_table_size(roster->by_name) > CACHE_PEOPLE ||
	    jr_arena_used(roster->cache) > CACHE_BYTES / 2)
		drop_all(roster);
	return TRUE;
}

void jr_roster_believe(JrRoster *roster, gint64 view)
{
	roster->believing = view > 0 && view >= roster->settled;
}

guint jr_roster_unknown(const JrRoster *roster)
{
	return roster->unknown;
}

/* The last row of our own transaction, if nobody was between. */
void jr_roster_committed(JrRoster *roster, gint64 seq)
{
	drop_batch(roster);
	roster->seq = seq;
	if (roster->taking)
		roster->settled = seq;
	roster->taking = FALSE;
}

/* A batch asks for at most its records' names: that fits. */
static gpointer cache_take(JrRoster *roster, gsize size)
{
	gpointer piece = jr_arena_take(roster->cache, size);

	g_assert(piece);
	return memset(piece, 0, size);
}

JrWho *jr_roster_remember(JrRoster *roster, const JrIdentity *identity,
			  JrWho *who)
{
	JrIdentity *key = cache_take(roster, sizeof *key);

	key->kind = identity->kind;
	key->value = jr_arena_text(roster->cache, identity->value,
				   strlen(identity->value));
	g_assert(key->value);
	if (!who)
		who = cache_take(roster, sizeof *who);
	g_hash_table_insert(roster->by_name, key, who);
	return who;
}

void jr_roster_unname(JrRoster *roster, const JrIdentity *identity)
{
	roster->taking = TRUE;
	jr_roster_remember(roster, identity, NULL);
}

void jr_roster_remember_number(JrRoster *roster, JrWho *who)
{
	g_hash_table_insert(roster->by_number, &who->person, who);
}

/* @identity, remembered as @who's, who was nobody, is @person's. */
static void answer(JrRoster *roster, const JrIdentity *identity, JrWho *who,
		   gint64 person)
{
	JrWho *same = g_hash_table_lookup(roster->by_number, &person);

	if (same) {
		jr_roster_remember(roster, identity, same);
		return;
	}
	who->person = person;
	jr_roster_remember_number(roster, who);
}

void jr_roster_ask(JrRoster *roster, const JrIdentity *identity, gint64 found)
{
	JrPersonAsk ask = { .identity = *identity };
	gpointer key;
	JrWho *who;

	if (g_hash_table_contains(roster->by_name, identity))
		return;
	roster->unknown++;
	who = jr_roster_remember(roster, identity, NULL);
	if (found && roster->believing) {
		answer(roster, identity, who, found);
		return;
	}
	/* The text in the cache outlives the caller's. */
	g_hash_table_lookup_extended(roster->by_name, identity, &key, NULL);
	ask.identity = *(const JrIdentity *)key;
	g_array_append_val(roster->asks, ask);
}

gboolean jr_roster_fetch(JrRoster *roster, GError **error)
{
	GArray *asks = roster->asks;

	if (asks->len > 0 &&
	    !jr_people_find(roster->db, (JrPersonAsk *)asks->data, asks->len,
			    error))
		return FALSE;
	for (guint i = 0; i < asks->len; i++) {
		const JrPersonAsk *ask = &g_array_index(asks, JrPersonAsk, i);

		if (ask->person)
			answer(roster, &ask->identity,
			       g_hash_table_lookup(roster->by_name,
						   &ask->identity),
			       ask->person);
	}
	g_array_set_size(asks, 0);
	return TRUE;
}

/* A number finds whoever has it, if that is one. */
static gboolean find_number(JrRoster *roster, const JrIdentity *identity,
			    JrWho **who, GError **error)
{
	g_autoptr(GArray) people = g_array_new(FALSE, FALSE, sizeof(gint64));

	if (!jr_people_with_number(roster->db, identity->value, people, error))
		return FALSE;
	if (people->len == 1)
		return jr_roster_person(
			roster, g_array_index(people, gint64, 0), who, error);
	*who = NULL;
	return TRUE;
}

gboolean jr_roster_get(JrRoster *roster, const JrIdentity *identity,
		       JrWho **who, GError **error)
{
	JrWho *known = g_hash_table_lookup(roster->by_name, identity);

	if (!known) {
		jr_roster_ask(roster, identity, 0);
		if (!jr_roster_fetch(roster, error))
			return FALSE;
		known = g_hash_table_lookup(roster->by_name, identity);
	}
	*who = known->person || known->made ? known : NULL;
	if (!*who && identity->kind == JR_IDENTITY_PHONE)
		return find_number(roster, identity, who, error);
	return TRUE;
}

void jr_roster_want(JrRoster *roster, JrWho *who)
{
	if (who->person && !who->data)
		g_ptr_array_add(roster->wanted, who);
}

void jr_roster_touch(JrRoster *roster, JrWho *who, const JrPerson *data)
{
	who->data = jr_arena_take(roster->arena, sizeof *who->data);
	g_assert(who->data);
	*who->data = *data;
	g_ptr_array_add(roster->touched, who);
}

gboolean jr_roster_load(JrRoster *roster, GError **error)
{
	guint n = roster->wanted->len;
	g_autofree JrPerson *people = g_new0(JrPerson, n);

	for (guint i = 0; i < n; i++)
		people[i].person = ((JrWho *)roster->wanted->pdata[i])->person;
	if (n > 0 &&
	    !jr_people_load(roster->db, people, n, roster->arena, error))
		return FALSE;
	for (guint i = 0; i < n; i++) {
		JrWho *who = roster->wanted->pdata[i];

		/* Wanted twice is loaded twice; the first counts. */
		if (!who->data && people[i].person)
			jr_roster_touch(roster, who, &people[i]);
	}
	g_ptr_array_set_size(roster->wanted, 0);
	return TRUE;
}

gboolean jr_roster_person(JrRoster *roster, gint64 person, JrWho **who,
			  GError **error)
{
	*who = g_hash_table_lookup(roster->by_number, &person);
	if (!*who) {
		*who = cache_take(roster, sizeof **who);
		(*who)->person = person;
		jr_roster_remember_number(roster, *who);
	}
	jr_roster_want(roster, *who);
	if (!jr_roster_load(roster, error))
		return FALSE;
	if (!(*who)->data)
		*who = NULL;
	return TRUE;
}

#include "flow/journey/met.h"

#define KEPT ((gsize)24 * 1024 * 1024)	/* bytes: some 15,000 people */
#define LARGE ((gsize)32 * 1024 * 1024) /* of one more, who is read whole */

struct _JrMet {
	JrArena *arena;
	GHashTable *people; /* number to JrTraveller *, in the arena */
	gint64 seen;	    /* of the store, when they were read */
};

JrMet *jr_met_new(void)
{
	JrMet *met = g_new0(JrMet, 1);

	met->arena = jr_arena_new(KEPT + LARGE);
	met->people = g_hash_table_new(g_int64_hash, g_int64_equal);
	return met;
}

void jr_met_free(JrMet *met)
{
	if (!met)
		return;
	g_hash_table_unref(met->people);
	jr_arena_free(met->arena);
	g_free(met);
}

gboolean jr_met_begin(JrMet *met, JrDb *db, GError **error)
{
	gint64 seen = met->seen;

	if (!jr_db_seen(db, &met->seen, error))
		return FALSE;
	if (met->seen == seen)
		return TRUE;
	g_hash_table_remove_all(met->people);
	jr_arena_reset(met->arena);
	return TRUE;
}

static gboolean keep(JrMet *met, const JrFlow *flow, gint64 person,
		     JrTraveller *who, gboolean *found, GError **error)
{
	JrTraveller *own = jr_arena_take(met->arena, sizeof *own);

	g_assert(own); /* there is room for a large one */
	if (!jr_traveller_load(flow, person, met->arena, own, found, error))
		return FALSE;
	*who = *own;
	if (*found)
		g_hash_table_insert(met->people, &own->row.person, own);
	return TRUE;
}

gboolean jr_met_load(JrMet *met, const JrFlow *flow, gint64 person,
		     JrArena *arena, JrTraveller *who, gboolean *found,
		     GError **error)
{
	const JrTraveller *known = g_hash_table_lookup(met->people, &person);

	if (!known && jr_arena_used(met->arena) < KEPT)
		return keep(met, flow, person, who, found, error);
	if (!known)
		return jr_traveller_load(flow, person, arena, who, found,
					 error);
	*who = *known;
	*found = TRUE;
	return TRUE;
}

void jr_met_forget(JrMet *met, gint64 person)
{
	g_hash_table_remove(met->people, &person);
}

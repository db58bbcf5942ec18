#include "flow/journey/attributes.h"
#include "flow/ingest/roster.h"
#include "store/log.h"

#define ARENA (4 * 1024 * 1024) /* bytes: one person, twice */

static gboolean log_update(JrJourneys *journeys, gint64 person,
			   const JrVal *update, GError **error)
{
	g_autoptr(GString) json = g_string_new(NULL);
	JrLogRow row = { .kind = JR_LOG_IDENTIFY,
			 .person = person,
			 .at_s = journeys->now_s,
			 .received_s = journeys->now_s };

	jr_val_write(update, json);
	row.data = json->str;
	row.data_len = json->len;
	return jr_log_add(journeys->flow->db, &row, error);
}

static gboolean merge(JrRoster *roster, JrJourneys *journeys, JrArena *arena,
		      gint64 person, const JrVal *update, GError **error)
{
	JrWho *who = NULL;

	if (!jr_roster_begin(roster, journeys->flow->db, arena, journeys->now_s,
			     error) ||
	    !jr_roster_person(roster, person, &who, error))
		return FALSE;
	if (!who)
		return TRUE;
	return jr_roster_merge(roster, who, update, journeys->now_s * 1000,
			       NULL, error) &&
	       jr_roster_flush(roster, error) &&
	       log_update(journeys, person, update, error);
}

gboolean jr_journey_set_attributes(JrJourneys *journeys, gint64 person,
				   const JrVal *update, GError **error)
{
	g_autoptr(JrArena) arena = jr_arena_new(ARENA);
	JrRoster *roster = jr_roster_new();
	gboolean done = merge(roster, journeys, arena, person, update, error);

	jr_roster_free(roster);
	return done;
}

/*
 * segment_people.h - people as answers: what is known of them, line by line.
 */
#pragma once

#include "flow/facts_store.h"
#include "flow/segment_ask.h"
#include "flow/table.h"
#include "store/people.h"

/* What the store knows of @person, to ask expressions; values in @arena. */
gboolean jr_people_facts(const JrFlow *flow, const JrPerson *person,
			 JrArena *arena, JrStoreFacts *store, JrFacts *facts,
			 GError **error);

typedef struct _JrPeopleOut JrPeopleOut;

JrPeopleOut *jr_people_out_new(const JrSegmentAsk *ask);
void jr_people_out_free(JrPeopleOut *out);

/* Show @person; or only if @expr holds. */
gboolean jr_people_out_put(JrPeopleOut *out, const JrPerson *person,
			   GError **error);
gboolean jr_people_out_if(JrPeopleOut *out, const JrPerson *person,
			  const JrExpr *expr, GError **error);

/* All were put. */
gboolean jr_people_out_end(JrPeopleOut *out, GError **error);

/* Write @table to ask->flow->out, as ask->table says. */
gboolean jr_table_out(const JrSegmentAsk *ask, const JrTable *table,
		      GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrPeopleOut, jr_people_out_free)

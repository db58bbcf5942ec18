/*
 * people.h - people as answers: what is known of them, line by line.
 */
#pragma once

#include "flow/segment/ask.h"
#include "store/people.h"

typedef struct _JrPeopleOut JrPeopleOut;

JrPeopleOut *jr_people_out_new(const JrSegmentAsk *ask);
void jr_people_out_free(JrPeopleOut *out);

/* Show @person. */
gboolean jr_people_out_put(JrPeopleOut *out, const JrPerson *person,
			   GError **error);

/* The same, of whom more is known already: @values are all attributes. */
gboolean jr_people_out_values(JrPeopleOut *out, const char *id,
			      const JrVal *values, GError **error);

/* All were put. */
gboolean jr_people_out_end(JrPeopleOut *out, GError **error);

/* Write @table to ask->flow->out, as ask->form says. */
gboolean jr_table_out(const JrSegmentAsk *ask, const JrTable *table,
		      GError **error);

/* Whether the answer is for people: columns, and words. */
gboolean jr_segment_ask_in_table(const JrSegmentAsk *ask);

/*
 * The store's number of segment @name.  FALSE and JR_ERROR_USAGE with the one
 * that may be meant.
 */
gboolean jr_segment_ask_number(const JrSegmentAsk *ask, const char *name,
			       gint64 *segment, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrPeopleOut, jr_people_out_free)

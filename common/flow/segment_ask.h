/*
 * segment_ask.h - questions about segments: who would be, who is, and why.
 *
 * Nothing is written to the state.  Answers go to flow->out, as NDJSON or, with
 * @table, in columns for people.
 */
#pragma once

#include "flow/flow.h"
#include "flow/segment_file.h"

typedef struct {
	JrFlow *flow;
	JrSegmentFile *file; /* --explain; else it may be NULL */
	gboolean table;
	char **attributes; /* paths to show; NULL: all, in a table none */
} JrSegmentAsk;

/*
 * Everyone for whom @where holds: {"id":…, …attributes}.  FALSE and
 * JR_ERROR_USAGE: it does not compile; JR_ERROR_IO.
 */
gboolean jr_segment_ask_where(const JrSegmentAsk *ask, const char *where,
			      GError **error);

/* The members of @name.  FALSE and JR_ERROR_USAGE: there is none such. */
gboolean jr_segment_ask_members(const JrSegmentAsk *ask, const char *name,
				GError **error);

/* The segments there are, with their sizes. */
gboolean jr_segment_ask_list(const JrSegmentAsk *ask, GError **error);

/*
 * Why @person (an id, or an e-mail address) is in a segment, or is not: each
 * definition with the value of each of its parts.  FALSE and JR_ERROR_USAGE:
 * nobody is known by that.
 */
gboolean jr_segment_ask_why(const JrSegmentAsk *ask, const char *person,
			    GError **error);

/*
 * ask.h - questions about segments: who would be, who is, and why.
 *
 * Nothing is written to the state.  Answers go to flow->out, in one of the
 * forms of table.h: "ndjson" (which is NULL), "csv", or "table" for people.
 */
#pragma once

#include "flow/flow.h"
#include "flow/segment/segment.h"
#include "flow/table/table.h"

typedef struct {
	JrFlow *flow;
	JrSegmentFile *file; /* --explain, --list; else it may be NULL */
	const JrTableForm *form;
	char **attributes;    /* paths to show; NULL: all, in columns none */
	JrSegmentWarnFn warn; /* told what may be a slip; or NULL */
	gpointer user;
} JrSegmentAsk;

/*
 * Everyone for whom @where holds: {"id":…, …attributes}.  FALSE and
 * JR_ERROR_USAGE: it does not compile, "--where:LINE:COLUMN: …"; JR_ERROR_IO.
 */
#define JR_SEGMENT_WHERE "--where" /* what its text is called in messages */
gboolean jr_segment_ask_where(const JrSegmentAsk *ask, const char *where,
			      GError **error);

/* The members of @name.  FALSE and JR_ERROR_USAGE: there is none such. */
gboolean jr_segment_ask_members(const JrSegmentAsk *ask, const char *name,
				GError **error);

/* The segments there are, with their sizes and how they grew; and what
 * ask->file says of them, unless it is NULL. */
gboolean jr_segment_ask_list(const JrSegmentAsk *ask, GError **error);

/*
 * Why @person (an id, or an e-mail address) is in a segment, or is not: each
 * definition with the value of each of its parts.  FALSE and JR_ERROR_USAGE:
 * nobody is known by that, or the form is "csv".
 */
gboolean jr_segment_ask_why(const JrSegmentAsk *ask, const char *person,
			    GError **error);

/*
 * refusals.h - what was refused of a batch, on its way to the reject file.
 */
#pragma once

#include "flow/format/rec.h"
#include "io/rejects.h"

/* Told of each, for whoever watches. */
typedef void (*JrRefusedFn)(const JrReject *reject, gpointer user);

typedef struct {
	JrRejects *file;    /* NULL: they are forgotten */
	const char *source; /* "stdin", or a path */
	gint64 at_s;
	JrArena *arena;	  /* field and reason are copied there */
	GArray *waiting;  /* JrReject: not yet in the file */
	guint64 count;	  /* of all, in the run */
	guint64 partly;	  /* of these, records that were kept but for a part */
	JrRefusedFn told; /* or NULL */
	gpointer user;
} JrRefusals;

typedef struct {
	guint64 line;	    /* in its source */
	const char *field;  /* or NULL: none, or all */
	const char *reason; /* what is wrong, and what to write instead */
	JrSlice record;	    /* the bytes */
	gboolean cut;	    /* there were more */
	gboolean partly;    /* the rest of the record is kept */
} JrRefusal;

/* It waits; nothing is copied of the record. */
void jr_refusals_add(JrRefusals *refusals, const JrRefusal *refusal);

/* Take over those that wait in @from, as if they came now. */
void jr_refusals_take(JrRefusals *refusals, JrRefusals *from);

/* Append those that wait to the file, on the disk.  FALSE and JR_ERROR_IO. */
gboolean jr_refusals_write(JrRefusals *refusals, GError **error);

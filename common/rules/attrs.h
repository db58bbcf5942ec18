/*
 * attrs.h - what is known of a person, each value with the time it was set.
 *
 * An older identify never overwrites a newer one, whatever the order they
 * arrive in; of two at the same time the one that arrives later wins; null
 * removes, and the time of removal is kept.
 */
#pragma once

#include "base/val.h"

/* Limits, as Customer.io has them. */
#define JR_ATTRS_MAX 300	/* attributes of a person */
#define JR_ATTRS_MAX_TIMES 1000 /* with those that were removed */
#define JR_ATTR_NAME_MAX 150	/* bytes */
#define JR_ATTR_VALUE_MAX 1000	/* bytes of a text; of others, as JSON */

typedef struct {
	const JrVal *values; /* stored: name -> value; NULL: none */
	const JrVal *times;  /* stored: name -> milliseconds; NULL: none */
	const JrVal *update; /* what came: a map */
	gint64 at_ms;	     /* its time */
} JrAttrsMerge;

/* Called for each attribute that is refused; the others are merged. */
typedef void (*JrAttrsRefusedFn)(gpointer user, const char *name,
				 const char *why);

typedef struct {
	JrAttrsRefusedFn refused; /* NULL: nobody asks */
	gpointer user;
	GPtrArray *changed; /* names whose value is now another are added,
			     * borrowed from @update; NULL: nobody asks */
} JrAttrsReport;

/*
 * Merge; compact JSON of both maps goes to the ends of @values and @times.
 * Names stay in their order, new ones follow.  TRUE when a value or a time is
 * another than stored, so that there is something to write.
 */
gboolean jr_attrs_merge(const JrAttrsMerge *merge, const JrAttrsReport *report,
			GString *values, GString *times);

/* Whether only the person can say attribute @name, with evidence where it must
 * be had, and no workflow. */
gboolean jr_attr_is_theirs(const char *name);

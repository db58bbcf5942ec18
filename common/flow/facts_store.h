/*
 * facts_store.h - what the store answers to an expression about a person.
 *
 * Put &jr_store_fact_source and a JrStoreFacts into JrFacts; to answer some
 * questions otherwise, fill a JrFactSource of your own with the rest of it.
 */
#pragma once

#include "flow/flow.h"
#include "flow/history.h"
#include "lang/facts.h"

/* First argument of the source's functions. */
typedef struct {
	const JrFlow *flow; /* borrowed */
	gint64 person;
	JrHistory *history; /* of @person, asked first; or NULL */
} JrStoreFacts;

extern const JrFactSource jr_store_fact_source;

/*
 * The store's number of segment @name: 0 when it has none.  Remembered in
 * @flow once known.  FALSE and error when the store fails.
 */
gboolean jr_flow_segment(const JrFlow *flow, const char *name, gint64 *segment,
			 GError **error);

/* Made and freed by jr_flow_open() and jr_flow_close(). */
JrFactCache *jr_fact_cache_new(void);
void jr_fact_cache_free(JrFactCache *cache);

/*
 * met.h - people whom a tick has met already.
 *
 * Whoever sets out, or goes on, is met again when their message is offered.  By
 * then, among many people, the page that they stand on has made room for those
 * of others: so they are kept as they were read, up to some memory, for as long
 * as nobody else writes to the store.
 */
#pragma once

#include "flow/journey/person.h"

typedef struct _JrMet JrMet;

/* Owned. */
JrMet *jr_met_new(void);
void jr_met_free(JrMet *met);

/*
 * A transaction begins: forget everybody if another connection has written
 * since the last one.  What jr_met_load() gave before is gone in any case.
 */
gboolean jr_met_begin(JrMet *met, JrDb *db, GError **error);

/*
 * As jr_traveller_load(), or as they were when met first.  Of who is not kept,
 * texts and values live in @arena; of others until jr_met_begin().
 */
gboolean jr_met_load(JrMet *met, const JrFlow *flow, gint64 person,
		     JrArena *arena, JrTraveller *who, gboolean *found,
		     GError **error);

/* @person is written: to be read anew. */
void jr_met_forget(JrMet *met, gint64 person);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrMet, jr_met_free)

/*
 * history.h - one person's events, read once for all that ask.
 *
 * Twenty definitions ask for the same few events, and of most people there are
 * not many: one walk over them answers all that does not look at properties.
 * Where there are more than is worth it, or properties are asked for, the store
 * is asked, as without this.
 */
#pragma once

#include "lang/facts.h"
#include "store/log.h"

typedef struct _JrHistory JrHistory;

JrHistory *jr_history_new(JrDb *db);
void jr_history_free(JrHistory *history);

/* Forget what is asked for; then say each name, "test*" for a beginning. */
void jr_history_ask_none(JrHistory *history);
void jr_history_ask(JrHistory *history, const char *name);
gboolean jr_history_asks(const JrHistory *history);

/*
 * Read people from @first to @last, who are loaded in rising order: with one
 * walk, which is open until jr_history_end().  Without it each is read alone.
 */
gboolean jr_history_begin(JrHistory *history, gint64 first, gint64 last,
			  GError **error);
void jr_history_end(JrHistory *history);

/* Be the history of @person. */
gboolean jr_history_load(JrHistory *history, gint64 person, GError **error);

/*
 * Show @each the events that @query asks for, as JrFactSource tells; FALSE: the
 * store is to be asked instead, and nothing was shown.
 */
gboolean jr_history_show(JrHistory *history, const JrFactEventQuery *query,
			 JrFactEventFn each, gpointer user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrHistory, jr_history_free)

/*
 * erase.h - what the law wants: to take a person out of the store, and to show
 * all that is in it.
 */
#pragma once

#include "store/db.h"

typedef struct {
	gint64 person;
	gint64 at_s;
	const char *reason; /* "erased", "suppressed"; kept with the hashes */
	gboolean bar; /* also put identities and numbers on the suppression list
		       * by keyed hash, so that nobody takes them up again */
} JrErase;

/*
 * Take all that is known of a person out of every table: attributes, events,
 * identities, devices, contents of messages, decisions, replies.  What stays
 * names nobody: a number for counters to hang on, and in the ledger of
 * consents rows with personal fields blank, which still verifies.  Numbers are
 * put on the suppression list in any case: they opted out.
 */
gboolean jr_person_erase(JrDb *db, const JrErase *erase, GError **error);

/*
 * After erasures are committed, and outside of transactions: see that no byte
 * of them is left in the files.  What was erased is overwritten at once in any
 * case; but copies may stand in unused parts of other pages, so that this
 * writes the whole file anew, which takes time and disk by its size: once for
 * many erasures.  Does nothing when nothing was erased since the last time.
 * JR_ERROR_BUSY when another reads or writes all the time: the store remembers
 * that it is owed, and the same again later, in any run, will do.
 */
gboolean jr_db_scrub(JrDb *db, GError **error);

/* One line of a dump: a JSON object without a newline. */
typedef gboolean (*JrLineFn)(const char *line, gsize len, gpointer user);

enum {
	JR_DUMP_RUNS = 1,   /* also the runs, which differ from run to run */
	JR_DUMP_PERSON = 2, /* only what concerns one person */
};

/*
 * Show @each every row of every table, tables by name and rows by key, each
 * as {"table":…,"row":{…}}: two stores are the same when their dumps are.
 * @person is for JR_DUMP_PERSON.  The secret of the store is left out.
 */
gboolean jr_store_dump(JrDb *db, guint flags, gint64 person, JrLineFn each,
		       gpointer user, GError **error);

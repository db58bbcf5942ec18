/* export_impl.h - the inside of an export, for its files alone. */
#pragma once

#include "flow/report/export.h"

typedef struct {
	JrFlow *flow;
	gint64 person;
	GString *out;
	GError *error; /* of a row that cannot be read */
} JrExport;

/* Write a line about @about, a word of ours, with @data, a JSON map. */
void jr_export_put(JrExport *export, const char *about, const GString *data);

/* Append the @len bytes of @key of a map that was begun at the end of @out,
 * and an instant. */
void jr_export_key(const char *key, gsize len, GString *out);
void jr_export_instant(gint64 at_s, GString *out);

/*
 * The rows of the ledger that are theirs, or that nobody known had when they
 * were written and that are of a number of theirs; then what of them is on the
 * suppression list.
 */
gboolean jr_export_consents(JrExport *export, GError **error);

/*
 * schema_8.c - the table that version 8 adds: who had which device taken away
 * and when, for an older word that they have it may come later.
 *
 *   question                                     answered by
 *   was a device taken away after that           removals (person, token)
 */
#include "store/schema.h"

const char *const jr_schema_8[] = {
	"CREATE TABLE removals (person BIGINT NOT NULL, token TEXT NOT NULL,"
	" at_ms BIGINT NOT NULL, PRIMARY KEY (person, token)) $CLUSTERED",
	NULL,
};

/*
 * schema_6.c - what version 6 changes: when a person is to be looked at again
 * stands with their memberships, as a segment 0 that they are in from then on.
 * A run that looks at people then reads and writes one place for each, and not
 * one more in timers, which has room for more people on a page the fewer there
 * are.
 *
 *   question                                     answered by
 *   whose time has come                          members_look (since_s)
 */
#include "store/schema.h"

const char *const jr_schema_6[] = {
	"INSERT /* all */ INTO members (person, segment, since_s)"
	" SELECT person, 0, MIN(due_s) FROM timers WHERE kind = 1"
	" GROUP BY person",
	"DELETE FROM timers WHERE kind = 1",
	"CREATE INDEX members_look ON members (since_s) WHERE segment = 0",
	NULL,
};

/*
 * schema_2.c - the tables that version 2 adds, in the words of schema.c.
 *
 *   question                                     answered by
 *   is a person on a list; who is                lists (name, person)
 *   a person's lists                             lists_person
 *   who entered and left a segment lately        growth (segment, hour)
 *   how far the building of a segment is         builds (segment)
 */
#include "store/schema.h"

const char *const jr_schema_2[] = {
	/* The newest word on whether a person is on a list. */
	"CREATE TABLE lists (name TEXT NOT NULL, person BIGINT NOT NULL,"
	" listed SMALLINT NOT NULL, at_s BIGINT NOT NULL,"
	" PRIMARY KEY (name, person)) $CLUSTERED",
	"CREATE INDEX lists_person ON lists (person)",
	"CREATE TABLE growth (segment BIGINT NOT NULL, hour BIGINT NOT NULL,"
	" entered BIGINT NOT NULL, gone BIGINT NOT NULL,"
	" PRIMARY KEY (segment, hour)) $CLUSTERED",
	"CREATE TABLE builds (segment $KEY, hash TEXT NOT NULL,"
	" after_person BIGINT NOT NULL, entered BIGINT NOT NULL,"
	" gone BIGINT NOT NULL)",
	NULL,
};

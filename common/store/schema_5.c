/*
 * schema_5.c - what version 5 changes: memberships stand by person, and there
 * is no index by segment.  What a person enters and leaves is then on one page,
 * however many people there are; by segment each was on a page of its own.  Who
 * asks for all members of a segment walks along everyone's memberships.
 *
 *   question                                     answered by
 *   a person's segments; is one among them       members (person, segment)
 */
#include "store/schema.h"

const char *const jr_schema_5[] = {
	"CREATE TABLE memberships (person BIGINT NOT NULL,"
	" segment BIGINT NOT NULL, since_s BIGINT NOT NULL,"
	" PRIMARY KEY (person, segment)) $CLUSTERED",
	"INSERT /* all */ INTO memberships (person, segment, since_s)"
	" SELECT person, segment, since_s FROM members"
	" ORDER BY person, segment",
	"DROP TABLE members",
	"ALTER TABLE memberships RENAME TO members",
	NULL,
};

/*
 * schema.h - the tables, and how they came to be what they are.
 *
 * To change the schema: a row in migrate.c with the next version and the
 * statements that lead there; rows that were released are never edited.
 * schema.c says which index answers which question.
 */
#pragma once

#include "store/driver.h"

/*
 * Statements, the last one NULL.  In them stand $KEY, $SERIAL and $CLUSTERED
 * for the driver's words of those names.
 */
extern const char *const jr_schema_1[];
extern const char *const jr_schema_2[];
extern const char *const jr_schema_3[];
extern const char *const jr_schema_4[];
extern const char *const jr_schema_5[];
extern const char *const jr_schema_6[];
extern const char *const jr_schema_7[];
extern const char *const jr_schema_8[];
extern const char *const jr_schema_9[];
extern const char *const jr_schema_10[];
extern const char *const jr_schema_11[];

typedef struct {
	int version; /* from 1, without gaps */
	const char *const *statements;
} JrMigration;

/* What this build knows; the last row's version is its own. */
extern const JrMigration jr_migrations[];
extern const gsize jr_migrations_n;

/*
 * Bring the state of @db from whatever it is to the last of the @n
 * @migrations, in one transaction.  FALSE and JR_ERROR_CONFIG: a newer version
 * of jr made it, or it is a database of something else, or it is opened
 * read-only and must be written for that.
 */
gboolean jr_migrate(JrDb *db, const JrMigration *migrations, gsize n,
		    GError **error);

/*
 * schema_4.c - what version 4 adds.
 *
 *   question                                     answered by
 *   segments of a sender since an instant        messages_sender
 */
#include "store/schema.h"

const char *const jr_schema_4[] = {
	"CREATE INDEX messages_sender ON messages (sender, counted_s,"
	" segments) WHERE counted_s > 0 AND sender IS NOT NULL",
	NULL,
};

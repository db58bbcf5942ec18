/* key.h - hashes that only this store can make, and digests of fields. */
#pragma once

#include "base/hash.h"
#include "store/db.h"

/*
 * The keyed hash (HMAC-SHA256, RFC 2104) of @value as a @use, so that the same
 * text in two uses cannot be seen to be the same.  Hex.
 */
void jr_key(JrDb *db, const char *use, const char *value,
	    char hex[JR_SHA256_SIZE]);

/* Add one field, so that no two lists of fields look alike: its length and a
 * colon before it; NULL differs from "". */
void jr_digest_text(GString *out, const char *text);
void jr_digest_int(GString *out, gint64 number);

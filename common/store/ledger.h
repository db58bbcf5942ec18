/* ledger.h - the rows of the ledger and their chain, for consents.c and
 * erase.c. */
#pragma once

#include "store/consents.h"
#include "store/stmt.h"

/* Write @consent, with all but @row and @hash set, behind the last row; sets
 * @row. */
gboolean jr_ledger_append(JrDb *db, JrConsent *consent, GError **error);

/* Blank what is personal in the rows of @person.  The chain holds. */
gboolean jr_ledger_blank(JrDb *db, gint64 person, GError **error);

/* The same in rows of @number that came before anyone known had it. */
gboolean jr_ledger_blank_number(JrDb *db, const char *number, GError **error);

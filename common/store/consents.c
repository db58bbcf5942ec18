/* consents.c - writing the ledger, and what is true now. */
#include "store/consents.h"
#include "store/key.h"
#include "store/ledger.h"

/* What is kept of one key of consent_state. */
typedef struct {
	gint64 in_s, in_row, out_s, out_row;
} Known;

static const JrField known_fields[] = {
	JR_INT64(Known, in_s),	JR_INT64(Known, in_row),
	JR_INT64(Known, out_s), JR_INT64(Known, out_row),
	JR_FIELD_END,
};

gboolean jr_number_key(JrDb *db, const char *number,
		       char key[JR_NUMBER_KEY_SIZE], GError **error)
{
	(void)error;
	jr_key(db, "number", number, key);
	return TRUE;
}

/* When it counts from: nobody agrees, or stops, in the future. */
static gint64 effective_s(const JrConsent *consent)
{
	return MIN(consent->at_s, consent->recorded_s);
}

/* Whose row of consent_state it is about: an opt-out of a number is
 * everyone's. */
static gint64 state_person(const JrConsent *consent)
{
	return consent->in || !*consent->number_key ? consent->person : 0;
}

static void bind_state(JrStmt *st, const JrConsent *consent)
{
	jr_stmt_set_text(st, "number_key", consent->number_key);
	jr_stmt_set_int(st, "channel", consent->channel);
	jr_stmt_set_text(st, "scope", consent->scope);
	jr_stmt_set_int(st, "person", state_person(consent));
	jr_stmt_set_int(st, "at", effective_s(consent));
	jr_stmt_set_int(st, "row", consent->row);
}

static const char write_in[] =
	"INSERT INTO consent_state (number_key, channel, scope, person,"
	" in_s, in_row, out_s, out_row) VALUES ($number_key, $channel,"
	" $scope, $person, $at, $row, 0, 0)"
	" ON CONFLICT (number_key, channel, scope, person) DO UPDATE SET"
	" in_s = $at, in_row = $row WHERE consent_state.in_s < $at";

static const char write_out[] =
	"INSERT INTO consent_state (number_key, channel, scope, person,"
	" in_s, in_row, out_s, out_row) VALUES ($number_key, $channel,"
	" $scope, $person, 0, 0, $at, $row)"
	" ON CONFLICT (number_key, channel, scope, person) DO UPDATE SET"
	" out_s = $at, out_row = $row WHERE consent_state.out_s < $at";

/* *@newest: nothing newer of its kind is known. */
static gboolean write_state(JrDb *db, const JrConsent *consent,
			    gboolean *newest, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db, consent->in ? write_in : write_out, error);

	if (!st)
		return FALSE;
	bind_state(st, consent);
	return jr_stmt_did(st, newest, error);
}

/*
 * Their yes for the number, everyone's no for it, and their no for any.  Few
 * rows have a number, so that it is sought and no scope (IN makes a table of
 * its own each time).  Rows without a number stand together, and each is sought
 * by its whole key: by the person it would be somewhere else for each of them.
 */
#define OF_ANY                                                                 \
	" UNION ALL SELECT 0, 0, out_s, out_row FROM consent_state"            \
	" WHERE number_key = '' AND channel = $channel AND person = $person"
static const char news[] =
	"SELECT CASE WHEN person = $person THEN in_s ELSE 0 END AS in_s,"
	" in_row, out_s, out_row FROM consent_state"
	" WHERE $number_key <> '' AND number_key = $number_key"
	" AND channel = $channel AND (+scope = '' OR +scope = $scope)" OF_ANY
	" AND scope = ''" OF_ANY " AND scope = $scope";

static gboolean ask_news(JrDb *db, const JrConsentKey *key,
			 const char *number_key, Known *known, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, news, error);
	gboolean row;

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "number_key", number_key);
	jr_stmt_set_int(st, "channel", key->channel);
	jr_stmt_set_text(st, "scope", key->scope ? key->scope : "");
	jr_stmt_set_int(st, "person", key->person);
	while (jr_stmt_row(st, &row, error)) {
		Known one = { 0 };

		if (!row)
			return TRUE;
		if (!jr_stmt_read(st, known_fields, &one, NULL, error))
			return FALSE;
		if (one.in_s > known->in_s)
			known->in_s = one.in_s, known->in_row = one.in_row;
		if (one.out_s > known->out_s)
			known->out_s = one.out_s, known->out_row = one.out_row;
	}
	return FALSE;
}

gboolean jr_consent_state(JrDb *db, const JrConsentKey *key,
			  JrConsentNow *state, GError **error)
{
	char number_key[JR_NUMBER_KEY_SIZE] = "";
	Known known = { 0 };

	if ((key->number &&
	     !jr_number_key(db, key->number, number_key, error)) ||
	    !ask_news(db, key, number_key, &known, error))
		return FALSE;
	*state = (JrConsentNow){
		.in = known.in_s > known.out_s,
		.in_s = known.in_s,
		.out_s = known.out_s,
		.in_row = known.in_row,
		.out_row = known.out_row,
	};
	return TRUE;
}

/* The newest no that closes @y, a row of consent_state; 0: none does. */
#define NEWEST_NO                                                              \
	" COALESCE((SELECT MAX(n.out_s) FROM consent_state n"                  \
	"  WHERE (n.number_key = y.number_key AND n.channel = y.channel"       \
	"   OR n.person = y.person AND +n.number_key = ''"                     \
	"   AND +n.channel = y.channel)"                                       \
	"  AND (+n.scope = '' OR +n.scope = y.scope)), 0)"

/* The number itself stands in the row that proves the yes. */
static const char open_numbers[] =
	"SELECT DISTINCT c.number AS text FROM consent_state y"
	" JOIN consents c ON c.consent_row = y.in_row"
	" WHERE y.person = $person AND y.channel = $channel"
	" AND y.number_key <> '' AND y.in_s > 0 AND c.number IS NOT NULL"
	" AND y.in_s >" NEWEST_NO " ORDER BY c.number";

static const char closed_scopes[] =
	"SELECT y.scope AS text FROM consent_state y"
	" WHERE y.number_key = $number_key AND y.channel = $channel"
	" AND y.person = $person AND y.in_s > 0"
	" AND y.in_s <=" NEWEST_NO " ORDER BY y.scope";

static gboolean read_texts(JrStmt *st, JrArena *arena, GArray *texts,
			   GError **error)
{
	static const JrField fields[] = { { "text", JR_FIELD_TEXT, 0, 0 },
					  JR_FIELD_END };
	static const JrShape shape = { fields, sizeof(const char *) };

	return jr_stmt_read_all(st, &shape, arena, texts, error);
}

gboolean jr_consent_open(JrDb *db, gint64 person, JrChannel channel,
			 JrArena *arena, GArray *numbers, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, open_numbers, error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	jr_stmt_set_int(st, "channel", channel);
	return read_texts(st, arena, numbers, error);
}

gboolean jr_consent_closed(JrDb *db, const JrConsentKey *key, JrArena *arena,
			   GArray *scopes, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, closed_scopes, error);
	char number_key[JR_NUMBER_KEY_SIZE];

	if (!st || !jr_number_key(db, key->number, number_key, error))
		return FALSE;
	jr_stmt_set_text(st, "number_key", number_key);
	jr_stmt_set_int(st, "channel", key->channel);
	jr_stmt_set_int(st, "person", key->person);
	return read_texts(st, arena, scopes, error);
}

/* Whether @consent, now written, is what counts. */
static gboolean counts(JrDb *db, const JrConsent *consent, gboolean *yes,
		       GError **error)
{
	JrConsentKey key = { consent->person, consent->number, consent->channel,
			     consent->scope };
	JrConsentNow now;

	if (!write_state(db, consent, yes, error))
		return FALSE;
	if (!*yes || !consent->in)
		return TRUE;
	if (!jr_consent_state(db, &key, &now, error))
		return FALSE;
	*yes = now.in && now.in_row == consent->row;
	return TRUE;
}

gboolean jr_consent_add(JrDb *db, JrConsent *consent, gboolean *changed,
			GError **error)
{
	char number_key[JR_NUMBER_KEY_SIZE] = "";

	if (consent->number &&
	    !jr_number_key(db, consent->number, number_key, error))
		return FALSE;
	JrConsent row = *consent;
	row.number_key = number_key;
	row.scope = row.scope ? row.scope : "";
	row.erased = FALSE;
	if (!jr_ledger_append(db, &row, error) ||
	    !counts(db, &row, changed, error))
		return FALSE;
	consent->row = row.row;
	return TRUE;
}

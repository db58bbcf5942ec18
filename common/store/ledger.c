/*
 * ledger.c - the chain of consents.
 *
 * digest: SHA-256 of a nonce and the personal fields; blanked with them, the
 *         nonce keeps anyone from finding them again by trying.
 * hash:   SHA-256 of the hash before (also kept in the row, as previous), the
 *         digest and all other fields.
 *
 * meta keeps how many rows there are and the newest hash: so that rows cut
 * off the end are missed.
 */
#include "store/ledger.h"
#include "base/error.h"
#include "store/key.h"

#include <string.h>

/* A row with what only this file knows of it. */
typedef struct {
	JrConsent consent;
	const char *nonce, *digest, *previous;
} Row;

#define OF(member) G_STRUCT_OFFSET(Row, consent.member)

static const JrField row_fields[] = {
	{ "consent_row", JR_FIELD_INT64, OF(row), 0 },
	{ "person", JR_FIELD_INT64, OF(person), 0 },
	{ "number", JR_FIELD_TEXT, OF(number), 0 },
	{ "number_key", JR_FIELD_TEXT, OF(number_key), 0 },
	{ "channel", JR_FIELD_INT, OF(channel), 0 },
	{ "scope", JR_FIELD_TEXT, OF(scope), 0 },
	{ "agreed", JR_FIELD_INT, OF(in), 0 },
	{ "at_s", JR_FIELD_INT64, OF(at_s), 0 },
	{ "recorded_s", JR_FIELD_INT64, OF(recorded_s), 0 },
	{ "ip", JR_FIELD_TEXT, OF(ip), 0 },
	{ "agent", JR_FIELD_TEXT, OF(agent), 0 },
	{ "source", JR_FIELD_TEXT, OF(source), 0 },
	{ "disclosure", JR_FIELD_TEXT, OF(disclosure), 0 },
	{ "disclosure_sha", JR_FIELD_TEXT, OF(disclosure_sha), 0 },
	{ "method", JR_FIELD_TEXT, OF(method), 0 },
	{ "evidence", JR_FIELD_TEXT, OF(evidence), 0 },
	{ "log_seq", JR_FIELD_INT64, OF(log_seq), 0 },
	{ "erased", JR_FIELD_INT, OF(erased), 0 },
	{ "hash", JR_FIELD_TEXT, OF(hash), 0 },
	JR_TEXT(Row, nonce),
	JR_TEXT(Row, digest),
	JR_TEXT(Row, previous),
	JR_FIELD_END,
};

static void hash_text(const GString *text, char hex[JR_SHA256_SIZE])
{
	jr_sha256(text->str, text->len, hex);
}

static void make_digest(const Row *row, char hex[JR_SHA256_SIZE])
{
	g_autoptr(GString) text = g_string_new(NULL);

	jr_digest_text(text, row->nonce);
	jr_digest_text(text, row->consent.number);
	jr_digest_text(text, row->consent.ip);
	jr_digest_text(text, row->consent.agent);
	jr_digest_text(text, row->consent.evidence);
	hash_text(text, hex);
}

static void make_hash(const Row *row, char hex[JR_SHA256_SIZE])
{
	const JrConsent *c = &row->consent;
	g_autoptr(GString) text = g_string_new(NULL);

	jr_digest_text(text, row->previous);
	jr_digest_text(text, row->digest);
	jr_digest_int(text, c->row);
	jr_digest_int(text, c->person);
	jr_digest_text(text, c->number_key);
	jr_digest_int(text, c->channel);
	jr_digest_text(text, c->scope);
	jr_digest_int(text, c->in);
	jr_digest_int(text, c->at_s);
	jr_digest_int(text, c->recorded_s);
	jr_digest_text(text, c->source);
	jr_digest_text(text, c->disclosure);
	jr_digest_text(text, c->disclosure_sha);
	jr_digest_text(text, c->method);
	jr_digest_int(text, c->log_seq);
	hash_text(text, hex);
}

/* The number and hash that meta has of the newest row; 0 and "" at first. */
static gboolean read_head(JrDb *db, gint64 *row, char hash[JR_SHA256_SIZE],
			  GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT value FROM meta WHERE name = 'ledger'", error);
	gboolean found;
	gsize len;

	*row = 0;
	*hash = '\0';
	if (!st || !jr_stmt_row(st, &found, error))
		return FALSE;
	if (found) {
		const char *value = jr_stmt_text(st, 0, &len);
		const char *space = strchr(value, ' ');

		*row = g_ascii_strtoll(value, NULL, 10);
		g_strlcpy(hash, space ? space + 1 : "", JR_SHA256_SIZE);
	}
	return TRUE;
}

static gboolean write_head(JrDb *db, gint64 row, const char *hash,
			   GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO meta (name, value) VALUES ('ledger', $value)"
		" ON CONFLICT (name) DO UPDATE SET value = $value",
		error);
	g_autofree char *value =
		g_strdup_printf("%" G_GINT64_FORMAT " %s", row, hash);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "value", value);
	return jr_stmt_run(st, error);
}

static gboolean insert(JrDb *db, const Row *row, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"INSERT INTO consents (consent_row, person, number,"
		" number_key, channel, scope, agreed, at_s, recorded_s, ip,"
		" agent, source, disclosure, disclosure_sha, method, evidence,"
		" log_seq, erased, nonce, digest, previous, hash) VALUES ($consent_row,"
		" $person, $number, $number_key, $channel, $scope, $agreed,"
		" $at_s, $recorded_s, $ip, $agent, $source, $disclosure,"
		" $disclosure_sha, $method, $evidence, $log_seq, $erased,"
		" $nonce, $digest, $previous, $hash)",
		error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, row_fields, row);
	return jr_stmt_run(st, error);
}

gboolean jr_ledger_append(JrDb *db, JrConsent *consent, GError **error)
{
	char previous[JR_SHA256_SIZE], nonce[JR_SHA256_SIZE];
	char digest[JR_SHA256_SIZE], hash[JR_SHA256_SIZE];
	gint64 last;

	if (!read_head(db, &last, previous, error))
		return FALSE;
	consent->row = last + 1;
	/* Derived, not drawn: the same input makes the same ledger. */
	g_autofree char *number =
		g_strdup_printf("%" G_GINT64_FORMAT, consent->row);
	jr_key(db, "nonce", number, nonce);
	Row row = { *consent, nonce, digest, previous };
	make_digest(&row, digest);
	make_hash(&row, hash);
	row.consent.hash = hash;
	return insert(db, &row, error) &&
	       write_head(db, consent->row, hash, error);
}

gboolean jr_ledger_blank(JrDb *db, gint64 person, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE consents SET number = NULL, ip = NULL, agent = NULL,"
		" evidence = NULL, nonce = NULL, erased = 1"
		" WHERE person = $person",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_run(st, error);
}

gboolean jr_ledger_blank_number(JrDb *db, const char *number, GError **error)
{
	char number_key[JR_NUMBER_KEY_SIZE];
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE consents SET number = NULL, ip = NULL, agent = NULL,"
		" evidence = NULL, nonce = NULL, erased = 1"
		" WHERE number_key = $number_key AND person = 0",
		error);

	if (!st || !jr_number_key(db, number, number_key, error))
		return FALSE;
	jr_stmt_set_text(st, "number_key", number_key);
	return jr_stmt_run(st, error);
}

#define SELECT_ROWS "SELECT * FROM consents WHERE "
#define IN_ORDER                                                               \
	" AND consent_row > $after AND at_s BETWEEN $from AND $until"          \
	" ORDER BY consent_row"
/* The people someone was merged from are the same person. */
#define OF_PERSON                                                              \
	"person IN (SELECT $person UNION ALL SELECT person FROM people"        \
	" WHERE merged_into = $person AND merged_into > 0)"

/* By whether a person and whether a number is asked for. */
static const char *const questions[2][2] = {
	{ SELECT_ROWS "consent_row > 0" IN_ORDER,
	  SELECT_ROWS "number_key = $number_key" IN_ORDER },
	{ SELECT_ROWS OF_PERSON IN_ORDER,
	  SELECT_ROWS "number_key = $number_key AND " OF_PERSON IN_ORDER },
};

static JrStmt *ask(JrDb *db, const JrConsentQuery *query, const char *key,
		   GError **error)
{
	JrStmt *st = jr_db_stmt(db, questions[!!query->person][!!*key], error);

	if (!st)
		return NULL;
	if (query->person)
		jr_stmt_set_int(st, "person", query->person);
	if (*key)
		jr_stmt_set_text(st, "number_key", key);
	jr_stmt_set_int(st, "after", query->after_row);
	jr_stmt_set_int(st, "from", query->from_s);
	jr_stmt_set_int(st, "until",
			query->until_s ? query->until_s : G_MAXINT64);
	return st;
}

gboolean jr_consent_each(JrDb *db, const JrConsentQuery *query,
			 JrConsentFn each, gpointer user, GError **error)
{
	char key[JR_NUMBER_KEY_SIZE] = "";
	gboolean more;
	Row row;

	if (query->number && !jr_number_key(db, query->number, key, error))
		return FALSE;
	g_autoptr(JrStmt) st = ask(db, query, key, error);
	if (!st)
		return FALSE;
	while (jr_stmt_row(st, &more, error)) {
		if (!more)
			return TRUE;
		if (!jr_stmt_read(st, row_fields, &row, NULL, error))
			return FALSE;
		if (!each(&row.consent, user))
			return TRUE;
	}
	return FALSE;
}

/* How far verifying has come. */
typedef struct {
	JrLedgerFn each;
	gpointer user;
	gboolean ended; /* by @each */
	gint64 last;	/* row */
	char hash[JR_SHA256_SIZE];
} Walk;

static void tell(Walk *walk, JrLedgerFault fault, gint64 row)
{
	if (!walk->ended)
		walk->ended = !walk->each(fault, row, walk->user);
}

static gboolean is_blank(const Row *row)
{
	return !row->nonce && !row->consent.number && !row->consent.ip &&
	       !row->consent.agent && !row->consent.evidence;
}

/* Whether @row is as it was written, wherever it stands. */
static gboolean is_whole(const Row *row)
{
	char digest[JR_SHA256_SIZE], hash[JR_SHA256_SIZE];

	make_digest(row, digest);
	make_hash(row, hash);
	if (row->consent.erased ? !is_blank(row)
				: g_strcmp0(digest, row->digest) != 0)
		return FALSE;
	return g_strcmp0(hash, row->consent.hash) == 0;
}

static void verify_row(Walk *walk, const Row *row)
{
	gint64 number = row->consent.row;

	if (number != walk->last + 1)
		tell(walk, JR_LEDGER_MISSING, walk->last + 1);
	if (!is_whole(row))
		tell(walk, JR_LEDGER_CHANGED, number);
	else if (number == walk->last + 1 &&
		 g_strcmp0(row->previous, walk->hash) != 0)
		tell(walk, JR_LEDGER_MOVED, number);
	walk->last = number;
	g_strlcpy(walk->hash, row->consent.hash, sizeof walk->hash);
}

static gboolean verify_rows(JrDb *db, Walk *walk, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT /* all */ * FROM consents ORDER BY consent_row",
		error);
	gboolean more;
	Row row;

	if (!st)
		return FALSE;
	while (jr_stmt_row(st, &more, error)) {
		if (!more)
			return TRUE;
		if (!jr_stmt_read(st, row_fields, &row, NULL, error))
			return FALSE;
		verify_row(walk, &row);
	}
	return FALSE;
}

/* The last row must be the one that meta remembers. */
static gboolean verify_head(JrDb *db, Walk *walk, GError **error)
{
	char hash[JR_SHA256_SIZE];
	gint64 row;

	if (!read_head(db, &row, hash, error))
		return FALSE;
	if (row > walk->last)
		tell(walk, JR_LEDGER_MISSING, walk->last + 1);
	else if (row < walk->last || !g_str_equal(hash, walk->hash))
		tell(walk, JR_LEDGER_CHANGED, walk->last);
	return TRUE;
}

/*
 * What each key should say by the ledger, and what it says.  As many keys as
 * there should be, and each right, is all right.
 */
static const char compare_state[] =
	"SELECT /* all */ l.said_row, s.in_s = l.in_s AND s.out_s = l.out_s,"
	" (SELECT COUNT(*) FROM consent_state)"
	" FROM (SELECT number_key, channel, scope, who,"
	"  MAX(consent_row) AS said_row,"
	"  MAX(CASE WHEN agreed = 1 THEN since_s ELSE 0 END) AS in_s,"
	"  MAX(CASE WHEN agreed = 1 THEN 0 ELSE since_s END) AS out_s"
	"  FROM (SELECT c.*,"
	"   CASE WHEN c.at_s < c.recorded_s THEN c.at_s ELSE c.recorded_s"
	"    END AS since_s,"
	"   CASE WHEN c.agreed = 0 AND c.number_key <> '' THEN 0"
	"    WHEN p.merged_into > 0 THEN p.merged_into"
	"    ELSE c.person END AS who"
	"   FROM consents c LEFT JOIN people p ON p.person = c.person) AS b"
	"  GROUP BY number_key, channel, scope, who) AS l"
	" LEFT JOIN consent_state s ON s.number_key = l.number_key"
	" AND s.channel = l.channel AND s.scope = l.scope"
	" AND s.person = l.who ORDER BY l.said_row";

static gboolean verify_state(JrDb *db, Walk *walk, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(db, compare_state, error);
	gint64 keys = 0, kept = 0;
	gboolean row;

	if (!st)
		return FALSE;
	for (; jr_stmt_row(st, &row, error); keys++) {
		if (!row) {
			if (keys > 0 && keys != kept)
				tell(walk, JR_LEDGER_STATE, 0);
			return TRUE;
		}
		if (!jr_stmt_int(st, 1))
			tell(walk, JR_LEDGER_STATE, jr_stmt_int(st, 0));
		kept = jr_stmt_int(st, 2);
	}
	return FALSE;
}

gboolean jr_consent_verify(JrDb *db, JrLedgerFn each, gpointer user,
			   gint64 *rows, char **head, GError **error)
{
	Walk walk = { .each = each, .user = user };

	if (!verify_rows(db, &walk, error) || !verify_head(db, &walk, error) ||
	    !verify_state(db, &walk, error))
		return FALSE;
	*rows = walk.last;
	*head = g_strdup(walk.hash);
	return TRUE;
}

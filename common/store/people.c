#include "store/people.h"
#include "base/terms.h"
#include "store/stmt.h"

#include <stdlib.h>
#include <string.h>

static const char *const identities[] = {
	[JR_IDENTITY_ID] = "id",
	[JR_IDENTITY_EMAIL] = "email",
	[JR_IDENTITY_PHONE] = "phone",
	[JR_IDENTITY_ANONYMOUS] = "anonymous_id",
	[JR_IDENTITY_CIO_ID] = "cio_id",
};

const char *jr_identity_name(JrIdentityKind kind)
{
	return JR_TERM_NAME(identities, kind);
}

JrIdentityKind jr_identity_of(const char *name)
{
	return JR_TERM_FIND(identities, name);
}

static const JrField person_fields[] = {
	JR_INT64(JrPerson, person),    JR_TEXT(JrPerson, id),
	JR_INT(JrPerson, state),       JR_INT64(JrPerson, merged_into),
	JR_TEXT(JrPerson, attributes), JR_TEXT(JrPerson, times),
	JR_TEXT(JrPerson, zone),       JR_INT64(JrPerson, created_s),
	JR_INT64(JrPerson, updated_s), JR_FIELD_END,
};
static const JrShape person_shape = { person_fields, sizeof(JrPerson) };

static const JrField identity_fields[] = {
	JR_INT(JrIdentity, kind),
	JR_TEXT(JrIdentity, value),
	JR_FIELD_END,
};
static const JrShape identity_shape = { identity_fields, sizeof(JrIdentity) };

static int compare_identities(const JrIdentity *a, const JrIdentity *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return g_strcmp0(a->value, b->value);
}

static int compare_asks(gconstpointer a, gconstpointer b)
{
	const JrPersonAsk *x = *(JrPersonAsk *const *)a;
	const JrPersonAsk *y = *(JrPersonAsk *const *)b;

	return compare_identities(&x->identity, &y->identity);
}

/* The table is walked from one end to the other, so ask in its order. */
gboolean jr_people_find(JrDb *db, JrPersonAsk *asks, gsize n, GError **error)
{
	g_autofree JrPersonAsk **sorted = g_new(JrPersonAsk *, n);
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT person FROM identities"
			   " WHERE kind = $kind AND value = $value",
			   error);
	gboolean row;

	if (!st)
		return FALSE;
	for (gsize i = 0; i < n; i++)
		sorted[i] = &asks[i];
	if (n > 1) /* the array of none is NULL */
		qsort(sorted, n, sizeof *sorted, compare_asks);
	for (gsize i = 0; i < n; i++) {
		if (i > 0 && compare_asks(&sorted[i - 1], &sorted[i]) == 0) {
			sorted[i]->person = sorted[i - 1]->person;
			continue;
		}
		jr_stmt_again(st);
		jr_stmt_bind(st, identity_fields, &sorted[i]->identity);
		if (!jr_stmt_row(st, &row, error))
			return FALSE;
		sorted[i]->person = row ? jr_stmt_int(st, 0) : 0;
	}
	return TRUE;
}

#define PERSON_ROW(n)                                                          \
	"($person" #n ", $id" #n ", $state" #n ", 0, $attributes" #n           \
	", $times" #n ", $zone" #n ", $created_s" #n ", $updated_s" #n ")"
#define PERSON_INSERT                                                          \
	"INSERT INTO people (person, id, state, merged_into, attributes,"      \
	" times, zone, created_s, updated_s) VALUES "
static const JrBulk person_bulk = {
	PERSON_INSERT PERSON_ROW(),
	PERSON_INSERT JR_BULK_ROWS(PERSON_ROW),
	{ person_fields, sizeof(JrPerson) },
};

/* People stay, whatever becomes of them: a number is never given twice. */
static gboolean newest_person(JrDb *db, gint64 *person, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db, "SELECT MAX(person) FROM people", error);
	gboolean row;

	if (!st || !jr_stmt_row(st, &row, error))
		return FALSE;
	*person = row ? jr_stmt_int(st, 0) : 0; /* NULL, of none, is 0 */
	return TRUE;
}

gboolean jr_people_add(JrDb *db, JrPerson *people, gsize n, GError **error)
{
	gint64 last;

	if (n == 0)
		return TRUE;
	if (!newest_person(db, &last, error))
		return FALSE;
	for (gsize i = 0; i < n; i++)
		people[i].person = ++last;
	return jr_stmt_put_rows(db, &person_bulk, people, n, error);
}

gboolean jr_person_identify(JrDb *db, gint64 person, const JrIdentity *identity,
			    gint64 *owner, GError **error)
{
	JrPersonAsk ask = { *identity, 0 };
	JrPersonIdentity one = { person, *identity };

	if (!jr_people_find(db, &ask, 1, error))
		return FALSE;
	*owner = ask.person ? ask.person : person;
	return ask.person || jr_people_identify(db, &one, 1, error);
}

static const JrField name_fields[] = {
	{ "kind", JR_FIELD_INT,
	  G_STRUCT_OFFSET(JrPersonIdentity, identity.kind), 0 },
	{ "value", JR_FIELD_TEXT,
	  G_STRUCT_OFFSET(JrPersonIdentity, identity.value), 0 },
	JR_INT64(JrPersonIdentity, person),
	JR_FIELD_END,
};

static const JrBulk name_bulk = {
	"INSERT INTO identities (kind, value, person)"
	" VALUES ($kind, $value, $person)",
	NULL,
	{ name_fields, sizeof(JrPersonIdentity) },
};

static int compare_names(gconstpointer a, gconstpointer b)
{
	const JrPersonIdentity *x = a, *y = b;

	return compare_identities(&x->identity, &y->identity);
}

gboolean jr_people_identify(JrDb *db, const JrPersonIdentity *all, gsize n,
			    GError **error)
{
	g_autofree JrPersonIdentity *sorted = g_new(JrPersonIdentity, n);

	if (n == 0)
		return TRUE;
	memcpy(sorted, all, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, compare_names);
	return jr_stmt_put_rows(db, &name_bulk, sorted, n, error);
}

gboolean jr_person_unidentify(JrDb *db, gint64 person,
			      const JrIdentity *identity, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "DELETE FROM identities WHERE kind = $kind"
			   " AND value = $value AND person = $person",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_bind(st, identity_fields, identity);
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_run(st, error);
}

gboolean jr_person_identities(JrDb *db, gint64 person, JrArena *arena,
			      GArray *all, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT kind, value FROM identities WHERE person = $person"
		" ORDER BY kind, value",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_read_all(st, &identity_shape, arena, all, error);
}

static int compare_people(gconstpointer a, gconstpointer b)
{
	const JrPerson *x = *(const JrPerson *const *)a;
	const JrPerson *y = *(const JrPerson *const *)b;

	return x->person < y->person ? -1 : x->person > y->person;
}

/* Pointers to the @n @people, by number.  To be freed. */
static JrPerson **by_number(const JrPerson *people, gsize n)
{
	JrPerson **sorted = g_new(JrPerson *, n);

	for (gsize i = 0; i < n; i++)
		sorted[i] = (JrPerson *)&people[i];
	if (n > 1) /* the array of none is NULL */
		qsort(sorted, n, sizeof *sorted, compare_people);
	return sorted;
}

gboolean jr_people_load(JrDb *db, JrPerson *people, gsize n, JrArena *arena,
			GError **error)
{
	g_autofree JrPerson **sorted = by_number(people, n);
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT * FROM people WHERE person = $person", error);
	gboolean found;

	if (!st)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		jr_stmt_again(st);
		jr_stmt_set_int(st, "person", sorted[i]->person);
		if (!jr_stmt_read_one(st, person_fields, sorted[i], arena,
				      &found, error))
			return FALSE;
		if (!found)
			*sorted[i] = (JrPerson){ 0 };
	}
	return TRUE;
}

gboolean jr_people_save(JrDb *db, const JrPerson *people, gsize n,
			GError **error)
{
	g_autofree JrPerson **sorted = by_number(people, n);
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"UPDATE people SET id = $id, state = $state,"
		" attributes = $attributes, times = $times, zone = $zone,"
		" updated_s = $updated_s WHERE person = $person",
		error);

	if (!st)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		jr_stmt_again(st);
		jr_stmt_bind(st, person_fields, sorted[i]);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean drop_numbers(JrDb *db, gint64 person, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "DELETE FROM numbers WHERE person = $person", error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_run(st, error);
}

gboolean jr_person_set_numbers(JrDb *db, gint64 person,
			       const char *const *numbers, GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "INSERT INTO numbers (number, person)"
			   " VALUES ($number, $person) ON CONFLICT DO NOTHING",
			   error);

	if (!st || !drop_numbers(db, person, error))
		return FALSE;
	for (; *numbers; numbers++) {
		jr_stmt_again(st);
		jr_stmt_set_text(st, "number", *numbers);
		jr_stmt_set_int(st, "person", person);
		if (!jr_stmt_run(st, error))
			return FALSE;
	}
	return TRUE;
}

gboolean jr_person_numbers(JrDb *db, gint64 person, JrArena *arena,
			   GArray *numbers, GError **error)
{
	static const JrField fields[] = { JR_TEXT(JrNumber, number),
					  JR_INT(JrNumber, now), JR_FIELD_END };
	static const JrShape shape = { fields, sizeof(JrNumber) };
	g_autoptr(JrStmt) st = jr_db_stmt(
		db,
		"SELECT number, 1 AS now FROM numbers WHERE person = $person"
		" UNION SELECT value, 1 FROM identities"
		"  WHERE person = $person AND kind = 3"
		" UNION SELECT number, 0 FROM consents"
		"  WHERE number IS NOT NULL AND person IN (SELECT $person"
		"   UNION ALL SELECT person FROM people"
		"   WHERE merged_into = $person AND merged_into > 0)"
		" ORDER BY number, now DESC",
		error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "person", person);
	return jr_stmt_read_all(st, &shape, arena, numbers, error);
}

gboolean jr_people_with_number(JrDb *db, const char *number, GArray *people,
			       GError **error)
{
	g_autoptr(JrStmt) st =
		jr_db_stmt(db,
			   "SELECT person FROM numbers WHERE number = $number"
			   " ORDER BY person",
			   error);

	if (!st)
		return FALSE;
	jr_stmt_set_text(st, "number", number);
	return jr_stmt_numbers(st, people, error);
}

static JrStmt *ask_page(JrDb *db, gint64 after, gint64 limit, GError **error)
{
	JrStmt *st =
		jr_db_stmt(db,
			   "SELECT person, id, state, attributes, zone"
			   " FROM people WHERE person > $after"
			   " AND state IN (1, 2) ORDER BY person LIMIT $limit",
			   error);

	if (st) {
		jr_stmt_set_int(st, "after", after);
		jr_stmt_set_int(st, "limit", limit);
	}
	return st;
}

gboolean jr_people_page(JrDb *db, gint64 after, guint limit, JrArena *arena,
			GArray *people, GError **error)
{
	g_autoptr(JrStmt) st = ask_page(db, after, limit, error);

	return st && jr_stmt_read_all(st, &person_shape, arena, people, error);
}

gboolean jr_people_batch(JrDb *db, gint64 after, gsize bytes, JrArena *arena,
			 GArray *people, GError **error)
{
	g_autoptr(JrStmt) st = ask_page(db, after, G_MAXINT64, error);
	gsize most = jr_arena_used(arena) + bytes;
	gboolean found = TRUE;

	while (st && jr_arena_used(arena) < most) {
		JrPerson person = { 0 };

		if (!jr_stmt_read_one(st, person_fields, &person, arena, &found,
				      error))
			return FALSE;
		if (!found)
			return TRUE;
		g_array_append_val(people, person);
	}
	return st != NULL;
}

#define HAVING(table)                                                          \
	"SELECT DISTINCT person FROM " table                                   \
	" WHERE person BETWEEN $first AND $last ORDER BY person"

gboolean jr_people_having(JrDb *db, JrHave what, gint64 first, gint64 last,
			  GArray *people, GError **error)
{
	static const char *const questions[] = {
		[JR_HAVE_METRICS] = HAVING("metrics"),
		[JR_HAVE_DEVICES] = HAVING("devices"),
		[JR_HAVE_WISHES] = HAVING("subscriptions"),
	};
	g_autoptr(JrStmt) st = jr_db_stmt(db, questions[what], error);

	if (!st)
		return FALSE;
	jr_stmt_set_int(st, "first", first);
	jr_stmt_set_int(st, "last", last);
	return jr_stmt_numbers(st, people, error);
}

gboolean jr_people_count(JrDb *db, gint64 *n, GError **error)
{
	g_autoptr(JrStmt) st = jr_db_stmt(
		db, "SELECT /* all */ COUNT(*) FROM people WHERE state = 1",
		error);
	gboolean row;

	if (!st || !jr_stmt_row(st, &row, error))
		return FALSE;
	*n = jr_stmt_int(st, 0);
	return TRUE;
}

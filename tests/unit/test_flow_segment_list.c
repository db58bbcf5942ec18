/* Lists in files, and names of attributes that nobody has. */
#include "base/error.h"
#include "flow/attribute_names.h"
#include "flow/segment/list.h"
#include "io/json.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* What a file holds, and whether it lists ids "u1" and "u 2", and the address
 * "ana@example.com"; or why it is refused. */
static const struct {
	const char *text;
	gsize len;
	const char *listed; /* a letter for each, in their order */
	const char *refused;
} files[] = {
	{ BYTES(""), "---", NULL },
	{ BYTES("u1"), "1--", NULL },
	{ BYTES("u1\n"), "1--", NULL },
	{ BYTES("\n\n u1 \r\n"), "1--", NULL },
	{ BYTES("u 2\n"), "-2-", NULL },
	{ BYTES("# u1\n#u1\n"), "---", NULL },
	{ BYTES("u1 # u 2\nu 2#\n"), "1--", NULL },
	{ BYTES("u1\nu 2\nu1\nAna@Example.COM\n"), "12a", NULL },
	{ BYTES("ana@example.com # mail\nU1\n"), "--a", NULL },
	{ BYTES("\xef\xbb\xbfu1\n\xef\xbb\xbfu 2\n"), "1--", NULL },
	{ BYTES("u1\nu2,u3\n"), NULL, ":2: more than an id" },
	{ BYTES("u1;u2\n"), NULL, ":1: more than an id" },
	{ BYTES("a\tb\n"), NULL, ":1: more than an id" },
	{ BYTES("\n\nu\xff\n"), NULL, ":3: not UTF-8" },
	{ BYTES("u1\0u2\n"), NULL, "a NUL is in it" },
};

static gboolean lists(const JrSegmentList *list, JrIdentityKind kind,
		      const char *value)
{
	const JrIdentity identity = { kind, value };

	return jr_segment_list_has(list, &identity);
}

START_TEST(a_file_lists_whom_its_lines_name)
{
	g_autofree char *folder = g_dir_make_tmp("jr-unit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "ids", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(JrSegmentList) list = NULL;
	char found[4] = "---";

	ck_assert(g_file_set_contents(path, files[_i].text,
				      (gssize)files[_i].len, NULL));
	list = jr_segment_list_load(path, &error);
	g_unlink(path);
	g_rmdir(folder);
	if (!files[_i].listed) {
		ck_assert_ptr_null(list);
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
		ck_assert_msg(strstr(error->message, files[_i].refused) != NULL,
			      "%s", error->message);
		return;
	}
	ck_assert_msg(list != NULL, "%s", error ? error->message : "");
	if (lists(list, JR_IDENTITY_ID, "u1"))
		found[0] = '1';
	if (lists(list, JR_IDENTITY_ID, "u 2"))
		found[1] = '2';
	if (lists(list, JR_IDENTITY_EMAIL, "ana@example.com"))
		found[2] = 'a';
	ck_assert_str_eq(found, files[_i].listed);
	ck_assert(!lists(list, JR_IDENTITY_PHONE, "u1"));
}
END_TEST

START_TEST(a_file_is_known_by_who_is_on_it)
{
	static const char *const same[] = { "u1\nu2\n", " u1 # one\n\nu2" };
	g_autofree char *folder = g_dir_make_tmp("jr-unit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "ids", NULL);
	char *digests[3];

	for (guint i = 0; i < 3; i++) {
		g_autoptr(JrSegmentList) list = NULL;

		ck_assert(g_file_set_contents(path, i < 2 ? same[i] : "u1u2",
					      -1, NULL));
		list = jr_segment_list_load(path, NULL);
		digests[i] = g_strdup(jr_segment_list_digest(list));
	}
	g_unlink(path);
	g_rmdir(folder);
	ck_assert_str_eq(digests[0], digests[1]);
	ck_assert_str_ne(digests[0], digests[2]);
	for (guint i = 0; i < 3; i++)
		g_free(digests[i]);
}
END_TEST

/* How long a line or a file is, and whether it is too long. */
static const struct {
	gsize name, file; /* bytes */
	const char *refused;
} limits[] = {
	{ 150, 0, NULL },
	{ 151, 0, ":1: longer than an id can be" },
	{ 1 << 20, 0, ":1: longer than an id can be" },
	{ 0, (gsize)64 * 1024 * 1024 + 1, "ids" },
};

START_TEST(a_file_and_its_lines_have_limits)
{
	g_autofree char *folder = g_dir_make_tmp("jr-unit-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(folder, "ids", NULL);
	g_autofree char *name = g_strnfill(limits[_i].name, 'a');
	g_autoptr(GError) error = NULL;
	g_autoptr(JrSegmentList) list = NULL;

	ck_assert(g_file_set_contents(path, name, -1, NULL));
	/* A hole: nothing of it is on the disk. */
	if (limits[_i].file)
		ck_assert_int_eq(truncate(path, (off_t)limits[_i].file), 0);
	list = jr_segment_list_load(path, &error);
	g_unlink(path);
	g_rmdir(folder);
	if (!limits[_i].refused) {
		ck_assert(list && lists(list, JR_IDENTITY_ID, name));
		return;
	}
	ck_assert(!list && g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	ck_assert_msg(strstr(error->message, limits[_i].refused) &&
			      !strstr(error->message, "NUL"),
		      "%s", error->message);
}
END_TEST

/* An expression, people who are seen, and what is told: "path nearest;". */
static const struct {
	const char *expr;
	const char *people[3];
	const char *told;
} names[] = {
	{ "plan == 1", { NULL }, "" }, /* nobody was asked */
	{ "plan == 1", { "{\"plan\":null}" }, "" },
	{ "paln == 1", { "{\"plan\":1}" }, "paln plan;" },
	{ "id == 1", { "{\"plan\":1}" }, "" }, /* everyone has one */
	{ "plan == 1 or paln == 2 or paln == 3",
	  { "{\"plan\":1}" },
	  "paln plan;" },
	{ "a.b == 1", { "{\"a\":{\"b\":1}}" }, "" },
	{ "a.b == 1", { "{\"a.b\":1}" }, "" },
	{ "adress.city == 1",
	  { "{\"address\":{\"city\":1}}" },
	  "adress.city address.city;" },
	{ "tags[0] == 1 and tag[0] == 1",
	  { "{}", "{\"tags\":[1]}" },
	  "tag tags;" },
	{ "quite_another == 1", { "{\"plan\":1}" }, "quite_another -;" },
	{ "count(\"x\" where event.n > 1) > 1", { "{\"plan\":1}" }, "" },
};

static void note(const JrAttributeUnknown *unknown, gpointer user)
{
	g_string_append_printf(user, "%s %s;", unknown->path,
			       unknown->nearest ? unknown->nearest : "-");
}

START_TEST(attributes_that_nobody_has_are_told_of)
{
	g_autoptr(JrExpr) expr = jr_expr_new(names[_i].expr, NULL, NULL);
	g_autoptr(JrAttributeNames) all = jr_attribute_names_new();
	g_autoptr(JrArena) arena = jr_arena_new(1 << 20);
	g_autoptr(GString) told = g_string_new(NULL);

	ck_assert_ptr_nonnull(expr);
	jr_attribute_names_ask(all, expr);
	for (guint i = 0; i < 3 && names[_i].people[i]; i++)
		jr_attribute_names_see(
			all, jr_json_parse(arena, names[_i].people[i],
					   strlen(names[_i].people[i]), NULL));
	jr_attribute_names_tell(all, note, told);
	ck_assert_str_eq(told->str, names[_i].told);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_file_lists_whom_its_lines_name, 0,
			    G_N_ELEMENTS(files));
	tcase_add_loop_test(tc, a_file_and_its_lines_have_limits, 0,
			    G_N_ELEMENTS(limits));
	tcase_add_test(tc, a_file_is_known_by_who_is_on_it);
	tcase_add_loop_test(tc, attributes_that_nobody_has_are_told_of, 0,
			    G_N_ELEMENTS(names));
}

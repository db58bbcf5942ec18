/* Comma-separated values: what a record's fields are. */
#include "io/csv.h"
#include "base/error.h"
#include "unit.h"

#include <string.h>

/* A record, and its fields between bars; those in quotes begin with "'". */
static const struct {
	const char *text, *want;
	char separator;
} rows[] = {
	{ "a,b,c", "a|b|c", ',' },
	{ "", "", ',' },
	{ ",", "|", ',' },
	{ "a,", "a|", ',' },
	{ "a b, c", "a b| c", ',' },
	{ "a\r", "a", ',' },
	{ "a,b\r", "a|b", ',' },
	{ "\"a\"\r", "'a", ',' },
	{ "\"a,b\",c", "'a,b|c", ',' },
	{ "\"a\"\"b\"", "'a\"b", ',' },
	{ "\"\"", "'", ',' },
	{ "\"\"\"\"", "'\"", ',' },
	{ "\"a\nb\r\nc\",d", "'a\nb\r\nc|d", ',' },
	{ "a;b,c", "a|b,c", ';' },
	{ "a\tb", "a|b", '\t' },
	{ "\"", "open", ',' },
	{ "a,\"b", "open", ',' },
	{ "a,\"b\"\"", "open", ',' },
	{ "a,\"b\n", "open", ',' },
	{ "a\"b", "a quote within a field", ',' },
	{ "a,b\"\"", "a quote within a field", ',' },
	{ "\"a\"b", "something stands behind", ',' },
	{ "\"a\" ,b", "something stands behind", ',' },
};

static void show(const GArray *fields, GString *out)
{
	for (guint i = 0; i < fields->len; i++) {
		const JrCsvField *f = &g_array_index(fields, JrCsvField, i);

		ck_assert_uint_eq(f->len, strlen(f->text));
		g_string_append_printf(out, "%s%s%s", i ? "|" : "",
				       f->quoted ? "'" : "", f->text);
	}
}

START_TEST(a_record_is_cut_into_its_fields)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 20);
	g_autoptr(GArray) fields =
		g_array_new(FALSE, FALSE, sizeof(JrCsvField));

	for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GString) got = g_string_new(NULL);
		g_autoptr(GError) why = NULL;
		gsize len = strlen(rows[i].text);
		JrCsv is = jr_csv_cut(rows[i].text, len, rows[i].separator,
				      arena, fields, &why);

		if (is == JR_CSV_RECORD)
			show(fields, got);
		else
			g_string_append(got, is == JR_CSV_OPEN ? "open"
							       : why->message);
		ck_assert_msg(g_str_has_prefix(got->str, rows[i].want) &&
				      (is == JR_CSV_BAD ||
				       got->len == strlen(rows[i].want)),
			      "%u: '%s': '%s'", i, rows[i].text, got->str);
		ck_assert_int_eq(jr_csv_is_open(rows[i].text, len,
						rows[i].separator, FALSE),
				 is == JR_CSV_OPEN);
	}
}
END_TEST

START_TEST(a_record_has_a_limit)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 20);
	g_autoptr(GArray) fields =
		g_array_new(FALSE, FALSE, sizeof(JrCsvField));
	g_autofree char *text = g_strnfill(JR_CSV_FIELDS, ',');

	ck_assert_int_eq(
		jr_csv_cut(text, JR_CSV_FIELDS, ',', arena, fields, NULL),
		JR_CSV_BAD);
	ck_assert_int_eq(
		jr_csv_cut(text, JR_CSV_FIELDS - 1, ',', arena, fields, NULL),
		JR_CSV_RECORD);
	ck_assert_uint_eq(fields->len, JR_CSV_FIELDS);
}
END_TEST

/* Line by line, as they come. */
static const struct {
	const char *line;
	gboolean before, after;
} lines[] = {
	{ "a,b", FALSE, FALSE },
	{ "a,b", TRUE, TRUE },
	{ "a\",b", TRUE, FALSE },
	{ "a\",\"b", TRUE, TRUE },
	{ "a\"\",b", TRUE, TRUE },
	{ "a\"\"\",b", TRUE, FALSE },
	{ "a\"b\"c,d", FALSE, FALSE },
	{ "a,b\"", FALSE, FALSE },
	{ "", TRUE, TRUE },
	{ "", FALSE, FALSE },
	{ "\"", TRUE, FALSE },
	{ "\"", FALSE, TRUE },
};

START_TEST(a_quote_stays_open_over_lines)
{
	for (guint i = 0; i < G_N_ELEMENTS(lines); i++)
		ck_assert_msg(jr_csv_is_open(lines[i].line,
					     strlen(lines[i].line), ',',
					     lines[i].before) == lines[i].after,
			      "row %u", i);
}
END_TEST

static const struct {
	const char *header;
	char separator;
} headers[] = {
	{ "id,email", ',' },	{ "id;email;a,b", ';' }, { "id\temail", '\t' },
	{ "id|email", '|' },	{ "id", ',' },		 { "", ',' },
	{ "\"a;b;c\",d", ',' }, { "id;name", ';' },	 { "a,b;c", ',' },
};

START_TEST(a_header_shows_what_separates)
{
	for (guint i = 0; i < G_N_ELEMENTS(headers); i++)
		ck_assert_int_eq(jr_csv_separator(headers[i].header,
						  strlen(headers[i].header)),
				 headers[i].separator);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, a_record_is_cut_into_its_fields);
	tcase_add_test(tc, a_record_has_a_limit);
	tcase_add_test(tc, a_quote_stays_open_over_lines);
	tcase_add_test(tc, a_header_shows_what_separates);
}

/* Tables of reports: what a person reads, what a program reads, and that no
 * text in a cell gets out of it. */
#include "flow/table.h"
#include "unit.h"

#include <string.h>

static const JrColumn columns[] = {
	{ "name", "name", JR_CELL_TEXT, { 0, 0 } },
	{ "n", "n", JR_CELL_COUNT, { 0, 0 } },
	{ "rate", "rate", JR_CELL_RATE, { 0.95, 0 } },
	{ "cost", "cost", JR_CELL_MONEY, { 0, 0 } },
	{ "at", "at", JR_CELL_INSTANT, { 0, 0 } },
	{ "took", "took", JR_CELL_SECONDS, { 0, 0 } },
};

static const struct {
	JrCell cell;
	guint column;
	const char *shown;
} cells[] = {
	{ { (char *)"plain", 0, 0 }, 0, "plain" },
	{ { NULL, 0, 0 }, 0, "-" },
	{ { (char *)"\033[2Jx\ny", 0, 0 }, 0, "?[2Jx?y" },
	{ { (char *)"a\xe2\x80\xae"
		    "b",
	    0, 0 },
	  0,
	  "a?b" }, /* turns the direction */
	{ { (char *)"\xff", 0, 0 }, 0, "\xef\xbf\xbd" },
	{ { NULL, 0, 0 }, 1, "0" },
	{ { NULL, 999, 0 }, 1, "999" },
	{ { NULL, 1000, 0 }, 1, "1,000" },
	{ { NULL, 1234567, 0 }, 1, "1,234,567" },
	{ { NULL, -1000, 0 }, 1, "-1,000" },
	{ { NULL, -100, 0 }, 1, "-100" },
	{ { NULL, 0, 0 }, 2, "-" },
	{ { NULL, 0, 7 }, 2, "0.0 %" },
	{ { NULL, 19, 20 }, 2, "95.0 %" },
	{ { NULL, 0, 0 }, 3, "0.00 USD" },
	{ { NULL, 8300, 0 }, 3, "0.0083 USD" },
	{ { NULL, 12345678, 0 }, 3, "12.35 USD" },
	{ { NULL, 0, 0 }, 4, "-" },
	{ { NULL, 1764000000, 0 }, 4, "2025-11-24T16:00:00Z" },
	{ { NULL, -1, 0 }, 5, "-" },
	{ { NULL, 0, 0 }, 5, "0 s" },
	{ { NULL, 119, 0 }, 5, "119 s" },
	{ { NULL, 180, 0 }, 5, "3 min" },
	{ { NULL, 7200, 0 }, 5, "2 h" },
	{ { NULL, 3 * 86400, 0 }, 5, "3 d" },
};

START_TEST(a_cell_is_shown)
{
	g_autoptr(JrTable) table = jr_table_new("t", "T", columns, 6);

	table->currency = "USD";
	g_autofree char *shown = jr_table_show(
		table, &columns[cells[_i].column], &cells[_i].cell);
	ck_assert_str_eq(shown, cells[_i].shown);
}
END_TEST

static JrTable *filled(void)
{
	JrTable *table = jr_table_new("t", "Title", columns, 6);

	jr_table_text(table, "=1+1,\"<b>\n");
	jr_table_num(table, 1204);
	jr_table_rate(table, 1, 3);
	jr_table_num(table, 8300);
	jr_table_num(table, 0);
	jr_table_num(table, 90);
	return table;
}

static const struct {
	const char *form, *written;
} forms[] = {
	{ "table", "Title\n"
		   "name            n    rate    cost  at  took\n"
		   "=1+1,\"<b>?  1,204  33.3 %  0.0083   -  90 s\n" },
	{ "ndjson", "{\"panel\":\"t\",\"name\":\"=1+1,\\\"<b>\\n\","
		    "\"n\":1204,\"rate\":0.333333,\"cost\":0.0083,"
		    "\"at\":null,\"took\":90}\n" },
	{ "csv", "name,n,rate,cost,at,took\r\n"
		 "\"'=1+1,\"\"<b>\n\",1204,0.333333,0.0083,,90\r\n" },
};

START_TEST(a_table_is_written)
{
	g_autoptr(JrTable) table = filled();
	const JrTableStyle style = { 0 };
	GString *out = g_string_new(NULL);

	jr_table_form(forms[_i].form)->write(table, &style, out);
	ck_assert_str_eq(out->str, forms[_i].written);
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(a_page_shows_markup_as_text)
{
	g_autoptr(JrTable) table = filled();
	GString *out = g_string_new(NULL);

	jr_table_write_html(table, out);
	ck_assert_ptr_null(strstr(out->str, "<b>"));
	ck_assert_ptr_nonnull(strstr(out->str, "&lt;b&gt;"));
	ck_assert_ptr_nonnull(strstr(out->str, "title=\"1 of 3\""));
	ck_assert_ptr_nonnull(strstr(out->str, "num off"));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(a_narrow_terminal_cuts_the_widest_text)
{
	const JrColumn two[] = { { "a", "a", JR_CELL_TEXT, { 0, 0 } },
				 { "b", "b", JR_CELL_COUNT, { 0, 0 } } };
	g_autoptr(JrTable) table = jr_table_new("t", "T", two, 2);
	const JrTableStyle style = { .width = 14 };
	GString *out = g_string_new(NULL);

	jr_table_text(table, "日本語日本語日本語");
	jr_table_num(table, 7);
	jr_table_write_text(table, &style, out);
	ck_assert_str_eq(out->str, "T\na            b\n日本語日本…  7\n");
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(an_empty_table_says_so)
{
	g_autoptr(JrTable) table = jr_table_new("t", "T", columns, 6);
	const JrTableStyle style = { 0 };
	GString *out = g_string_new(NULL);

	table->empty = "nothing at all";
	jr_table_write_text(table, &style, out);
	ck_assert_str_eq(out->str, "T\n  nothing at all\n");
	g_string_free(out, TRUE);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_cell_is_shown, 0, G_N_ELEMENTS(cells));
	tcase_add_loop_test(tc, a_table_is_written, 0, G_N_ELEMENTS(forms));
	tcase_add_test(tc, a_page_shows_markup_as_text);
	tcase_add_test(tc, a_narrow_terminal_cuts_the_widest_text);
	tcase_add_test(tc, an_empty_table_says_so);
}

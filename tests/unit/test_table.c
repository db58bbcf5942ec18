/* Tables of reports: what a person reads, what a program reads, and that no
 * text in a cell gets out of it. */
#include "flow/report/page.h"
#include "unit.h"

#include <string.h>

static const JrColumn columns[] = {
	{ .key = "name", .title = "name" },
	{ .key = "n", .title = "n", .kind = JR_CELL_COUNT },
	{ .key = "rate",
	  .title = "rate",
	  .kind = JR_CELL_RATE,
	  .target = { .at_least = 0.95, .base = 3 } },
	{ .key = "cost", .title = "cost", .kind = JR_CELL_MONEY },
	{ .key = "at", .title = "at", .kind = JR_CELL_INSTANT },
	{ .key = "took", .title = "took", .kind = JR_CELL_SECONDS },
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
	{ { (char *)"a\xe2\x80\xa8"
		    "b",
	    0, 0 },
	  0,
	  "a?b" }, /* ends a line */
	{ { (char *)"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb", 0, 0 },
	  0,
	  "\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x92\xbb" }, /* joins */
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
	{ { NULL, JR_CELL_NOTHING, 0 }, 3, "-" },
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

static void fill_row(JrTable *table, const char *name)
{
	jr_table_text(table, name);
	jr_table_num(table, 1204);
	jr_table_rate(table, 1, 3);
	jr_table_num(table, 8300);
	jr_table_num(table, 0);
	jr_table_num(table, 90);
}

/* A row, and the sum, which programs do not see. */
static JrTable *filled(void)
{
	JrTable *table = jr_table_new("t", "Title", columns, 6);

	fill_row(table, "=1+1,\"<b>\n");
	fill_row(table, "all");
	table->summed = TRUE;
	return table;
}

static const struct {
	const char *form, *written;
} forms[] = {
	{ "table",
	  "Title\n"
	  "name            n  rate                     cost  at  took\n"
	  "=1+1,\"<b>?  1,204     1 33.3 %! 6.1-79.2  0.0083   -  90 s\n"
	  "all         1,204     1 33.3 %! 6.1-79.2  0.0083   -  90 s\n" },
	{ "ndjson", "{\"panel\":\"t\",\"name\":\"=1+1,\\\"<b>\\n\",\"n\":1204,"
		    "\"rate\":0.333333,\"rate_n\":1,\"rate_of\":3,"
		    "\"rate_low\":0.0614919,\"rate_high\":0.79234,"
		    "\"rate_on_target\":false,\"cost\":0.0083,\"at\":null,"
		    "\"took\":90}\n" },
	{ "csv", "name,n,rate,rate_n,rate_of,rate_low,rate_high,rate_on_target,"
		 "cost,at,took\r\n"
		 "\"'=1+1,\"\"<b>?\",1204,0.333333,1,3,0.0614919,0.79234,"
		 "false,0.0083,,90\r\n" },
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

	jr_page_table(table, out);
	ck_assert_ptr_null(strstr(out->str, "<b>"));
	ck_assert_ptr_nonnull(strstr(out->str, "&lt;b&gt;"));
	ck_assert_ptr_nonnull(strstr(out->str, ">1 of 3<"));
	ck_assert_ptr_nonnull(strstr(out->str, "class=\"off\""));
	g_string_free(out, TRUE);
}
END_TEST

START_TEST(a_narrow_terminal_cuts_the_widest_text)
{
	const JrColumn two[] = {
		{ .key = "a", .title = "a" },
		{ .key = "b", .title = "b", .kind = JR_CELL_COUNT }
	};
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

/* A rate and its target: at which figures it is on it, exactly. */
static const struct {
	JrTarget target;
	gint64 num, den;
	JrStanding standing;
} standings[] = {
	{ { 0, 0, 0 }, 1, 200, JR_STANDING_NONE },
	{ { 0.95, 0, 0 }, 0, 0, JR_STANDING_NONE },
	{ { 0.95, 0, 0 }, 95, 100, JR_STANDING_ON },
	{ { 0.95, 0, 0 }, 94, 100, JR_STANDING_OFF },
	{ { 0.95, 0, 0 }, 99, 99, JR_STANDING_FEW },
	{ { 0.95, 0, 0 }, 0, 99, JR_STANDING_FEW },
	{ { 0.95, 0, 20 }, 19, 20, JR_STANDING_ON },
	{ { 0.95, 0, 0 }, 949999, 1000000, JR_STANDING_OFF },
	{ { 0, 0.02, 0 }, 2, 100, JR_STANDING_OFF },
	{ { 0, 0.02, 0 }, 1, 100, JR_STANDING_ON },
	{ { 0, 0.02, 0 }, 19999, 1000000, JR_STANDING_ON },
	{ { 0, 0.02, 0 }, 20000, 1000000, JR_STANDING_OFF },
};

START_TEST(a_rate_stands_to_its_target)
{
	const JrColumn column = { .kind = JR_CELL_RATE,
				  .target = standings[_i].target };
	const JrCell cell = { .num = standings[_i].num,
			      .den = standings[_i].den };

	ck_assert_int_eq(jr_table_standing(&column, &cell),
			 standings[_i].standing);
}
END_TEST

/* As published: R. G. Newcombe, Statistics in Medicine 17 (1998), table I,
 * method 3. */
static const struct {
	gint64 num, den;
	double low, high;
} bounds[] = {
	{ 81, 263, 0.2553, 0.3662 }, { 15, 148, 0.0624, 0.1605 },
	{ 0, 20, 0.0, 0.1611 },	     { 1, 29, 0.0061, 0.1718 },
	{ 29, 29, 0.8830, 1.0 },
};

START_TEST(a_rate_has_bounds)
{
	const JrCell cell = { .num = bounds[_i].num, .den = bounds[_i].den };
	const JrCell none = { 0 };
	double low, high;

	ck_assert(jr_table_bounds(&cell, &low, &high));
	ck_assert_double_eq_tol(low, bounds[_i].low, 5e-5);
	ck_assert_double_eq_tol(high, bounds[_i].high, 5e-5);
	ck_assert(!jr_table_bounds(&none, &low, &high));
}
END_TEST

/* The same table on ever narrower terminals: bounds, bars and counts go. */
static const struct {
	guint width;
	gboolean plots;
	const char *line; /* the row */
} widths[] = {
	{ 0, TRUE, "x  50 ██████████  19 95.0 %  76.4-99.1" },
	{ 38, TRUE, "x  50 ██████████  19 95.0 %  76.4-99.1" },
	{ 37, TRUE, "x  50 ██████████  19 95.0 %" },
	{ 27, TRUE, "x  50  19 95.0 %" },
	{ 0, FALSE, "x  50  19 95.0 %  76.4-99.1" },
	{ 15, TRUE, "x  50  95.0 %" },
	{ 12, TRUE, "x 50 95.0 %" },
	{ 11, TRUE, "  n  50" },
};

START_TEST(detail_gives_way_to_width)
{
	const JrColumn three[] = { { .key = "a", .title = "a" },
				   { .key = "n",
				     .title = "n",
				     .kind = JR_CELL_COUNT,
				     .plot = JR_PLOT_BAR },
				   { .key = "r",
				     .title = "r",
				     .kind = JR_CELL_RATE,
				     .target = { .at_least = 0.9 } } };
	g_autoptr(JrTable) table = jr_table_new("t", "T", three, 3);
	const JrTableStyle style = { .width = widths[_i].width,
				     .plots = widths[_i].plots };
	g_auto(GStrv) lines = NULL;
	GString *out = g_string_new(NULL);

	jr_table_text(table, "x");
	jr_table_num(table, 50);
	jr_table_rate(table, 19, 20);
	jr_table_write_text(table, &style, out);
	lines = g_strsplit(out->str, "\n", -1);
	ck_assert_str_eq(lines[2], widths[_i].line);
	g_string_free(out, TRUE);
}
END_TEST

/* Where that is not enough titles are folded and the text is cut; then each
 * row is shown as lines. */
static const struct {
	guint width;
	const char *text;
} folds[] = {
	{ 80, "T\n"
	      "workflow            to the end  goal            cost\n"
	      "workflow_abandoned           7       -   1234.50 USD\n" },
	{ 35, "T\n"
	      "                    to\n"
	      "                   the         cost\n"
	      "workflow           end goal     USD\n"
	      "workflow_abandoned   7    - 1234.50\n" },
	{ 27, "T\n"
	      "            to\n"
	      "           the         cost\n"
	      "workflow   end goal     USD\n"
	      "workflow_…   7    - 1234.50\n" },
	{ 25, "T\n"
	      "  workflow    workflow_abandoned\n"
	      "  to the end  7\n"
	      "  cost        1234.50 USD\n"
	      "\n" },
};

START_TEST(titles_fold_before_rows_do)
{
	const JrColumn four[] = {
		{ .key = "w", .title = "workflow" },
		{ .key = "n", .title = "to the end", .kind = JR_CELL_COUNT },
		{ .key = "r", .title = "goal", .kind = JR_CELL_RATE },
		{ .key = "c", .title = "cost", .kind = JR_CELL_MONEY }
	};
	g_autoptr(JrTable) table = jr_table_new("t", "T", four, 4);
	const JrTableStyle style = { .width = folds[_i].width };
	g_autoptr(GString) out = g_string_new(NULL);

	table->currency = "USD";
	jr_table_text(table, "workflow_abandoned");
	jr_table_num(table, 7);
	jr_table_rate(table, 0, 0);
	jr_table_num(table, 1234500000);
	jr_table_write_text(table, &style, out);
	ck_assert_str_eq(out->str, folds[_i].text);
}
END_TEST

START_TEST(notes_break_at_words)
{
	const JrColumn one[] = { { .key = "a", .title = "a" } };
	g_autoptr(JrTable) table = jr_table_new("t", "T", one, 1);
	const JrTableStyle style = { .width = 12 };
	g_autoptr(GString) out = g_string_new(NULL);

	table->note = "so much is known of it";
	jr_table_text(table, "x");
	jr_table_write_text(table, &style, out);
	ck_assert_str_eq(out->str, "T\na\nx\nso much is\nknown of it\n");
}
END_TEST

START_TEST(lines_show_the_way_of_a_rate)
{
	const JrColumn two[] = { { .key = "w", .title = "w" },
				 { .key = "r",
				   .title = "r",
				   .kind = JR_CELL_RATE,
				   .plot = JR_PLOT_LINE } };
	g_autoptr(JrTable) table = jr_table_new("t", "T", two, 2);
	const JrTableStyle style = { .plots = TRUE };
	static const gint64 of_100[] = { 0, 50, 100, -1, 25 };
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < G_N_ELEMENTS(of_100); i++) {
		jr_table_text(table, "x");
		jr_table_rate(table, MAX(0, of_100[i]),
			      of_100[i] < 0 ? 0 : 100);
	}
	jr_table_write_text(table, &style, out);
	ck_assert_ptr_nonnull(strstr(out->str, " ▁▅█ ▃  0.0 % to 100.0 %\n"));
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
	tcase_add_loop_test(tc, a_rate_stands_to_its_target, 0,
			    G_N_ELEMENTS(standings));
	tcase_add_loop_test(tc, a_rate_has_bounds, 0, G_N_ELEMENTS(bounds));
	tcase_add_loop_test(tc, detail_gives_way_to_width, 0,
			    G_N_ELEMENTS(widths));
	tcase_add_loop_test(tc, titles_fold_before_rows_do, 0,
			    G_N_ELEMENTS(folds));
	tcase_add_test(tc, notes_break_at_words);
	tcase_add_test(tc, lines_show_the_way_of_a_rate);
	tcase_add_test(tc, an_empty_table_says_so);
}

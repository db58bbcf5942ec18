/* data.c - a table for other programs: NDJSON and CSV. */
#include "base/instant.h"
#include "base/val.h"
#include "flow/table/table.h"

#include <string.h>

/* Money as a decimal number, exact: 8300 micros are 0.0083. */
static void put_micros(GString *out, gint64 micros)
{
	guint64 size = (guint64)ABS(micros);

	g_string_append_printf(out, "%s%" G_GUINT64_FORMAT ".%06u",
			       micros < 0 ? "-" : "", size / 1000000,
			       (guint)(size % 1000000));
	while (out->str[out->len - 1] == '0' && out->str[out->len - 2] != '.')
		g_string_truncate(out, out->len - 1);
}

/* A rate to six digits, in [0, 1]. */
static void put_real(GString *out, double real)
{
	char digits[G_ASCII_DTOSTR_BUF_SIZE];

	g_string_append(out,
			g_ascii_formatd(digits, sizeof(digits), "%.6g", real));
}

static void put_int(GString *out, gint64 num)
{
	g_string_append_printf(out, "%" G_GINT64_FORMAT, num);
}

/*
 * What a column gives a program: itself, and of a rate what it is made of, so
 * that sums can be made, and what it means.  Each puts a number (or a JSON
 * true or false), or nothing.
 */
typedef struct {
	const char *suffix; /* of the key */
	void (*put)(GString *out, const JrColumn *column, const JrCell *cell);
	gboolean of_target; /* only where there is one */
} Aspect;

static void put_self(GString *out, const JrColumn *column, const JrCell *cell)
{
	if (column->kind == JR_CELL_TEXT || jr_table_is_nothing(column, cell))
		return;
	if (column->kind == JR_CELL_RATE)
		put_real(out, (double)cell->num / (double)cell->den);
	else if (column->kind == JR_CELL_MONEY)
		put_micros(out, cell->num);
	else
		put_int(out, cell->num);
}

static void put_n(GString *out, const JrColumn *column, const JrCell *cell)
{
	(void)column;
	put_int(out, cell->num);
}

static void put_of(GString *out, const JrColumn *column, const JrCell *cell)
{
	(void)column;
	put_int(out, cell->den);
}

static void put_low(GString *out, const JrColumn *column, const JrCell *cell)
{
	double low, high;

	(void)column;
	if (jr_table_bounds(cell, &low, &high))
		put_real(out, low);
}

static void put_high(GString *out, const JrColumn *column, const JrCell *cell)
{
	double low, high;

	(void)column;
	if (jr_table_bounds(cell, &low, &high))
		put_real(out, high);
}

static void put_on_target(GString *out, const JrColumn *column,
			  const JrCell *cell)
{
	JrStanding standing = jr_table_standing(column, cell);

	if (standing == JR_STANDING_ON || standing == JR_STANDING_OFF)
		g_string_append(out,
				standing == JR_STANDING_ON ? "true" : "false");
}

static const Aspect itself[] = { { "", put_self, FALSE } };
static const Aspect of_rate[] = {
	{ "", put_self, FALSE },      { "_n", put_n, FALSE },
	{ "_of", put_of, FALSE },     { "_low", put_low, FALSE },
	{ "_high", put_high, FALSE }, { "_on_target", put_on_target, TRUE },
};

typedef void (*AspectFn)(const JrColumn *column, guint place,
			 const Aspect *aspect, gpointer user);

/* Call @each for all that @table gives a program, in order. */
static void each_aspect(const JrTable *table, AspectFn each, gpointer user)
{
	for (guint c = 0; c < table->n_columns; c++) {
		const JrColumn *column = &table->columns[c];
		gboolean rate = column->kind == JR_CELL_RATE;
		const Aspect *aspects = rate ? of_rate : itself;
		guint n = rate ? G_N_ELEMENTS(of_rate) : 1;
		gboolean target =
			column->target.at_least > 0 || column->target.below > 0;

		for (guint i = 0; i < n; i++)
			if (target || !aspects[i].of_target)
				each(column, c, &aspects[i], user);
	}
}

typedef struct {
	const JrTable *table;
	guint row;
	GString *out;
} Line;

/* What would drive a terminal is written as JSON can write it, too: nothing is
 * lost to a program. */
static void put_text_json(const char *text, GString *out)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(GString) json = g_string_new(NULL);

	jr_val_write_text(valid, strlen(valid), json);
	for (const char *c = json->str; *c; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);
		gunichar2 *pair = NULL;
		glong n = 0;

		if (u < 0x80 || !jr_char_is_harmful(u)) {
			g_string_append_unichar(out, u);
			continue;
		}
		pair = g_ucs4_to_utf16(&u, 1, NULL, &n, NULL);
		for (glong i = 0; i < n; i++)
			g_string_append_printf(out, "\\u%04x", pair[i]);
		g_free(pair);
	}
}

static void put_json(const JrColumn *column, guint place, const Aspect *aspect,
		     gpointer user)
{
	Line *line = user;
	const JrCell *cell = jr_table_cell(line->table, line->row, place);
	gsize before;

	g_string_append_printf(line->out, ",\"%s%s\":", column->key,
			       aspect->suffix);
	before = line->out->len;
	if (cell->text)
		put_text_json(cell->text, line->out);
	else
		aspect->put(line->out, column, cell);
	if (line->out->len == before)
		g_string_append(line->out, "null");
}

void jr_table_write_ndjson(const JrTable *table, const JrTableStyle *style,
			   GString *out)
{
	(void)style;
	for (guint row = 0; row < jr_table_data_rows(table); row++) {
		Line line = { table, row, out };

		g_string_append_printf(out, "{\"panel\":\"%s\"", table->name);
		each_aspect(table, put_json, &line);
		g_string_append(out, "}\n");
	}
}

/*
 * A text as RFC 4180 has it.  A spreadsheet takes what begins with one of these
 * for a formula, blanks before it or not, so an apostrophe goes before it, as
 * OWASP advises; tabs and line ends are replaced like all control characters.
 */
static void put_csv_text(GString *out, const char *text)
{
	g_autofree char *plain = jr_plain_text(text);
	const char *first = plain;

	while (*first == ' ')
		first++;
	g_string_append_c(out, '"');
	if (*first && strchr("=+-@", *first))
		g_string_append_c(out, '\'');
	for (const char *c = plain; *c; c++) {
		if (*c == '"')
			g_string_append_c(out, '"');
		g_string_append_c(out, *c);
	}
	g_string_append_c(out, '"');
}

static void put_csv(const JrColumn *column, guint place, const Aspect *aspect,
		    gpointer user)
{
	Line *line = user;
	const JrCell *cell = jr_table_cell(line->table, line->row, place);

	if (place > 0 || *aspect->suffix)
		g_string_append_c(line->out, ',');
	if (cell->text)
		put_csv_text(line->out, cell->text);
	else
		aspect->put(line->out, column, cell);
}

static void put_csv_head(const JrColumn *column, guint place,
			 const Aspect *aspect, gpointer user)
{
	g_string_append_printf(user, "%s%s%s",
			       place > 0 || *aspect->suffix ? "," : "",
			       column->key, aspect->suffix);
}

void jr_table_write_csv(const JrTable *table, const JrTableStyle *style,
			GString *out)
{
	(void)style;
	each_aspect(table, put_csv_head, out);
	g_string_append(out, "\r\n");
	for (guint row = 0; row < jr_table_data_rows(table); row++) {
		Line line = { table, row, out };

		each_aspect(table, put_csv, &line);
		g_string_append(out, "\r\n");
	}
}

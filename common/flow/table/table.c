#include "flow/table/table.h"
#include "base/instant.h"
#include "rules/brake.h"

static const JrTableForm forms[] = {
	{ "table", jr_table_write_text },
	{ "ndjson", jr_table_write_ndjson },
	{ "csv", jr_table_write_csv },
};

const JrTableForm *jr_table_form(const char *name)
{
	for (gsize i = 0; i < G_N_ELEMENTS(forms); i++)
		if (g_str_equal(forms[i].name, name))
			return &forms[i];
	return NULL;
}

static void clear_cell(gpointer data)
{
	JrCell *cell = data;

	g_free(cell->text);
}

JrTable *jr_table_new(const char *name, const char *title,
		      const JrColumn *columns, guint n_columns)
{
	JrTable *table = g_new(JrTable, 1);

	*table = (JrTable){ .name = name,
			    .title = title,
			    .empty = "nothing yet",
			    .columns = g_memdup2(columns,
						 n_columns * sizeof(*columns)),
			    .n_columns = n_columns,
			    .cells = g_array_new(FALSE, TRUE, sizeof(JrCell)) };
	g_array_set_clear_func(table->cells, clear_cell);
	return table;
}

void jr_table_free(JrTable *table)
{
	if (!table)
		return;
	if (table->said)
		g_string_free(table->said, TRUE);
	g_array_unref(table->cells);
	g_free(table->columns);
	g_free(table);
}

static void add_cell(JrTable *table, JrCell cell)
{
	g_array_append_val(table->cells, cell);
}

void jr_table_text(JrTable *table, const char *text)
{
	add_cell(table, (JrCell){ .text = g_strdup(text) });
}

void jr_table_num(JrTable *table, gint64 num)
{
	add_cell(table, (JrCell){ .num = num });
}

void jr_table_rate(JrTable *table, gint64 num, gint64 den)
{
	add_cell(table, (JrCell){ .num = num, .den = den });
}

void jr_table_say(JrTable *table, const char *format, ...)
{
	va_list args;
	g_autofree char *text = NULL, *plain = NULL;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	plain = jr_plain_text(text);
	if (!table->said)
		table->said = g_string_new(NULL);
	g_string_append_printf(table->said, "%s\n", plain);
}

guint jr_table_rows(const JrTable *table)
{
	return table->cells->len / table->n_columns;
}

guint jr_table_data_rows(const JrTable *table)
{
	return jr_table_rows(table) - (table->summed ? 1 : 0);
}

const JrCell *jr_table_cell(const JrTable *table, guint row, guint column)
{
	return &g_array_index(table->cells, JrCell,
			      row * table->n_columns + column);
}

/* So that 19 of 20 are 95 %, whatever 0.95 is in binary. */
#define NEARLY 1e-9

JrStanding jr_table_standing(const JrColumn *column, const JrCell *cell)
{
	const JrTarget *target = &column->target;
	gint64 base = target->base ? target->base : JR_TARGET_BASE;

	if (column->kind != JR_CELL_RATE || cell->den <= 0 ||
	    (target->at_least == 0 && target->below == 0))
		return JR_STANDING_NONE;
	if (cell->den < base)
		return JR_STANDING_FEW;
	double rate = (double)cell->num / (double)cell->den;
	gboolean on = rate >= target->at_least - NEARLY &&
		      (target->below == 0 || rate < target->below - NEARLY);
	return on ? JR_STANDING_ON : JR_STANDING_OFF;
}

#define CONFIDENCE 0.95

gboolean jr_table_bounds(const JrCell *cell, double *low, double *high)
{
	gint64 num = CLAMP(cell->num, 0, cell->den);

	if (cell->den <= 0)
		return FALSE;
	*low = jr_brake_bound(num, cell->den, CONFIDENCE);
	*high = 1 - jr_brake_bound(cell->den - num, cell->den, CONFIDENCE);
	return TRUE;
}

/* "1,204,003": an English reader's thousands. */
static char *show_count(gint64 num)
{
	g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, num);
	GString *out = g_string_new(digits);

	for (gssize at = (gssize)out->len - 3; at > (num < 0 ? 1 : 0); at -= 3)
		g_string_insert_c(out, at, ',');
	return g_string_free(out, FALSE);
}

static char *show_seconds(gint64 num)
{
	static const struct {
		gint64 seconds;
		const char *unit;
	} units[] = {
		{ 86400, "d" }, { 3600, "h" }, { 60, "min" }, { 1, "s" }
	};
	guint i = 0;

	/* Two digits tell enough: 119 s, 3 min, 47 h, 3 d. */
	while (i < G_N_ELEMENTS(units) - 1 && num < 2 * units[i].seconds)
		i++;
	return g_strdup_printf("%" G_GINT64_FORMAT " %s",
			       num / units[i].seconds, units[i].unit);
}

/* Two decimals, or four where they are needed to show anything. */
static char *show_money(const JrTable *table, gint64 micros)
{
	double units = (double)micros / 1e6;
	const char *form =
		micros != 0 && ABS(micros) < 100000 ? "%.4f%s%s" : "%.2f%s%s";

	return g_strdup_printf(form, units, table->currency ? " " : "",
			       table->currency ? table->currency : "");
}

/* The joiners of emoji and of Persian words do no harm. */
gboolean jr_char_is_harmful(gunichar u)
{
	switch (g_unichar_type(u)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return TRUE;
	case G_UNICODE_FORMAT:
		return u != 0x200c && u != 0x200d && u != 0x00ad;
	default:
		return FALSE;
	}
}

char *jr_plain_text(const char *text)
{
	GString *out = g_string_new(NULL);
	g_autofree char *valid = g_utf8_make_valid(text, -1);

	for (const char *c = valid; *c; c = g_utf8_next_char(c)) {
		gunichar u = g_utf8_get_char(c);

		if (jr_char_is_harmful(u))
			g_string_append_c(out, '?');
		else
			g_string_append_unichar(out, u);
	}
	return g_string_free(out, FALSE);
}

static char *show_instant(gint64 at_s)
{
	char buffer[JR_INSTANT_SIZE];

	return g_strdup(jr_instant_format(at_s, buffer));
}

gboolean jr_table_is_nothing(const JrColumn *column, const JrCell *cell)
{
	switch (column->kind) {
	case JR_CELL_TEXT:
		return !cell->text;
	case JR_CELL_RATE:
		return cell->den <= 0;
	case JR_CELL_MONEY:
	case JR_CELL_COUNT:
		return cell->num == JR_CELL_NOTHING;
	case JR_CELL_INSTANT:
		return cell->num == 0;
	case JR_CELL_SECONDS:
		return cell->num < 0;
	}
	g_assert_not_reached();
}

char *jr_table_show(const JrTable *table, const JrColumn *column,
		    const JrCell *cell)
{
	if (jr_table_is_nothing(column, cell))
		return g_strdup("-");
	switch (column->kind) {
	case JR_CELL_TEXT:
		return jr_plain_text(cell->text);
	case JR_CELL_COUNT:
		return show_count(cell->num);
	case JR_CELL_RATE:
		return g_strdup_printf("%.1f %%", 100.0 * (double)cell->num /
							  (double)cell->den);
	case JR_CELL_MONEY:
		return show_money(table, cell->num);
	case JR_CELL_INSTANT:
		return show_instant(cell->num);
	case JR_CELL_SECONDS:
		return show_seconds(cell->num);
	}
	g_assert_not_reached();
}

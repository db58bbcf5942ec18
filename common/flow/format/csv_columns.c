/* What the columns of a file of people mean, and what is made of a record. */
#include "flow/format/csv.h"
#include "io/csv.h"

#include <string.h>

#define NAME_BYTES 150
#define DIGITS 15 /* a double keeps so many */

static const struct {
	const char *word;
	JrCsvType type;
} types[] = {
	{ "text", JR_CSV_TEXT },
	{ "number", JR_CSV_NUMBER },
	{ "bool", JR_CSV_BOOL },
};

/* Who is meant: the first of these that is filled. */
static const struct {
	const char *name;
	JrIdentityKind kind;
} names[] = {
	{ "id", JR_IDENTITY_ID },
	{ "email", JR_IDENTITY_EMAIL },
	{ "cio_id", JR_IDENTITY_CIO_ID },
	{ "phone", JR_IDENTITY_PHONE },
};

/* Texts, whatever they look like. */
static const char *const texts[] = {
	"id",	     "email",	       "cio_id",   "anonymous_id", "phone",
	"sms_phone", "whatsapp_phone", "timezone", "postal_code",  "zip",
	NULL,
};

void jr_csv_column_free(gpointer data)
{
	JrCsvColumn *column = data;

	g_free(column->name);
	g_strfreev(column->path);
	g_free(column);
}

/* Take ":number" off the end of @name. */
static JrCsvType take_type(char *name)
{
	char *colon = strrchr(name, ':');

	for (guint i = 0; colon && i < G_N_ELEMENTS(types); i++)
		if (g_str_equal(colon + 1, types[i].word)) {
			*colon = '\0';
			return types[i].type;
		}
	return JR_CSV_BY_LOOKS;
}

/* What proves a consent is a text, whatever it looks like: version "3". */
static gboolean is_proof(const char *name)
{
	return (g_str_has_prefix(name, "sms_consent_") ||
		g_str_has_prefix(name, "whatsapp_consent_")) &&
	       !g_str_has_suffix(name, "_at");
}

static void know(JrCsvColumn *column)
{
	for (guint i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_str_equal(column->name, names[i].name))
			column->who = names[i].kind;
	column->when = g_str_equal(column->name, "timestamp") ||
		       g_str_equal(column->name, "_timestamp");
	if (column->type == JR_CSV_BY_LOOKS &&
	    (g_strv_contains(texts, column->name) || is_proof(column->name)))
		column->type = JR_CSV_TEXT;
}

static gboolean check_name(JrFormatLine *line, const JrCsvColumn *column)
{
	if (!*column->name)
		return jr_line_refuse(line, NULL,
				      "a column without a name: write a header "
				      "line of names");
	if (strlen(column->name) > NAME_BYTES)
		return jr_line_refuse(line, NULL,
				      "the name of a column is longer than %d "
				      "bytes",
				      NAME_BYTES);
	for (char **part = column->path; *part; part++)
		if (!**part)
			return jr_line_refuse(line, column->name,
					      "a name with a dot too many: "
					      "write address.city");
	return TRUE;
}

gboolean jr_csv_add_column(JrFormatLine *line, const char *header,
			   GPtrArray *columns)
{
	JrCsvColumn *column = g_new0(JrCsvColumn, 1);

	column->name = g_strstrip(g_strdup(header));
	column->type = take_type(column->name);
	column->path = g_strsplit(column->name, ".", -1);
	g_ptr_array_add(columns, column);
	know(column);
	return check_name(line, column);
}

/* Whether @a stands where @b is a map, or both are the same. */
static gboolean clash(const JrCsvColumn *a, const JrCsvColumn *b)
{
	gsize len = strlen(a->name);

	return g_str_has_prefix(b->name, a->name) &&
	       (b->name[len] == '.' || !b->name[len]);
}

gboolean jr_csv_check_columns(JrFormatLine *line, const GPtrArray *columns)
{
	gboolean who = FALSE;

	for (guint i = 0; i < columns->len; i++) {
		const JrCsvColumn *column = columns->pdata[i];

		who |= column->who != 0;
		for (guint k = 0; k < columns->len; k++)
			if (k != i && clash(column, columns->pdata[k]))
				return jr_line_refuse(
					line, column->name,
					"stands twice in the header, or is "
					"both a value and a map");
	}
	return who || jr_line_refuse(line, NULL,
				     "the header names nobody: write a column "
				     "id, email, cio_id or phone");
}

/* A number as JSON writes it, that keeps all its digits. */
static gboolean is_number(const char *text)
{
	gsize digits = 0;

	for (const char *c = text; *c && *c != 'e' && *c != 'E'; c++)
		digits += g_ascii_isdigit(*c) != 0;
	return digits <= DIGITS &&
	       g_regex_match_simple(
		       "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,2})?$",
		       text, G_REGEX_DOLLAR_ENDONLY, 0);
}

static int yes_or_no(const char *text)
{
	static const char *const yes[] = { "true", "yes", "1", NULL };
	static const char *const no[] = { "false", "no", "0", NULL };
	g_autofree char *lower = g_ascii_strdown(text, -1);

	return g_strv_contains(yes, lower)  ? 1
	       : g_strv_contains(no, lower) ? 0
					    : -1;
}

/* Write @field as what it looks like. */
static void put_by_looks(const JrCsvField *field, GString *json)
{
	const char *text = field->text;

	if (g_ascii_strcasecmp(text, "true") == 0)
		g_string_append(json, "true");
	else if (g_ascii_strcasecmp(text, "false") == 0)
		g_string_append(json, "false");
	else if (is_number(text) ||
		 (!field->quoted && g_str_equal(text, "null")))
		g_string_append(json, text);
	else
		jr_val_write_text(text, field->len, json);
}

static gboolean put_value(JrFormatLine *line, const JrCsvColumn *column,
			  const JrCsvField *field, GString *json)
{
	int yes;

	switch (column->type) {
	case JR_CSV_BY_LOOKS:
		put_by_looks(field, json);
		return TRUE;
	case JR_CSV_TEXT:
		jr_val_write_text(field->text, field->len, json);
		return TRUE;
	case JR_CSV_NUMBER:
		g_string_append(json, field->text);
		return is_number(field->text) ||
		       jr_line_refuse(line, column->name,
				      "no number: write one such as 12 or 1.5");
	case JR_CSV_BOOL:
		yes = yes_or_no(field->text);
		g_string_append(json, yes > 0 ? "true" : "false");
		return yes >= 0 || jr_line_refuse(line, column->name,
						  "neither true nor false");
	}
	g_assert_not_reached();
}

static gboolean put_member(JrFormatLine *line, const JrCsvColumn *column,
			   const JrCsvField *field, GString *json)
{
	jr_val_write_text(column->path[0], strlen(column->path[0]), json);
	g_string_append_c(json, ':');
	return put_value(line, column, field, json);
}

/* Whether columns @i and @k stand in the same map of the person. */
static gboolean same_map(const GPtrArray *columns, guint i, guint k)
{
	const JrCsvColumn *a = columns->pdata[i], *b = columns->pdata[k];

	return a->path[1] && b->path[1] && g_str_equal(a->path[0], b->path[0]);
}

static const JrCsvField *field_of(const GArray *fields, guint i)
{
	return &g_array_index(fields, JrCsvField, i);
}

/* Fields that are empty say nothing. */
static gboolean says_anything(const GPtrArray *columns, const GArray *fields,
			      guint i)
{
	const JrCsvColumn *column = columns->pdata[i];

	return field_of(fields, i)->len > 0 && !column->when &&
	       column->who != JR_IDENTITY_CIO_ID;
}

/* Whether a column before @i wrote the map that @i stands in. */
static gboolean was_written(const GPtrArray *columns, const GArray *fields,
			    guint i)
{
	for (guint k = 0; k < i; k++)
		if (same_map(columns, k, i) &&
		    says_anything(columns, fields, k))
			return TRUE;
	return FALSE;
}

static gboolean put_members(JrFormatLine *line, const GPtrArray *columns,
			    const GArray *fields, GString *json);

/* The columns below one name, as one map: their paths less the first part. */
static gboolean put_map(JrFormatLine *line, const GPtrArray *columns,
			const GArray *fields, guint first, GString *json)
{
	const JrCsvColumn *head = columns->pdata[first];
	g_autoptr(GPtrArray) below =
		g_ptr_array_new_with_free_func(g_free); /* JrCsvColumn */
	g_autoptr(GArray) values =
		g_array_new(FALSE, FALSE, sizeof(JrCsvField));

	for (guint i = first; i < columns->len; i++) {
		JrCsvColumn *column;

		if (i != first && !same_map(columns, first, i))
			continue;
		column = g_memdup2(columns->pdata[i], sizeof *column);
		column->path++;
		column->who = 0;
		g_ptr_array_add(below, column);
		g_array_append_vals(values, field_of(fields, i), 1);
	}
	jr_val_write_text(head->path[0], strlen(head->path[0]), json);
	g_string_append_c(json, ':');
	return put_members(line, below, values, json);
}

static gboolean put_members(JrFormatLine *line, const GPtrArray *columns,
			    const GArray *fields, GString *json)
{
	gsize empty;

	g_string_append_c(json, '{');
	empty = json->len;
	for (guint i = 0; i < columns->len; i++) {
		const JrCsvColumn *column = columns->pdata[i];

		if (!says_anything(columns, fields, i) ||
		    was_written(columns, fields, i))
			continue;
		if (json->len > empty)
			g_string_append_c(json, ',');
		if (column->path[1] ? !put_map(line, columns, fields, i, json)
				    : !put_member(line, column,
						  field_of(fields, i), json))
			return FALSE;
	}
	g_string_append_c(json, '}');
	return TRUE;
}

/* Whom the record is about. */
static gboolean read_who(JrFormatLine *line, const GPtrArray *columns,
			 const GArray *fields, JrIdentity *who)
{
	for (guint n = 0; n < G_N_ELEMENTS(names); n++)
		for (guint i = 0; i < columns->len; i++) {
			const JrCsvColumn *column = columns->pdata[i];
			JrVal val;

			if (column->who != names[n].kind ||
			    field_of(fields, i)->len == 0)
				continue;
			val = jr_val_text_len(field_of(fields, i)->text,
					      field_of(fields, i)->len);
			return jr_line_identity(line, column->name, column->who,
						&val, who);
		}
	return jr_line_refuse(line, "id",
			      "names nobody: fill id, email, cio_id or phone");
}

/* A number of seconds, or an instant in words. */
static gboolean read_when(JrFormatLine *line, const GPtrArray *columns,
			  const GArray *fields, JrIngestRec *rec)
{
	for (guint i = 0; i < columns->len; i++) {
		const JrCsvColumn *column = columns->pdata[i];
		const char *text = field_of(fields, i)->text;
		JrVal val = jr_val_text(text);
		gint64 num;

		if (!column->when || !*text)
			continue;
		if (g_ascii_string_to_signed(text, 10, 0, G_MAXINT64, &num,
					     NULL))
			val = jr_val_int(num);
		return jr_line_at(line, rec, column->name, &val);
	}
	return TRUE;
}

/* The same values of the same person are the same record, under any header. */
static void name(JrFormatLine *line, JrIngestRec *rec)
{
	const char *text = jr_line_printf(
		line, "csv %s %s\n%.*s", jr_identity_name(rec->who.kind),
		rec->who.value, (int)rec->data.len, rec->data.text);
	const JrSlice content = { text, strlen(text) };

	rec->id = jr_line_content_id(line, rec, content, 0);
}

gboolean jr_csv_person(JrFormatLine *line, const GPtrArray *columns,
		       const GArray *fields)
{
	g_autoptr(GString) json = g_string_new(NULL);
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_IDENTIFY);
	JrFormatLine inner = *line;

	if (!read_who(line, columns, fields, &rec->who) ||
	    !read_when(line, columns, fields, rec) ||
	    !put_members(line, columns, fields, json))
		return FALSE;
	if (!jr_line_enter(&inner, NULL, json->str, json->len) ||
	    !jr_line_identify(&inner, "", inner.val, rec)) {
		line->field = inner.field;
		line->reason = inner.reason;
		return FALSE;
	}
	name(line, rec);
	return TRUE;
}

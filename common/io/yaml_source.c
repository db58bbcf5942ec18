#include "io/yaml_source.h"
#include "base/error.h"

#include <string.h>

/* What Windows begins texts with; libyaml counts it as a column. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

gboolean jr_yaml_refuse(JrYamlSource *r, yaml_mark_t mark, const char *format,
			...)
{
	va_list args;

	va_start(args, format);
	*r->error = g_error_new_valist(JR_ERROR, JR_ERROR_CONFIG, format, args);
	va_end(args);
	jr_error_at(r->error, r->file, (guint)mark.line + 1,
		    (guint)mark.column + 1);
	return FALSE;
}

/* libyaml's words for the slips that people make, and what to do. */
static const struct {
	const char *problem, *advice;
} slips[] = {
	{ "found character that cannot start any token",
	  "indent with spaces, not tabs, and put a text that begins with @, "
	  "`, % or a tab in quotes" },
	{ "mapping values are not allowed in this context",
	  "put a text that holds ': ' in quotes, and check the indentation" },
	{ "did not find expected key",
	  "check the indentation, and the quotes of the lines before" },
	{ "did not find expected '-' indicator",
	  "check the indentation of the list" },
	{ "could not find expected ':'",
	  "write 'key: value', and check the indentation" },
	{ "did not find expected ',' or ']'", "close the list with ]" },
	{ "did not find expected ',' or '}'",
	  "close the map with }, and put a template such as '{{ x }}' in "
	  "quotes" },
	{ "found unexpected end of stream", "close the quotes" },
	{ "found unknown escape character",
	  "write a backslash as \\\\, or use single quotes" },
	{ "block sequence entries are not allowed in this context",
	  "begin the list in a line of its own" },
	{ "found undefined tag handle", "put a text that begins with ! in "
					"quotes" },
};

static const char *advice_for(const char *problem)
{
	for (guint i = 0; i < G_N_ELEMENTS(slips); i++)
		if (strcmp(slips[i].problem, problem) == 0)
			return slips[i].advice;
	return "check the indentation and the quotes";
}

/* Where the byte at @offset stands. */
static yaml_mark_t mark_of(const JrYamlSource *r, gsize offset)
{
	yaml_mark_t mark = { 0 };

	for (gsize i = 0; i < MIN(offset, r->len); i++)
		if (r->text[i] == '\n') {
			mark.line++;
			mark.column = 0;
		} else if ((r->text[i] & 0xc0) != 0x80) {
			mark.column++;
		}
	return mark;
}

/* The next event; FALSE when what comes is not YAML. */
gboolean jr_yaml_next(JrYamlSource *r, JrYamlEvent *event)
{
	yaml_parser_t *p = &r->parser;
	yaml_mark_t mark;

	if (yaml_parser_parse(p, event))
		return TRUE;
	if (p->error == YAML_READER_ERROR)
		return jr_yaml_refuse(r, mark_of(r, p->problem_offset),
				      "not YAML: %s: remove the character",
				      p->problem);
	mark = p->problem_mark;
	/* Quotes that are never closed: show where they were opened. */
	if (p->context && strstr(p->context, "quoted") &&
	    strcmp(p->problem, "found unexpected end of stream") == 0)
		mark = p->context_mark;
	return jr_yaml_refuse(r, mark, "not YAML: %s: %s",
			      p->problem ? p->problem : "no memory left",
			      advice_for(p->problem ? p->problem : ""));
}

/* The line at @text; NULL when there is none. */
static const char *next_line(const char *text)
{
	const char *newline = strchr(text, '\n');

	return newline ? newline + 1 : NULL;
}

/* How many spaces the first line of @text that is not blank begins with. */
static gsize indent_of(const char *text)
{
	for (; text; text = next_line(text)) {
		gsize spaces = strspn(text, " ");

		if (!strchr("\r\n", text[spaces]))
			return spaces;
	}
	return 0;
}

/* Line @line, from where the last one was: they come in order.  NULL: there is
 * none such. */
static const char *go_to(JrYamlSource *r, gsize line)
{
	for (; r->at && r->at_line < line; r->at_line++)
		r->at = next_line(r->at);
	return r->at_line == line ? r->at : NULL;
}

/* Where the first line of a block stands, whose indicator is at @mark. */
static yaml_mark_t block_start(JrYamlSource *r, yaml_mark_t mark,
			       const char *content)
{
	const char *line = go_to(r, ++mark.line);

	mark.column = 0;
	/* What is left of the indentation in the text belongs to the text. */
	if (line && indent_of(line) >= indent_of(content))
		mark.column = indent_of(line) - indent_of(content);
	return mark;
}

yaml_mark_t jr_yaml_text_start(JrYamlSource *r, const JrYamlEvent *event)
{
	yaml_mark_t mark = event->start_mark;

	switch (event->data.scalar.style) {
	case YAML_LITERAL_SCALAR_STYLE:
	case YAML_FOLDED_SCALAR_STYLE:
		return block_start(r, mark,
				   (const char *)event->data.scalar.value);
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		mark.column++;
		return mark;
	case YAML_ANY_SCALAR_STYLE:
	case YAML_PLAIN_SCALAR_STYLE:
		break;
	}
	return mark;
}

/* The character before which are @n others of the line at @line; its end, if it
 * has fewer. */
static const char *go_in(const char *line, gsize n)
{
	for (; n > 0 && *line && *line != '\n'; n--)
		line = g_utf8_next_char(line);
	return line;
}

/* Whether both are the same but for blanks and ends of lines. */
static gboolean are_alike(const char *a, const char *b)
{
	do {
		a += strspn(a, " \t\r\n");
		b += strspn(b, " \t\r\n");
	} while (*a && *a++ == *b++);
	return *a == *b;
}

static gboolean is_quoted(const JrYamlEvent *event)
{
	return event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
	       event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

/* What stands from @start on; NULL: nobody knows.  Owned. */
static char *cut_out(JrYamlSource *r, const JrYamlEvent *event,
		     yaml_mark_t start)
{
	const char *line = go_to(r, start.line), *from, *end;

	if (!line)
		return NULL;
	from = go_in(line, start.column);
	for (gsize n = start.line; line && n < event->end_mark.line; n++)
		line = next_line(line);
	end = line ? go_in(line, event->end_mark.column) : from + strlen(from);
	if (is_quoted(event))
		end--;
	return end < from ? NULL : g_strndup(from, (gsize)(end - from));
}

char *jr_yaml_source(JrYamlSource *r, const JrYamlEvent *event,
		     yaml_mark_t start, gboolean *escapes)
{
	const char *text = (const char *)event->data.scalar.value;
	gboolean quoted = is_quoted(event);
	g_autofree char *source = NULL;

	*escapes = FALSE;
	if (!quoted && event->end_mark.line == start.line)
		return NULL;
	source = cut_out(r, event, start);
	if (!source)
		return NULL;
	if (!quoted)
		g_strchomp(source);
	/* YAML knows more ends of lines than we do. */
	*escapes = quoted && !are_alike(source, text);
	return *escapes || (strchr(source, '\n') && are_alike(source, text))
		       ? g_steal_pointer(&source)
		       : NULL;
}

/* libyaml checks UTF-8 as well, but does not say in which line. */
gboolean jr_yaml_open(JrYamlSource *r)
{
	const char *end;

	if (g_str_has_prefix(r->text, BYTE_ORDER_MARK)) {
		r->text += strlen(BYTE_ORDER_MARK);
		r->len -= strlen(BYTE_ORDER_MARK);
	}
	r->at = r->text;
	if (!yaml_parser_initialize(&r->parser))
		return jr_yaml_refuse(r, (yaml_mark_t){ 0 }, "no memory left");
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const unsigned char *)r->text,
				     r->len);
	if (r->len > JR_YAML_MAX_BYTES)
		return jr_yaml_refuse(r, (yaml_mark_t){ 0 },
				      "longer than %" G_GSIZE_FORMAT
				      " bytes: split the file",
				      JR_YAML_MAX_BYTES);
	if (g_utf8_validate_len(r->text, r->len, &end))
		return TRUE;
	return jr_yaml_refuse(r, mark_of(r, (gsize)(end - r->text)),
			      "not UTF-8: save the file in UTF-8");
}

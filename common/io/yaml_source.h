/*
 * yaml_source.h - the events of libyaml, with errors that help and places that
 * are exact.  Only for yaml.c.
 */
#pragma once

#include "io/yaml.h"

#include <yaml.h>

typedef struct {
	const char *text; /* the whole of it; a NUL follows */
	gsize len;
	const char *file;
	GError **error; /* never NULL */
	yaml_parser_t parser;
	const char *at; /* a line that was come to, and its number from 0 */
	gsize at_line;
} JrYamlSource;

typedef yaml_event_t JrYamlEvent;

/*
 * Begin with source->text.  FALSE and JR_ERROR_CONFIG when it is too long or
 * not UTF-8.  yaml_parser_delete() frees the parser in either case.
 */
gboolean jr_yaml_open(JrYamlSource *source);

/* The next event, to be cleared; FALSE and JR_ERROR_CONFIG: it is not YAML. */
gboolean jr_yaml_next(JrYamlSource *source, JrYamlEvent *event);

/* Set source->error to what is wrong at @mark.  Returns FALSE. */
gboolean jr_yaml_refuse(JrYamlSource *source, yaml_mark_t mark,
			const char *format, ...) G_GNUC_PRINTF(3, 4);

/*
 * Where the first character of the text of a scalar stands: behind a quote,
 * below the indicator of a block.  To be asked in the order of the events.
 */
yaml_mark_t jr_yaml_text_start(JrYamlSource *source, const JrYamlEvent *event);

/*
 * A scalar as it stands in the file, from @start, where its text does, to its
 * end; NULL: as its text does, on one line.  *@escapes: there are other letters
 * than in the text, not only other lines.  Owned.  To be asked after
 * jr_yaml_text_start().
 */
char *jr_yaml_source(JrYamlSource *source, const JrYamlEvent *event,
		     yaml_mark_t start, gboolean *escapes);

static inline void jr_yaml_event_clear(JrYamlEvent *event)
{
	yaml_event_delete(event);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(JrYamlEvent, jr_yaml_event_clear)

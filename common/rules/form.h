/*
 * form.h - values with templates inside: what set, track, emit and data give.
 *
 * A text that holds "{{" or "{%" is a template; every other value stands for
 * itself.  A template whose last filter is `json` gives the value, not its
 * text: "{{ event.amount | json }}" is a number.
 */
#pragma once

#include "base/val.h"
#include "lang/liquid.h"

#include <jansson.h>

typedef struct _JrForm JrForm;

/* Compile @val (borrowed while the form lives).  NULL and JR_ERROR_CONFIG. */
JrForm *jr_form_new(const JrVal *val, const char *file, JrSnippetFn snippet,
		    gpointer snippet_data, GError **error);
void jr_form_free(JrForm *form);

/* What it was compiled from; borrowed. */
const JrVal *jr_form_val(const JrForm *form);

/* Render: a new reference.  NULL and error as jr_liquid_render(). */
json_t *jr_form_render(const JrForm *form, const JrLiquidRun *run,
		       GError **error);

/* As jr_liquid_visit(), over every template inside. */
void jr_form_visit(const JrForm *form, JrLiquidVarFn each, gpointer user);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrForm, jr_form_free)

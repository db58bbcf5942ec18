/* liquid_filters.c - the filters by their names, and what they share. */
#include "lang/liquid_impl.h"

#include <string.h>

static const LqFilter *const tables[] = {
	lq_filters_array,  lq_filters_crypto, lq_filters_date,
	lq_filters_escape, lq_filters_math,   lq_filters_money,
	lq_filters_select, lq_filters_string, lq_filters_value,
	lq_filters_words,
};

const LqFilter *lq_filter_find(LqText name)
{
	for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
		for (const LqFilter *f = tables[i]; f->name; f++)
			if (lq_str_is(name, f->name))
				return f;
	return NULL;
}

const char **lq_filter_names(void)
{
	GPtrArray *names = g_ptr_array_new();

	for (guint i = 0; i < G_N_ELEMENTS(tables); i++)
		for (const LqFilter *f = tables[i]; f->name; f++)
			g_ptr_array_add(names, (gpointer)f->name);
	g_ptr_array_add(names, NULL);
	return (const char **)g_ptr_array_free(names, FALSE);
}

LqText lq_in_text(LqRun *run, const LqArgs *args)
{
	LqText text = lq_to_text(run, &args->in);

	lq_pay_bytes(run, text.len);
	return text;
}

LqText lq_arg_text(LqRun *run, const LqArgs *args, guint i)
{
	return lq_to_text(run, &args->arg[i]);
}

LqVal lq_text_of(LqRun *run, LqText text)
{
	char *copy = lq_take(run, text.len + 1);

	if (!copy)
		return lq_nil();
	if (text.len > 0)
		memcpy(copy, text.str, text.len);
	copy[text.len] = '\0';
	return lq_data(jr_val_text_len(copy, text.len));
}

LqVal lq_text_owned(LqRun *run, char *text)
{
	LqVal v = lq_text_of(run, lq_str(text));

	g_free(text);
	return v;
}

LqVal lq_text_checked(LqRun *run, const void *bytes, gsize len)
{
	/* With a length, a NUL is refused as well. */
	if (!g_utf8_validate_len(bytes, len, NULL))
		return lq_fail(run, "'%s' gives bytes that are no text",
			       run->filter->name);
	return lq_text_of(run, (LqText){ bytes, len });
}

#include "net/classes.h"
#include "base/error.h"
#include "base/suggest.h"

#include <string.h>

static const char *const names[] = {
	[JR_OUTCOME_ACCEPTED] = "accepted",
	[JR_OUTCOME_WAIT] = "wait",
	[JR_OUTCOME_REFUSED] = "refused",
	[JR_OUTCOME_OPTED_OUT] = "opted_out",
	[JR_OUTCOME_DROP_TOKEN] = "drop_token",
	[JR_OUTCOME_STOP] = "stop",
	[JR_OUTCOME_UNKNOWN] = "unknown",
	NULL,
};

const char *jr_outcome_name(JrOutcome outcome)
{
	g_assert((gsize)outcome <= JR_OUTCOME_LAST);
	return names[outcome];
}

gboolean jr_outcome_of(const char *name, JrOutcome *outcome)
{
	for (int i = 0; name && names[i]; i++) {
		if (strcmp(names[i], name) == 0) {
			*outcome = (JrOutcome)i;
			return TRUE;
		}
	}
	return FALSE;
}

struct _JrClasses {
	GHashTable *rows; /* code to JrClass *, of a table or of own */
	GPtrArray *own;	  /* JrClass that configuration made */
};

static void free_class(gpointer data)
{
	JrClass *class = data;

	g_free((char *)class->code);
	g_free(class);
}

void jr_classes_free(JrClasses *classes)
{
	g_hash_table_unref(classes->rows);
	g_ptr_array_unref(classes->own);
	g_free(classes);
}

const JrClass *jr_classes_find(const JrClasses *classes, const char *code)
{
	return g_hash_table_lookup(classes->rows, code);
}

const JrClass *jr_classes_of_answer(const JrClasses *classes, const char *code,
				    int status)
{
	static const JrClass any = { NULL, JR_OUTCOME_UNKNOWN, 0,
				     "an answer that is not known" };
	char exact[32], like[32];
	const char *const keys[] = { code, exact, like };

	g_snprintf(exact, sizeof(exact), "http-%d", status);
	g_snprintf(like, sizeof(like), "http-%dxx", status / 100);
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const JrClass *class =
			keys[i] ? jr_classes_find(classes, keys[i]) : NULL;

		if (class)
			return class;
	}
	return &any;
}

/* The row that an answer with @code has without configuration, or NULL. */
static const JrClass *row_before(const JrClasses *classes, const char *code)
{
	guint64 status = 0;

	if (g_str_has_prefix(code, "http-") &&
	    g_ascii_string_to_unsigned(code + strlen("http-"), 10, 100, 599,
				       &status, NULL))
		return jr_classes_of_answer(classes, NULL, (int)status);
	return jr_classes_find(classes, code);
}

/* Why configuration may not make @outcome of @row, or NULL. */
static const char *objection(const JrClass *row, JrOutcome outcome)
{
	if (outcome == JR_OUTCOME_ACCEPTED)
		return "a code that says no cannot be 'accepted'";
	if (row && row->outcome == JR_OUTCOME_OPTED_OUT &&
	    outcome != JR_OUTCOME_OPTED_OUT)
		return "an opt-out stays one";
	if (row && row->outcome == JR_OUTCOME_UNKNOWN &&
	    outcome == JR_OUTCOME_WAIT)
		return "what may have been taken cannot 'wait': it would be "
		       "sent twice";
	return NULL;
}

/* Overrule or add the row that @member of `classes` says. */
static gboolean overrule(JrClasses *classes, const JrMember *member,
			 GError **error)
{
	const JrVal *val = &member->val;
	const char *name = val->type == JR_VAL_TEXT ? val->text : "";
	const JrClass *row = row_before(classes, member->key);
	JrOutcome outcome;

	if (!jr_outcome_of(name, &outcome)) {
		g_autofree char *write = jr_suggest_write(name, names);

		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "code '%s' has no known outcome: %s", member->key,
			    write);
		return FALSE;
	}
	const char *why = objection(row, outcome);
	if (why) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG, "code '%s': %s",
			    member->key, why);
		return FALSE;
	}
	JrClass *class = g_new(JrClass, 1);
	*class = (JrClass){ g_strdup(member->key), outcome,
			    row ? row->wait_s : 0,
			    row ? row->text : "as configured" };
	g_ptr_array_add(classes->own, class);
	g_hash_table_replace(classes->rows, (gpointer) class->code, class);
	return TRUE;
}

JrClasses *jr_classes_new(const JrClass *table, const JrVal *overrides,
			  const char *file, GError **error)
{
	g_autoptr(JrClasses) classes = g_new(JrClasses, 1);
	guint32 n = 0;

	*classes = (JrClasses){ g_hash_table_new(g_str_hash, g_str_equal),
				g_ptr_array_new_with_free_func(free_class) };
	for (; table && table->code; table++)
		g_hash_table_insert(classes->rows, (gpointer)table->code,
				    (gpointer)table);
	if (!jr_val_is_null(overrides) && overrides->type == JR_VAL_MAP)
		n = overrides->len;
	else if (!jr_val_is_null(overrides)) {
		g_set_error(error, JR_ERROR, JR_ERROR_CONFIG,
			    "'classes' is %s: write a map of codes",
			    jr_val_type_name(overrides));
		jr_error_at(error, file, overrides->line, overrides->column);
		return NULL;
	}
	for (guint32 i = 0; i < n; i++) {
		const JrVal *val = &overrides->members[i].val;

		if (overrule(classes, &overrides->members[i], error))
			continue;
		jr_error_at(error, file, val->line, val->column);
		return NULL;
	}
	return g_steal_pointer(&classes);
}

/* workflow_wait.c - a pause, as it stands in the file. */
#include "rules/workflow_impl.h"

typedef struct {
	const JrVal *window;
	JrWait *wait;
} Wait;

/* Fields of the JrWait itself. */
#define OWN(name, function, field)                                             \
	static gboolean name(const JrVal *val, const char *file, gpointer at,  \
			     GError **error)                                   \
	{                                                                      \
		return function(val, file, &((Wait *)at)->wait->field, error); \
	}

OWN(read_for, jr_field_span, span)
OWN(read_until, jr_field_clock, until)
OWN(read_days, jr_field_weekdays, weekdays)
OWN(read_date, jr_workflow_text, date)

static gboolean read_window(const JrVal *val, const char *file, JrWait *wait,
			    GError **error)
{
	static const JrField table[] = {
		{ "from", jr_field_minute, G_STRUCT_OFFSET(JrWindow, from) },
		{ "until", jr_field_minute, G_STRUCT_OFFSET(JrWindow, until) },
		{ NULL, NULL, 0 },
	};
	JrWindow window = { -1, -1 };

	if (!jr_fields_read(val, table, file, &window, error))
		return FALSE;
	if (window.from < 0 || window.until < 0 || window.from == window.until)
		return jr_field_wrong(val, file, error,
				      "a window has a from and an until that "
				      "differ, like {from: \"09:00\", until: "
				      "\"17:00\"}");
	wait->windowed = TRUE;
	wait->window = window;
	return TRUE;
}

/* What would go unheard. */
static gboolean check_words(const JrVal *val, const JrWait *wait,
			    const char *file, GError **error)
{
	if (jr_val_get(val, "for") && jr_val_get(val, "offset"))
		return jr_field_wrong(jr_val_get(val, "offset"), file, error,
				      "for and offset are the same: leave one "
				      "out");
	if (jr_val_get(val, "days") && wait->until < 0 && !wait->windowed)
		return jr_field_wrong(jr_val_get(val, "days"), file, error,
				      "days of what: write until, like "
				      "\"09:00\", or a window");
	return TRUE;
}

gboolean jr_workflow_wait(const JrVal *val, const char *file, JrWait *wait,
			  GError **error)
{
	static const JrField table[] = {
		{ "for", read_for, 0 },
		{ "until", read_until, 0 },
		{ "days", read_days, 0 },
		{ "date", read_date, 0 },
		{ "offset", read_for, 0 },
		{ "window", jr_workflow_any, G_STRUCT_OFFSET(Wait, window) },
		{ NULL, NULL, 0 },
	};
	Wait given = { .wait = wait };

	*wait = (JrWait){ .until = -1, .weekdays = JR_WEEKDAYS_ALL };
	if (val->type != JR_VAL_MAP)
		return jr_field_span(val, file, &wait->span, error) &&
		       (jr_span_seconds(&wait->span) >= 0 ||
			jr_field_wrong(val, file, error,
				       "a wait below 0: leave the minus out"));
	if (!jr_fields_read(val, table, file, &given, error) ||
	    (given.window && !read_window(given.window, file, wait, error)))
		return FALSE;
	if (!wait->date && jr_span_seconds(&wait->span) < 0)
		return jr_field_wrong(val, file, error,
				      "a wait below 0: that is for a date's "
				      "offset");
	if (!check_words(val, wait, file, error))
		return FALSE;
	if (wait->date || wait->until >= 0 || wait->windowed ||
	    jr_val_get(val, "for"))
		return TRUE;
	return jr_field_wrong(val, file, error,
			      "wait for what: write for, until, date or "
			      "window");
}

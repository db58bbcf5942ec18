/* Steps that say, pause, act or end, and lead to one other. */
#include "rules/workflow_steps.h"

static gboolean read_message(const JrReading *r, JrChannel channel,
			     GError **error)
{
	JrStep step = *jr_steps_at(r->place, r->step);
	gboolean ok = jr_workflow_message(r->place->reader, r->val, channel,
					  &step, error);

	step.kind = JR_STEP_MESSAGE;
	*jr_steps_at(r->place, r->step) = step;
	jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	return ok && jr_steps_name(r->place, r->step, r->nth, r->val, error);
}

gboolean jr_read_sms(const JrReading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_SMS, error);
}

gboolean jr_read_push(const JrReading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_PUSH, error);
}

gboolean jr_read_email(const JrReading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_EMAIL, error);
}

gboolean jr_read_whatsapp(const JrReading *r, GError **error)
{
	return read_message(r, JR_CHANNEL_WHATSAPP, error);
}

gboolean jr_read_wait(const JrReading *r, GError **error)
{
	JrStep *s = jr_steps_at(r->place, r->step);

	s->kind = JR_STEP_WAIT;
	jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	return jr_workflow_wait(r->val, jr_steps_file(r->place), &s->wait,
				error) &&
	       jr_steps_name(r->place, r->step, r->nth, r->val, error);
}

gboolean jr_read_exit(const JrReading *r, GError **error)
{
	JrStep *s = jr_steps_at(r->place, r->step);

	s->kind = JR_STEP_EXIT;
	if (s->test)
		jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	if (r->val->type != JR_VAL_NULL &&
	    !(r->val->type == JR_VAL_BOOL && r->val->yes))
		return jr_field_wrong(r->val, jr_steps_file(r->place), error,
				      "nothing belongs behind exit: write "
				      "'- exit:'");
	return jr_steps_name(r->place, r->step, r->nth, r->val, error);
}

static gboolean set_form(const JrReading *r, JrStepKind kind, const JrVal *val,
			 GError **error)
{
	const JrWorkflowSource *source = r->place->reader->source;
	JrStep *s = jr_steps_at(r->place, r->step);

	s->kind = kind;
	jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	if (!val || val->type != JR_VAL_MAP || val->len == 0)
		return jr_field_wrong(val ? val : r->val,
				      jr_steps_file(r->place), error,
				      "nothing to %s: write 'key: value' lines",
				      jr_step_kind_name(kind));
	s->form = jr_form_new(val, jr_steps_file(r->place), source->snippet,
			      source->snippet_data, error);
	return s->form != NULL;
}

gboolean jr_read_set(const JrReading *r, GError **error)
{
	return set_form(r, JR_STEP_SET, r->val, error) &&
	       jr_steps_name(r->place, r->step, r->nth, r->val, error);
}

gboolean jr_read_emit(const JrReading *r, GError **error)
{
	return set_form(r, JR_STEP_EMIT, r->val, error) &&
	       jr_steps_name(r->place, r->step, r->nth, r->val, error);
}

gboolean jr_read_track(const JrReading *r, GError **error)
{
	static const JrField table[] = {
		JR_GIVEN_ID_AND_IF,
		{ "event", jr_workflow_text, JR_GIVEN_AT(name) },
		{ "properties", jr_workflow_any, JR_GIVEN_AT(form) },
		{ NULL, NULL, 0 },
	};
	JrGiven g = { 0 };

	jr_steps_at(r->place, r->step)->kind = JR_STEP_TRACK;
	if (!jr_steps_given(r->place, r->step, r->val, table, &g, error) ||
	    !jr_steps_name(r->place, r->step, r->nth, r->val, error))
		return FALSE;
	jr_steps_at(r->place, r->step)->name = g.name;
	if (!g.name)
		return jr_field_wrong(r->val, jr_steps_file(r->place), error,
				      "track what: write event");
	if (g.form)
		return set_form(r, JR_STEP_TRACK, g.form, error);
	jr_steps_leave(r->loose, r->step, JR_END_NEXT);
	return TRUE;
}

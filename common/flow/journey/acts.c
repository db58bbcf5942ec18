/* Steps that change the person, raise an event, or write a record. */
#include "base/doc.h"
#include "base/error.h"
#include "flow/journey/attributes.h"
#include "flow/journey/decide.h"
#include "flow/journey/impl.h"
#include "flow/journey/render.h"
#include "io/json.h"
#include "rules/attrs.h"

#include <string.h>

/* A reason not to do the step is decided and kept like any other. */
static gboolean refuse(JrJourneys *journeys, JrRun *run, const JrStep *step,
		       const char *why, GError **error)
{
	const JrAbout about = { .run = run, .step = step };
	g_auto(JrDecision) decision = { .verdict = JR_VERDICT_NO,
					.gate = JR_GATE_CONTENT,
					.reason = g_strdup(why),
					.details = json_object() };

	return jr_journey_decide(journeys, &about, &decision, error);
}

/* What the step gives, or NULL: a value was missing.  FALSE: store failed. */
static gboolean give(JrJourneys *journeys, JrRun *run, const JrStep *step,
		     json_t **given, GError **error)
{
	const JrRenderAsk ask = { .run = run, .step = step };
	g_autoptr(GError) why = NULL;

	*given = jr_render_form(journeys, &ask, &why);
	return *given || refuse(journeys, run, step, why->message, error);
}

/* A row of the log that nobody sent: it concerns others from now on. */
static gboolean log_it(JrJourneys *journeys, const JrRun *run, JrLogKind kind,
		       const char *name, const json_t *data, GError **error)
{
	g_autofree char *text = json_dumps(data, JSON_COMPACT);
	JrLogRow row = { .kind = kind,
			 .person = run->row.person,
			 .name = name,
			 .at_s = journeys->now_s,
			 .received_s = journeys->now_s,
			 .data = text,
			 .data_len = strlen(text) };

	return jr_log_add(journeys->flow->db, &row, error);
}

JrStepDone jr_step_track(JrJourneys *journeys, JrRun *run, const JrStep *step,
			 int *next G_GNUC_UNUSED, GError **error)
{
	g_autoptr(json_t) given = NULL;

	if (!give(journeys, run, step, &given, error))
		return JR_STEP_FAILED;
	if (given &&
	    !log_it(journeys, run, JR_LOG_EVENT, step->name, given, error))
		return JR_STEP_FAILED;
	return JR_STEP_GOES;
}

JrStepDone jr_step_emit(JrJourneys *journeys, JrRun *run, const JrStep *step,
			int *next G_GNUC_UNUSED, GError **error)
{
	g_autoptr(json_t) given = NULL;

	if (!give(journeys, run, step, &given, error))
		return JR_STEP_FAILED;
	if (given)
		jr_journeys_tell(journeys, given);
	return JR_STEP_GOES;
}

static const char *find_theirs(json_t *given)
{
	const char *name;
	json_t *val;

	json_object_foreach (given, name, val)
		if (jr_attr_is_theirs(name))
			return name;
	return NULL;
}

/* @given as values of the run's arena. */
static const JrVal *as_val(JrJourneys *journeys, const json_t *given,
			   GError **error)
{
	g_autofree char *json = json_dumps(given, JSON_COMPACT);

	return jr_json_parse(journeys->arena, json, strlen(json), error);
}

/* The run sees the attributes as they are now. */
static gboolean reload(JrJourneys *journeys, JrRun *run, GError **error)
{
	gboolean found;

	if (journeys->met)
		jr_met_forget(journeys->met, run->row.person);
	return jr_journeys_meet(journeys, run->row.person, &run->who, &found,
				error);
}

JrStepDone jr_step_set(JrJourneys *journeys, JrRun *run, const JrStep *step,
		       int *next G_GNUC_UNUSED, GError **error)
{
	g_autoptr(json_t) given = NULL;
	g_autofree char *why = NULL;
	const char *theirs;
	const JrVal *update;

	if (!give(journeys, run, step, &given, error))
		return JR_STEP_FAILED;
	if (!given)
		return JR_STEP_GOES;
	theirs = find_theirs(given);
	if (theirs) {
		why = g_strdup_printf("'%s' is the person's to say", theirs);
		return refuse(journeys, run, step, why, error) ? JR_STEP_GOES
							       : JR_STEP_FAILED;
	}
	update = as_val(journeys, given, error);
	if (!update ||
	    !jr_journey_set_attributes(journeys, run->row.person, update,
				       error) ||
	    !reload(journeys, run, error))
		return JR_STEP_FAILED;
	return JR_STEP_GOES;
}

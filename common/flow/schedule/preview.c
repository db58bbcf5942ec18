#include "flow/schedule/preview.h"
#include "base/error.h"
#include "flow/journey/render.h"
#include "flow/schedule/explain.h"
#include "io/file.h"
#include "io/json.h"

#include <string.h>
#include <unistd.h>

#define DATA_MAX ((gsize)1024 * 1024) /* bytes of JSON */

/* What is looked at, and with what. */
typedef struct {
	JrFlow *flow;
	const JrPreviewAsk *ask;
	JrJourneyFiles *files;
	JrJourneys *journeys;
	JrArena *arena; /* of the journeys */
	JrRun run;
	const JrStep *step;
	const JrVal *data; /* or NULL */
	gboolean first;	   /* it is their first SMS */
	gboolean measured;
} Preview;

/* A template that stands for itself, dressed as a workflow of one message. */
typedef struct {
	JrLiquid *liquid;
	JrVariant variant;
	JrMessageStep message;
	JrStep step;
	JrWorkflow workflow;
} Lone;

static void lone_clear(Lone *lone)
{
	g_clear_pointer(&lone->liquid, jr_liquid_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Lone, lone_clear)

static gboolean is_stdin(const char *path)
{
	return !path || strcmp(path, "-") == 0;
}

/* The text of file @path; owned. */
static char *read_text(const char *path, gsize max, gsize *len, GError **error)
{
	return is_stdin(path) ? jr_file_read_pipe(STDIN_FILENO, "stdin", max,
						  len, error)
			      : jr_file_read(path, max, len, error);
}

/* ---- with what ---- */

/* The map that the file @path holds; nothing at all is an empty one. */
static const JrVal *read_map(const Preview *p, const char *path, GError **error)
{
	static const JrVal empty = { .type = JR_VAL_MAP };
	const char *name = is_stdin(path) ? "stdin" : path;
	g_autofree char *text = NULL;
	const JrVal *val;
	gsize len = 0;

	text = read_text(path, DATA_MAX, &len, error);
	if (!text)
		return NULL;
	if (strspn(text, " \t\r\n") == len)
		return &empty;
	val = jr_json_parse(p->arena, text, len, error);
	if (val && val->type == JR_VAL_MAP)
		return val;
	if (val)
		g_set_error(error, JR_ERROR, JR_ERROR_INPUT,
			    "%s: write a map of variables, "
			    "'{\"customer\":{…}}'",
			    jr_val_type_name(val));
	jr_error_at(error, name, 0, 0);
	return NULL;
}

/* An event as it comes in the stream, or nothing but its properties. */
static gboolean event_of_file(Preview *p, GError **error)
{
	const JrVal *read = read_map(p, p->ask->event, error);
	const JrVal *inner;

	if (!read)
		return FALSE;
	inner = jr_val_get(read, "attributes");
	if (!inner)
		inner = jr_val_get(read, "properties");
	p->run.event_name = jr_val_get_text(read, "name");
	if (!p->run.event_name)
		p->run.event_name = jr_val_get_text(read, "event");
	if (p->run.event_name && inner && inner->type == JR_VAL_MAP) {
		p->run.event = inner;
		p->run.event_id = jr_val_get_text(read, "id");
		return TRUE;
	}
	p->run.event = read;
	p->run.event_name = NULL;
	return TRUE;
}

/* A JrLogFn: the newest is enough. */
static gboolean take_event(const JrLogRow *row, gpointer user)
{
	Preview *p = user;
	const char *data = row->data ? row->data : "{}";

	p->run.event = jr_json_parse(p->arena, data, strlen(data), NULL);
	p->run.event_name = jr_arena_text(p->arena, row->name,
					  row->name ? strlen(row->name) : 0);
	if (row->id)
		p->run.event_id =
			jr_arena_text(p->arena, row->id, strlen(row->id));
	p->run.row.trigger_s = row->at_s;
	return FALSE;
}

static gboolean event_of_person(Preview *p, GError **error)
{
	const JrEventQuery query = { .person = p->run.row.person,
				     .name = p->ask->event,
				     .until_s = p->journeys->now_s,
				     .newest_first = TRUE,
				     .with_data = TRUE };

	if (!jr_events_each(p->flow->db, &query, take_event, p, error))
		return FALSE;
	if (p->run.event)
		return TRUE;
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "--event: there is no such file, and they have no event of "
		    "that name");
	return FALSE;
}

static gboolean load_event(Preview *p, GError **error)
{
	const char *event = p->ask->event;

	if (!event)
		return TRUE;
	if (p->ask->person && !g_file_test(event, G_FILE_TEST_EXISTS))
		return event_of_person(p, error);
	return event_of_file(p, error);
}

/* Whether an SMS to them would be the first to their number. */
static gboolean ask_first(Preview *p, GError **error)
{
	char number[JR_PHONE_SIZE];
	gboolean any = FALSE;

	if (!jr_traveller_number(p->flow, &p->run.who, JR_CHANNEL_SMS, number))
		return TRUE;
	if (!jr_message_reached(p->flow->db, number, JR_CHANNEL_SMS,
				p->journeys->now_s, &any, error))
		return FALSE;
	p->first = !any;
	return TRUE;
}

static gboolean load_person(Preview *p, GError **error)
{
	gboolean found = FALSE;
	gint64 person = 0;

	if (!jr_schedule_find_person(p->flow, p->ask->person, &person, error) ||
	    !jr_traveller_load(p->flow, person, p->arena, &p->run.who, &found,
			       error))
		return FALSE;
	g_assert(found); /* identities end with an erasure */
	p->run.row.person = person;
	return ask_first(p, error);
}

/* Nobody of the store: who the data say, by the clocks they say. */
static void make_person(Preview *p)
{
	static const JrVal nobody = { .type = JR_VAL_MAP };
	const JrVal *customer = jr_val_get(p->data, "customer");
	const char *zone;

	if (!customer || customer->type != JR_VAL_MAP)
		customer = &nobody;
	zone = jr_val_get_text(customer, "timezone");
	p->run.who.attributes = customer;
	if (zone)
		p->run.who.zone = jr_zones_get(p->flow->zones, zone, NULL);
	if (!p->run.who.zone)
		p->run.who.zone = jr_zones_get(p->flow->zones, "UTC", NULL);
}

static gboolean load_data(Preview *p, GError **error)
{
	const JrPreviewAsk *ask = p->ask;
	gboolean nothing = !ask->person && !ask->event && !ask->data;

	if (is_stdin(ask->what) && ask->data && is_stdin(ask->data)) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
			    "both template and data from stdin: name a file "
			    "for one");
		return FALSE;
	}
	if (ask->data ||
	    (nothing && !is_stdin(ask->what) && !isatty(STDIN_FILENO))) {
		p->data = read_map(p, ask->data, error);
		if (!p->data)
			return FALSE;
	}
	if (!ask->person)
		make_person(p);
	else if (!load_person(p, error))
		return FALSE;
	return load_event(p, error);
}

/* ---- what ---- */

/* A template of its own. */
static gboolean take_template(Preview *p, Lone *lone, GError **error)
{
	const char *path = is_stdin(p->ask->what) ? "stdin" : p->ask->what;
	const JrLiquidSource source = { .file = path,
					.line = 1,
					.column = 1,
					.snippet = jr_journey_files_snippet,
					.snippet_data = p->files };
	g_autofree char *text = NULL;
	gsize len = 0;

	text = read_text(p->ask->what, JR_LIQUID_MAX_BYTES, &len, error);
	if (!text)
		return FALSE;
	/* Editors end a file with a newline that nobody means. */
	if (len > 0 && text[len - 1] == '\n')
		len--;
	lone->liquid = jr_liquid_new(text, len, &source, error);
	lone->variant.parts[JR_PART_BODY] = lone->liquid;
	lone->message = (JrMessageStep){
		.channel = p->ask->channel ? p->ask->channel : JR_CHANNEL_EMAIL,
		.purpose = JR_PURPOSE_MARKETING,
		.variants = &lone->variant,
		.n_variants = 1,
		.short_links = -1,
	};
	lone->step = (JrStep){ .kind = JR_STEP_MESSAGE,
			       .id = "preview",
			       .message = &lone->message };
	lone->workflow = (JrWorkflow){ .name = "preview",
				       .steps = &lone->step,
				       .n_steps = 1 };
	p->run.workflow = &lone->workflow;
	p->step = &lone->step;
	return lone->liquid != NULL;
}

/* The ids of the messages of @workflow, to choose from; owned. */
static char *message_names(const JrWorkflow *workflow)
{
	GString *names = g_string_new(NULL);

	for (guint i = 0; i < workflow->n_steps; i++)
		if (workflow->steps[i].message)
			g_string_append_printf(names, "%s%s",
					       names->len ? ", " : "",
					       workflow->steps[i].id);
	return g_string_free(names, FALSE);
}

static gboolean take_step(Preview *p, GError **error)
{
	g_auto(GStrv) names = g_strsplit(p->ask->what, "/", 2);
	const JrWorkflow *workflow;
	g_autofree char *messages = NULL;
	int at;

	if (!names[1]) {
		g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
			    "there is no file '%s': write the path of a "
			    "template, or WORKFLOW/STEP",
			    p->ask->what);
		return FALSE;
	}
	workflow = jr_journey_files_want(p->files, names[0], error);
	if (!workflow)
		return FALSE;
	at = jr_workflow_find(workflow, names[1]);
	if (at >= 0 && workflow->steps[at].message) {
		p->run.workflow = workflow;
		p->step = &workflow->steps[at];
		return TRUE;
	}
	messages = message_names(workflow);
	g_set_error(error, JR_ERROR, JR_ERROR_USAGE,
		    "workflow '%s' has no message '%s': write one of: %s",
		    workflow->name, names[1], messages);
	return FALSE;
}

/* ---- what it says ---- */

static void say_part(GString *out, const json_t *content, JrPart part,
		     gboolean named)
{
	const char *text =
		json_string_value(json_object_get(content, jr_part_name(part)));

	if (text && named)
		g_string_append_printf(out, "%s: ", jr_part_name(part));
	if (text)
		g_string_append_printf(out, "%s\n", text);
}

/* The parts in the order in which people see them. */
static void say_parts(GString *out, const json_t *content)
{
	static const JrPart order[] = { JR_PART_SUBJECT, JR_PART_TITLE,
					JR_PART_BODY,	 JR_PART_HTML,
					JR_PART_LINK,	 JR_PART_IMAGE };
	gboolean named = FALSE;

	for (guint i = 0; i < G_N_ELEMENTS(order); i++)
		named |= order[i] != JR_PART_BODY &&
			 json_object_get(content, jr_part_name(order[i]));
	for (guint i = 0; i < G_N_ELEMENTS(order); i++)
		say_part(out, content, order[i], named);
}

static void say_sms(const Preview *p, const JrSmsCount *sms, GString *out)
{
	const JrPolicy *policy = p->flow->policy;
	char number[JR_PHONE_SIZE] = "";
	gint64 micros = 0;

	jr_traveller_number(p->flow, &p->run.who, JR_CHANNEL_SMS, number);
	g_string_append_printf(out, "\n%s, %u units, %u segment%s",
			       jr_sms_encoding_name(sms->encoding), sms->units,
			       sms->segments, sms->segments == 1 ? "" : "s");
	if (jr_policy_cost(policy, JR_CHANNEL_SMS, number, sms->segments,
			   &micros))
		g_string_append_printf(out, ", %.4f %s", (double)micros / 1e6,
				       policy->currency);
	g_string_append_c(out, '\n');
}

static void say_cut(GString *out, const char *name, const char *text, guint len,
		    guint max)
{
	if (!text)
		return;
	g_string_append_printf(out, "%s: %u of %u characters", name, len, max);
	if (len > max) {
		g_autofree char *cut = jr_push_cut(text, max);

		g_string_append_printf(out, ", the lock screen shows: %s", cut);
	}
	g_string_append_c(out, '\n');
}

static void say_push(const Preview *p, const json_t *content, GString *out)
{
	const JrPushLimits *limits = &p->flow->policy->push;
	const char *title =
		json_string_value(json_object_get(content, "title"));
	const char *body = json_string_value(json_object_get(content, "body"));
	JrPushMeasure m = jr_push_measure(limits, title, body);

	g_string_append_c(out, '\n');
	say_cut(out, "title", title, m.title, limits->title_max);
	say_cut(out, "body", body, m.body, limits->body_max);
}

static gboolean write_preview(const Preview *p, const JrRendered *rendered,
			      GError **error)
{
	g_autoptr(GString) out = g_string_new(NULL);

	say_parts(out, rendered->content);
	if (p->measured && p->step->message->channel == JR_CHANNEL_SMS)
		say_sms(p, &rendered->sms, out);
	if (p->measured && p->step->message->channel == JR_CHANNEL_PUSH)
		say_push(p, rendered->content, out);
	/* The writer ends the last line. */
	if (out->len > 0)
		g_string_truncate(out, out->len - 1);
	return jr_writer_line(p->flow->out, out->str, out->len, error) &&
	       jr_writer_flush(p->flow->out, error);
}

static gboolean render(Preview *p, gboolean lax, JrRendered *rendered,
		       GError **error)
{
	const JrRenderAsk ask = { .run = &p->run,
				  .step = p->step,
				  .message_id = "unsent",
				  .first = p->first,
				  .extra = p->data,
				  .lax = lax,
				  .preview = TRUE };

	return jr_render_message(p->journeys, &ask, rendered, error);
}

static gboolean show(Preview *p, char **note, GError **error)
{
	g_auto(JrRendered) rendered = { 0 }, strict = { 0 };

	p->measured = p->ask->channel != 0 || p->run.workflow->file != NULL;
	p->run.row.workflow = p->run.workflow->name;
	if (!render(p, !p->ask->strict, &rendered, error) ||
	    (!p->ask->strict && !render(p, FALSE, &strict, error)))
		return FALSE;
	if (rendered.wrong) {
		g_set_error_literal(error, JR_ERROR, JR_ERROR_INPUT,
				    rendered.wrong);
		return FALSE;
	}
	*note = g_steal_pointer(&strict.wrong);
	return write_preview(p, &rendered, error);
}

gboolean jr_schedule_preview(JrFlow *flow, const JrPreviewAsk *ask, char **note,
			     GError **error)
{
	gboolean lone = is_stdin(ask->what) ||
			g_file_test(ask->what, G_FILE_TEST_EXISTS);
	g_autoptr(JrJourneyFiles) files =
		lone ? jr_journey_files_none(flow)
		     : jr_journey_files_load(flow, error);
	g_autoptr(JrJourneys) journeys = NULL;
	g_auto(Lone) template = { 0 };
	Preview p = { .flow = flow, .ask = ask, .files = files };

	*note = NULL;
	if (!files)
		return FALSE;
	journeys = jr_journeys_new(flow, files);
	p.journeys = journeys;
	p.arena = journeys->arena;
	p.run.row.entered_s = p.run.row.trigger_s = journeys->now_s;
	return (lone ? take_template(&p, &template, error)
		     : take_step(&p, error)) &&
	       load_data(&p, error) && show(&p, note, error);
}

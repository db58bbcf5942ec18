/*
 * Entity objects: jr's own form, and Customer.io's Track API v2.
 *
 * Source: the published description of POST /api/v2/entity.  Event data is
 * `attributes`, a device is named by `token`.
 */
#include "flow/format/format.h"

#include <string.h>

static gboolean is_entity(const JrVal *val)
{
	const char *type = jr_val_get_text(val, "type");

	return type &&
	       (g_str_equal(type, "person") || g_str_equal(type, "delivery") ||
		g_str_equal(type, "workflow") || g_str_equal(type, "review") ||
		g_str_equal(type, "object"));
}

static gboolean read_identify(JrFormatLine *line, JrIngestRec *rec)
{
	return jr_line_identify(line, "attributes.",
				jr_val_get(line->val, "attributes"), rec);
}

static gboolean read_event(JrFormatLine *line, JrIngestRec *rec)
{
	return jr_line_name(line, rec, "name", jr_val_get(line->val, "name")) &&
	       jr_line_map(line, "attributes",
			   jr_val_get(line->val, "attributes"), &rec->data);
}

static gboolean read_device(JrFormatLine *line, JrIngestRec *rec)
{
	return jr_line_device(line, jr_val_get(line->val, "device"), "token",
			      rec);
}

static gboolean read_merge(JrFormatLine *line, JrIngestRec *rec)
{
	return jr_line_identifiers(line, "primary",
				   jr_val_get(line->val, "primary"),
				   &rec->who) &&
	       jr_line_identifiers(line, "secondary",
				   jr_val_get(line->val, "secondary"),
				   &rec->other);
}

/* The segment on whose list they are put, or taken off. */
static gboolean read_list(JrFormatLine *line, JrIngestRec *rec)
{
	static const JrFormatText want = { "segment", 100, FALSE };

	return jr_line_text(line, &want, jr_val_get(line->val, "segment"),
			    &rec->name);
}

static gboolean read_nothing(JrFormatLine *line, JrIngestRec *rec)
{
	(void)line;
	(void)rec;
	return TRUE;
}

/* What each action reads beside whom and when. */
static gboolean (*const readers[])(JrFormatLine *, JrIngestRec *) = {
	[JR_INGEST_IDENTIFY] = read_identify,
	[JR_INGEST_EVENT] = read_event,
	[JR_INGEST_PAGE] = read_event,
	[JR_INGEST_SCREEN] = read_event,
	[JR_INGEST_ADD_DEVICE] = read_device,
	[JR_INGEST_DELETE_DEVICE] = read_device,
	[JR_INGEST_DELETE] = read_nothing,
	[JR_INGEST_SUPPRESS] = read_nothing,
	[JR_INGEST_UNSUPPRESS] = read_nothing,
	[JR_INGEST_MERGE] = read_merge,
	[JR_INGEST_TRIGGER] = read_event,
	[JR_INGEST_LIST] = read_list,
	[JR_INGEST_UNLIST] = read_list,
};

static gboolean read_person(JrFormatLine *line)
{
	const JrVal *val = line->val;
	const char *name = jr_val_get_text(val, "action");
	JrIngestAction action = jr_ingest_action_of(name);
	JrIngestRec *rec;

	if (!name)
		return jr_line_refuse(line, "action",
				      "missing: write identify, event …");
	if (!action)
		return jr_line_refuse(line, "action",
				      "nothing that is done with a person: see "
				      "jr-records(5)");
	rec = jr_line_add(line, action);
	rec->own = TRUE;
	return jr_line_at(line, rec, "timestamp",
			  jr_val_get(val, "timestamp")) &&
	       (action == JR_INGEST_MERGE ||
		jr_line_identifiers(line, "identifiers",
				    jr_val_get(val, "identifiers"),
				    &rec->who)) &&
	       jr_line_own_id(line, rec, "id", jr_val_get(val, "id")) &&
	       readers[action](line, rec);
}

/* Whether it was no person who clicked: a preview, a scanner. */
static gboolean read_machine(JrFormatLine *line, const JrVal *val,
			     JrIngestMetric *metric)
{
	if (jr_val_is_null(val))
		return TRUE;
	if (val->type != JR_VAL_BOOL)
		return jr_line_refuse(line, "attributes.machine",
				      "%s: write true or false",
				      jr_val_type_name(val));
	metric->bot = val->yes;
	return TRUE;
}

/* What a device, or a server of short links, reports of a message. */
static gboolean read_delivery(JrFormatLine *line)
{
	const JrVal *val = line->val, *who = jr_val_get(val, "identifiers");
	const JrVal *more = jr_val_get(val, "attributes");
	const JrVal *id = jr_val_get(who, "id");
	JrIngestMetric *metric = jr_line_new_metric(line);
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_METRIC);

	rec->own = TRUE;
	rec->metric = metric;
	if (jr_val_is_null(id) &&
	    !jr_line_short(line, who, "link", &metric->link))
		return FALSE;
	return jr_line_at(line, rec, "timestamp",
			  jr_val_get(val, "timestamp")) &&
	       jr_line_own_id(line, rec, "id", jr_val_get(val, "id")) &&
	       jr_line_map(line, "attributes", more, &rec->data) &&
	       (metric->link ||
		jr_line_message_id(line, "identifiers.id", id, metric)) &&
	       jr_line_metric(line, "name", jr_val_get(val, "name"), metric) &&
	       (!metric->link || metric->metric == JR_METRIC_CLICKED ||
		jr_line_refuse(line, "name",
			       "a link is clicked and nothing else: name the "
			       "message by its id")) &&
	       jr_line_short(line, more, "user_agent", &metric->agent) &&
	       read_machine(line, jr_val_get(more, "machine"), metric) &&
	       jr_line_short(line, more, "device_token", &metric->token) &&
	       jr_line_short(line, more, "href", &metric->href) &&
	       jr_line_short(line, more, "reason", &metric->reason);
}

/* A person lets a workflow go that the brake holds, and says who they are. */
static gboolean read_workflow(JrFormatLine *line)
{
	const JrVal *val = line->val, *more = jr_val_get(val, "attributes");
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_CONTROL);
	const char *workflow = NULL, *by = NULL;

	rec->own = TRUE;
	rec->name = "release";
	if (g_strcmp0(jr_val_get_text(val, "action"), rec->name) != 0)
		return jr_line_refuse(line, "action",
				      "nothing that is done with a workflow: "
				      "write release");
	if (!jr_line_at(line, rec, "timestamp", jr_val_get(val, "timestamp")) ||
	    !jr_line_own_id(line, rec, "id", jr_val_get(val, "id")) ||
	    !jr_line_map(line, "attributes", more, &rec->data) ||
	    !jr_line_short(line, more, "workflow", &workflow) ||
	    !jr_line_short(line, more, "by", &by))
		return FALSE;
	return (workflow && by) ||
	       jr_line_refuse(line, "attributes",
			      "release what, and who says so: write workflow "
			      "and by");
}

/* What a reply on the review list is: an opt-out, or nothing. */
static gboolean read_verdict(JrFormatLine *line, JrIngestRec *rec,
			     JrIngestReview *review)
{
	const char *action = jr_val_get_text(line->val, "action");

	review->out = g_strcmp0(action, "opt_out") == 0;
	rec->name = review->out ? "opt_out" : "ignore";
	return g_strcmp0(action, rec->name) == 0 ||
	       jr_line_refuse(line, "action",
			      "nothing that is done with a review: write "
			      "opt_out or ignore");
}

/* Someone read a reply that might be an opt-out, and says who they are. */
static gboolean read_review(JrFormatLine *line)
{
	const JrVal *val = line->val, *more = jr_val_get(val, "attributes");
	const JrVal *number = jr_val_get(jr_val_get(val, "identifiers"), "id");
	JrIngestReview *review = jr_arena_take(line->arena, sizeof *review);
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_REVIEW);

	g_assert(review);
	*review = (JrIngestReview){ 0 };
	rec->own = TRUE;
	rec->review = review;
	if (!read_verdict(line, rec, review))
		return FALSE;
	if (!number || number->type != JR_VAL_INT || number->num <= 0)
		return jr_line_refuse(line, "identifiers.id",
				      "no number of a review: write one that "
				      "jr-report reviews shows");
	review->review = number->num;
	if (!jr_line_at(line, rec, "timestamp", jr_val_get(val, "timestamp")) ||
	    !jr_line_own_id(line, rec, "id", jr_val_get(val, "id")) ||
	    !jr_line_map(line, "attributes", more, &rec->data) ||
	    !jr_line_short(line, more, "by", &review->by))
		return FALSE;
	return review->by || jr_line_refuse(line, "attributes.by",
					    "missing: write who read it");
}

static gboolean read_entity(JrFormatLine *line)
{
	const char *type = jr_val_get_text(line->val, "type");

	if (g_str_equal(type, "person"))
		return read_person(line);
	if (g_str_equal(type, "delivery"))
		return read_delivery(line);
	if (g_str_equal(type, "workflow"))
		return read_workflow(line);
	if (g_str_equal(type, "review"))
		return read_review(line);
	return jr_line_refuse(line, "type",
			      "objects are not kept: only person and delivery");
}

const JrFormat jr_format_entity = { .name = "entity",
				    .is = is_entity,
				    .read = read_entity };

/*
 * expr_source.h - a source of facts held in memory, for tests of expressions.
 *
 * It is as strict as a store: events without data where none was asked for,
 * and no deeper questions than facts.h allows.
 */
#pragma once

#include "base/error.h"
#include "lang/facts.h"

#include <string.h>

typedef struct {
	const char *name; /* or the metric */
	gint64 at_s;
	const JrVal *data;
	const char *channel, *workflow, *step; /* of a message */
} TestEvent;

typedef struct {
	GArray *events, *messages;	       /* of TestEvent, oldest first */
	const JrVal *segments, *devices, *off; /* lists of texts */
	guint depth;			       /* of questions in questions */
	guint asked, shown;		       /* questions, events */
} TestSource;

static gboolean test_lists(const JrVal *list, const char *text)
{
	for (guint32 i = 0; list && i < list->len; i++)
		if (list->items[i].type == JR_VAL_TEXT &&
		    strcmp(list->items[i].text, text) == 0)
			return TRUE;
	return FALSE;
}

static gboolean test_named(const TestEvent *event,
			   const JrFactEventQuery *query)
{
	return query->name ? strcmp(event->name, query->name) == 0
			   : g_str_has_prefix(event->name, query->prefix);
}

static gboolean test_events(gpointer data, const JrFactEventQuery *query,
			    JrFactEventFn each, gpointer user, GError **error)
{
	TestSource *source = data;
	guint n = source->events->len;
	gboolean more = TRUE;

	g_assert(!query->name != !query->prefix);
	if (g_strcmp0(query->name, "Broken") == 0) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO, "the store failed");
		return FALSE;
	}
	g_assert(++source->depth <= 2);
	source->asked++;
	for (guint i = 0; more && i < n; i++) {
		guint at = query->newest_first ? n - 1 - i : i;
		const TestEvent *event =
			&g_array_index(source->events, TestEvent, at);
		JrFactEvent shown = { event->at_s,
				      query->with_data ? event->data : NULL };

		if (event->at_s < query->from_s ||
		    event->at_s > query->until_s || !test_named(event, query))
			continue;
		source->shown++;
		more = each(&shown, user);
	}
	source->depth--;
	return TRUE;
}

static gboolean test_asked(const char *want, const char *have)
{
	return !want || g_strcmp0(want, have) == 0;
}

static gboolean test_messages(gpointer data, const JrFactMessageQuery *query,
			      JrFactEventFn each, gpointer user, GError **error)
{
	const TestSource *source = data;
	gboolean more = TRUE;

	(void)error;
	g_assert(query->metric);
	for (guint i = source->messages->len; more && i-- > 0;) {
		const TestEvent *message =
			&g_array_index(source->messages, TestEvent, i);
		const JrFactEvent shown = { message->at_s, NULL };

		if (test_asked(query->metric, message->name) &&
		    test_asked(query->channel, message->channel) &&
		    test_asked(query->workflow, message->workflow) &&
		    test_asked(query->step, message->step) &&
		    message->at_s >= query->from_s &&
		    message->at_s <= query->until_s)
			more = each(&shown, user);
	}
	return TRUE;
}

static gboolean test_in_segment(gpointer data, const char *segment,
				gboolean *yes, GError **error)
{
	const TestSource *source = data;

	if (strcmp(segment, "broken") == 0) {
		g_set_error(error, JR_ERROR, JR_ERROR_IO, "the store failed");
		return FALSE;
	}
	*yes = test_lists(source->segments, segment);
	return TRUE;
}

static gboolean test_has_device(gpointer data, const char *platform,
				gboolean *yes, GError **error)
{
	const TestSource *source = data;
	gboolean any = source->devices && source->devices->len > 0;

	(void)error;
	*yes = strcmp(platform, "any") == 0
		       ? any
		       : test_lists(source->devices, platform);
	return TRUE;
}

static gboolean test_subscribed(gpointer data, const char *topic, gboolean *yes,
				GError **error)
{
	const TestSource *source = data;

	(void)error;
	*yes = !test_lists(source->off, topic);
	return TRUE;
}

static const JrFactSource test_source = {
	.events = test_events,
	.messages = test_messages,
	.in_segment = test_in_segment,
	.has_device = test_has_device,
	.subscribed = test_subscribed,
};

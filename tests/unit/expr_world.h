/*
 * expr_world.h - a person with a history, read from JSON.  The keys stand in
 * tests/cases/expr/README.
 */
#pragma once

#include "base/instant.h"
#include "expr_source.h"
#include "io/json.h"

#include <check.h>

typedef struct {
	JrArena *arena;
	JrZones *zones;
	const JrVal *root;
	TestSource source;
	JrFacts facts;
} World;

static gint64 instant(const char *text, JrZone *zone)
{
	gint64 ms;

	if (!jr_instant_parse(text, zone, &ms, NULL))
		ck_abort_msg("no instant: '%s'", text);
	return ms / 1000;
}

static const char *text_at(const JrVal *list, guint32 i)
{
	return i < list->len && list->items[i].type == JR_VAL_TEXT
		       ? list->items[i].text
		       : NULL;
}

static gint by_time(gconstpointer a, gconstpointer b)
{
	const TestEvent *x = a, *y = b;

	return (x->at_s > y->at_s) - (x->at_s < y->at_s);
}

/* ["Order", "2026-01-01T00:00:00Z", {…}], or a message: see the README. */
static GArray *read_events(const JrVal *list)
{
	GArray *events = g_array_new(FALSE, FALSE, sizeof(TestEvent));

	for (guint32 i = 0; list && i < list->len; i++) {
		const JrVal *item = &list->items[i];
		TestEvent event = {
			.name = text_at(item, 0),
			.at_s = instant(text_at(item, 1), NULL),
			.data = item->len > 2 ? &item->items[2] : NULL,
			.channel = text_at(item, 2),
			.workflow = text_at(item, 3),
			.step = text_at(item, 4),
		};

		g_array_append_val(events, event);
	}
	g_array_sort(events, by_time); /* stable */
	return events;
}

static void check_keys(const JrVal *root)
{
	static const char *const known[] = {
		"person", "event",  "trigger",	"event_at", "trigger_at",
		"zone",	  "events", "messages", "segments", "devices",
		"off",	  "id",	    "pure",	NULL,
	};

	for (guint32 i = 0; i < root->len; i++)
		if (!g_strv_contains(known, root->members[i].key))
			ck_abort_msg("no such fact: '%s'",
				     root->members[i].key);
}

static gint64 optional_instant(const JrVal *root, const char *key)
{
	const char *text = jr_val_get_text(root, key);

	return text ? instant(text, NULL) : 0;
}

static void world_open(World *w, const char *json)
{
	const char *zone;
	g_autoptr(GError) error = NULL;

	*w = (World){ .arena = jr_arena_new(1 << 20), .zones = jr_zones_new() };
	w->root = jr_json_parse(w->arena, json, strlen(json), &error);
	if (!w->root)
		ck_abort_msg("facts: %s: %s", error->message, json);
	check_keys(w->root);
	zone = jr_val_get_text(w->root, "zone");
	w->source = (TestSource){
		.events = read_events(jr_val_get(w->root, "events")),
		.messages = read_events(jr_val_get(w->root, "messages")),
		.segments = jr_val_get(w->root, "segments"),
		.devices = jr_val_get(w->root, "devices"),
		.off = jr_val_get(w->root, "off"),
	};
	w->facts = (JrFacts){
		.person_id = jr_val_get_text(w->root, "id"),
		.person = jr_val_get(w->root, "person"),
		.event = jr_val_get(w->root, "event"),
		.trigger = jr_val_get(w->root, "trigger"),
		.event_at_s = optional_instant(w->root, "event_at"),
		.trigger_at_s = optional_instant(w->root, "trigger_at"),
		.zone = jr_zones_get(w->zones, zone ? zone : "UTC", NULL),
		.source = jr_val_get(w->root, "pure") ? NULL : &test_source,
		.data = &w->source,
	};
	ck_assert_ptr_nonnull(w->facts.zone);
}

static void world_close(World *w)
{
	g_array_unref(w->source.events);
	g_array_unref(w->source.messages);
	jr_arena_free(w->arena);
	jr_zones_free(w->zones);
}

/* Workflow files: what is read, how steps are laid flat, what is refused. */
#include "io/yaml.h"
#include "rules/lint.h"
#include "rules/graph.h"
#include "unit.h"

#include <string.h>

#define SMS "approved_by: a\napproved_on: 2026-01-01\nwhy_sms: b\n"
#define HEAD "trigger: {event: X}\n"

static JrWorkflow *load(const char *text, GError **error)
{
	JrArena *arena = jr_arena_new(1 << 22);
	const JrVal *doc =
		jr_yaml_parse(arena, text, strlen(text), "w/x.yaml", error);
	const JrWorkflowSource source = { .file = "w/x.yaml",
					  .text = text,
					  .len = strlen(text),
					  .doc = doc,
					  .arena = arena };

	if (doc)
		return jr_workflow_new(&source, error);
	jr_arena_free(arena);
	return NULL;
}

static const struct {
	const char *text, *error; /* NULL: it is right */
} cases[] = {
	{ HEAD "steps:\n- wait: 1d\n", NULL },
	{ HEAD SMS "steps:\n- sms: {body: hi}\n", NULL },
	{ HEAD "steps:\n- push: {title: a, body: b, link: 'x://y'}\n", NULL },
	{ HEAD "steps:\n- email: {subject: a, body: b}\n", NULL },
	{ HEAD "steps:\n- exit:\n", NULL },
	{ HEAD "reentry: 30d\nsteps:\n- wait: 1d\n", NULL },
	{ HEAD "filter: true\nsteps:\n- wait: 1d\n", NULL },
	{ "trigger: {enters: seg}\nsteps:\n- wait: 1d\n", NULL },
	{ "trigger: {date: born, yearly: true, at: '09:00'}\nsteps:\n"
	  "- wait: {until: '09:00', days: [mon, tue]}\n",
	  NULL },
	{ "trigger: {schedule: {segment: s, days: [mon], at: '09:00'}}\n"
	  "steps:\n- wait: {date: ends, offset: -1d}\n",
	  NULL },
	{ HEAD "goal: {event: Y, within: 7d, after: clicked}\n"
	       "exit: {on: [goal, filter], events: [Z]}\nsteps:\n- wait: 1d\n",
	  NULL },
	/* What is wrong is told with its place, and what to write instead. */
	{ "steps:\n- wait: 1d\n",
	  "w/x.yaml:1:1: there is no trigger: write one, like 'trigger: "
	  "{event: Signed Up}'" },
	{ HEAD "steps: []\n",
	  "w/x.yaml:2:8: there are no steps: write a list, like '- sms: "
	  "{body: \"...\"}'" },
	{ HEAD "stesp:\n- wait: 1d\n",
	  "w/x.yaml:2:1: unknown key 'stesp': write 'steps'" },
	{ HEAD "steps:\n- smss: {body: hi}\n",
	  "w/x.yaml:3:3: unknown step 'smss': write 'sms'" },
	{ HEAD "steps:\n- sms: {body: hi}\n",
	  "w/x.yaml:1:1: it sends SMS and is not approved: write approved_by, "
	  "approved_on and why_sms (why this moment deserves one)" },
	{ HEAD SMS "steps:\n- sms: {if: true}\n",
	  "w/x.yaml:6:8: the message has no body: write one" },
	{ HEAD "steps:\n- push: {body: b, ignore_quiet_hours: true}\n",
	  "w/x.yaml:3:9: only messages whose purpose is security or "
	  "transactional may ask to ignore quiet hours" },
	{ HEAD "steps:\n- wait: soon\n", "w/x.yaml:3:9: " },
	{ HEAD "steps:\n- wait: {until: '24:00'}\n",
	  "w/x.yaml:3:18: no clock shows 24:00: write \"00:00\"" },
	{ "trigger: {date: d, at: '24:00'}\nsteps:\n- wait: 1d\n",
	  "w/x.yaml:1:25: no clock shows 24:00: write \"00:00\"" },
	{ HEAD "steps:\n- wait: {window: {from: '20:00', until: '24:00'}}\n",
	  NULL },
	{ HEAD "steps:\n- wait: {}\n",
	  "w/x.yaml:3:9: wait for what: write for, until, date or window" },
	{ HEAD "steps:\n- push: {body: '{{ a '}\n", "w/x.yaml:3:" },
	{ HEAD "filter: plan ==\nsteps:\n- wait: 1d\n", "w/x.yaml:2:" },
	{ HEAD "steps:\n- wait: 1d\n  push: {}\n",
	  "w/x.yaml:3:3: two steps in one, 'wait' and 'push': begin each with "
	  "a '-'" },
	{ HEAD "steps:\n- wait: 1d\n  id: pause\n  if: plan == 'pro'\n", NULL },
	{ HEAD "steps:\n- if: plan == 'pro'\n  exit:\n- wait: 1d\n", NULL },
	{ HEAD "steps:\n- id: news\n  push: {if: a == 1, body: b}\n", NULL },
	{ HEAD "steps:\n- id: a\n",
	  "w/x.yaml:3:3: no step: write one, like '- wait: 1d'" },
	{ HEAD "steps:\n- wait\n",
	  "w/x.yaml:3:3: no step: write one, like '- wait: 1d'" },
	{ HEAD "steps:\n- {}\n",
	  "w/x.yaml:3:3: no step: write one, like '- wait: 1d'" },
	{ HEAD "steps:\n- id: a\n  push: {id: b, body: b}\n",
	  "w/x.yaml:4:9: id stands beside the step and in it: write it "
	  "once" },
	{ HEAD "steps:\n- if: a == 1\n  track: {if: b == 1, event: b}\n",
	  "w/x.yaml:4:10: if stands beside the step and in it: write it "
	  "once" },
	{ HEAD "steps:\n- if: a ==\n  wait: 1d\n", "w/x.yaml:3:" },
	{ HEAD "steps:\n- id: a\n  wayt: 1d\n",
	  "w/x.yaml:4:3: unknown step 'wayt': write 'wait'" },
	{ HEAD "steps:\n- push: {id: a, body: b}\n- push: {id: a, body: b}\n",
	  "w/x.yaml:4:9: two steps with the id 'a': name one differently" },
	{ "trigger: {event: X, enters: Y}\nsteps:\n- wait: 1d\n",
	  "w/x.yaml:1:10: a trigger is one of event, enters, leaves, date, "
	  "schedule and record" },
	{ HEAD "goal: {event: Y, within: 91d}\nsteps:\n- wait: 1d\n",
	  "w/x.yaml:2:7: within is at most 90 days" },
	{ HEAD "approved_on: tomorrow\nsteps:\n- wait: 1d\n",
	  "w/x.yaml:2:14: no date: write one like 2026-11-23" },
	{ HEAD "steps:\n- split: {name: s, arms: [{name: a, share: 0.4}]}\n",
	  "w/x.yaml:3:10: the shares and the holdout add up to 0.4: make it "
	  "1" },
	{ HEAD "goal: {event: Y, within: 0s}\nsteps:\n- wait: 1d\n",
	  "w/x.yaml:2:7: within no time at all: write how long, like 7d" },
	{ HEAD "settle: -5m\nsteps:\n- wait: 1d\n",
	  "w/x.yaml:2:9: no time at all: write how long, like 24h" },
	{ HEAD "steps:\n- wait_for: {event: Y, timeout: 0s}\n",
	  "w/x.yaml:3:33: no time at all: write how long, like 24h" },
	{ HEAD "steps:\n- push: {body: b, deadline: -1h}\n",
	  "w/x.yaml:3:29: no time at all: write how long, like 24h" },
	/* What would go unheard. */
	{ HEAD "steps:\n- wait: {for: 2d, days: [mon]}\n",
	  "w/x.yaml:3:25: days of what: write until, like \"09:00\", or a "
	  "window" },
	{ HEAD "steps:\n- wait: {date: d, for: 2d, offset: 3d}\n",
	  "w/x.yaml:3:36: for and offset are the same: leave one out" },
	{ HEAD "steps:\n- branch: [{if: a == 1}, {else: [], then: []}]\n",
	  "w/x.yaml:3:37: unknown key 'then': write 'else'" },
	{ HEAD "steps:\n- split: {name: s, arms: [{name: a, share: 0.4}, "
	       "{name: a, share: 0.6}]}\n",
	  "w/x.yaml:3:50: two arms with the name 'a': name one differently" },
	{ HEAD
	  "steps:\n- split: {name: s, holdout: 0.5, arms: [{name: holdout, "
	  "share: 0.5}]}\n",
	  "w/x.yaml:3:41: two arms with the name 'holdout': name one "
	  "differently" },
	{ HEAD "steps:\n- {id: \"a\\tb\", wait: 1d}\n",
	  "w/x.yaml:3:22: an id is one line without tabs: write another" },
	{ "trigger: {schedule: {segment: s, day: 2026-02-30, at: '10:00'}}\n"
	  "steps:\n- wait: 1d\n",
	  "w/x.yaml:1:39: no day '2026-02-30': write one like 2026-12-01" },
	/* What no event brings along is asked for. */
	{ "trigger: {enters: Y}\nsteps:\n"
	  "- push: {body: 'a {{ event.x | default: 1 }}'}\n",
	  "w/x.yaml:3:22: 'event.x': no event triggers this workflow: write "
	  "an attribute" },
	{ "trigger: {enters: Y}\nsteps:\n- set: {a: '{{ event_name }}'}\n",
	  "w/x.yaml:3:16: 'event_name': no event triggers this workflow" },
	{ "trigger: {date: d}\nsteps:\n"
	  "- push: {body: '{% if trigger.x %}a{% endif %}'}\n",
	  "w/x.yaml:3:23: 'trigger.x': no event triggers" },
	{ "trigger: {enters: Y, where: event.n > 1}\nsteps:\n- wait: 1d\n",
	  "w/x.yaml:1:29: 'event.n': no event triggers this workflow: write "
	  "an attribute" },
	{ "trigger: {enters: Y}\nfilter: plan == event.plan\n"
	  "steps:\n- wait: 1d\n",
	  "w/x.yaml:2:17: 'event.plan': no event triggers" },
	{ "trigger: {enters: Y}\ngoal: {event: Z, where: event.n > trigger.n}\n"
	  "steps:\n- wait: 1d\n",
	  "w/x.yaml:2:35: 'trigger.n': no event triggers" },
	{ "trigger: {enters: Y}\ngoal: {leaves: Z, where: event.n > 1}\n"
	  "steps:\n- wait: 1d\n",
	  "w/x.yaml:2:26: 'event.n': no event triggers" },
	{ "trigger: {date: d}\nsteps:\n- push: {if: event.n > 1, body: b}\n",
	  "w/x.yaml:3:14: 'event.n': no event triggers" },
	{ "trigger: {date: d}\nsteps:\n"
	  "- wait_for: {condition: event.n > 1}\n",
	  "w/x.yaml:3:25: 'event.n': no event triggers" },
	{ "trigger: {date: d}\nsteps:\n"
	  "- wait_for: {event: Z, where: event.n > 1}\n",
	  NULL },
	{ "trigger: {date: d}\nsteps:\n- wait: {date: event.due}\n",
	  "w/x.yaml:3:3: 'event.due': no event triggers" },
	{ "trigger: {record: r}\nfilter: event.n > 1\nsteps:\n- wait: 1d\n",
	  NULL },
	{ HEAD "steps:\n- push: {body: '{{ snippets.gone }}'}\n",
	  "w/x.yaml:3:20: no snippet 'gone'" },
};

START_TEST(a_file_is_read_or_refused)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JrWorkflow) w = load(cases[_i].text, &error);

	if (!cases[_i].error) {
		ck_assert_msg(w != NULL, "%s", error ? error->message : "");
		ck_assert_str_eq(w->name, "x");
	} else {
		ck_assert_ptr_null(w);
		ck_assert_msg(g_str_has_prefix(error->message, cases[_i].error),
			      "%s", error->message);
	}
}
END_TEST

/* Steps as "id>next" with what else they lead to. */
static const struct {
	const char *steps, *flat;
} layouts[] = {
	{ "- wait: 1d\n- wait: 2d\n", "1>2 2>end" },
	{ "- exit:\n- wait: 2d\n", "1>end 2>end" },
	{ "- if: a == 1\n  exit:\n- wait: 2d\n  id: w\n", "1>w w>end" },
	{ "- id: b\n  branch:\n  - if: a == 1\n    then: [{wait: 1h}]\n",
	  "b>end[b.if1.1|end] b.if1.1>end" },
	{ "- wait_for: {event: Y, timeout: 1d, then: [{wait: 1h}], "
	  "else: [{exit: }]}\n- wait: 2d\n",
	  "1>2[1.then.1|1.else.1] 1.then.1>2 1.else.1>end 2>end" },
	{ "- wait_for: {event: Y, timeout: 1d}\n- wait: 2d\n",
	  "1>2[2|2] 2>end" },
	{ "- branch:\n  - if: a == 1\n    then: [{wait: 1h}]\n"
	  "  - if: b == 1\n    then: []\n  - else: [{wait: 3h}]\n"
	  "- wait: 2d\n",
	  "1>2[1.if1.1,2|1.else.1] 1.if1.1>2 1.else.1>2 2>end" },
	{ "- branch:\n  - if: a == 1\n    then:\n    - branch:\n"
	  "      - if: b == 1\n        then: [{wait: 1h}]\n"
	  "- wait: 2d\n",
	  "1>2[1.if1.1|2] 1.if1.1>2[1.if1.1.if1.1|2] 1.if1.1.if1.1>2 2>end" },
	{ "- split: {name: s, holdout: 0.5, arms: [{name: a, share: 0.5, "
	  "steps: [{wait: 1h}]}]}\n- wait: 2d\n",
	  "1>2[1.a.1,end|end] 1.a.1>2 2>end" },
};

static void put(const JrWorkflow *w, int to, GString *out)
{
	g_string_append(out, to == JR_STEP_END ? "end" : w->steps[to].id);
}

START_TEST(steps_are_laid_flat)
{
	g_autofree char *text =
		g_strconcat(HEAD "steps:\n", layouts[_i].steps, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(JrWorkflow) w = load(text, &error);
	GString *flat = g_string_new(NULL);

	ck_assert_msg(w != NULL, "%s", error ? error->message : "");
	for (guint i = 0; i < w->n_steps; i++) {
		const JrStep *s = &w->steps[i];

		g_string_append_printf(flat, "%s%s>", i ? " " : "", s->id);
		put(w, s->next, flat);
		for (guint j = 0; j < s->n_arms; j++) {
			g_string_append(flat, j ? "," : "[");
			put(w, s->arms[j].to, flat);
		}
		if (s->n_arms > 0) {
			g_string_append_c(flat, '|');
			put(w, s->otherwise, flat);
			g_string_append_c(flat, ']');
		}
	}
	ck_assert_str_eq(flat->str, layouts[_i].flat);
	g_string_free(flat, TRUE);
}
END_TEST

START_TEST(the_same_person_gets_the_same_arm)
{
	g_autoptr(JrWorkflow) w =
		load(HEAD "steps:\n- split: {name: s, arms: [{name: a, share: "
			  "0.3}, {name: b, share: 0.7}]}\n",
		     NULL);
	guint a = 0;

	for (int i = 0; i < 10000; i++) {
		g_autofree char *who = g_strdup_printf("u_%d", i);
		const JrArm *arm = jr_workflow_pick(w, &w->steps[0], who);

		ck_assert_ptr_eq(arm, jr_workflow_pick(w, &w->steps[0], who));
		a += arm == &w->steps[0].arms[0];
	}
	ck_assert_uint_gt(a, 2800);
	ck_assert_uint_lt(a, 3200);
}
END_TEST

/* Next dues of date and schedule triggers, after an instant. */
static const struct {
	const char *trigger, *date, *zone, *after, *due; /* NULL: never */
} dues[] = {
	{ "{date: d, offset: -1d}", "2026-03-09T12:00:00Z", "America/New_York",
	  "2026-01-01", "2026-03-08T12:00:00Z" },
	{ "{date: d}", "2026-03-09", "UTC", "2026-03-09", NULL },
	{ "{date: d, yearly: true, at: '09:00'}", "1990-02-28", "UTC",
	  "2026-03-01", "2027-02-28T09:00:00Z" },
	{ "{date: d, yearly: true}", "1992-02-29", "UTC", "2026-01-01",
	  "2026-02-28T00:00:00Z" },
	{ "{date: d, yearly: true}", "1992-02-29", "UTC", "2027-03-01",
	  "2028-02-29T00:00:00Z" },
	{ "{date: d, yearly: true, offset: -7d}", "1990-01-03", "UTC",
	  "2026-12-26", "2026-12-27T00:00:00Z" },
	{ "{schedule: {segment: s, day: 2026-12-01, at: '09:00'}}", NULL,
	  "Asia/Tokyo", "2026-11-01", "2026-12-01T00:00:00Z" },
	{ "{schedule: {segment: s, days: [mon], at: '05:00'}}", NULL,
	  "Asia/Tokyo", "2026-11-23", "2026-11-29T20:00:00Z" },
	{ "{schedule: {segment: s, days: [sun], at: '02:30'}}", NULL,
	  "America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T07:30:00Z" },
	{ "{schedule: {segment: s, month_day: 31, at: '10:00'}}", NULL, "UTC",
	  "2026-02-01", "2026-02-28T10:00:00Z" },
};

static gint64 instant(const char *text, JrZone *utc)
{
	gint64 ms = 0;

	ck_assert(jr_instant_parse(text, utc, &ms, NULL));
	return ms / 1000;
}

START_TEST(a_trigger_is_due)
{
	g_autofree char *text = g_strdup_printf(
		"trigger: %s\nsteps:\n- wait: 1d\n", dues[_i].trigger);
	g_autoptr(GError) error = NULL;
	g_autoptr(JrWorkflow) w = load(text, &error);
	g_autoptr(JrZones) zones = jr_zones_new();
	JrZone *utc = jr_zones_get(zones, "UTC", NULL);
	JrZone *zone = jr_zones_get(zones, dues[_i].zone, NULL);
	const JrVal date = jr_val_text(dues[_i].date ? dues[_i].date : "");
	gint64 due, after = instant(dues[_i].after, utc);
	gboolean yes;

	ck_assert_msg(w != NULL, "%s", error ? error->message : "");
	if (dues[_i].date)
		yes = jr_trigger_next_date(&w->trigger, &date, zone, after,
					   &due, &error);
	else
		yes = jr_trigger_next_schedule(&w->trigger, zone, after, &due);
	ck_assert_int_eq(yes, dues[_i].due != NULL);
	if (yes)
		ck_assert_int_eq(due, instant(dues[_i].due, utc));
}
END_TEST

static const struct {
	const char *text, *codes;
} lints[] = {
	{ HEAD SMS "goal: {event: Y}\nsteps:\n- sms: {if: sms_consent == true, "
		   "body: 'Hi. Reply STOP to opt out'}\n",
	  "" },
	{ HEAD SMS "steps:\n- sms: {body: Hi}\n",
	  "consent-filter no-goal opt-out-words" },
	{ HEAD SMS "purpose: security\nsteps:\n- sms: {if: sms_consent == "
		   "true, body: 'It’s you'}\n",
	  "sms-ucs2" },
	{ "trigger: {enters: s}\npurpose: transactional\nsteps:\n"
	  "- push: {title: 123456789 123456789 123456789 123456789 123456789 "
	  "1, body: x}\n",
	  "push-title" },
};

static void note(gpointer user, const JrLint *lint)
{
	GString *codes = user;

	if (codes->len > 0)
		g_string_append_c(codes, ' ');
	g_string_append(codes, lint->code);
}

START_TEST(what_is_likely_wrong_is_told)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JrWorkflow) w = load(lints[_i].text, &error);
	g_autoptr(JrPolicy) policy = jr_policy_new(NULL, NULL, NULL);
	const JrLintAsk ask = { .policy = policy };
	GString *codes = g_string_new(NULL);

	ck_assert_msg(w != NULL, "%s", error ? error->message : "");
	jr_workflow_lint(w, &ask, note, codes);
	ck_assert_str_eq(codes->str, lints[_i].codes);
	g_string_free(codes, TRUE);
}
END_TEST

static const struct {
	const char *text, *part; /* of the picture */
} pictures[] = {
	{ "trigger: {event: 'a \"b\" \\\\'}\nsteps:\n- wait: 1d\n",
	  "a \\\"b\\\" \\\\" },
	{ HEAD "steps:\n- wait: 1d\n", "s0 -> end" },
	{ "trigger: {schedule: {segment: s, days: [mon, thu], at: '10:00'}}\n"
	  "steps:\n- wait: 1d\n",
	  "\"schedule s\\non Mon, Thu at 10:00\"" },
	{ "trigger: {schedule: {segment: s, day: 2026-12-01, at: '10:00'}}\n"
	  "steps:\n- wait: 1d\n",
	  "\"schedule s\\non 2026-12-01 at 10:00\"" },
	{ "trigger: {schedule: {segment: s, month_day: 31, at: '08:05'}}\n"
	  "steps:\n- wait: 1d\n",
	  "\"schedule s\\non day 31 of each month at 08:05\"" },
	{ "trigger: {schedule: {segment: s, at: '10:00', days: [mon, tue, wed, "
	  "thu, fri, sat, sun]}}\nsteps:\n- wait: 1d\n",
	  "\"schedule s\\neach day at 10:00\"" },
	{ "trigger: {date: born, yearly: true, at: '09:00'}\n"
	  "steps:\n- wait: 1d\n",
	  "\"date born\\neach year at 09:00\"" },
	{ "trigger: {date: ends, offset: -1d}\nsteps:\n- wait: 1d\n",
	  "\"date ends\\noffset -1d\"" },
	{ HEAD "key: event.order\nreentry: 3d\nsteps:\n- wait: 1d\n",
	  "\"event X\\nfor each event.order\\nagain after 3d\"" },
	{ HEAD "reentry: always\nsteps:\n- wait: 1d\n",
	  "\"event X\\nany number of times\"" },
	{ HEAD "goal: {event: Y, where: event.n > 1}\nsteps:\n- wait: 1d\n",
	  "goal: event Y\\nwhere event.n > 1" },
	{ HEAD "steps:\n- push: {title: T, body: B, deadline: 6h}\n",
	  "\"push, marketing, within 6h\\nT\"" },
	{ HEAD "steps:\n- whatsapp: {template: HX1}\n",
	  "\"whatsapp, marketing\\ntemplate HX1\"" },
	{ HEAD "steps:\n- wait: {for: 2h, window: {from: '09:00', until: "
	       "'17:00'}, days: [mon, fri]}\n",
	  "\"wait 2h\\non Mon, Fri\\nbetween 09:00 and 17:00\"" },
};

START_TEST(a_picture_shows_what_the_file_says)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(JrWorkflow) w = load(pictures[_i].text, &error);
	g_autoptr(GString) dot = g_string_new(NULL);

	ck_assert_msg(w != NULL, "%s", error ? error->message : "");
	jr_workflow_graph(w, NULL, NULL, dot);
	ck_assert_msg(!!strstr(dot->str, pictures[_i].part), "%s", dot->str);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, a_file_is_read_or_refused, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_loop_test(tc, steps_are_laid_flat, 0, G_N_ELEMENTS(layouts));
	tcase_add_test(tc, the_same_person_gets_the_same_arm);
	tcase_add_loop_test(tc, a_trigger_is_due, 0, G_N_ELEMENTS(dues));
	tcase_add_loop_test(tc, what_is_likely_wrong_is_told, 0,
			    G_N_ELEMENTS(lints));
	tcase_add_loop_test(tc, a_picture_shows_what_the_file_says, 0,
			    G_N_ELEMENTS(pictures));
}

/* What is allowed in a workflow and still likely wrong. */
#include "io/yaml.h"
#include "rules/lint.h"
#include "unit.h"

#include <string.h>

#define OK                                                                     \
	"approved_by: a\napproved_on: 2026-01-01\nwhy_sms: b\n"                \
	"goal: {event: Y}\n"
#define HEAD "trigger: {event: X}\n" OK
#define SMS(body)                                                              \
	HEAD "steps:\n- sms: {if: sms_consent == true, body: " body "}\n"
#define TEN "0123456789"
#define STOP "Reply STOP to opt out"

static const struct {
	const char *policy, *text;
	const char *want; /* each finding, "LINE:COLUMN CODE", a bar between */
} cases[] = {
	{ "", SMS("'Hi. " STOP "'"), "" },
	{ "",
	  SMS("'" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN " " STOP
	      "'"),
	  "" },
	{ "",
	  SMS("'" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
	      " " STOP "'"),
	  "7:41 sms-long" },
	/* One character, and how to be rid of it. */
	{ "", SMS("'It’s us. " STOP "'"), "7:41 sms-ucs2" },
	{ "channels: {sms: {smart_encoding: true}}", SMS("'It’s us. " STOP "'"),
	  "" },
	{ "channels: {sms: {smart_encoding: true}}",
	  SMS("'It’s ü and ę. " STOP "'"), "7:41 sms-ucs2" },
	{ "", SMS("'" TEN TEN TEN TEN TEN "ą " STOP "'"),
	  "7:41 sms-long|7:41 sms-ucs2" },
	/* The first marketing SMS says how to stop, and who writes. */
	{ "", SMS("Hi"), "7:3 opt-out-words" },
	{ "channels: {sms: {opt_out_line: " STOP "}}", SMS("Hi"), "" },
	{ "", SMS("'Hi', names_sender: true"), "" },
	{ "", "purpose: security\n" SMS("Hi"), "" },
	{ "brand: Tidewater", SMS("'Hi. " STOP "'"), "7:3 no-brand" },
	{ "brand: Tidewater", SMS("'TIDEWATER: hi. " STOP "'"), "" },
	{ "brand: Tidewater", SMS("'Hi', names_sender: true"), "" },
	/* The second one need not. */
	{ "",
	  HEAD "filter: sms_consent == true\nsteps:\n- sms: {body: 'Hi. " STOP
	       "'}\n- sms: {body: Hi}\n",
	  "" },
	{ "", HEAD "steps:\n- sms: {body: 'Hi. " STOP "'}\n",
	  "1:1 consent-filter" },
	{ "",
	  HEAD "steps:\n- branch:\n  - if: sms_consent\n    then:\n"
	       "    - sms: {body: '" STOP "'}\n",
	  "" },
	{ "", "trigger: {event: X}\nsteps:\n- push: {title: a, body: b}\n",
	  "1:1 no-goal" },
	{ "",
	  "trigger: {event: X}\npurpose: security\nsteps:\n"
	  "- push: {title: a, body: b}\n",
	  "" },
	/* Lock screens: 50 and 150. */
	{ "",
	  HEAD "steps:\n- push: {title: '" TEN TEN TEN TEN TEN "', body: b}\n",
	  "" },
	{ "",
	  HEAD "steps:\n- push: {title: '" TEN TEN TEN TEN TEN "1', body: b}\n",
	  "7:18 push-title" },
	{ "",
	  HEAD "steps:\n- push: {title: a, body: '" TEN TEN TEN TEN TEN TEN TEN
		  TEN TEN TEN TEN TEN TEN TEN TEN "1'}\n",
	  "7:27 push-body" },
	/* A variant for a locale is looked at as well. */
	{ "",
	  HEAD "steps:\n- push:\n    title: a\n    body: b\n    locales:\n"
	       "      de: {title: '" TEN TEN TEN TEN TEN "1'}\n",
	  "11:20 push-title" },
	{ "", SMS("'" STOP "', sender: gone"), "7:3 sender" },
	{ "senders: {main: {from: '+12065550199', type: 10dlc}}",
	  SMS("'" STOP "', sender: main"), "" },
	/* With the longest value that is known it takes two segments. */
	{ "",
	  SMS("'" TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
	      " {{ first_name }} {{ customer.plan }} " STOP "'"),
	  "7:41 sms-long|7:165 no-default|7:182 no-default" },
	/* Names. */
	{ "", SMS("'{{ first_nam }} {{ customer.fist_name }} " STOP "'"),
	  "7:44 unknown-attribute|7:60 unknown-attribute" },
	{ "", SMS("'{{ event.file }} {{ journey.name }} " STOP "'"), "" },
	{ "", SMS("'{{ event.fil }} {{ trigger.x }} " STOP "'"),
	  "7:44 unknown-property|7:60 unknown-property" },
	{ "", SMS("'{{ journey.id }} {{ message.ids }} " STOP "'"),
	  "7:44 unknown-variable|7:61 unknown-variable" },
	{ "",
	  SMS("'{{ event_name }}{{ delivery_id }}{{ email | default: 1 }} " STOP
	      "'"),
	  "" },
	/* Parts of what is known are known, if nobody lists them. */
	{ "",
	  SMS("'{{ tags[0] | default: 1 }}{{ customer.tags.size | default: 1 }}"
	      "{{ address.city | default: 1 }}{{ event.items[0].name }} " STOP
	      "'"),
	  "" },
	{ "", SMS("'{{ address.cty | default: 1 }} " STOP "'"),
	  "7:44 unknown-attribute" },
	/* GSM-7 as it is written, but not with what people are called. */
	{ "",
	  SMS("'" TEN TEN TEN TEN "{{ first_name | default: 1 }} " STOP "'"),
	  "" },
	{ "",
	  SMS("'" TEN TEN TEN TEN TEN "{{ first_name | default: 1 }} " STOP
	      "'"),
	  "7:41 sms-ucs2-value" },
	/* Who has no plan gets no message; a condition does not ask for it. */
	{ "", SMS("'{{ customer.plan }} {% if plan %}x{% endif %} " STOP "'"),
	  "7:44 no-default" },
	{ "", SMS("'{{ customer.plan | default: 1 }} " STOP "'"), "" },
	{ "",
	  "trigger: {enters: trialist}\n" OK
	  "steps:\n- push: {title: a, body: b}\n",
	  "1:10 unknown-segment" },
	{ "",
	  "trigger: {event: X}\ngoal: {leaves: trialist}\n"
	  "steps:\n- push: {title: a, body: b}\n",
	  "2:7 unknown-segment" },
	{ "",
	  HEAD "steps:\n- set: {plan: pro, timezone: UTC, sms_consent: true}\n",
	  "7:20 not-settable|7:35 not-settable" },
	{ "",
	  HEAD "filter: in_segment(\"trialist\")\nsteps:\n"
	       "- push: {title: a, body: b}\n",
	  "6:9 unknown-segment" },
	{ "",
	  HEAD "filter: plam == 'pro'\nsteps:\n- push: {title: a, body: b}\n",
	  "6:9 unknown-attribute" },
	/* Of events that are looked up: each its own; of others nobody knows.
	 */
	{ "",
	  HEAD "filter: happened(\"Z\" where event.total > 1 and event.file == "
	       "\"a\")\nsteps:\n- push: {title: a, body: b}\n",
	  "6:48 unknown-property" },
	{ "",
	  HEAD
	  "steps:\n- wait_for: {condition: sum(event.totl of \"Z\") > 1}\n",
	  "7:29 unknown-property" },
	{ "",
	  HEAD
	  "steps:\n- wait_for: {condition: sum(event.totl of \"Q\") > 1}\n",
	  "" },
	{ "",
	  HEAD
	  "steps:\n- branch: [{if: happened(\"Z*\" where event.x > 1), then: "
	  "[{exit: }]}]\n",
	  "" },
	/* Events almost as they are called; one that is new is another. */
	{ "",
	  "trigger: {event: Import Startd}\ngoal: {event: Import Finishd}\n"
	  "exit: {events: [Import Started, Import Stratded]}\n"
	  "steps:\n- wait_for: {event: Import Finised}\n"
	  "- wait_for: {event: Welcomed}\n",
	  "1:10 unknown-event|2:7 unknown-event|3:7 unknown-event|"
	  "5:3 unknown-event" },
	{ "", HEAD "steps:\n- set: {x: '{{ plam }}'}\n",
	  "7:16 unknown-attribute" },
};

static const char *const attributes[] = { "first_name",	  "plan", "address",
					  "address.city", "tags", NULL };
static const char *const properties[] = { "file", "items", NULL };
static const char *const events[] = { "Import Finished", "Import Started",
				      NULL };
static const char *const segments[] = { "trialists", NULL };

static const char *const *properties_of(gpointer known, const char *event)
{
	static const char *const of_z[] = { "total", NULL };

	ck_assert_ptr_null(known);
	return g_str_equal(event, "Z") ? of_z : NULL;
}

static void note(gpointer user, const JrLint *lint)
{
	GString *all = user;

	ck_assert_str_eq(lint->file, "x.yaml");
	ck_assert_msg(!!strchr(lint->message, ':'), "%s", lint->message);
	g_string_append_printf(all, "%s%u:%u %s", all->len ? "|" : "",
			       lint->line, lint->column, lint->code);
}

static const JrVal *yaml(JrArena *arena, const char *text)
{
	g_autoptr(GError) error = NULL;
	const JrVal *doc =
		jr_yaml_parse(arena, text, strlen(text), "x.yaml", &error);

	ck_assert_msg(!!doc, "%s", error ? error->message : text);
	return doc;
}

START_TEST(what_is_likely_wrong_is_told_at_its_place)
{
	g_autoptr(JrArena) arena = jr_arena_new(1 << 22);
	const char *text = cases[_i].text;
	const JrWorkflowSource source = { .file = "x.yaml",
					  .text = text,
					  .len = strlen(text),
					  .doc = yaml(arena, text) };
	g_autoptr(GError) error = NULL;
	g_autoptr(JrWorkflow) w = jr_workflow_new(&source, &error);
	g_autoptr(JrPolicy) policy =
		jr_policy_new(yaml(arena, cases[_i].policy), NULL, &error);
	const JrLintAsk ask = {
		.policy = policy,
		.longest = yaml(arena, "first_name: Bartholomew-Maximilian\n"
				       "customer: {plan: enterprise}\n"),
		.widest = yaml(arena, "first_name: Łucja\n"),
		.attributes = attributes,
		.events = events,
		.properties = properties,
		.properties_of = properties_of,
		.segments = segments,
	};
	g_autoptr(GString) all = g_string_new(NULL);

	ck_assert_msg(w && policy, "%s", error ? error->message : "");
	jr_workflow_lint(w, &ask, note, all);
	ck_assert_str_eq(all->str, cases[_i].want);
}
END_TEST

static void keep(gpointer user, const JrLint *lint)
{
	g_string_assign(user, lint->message);
}

static const struct {
	const char *body, *part; /* of the message */
} named[] = {
	{ "It’s us", "'’' (U+2019) alone" },
	{ "It’s", "smart_encoding" },
	{ "a\u00a0b", "U+00A0 alone" },
	{ "ą ć", "'ą' (U+0105) and 1 more" },
	{ "{{ first_nam }}", "'first_nam': write 'first_name'" },
	{ "{{ zzz }}", "'zzz': is it spelt so?" },
	{ "{{ event.fille }}",
	  "no 'X' came with the property 'fille': write 'file'" },
	{ "{{ journey.nam }}", "'journey' has no 'nam': write 'name'" },
};

START_TEST(what_is_meant_is_named)
{
	g_autofree char *text =
		g_strdup_printf(SMS("\"%s STOP\""), named[_i].body);
	g_autoptr(JrArena) arena = jr_arena_new(1 << 22);
	const JrWorkflowSource source = { .file = "x.yaml",
					  .text = text,
					  .len = strlen(text),
					  .doc = yaml(arena, text) };
	g_autoptr(JrWorkflow) w = jr_workflow_new(&source, NULL);
	g_autoptr(JrPolicy) policy = jr_policy_new(NULL, NULL, NULL);
	const JrLintAsk ask = { .policy = policy,
				.attributes = attributes,
				.properties = properties };
	g_autoptr(GString) message = g_string_new(NULL);

	jr_workflow_lint(w, &ask, keep, message);
	ck_assert_msg(!!strstr(message->str, named[_i].part), "%s",
		      message->str);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, what_is_likely_wrong_is_told_at_its_place, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_loop_test(tc, what_is_meant_is_named, 0, G_N_ELEMENTS(named));
}

/* The sandbox: what it answers, writes, and lets come back; and programs. */
#include "net_unit.h"
#include "net/form.h"
#include "net/sender.h"
#include "base/error.h"
#include "base/instant.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

static char *folder;

static void make_folder(void)
{
	folder = g_dir_make_tmp("jr-sandbox-XXXXXX", NULL);
}

static void remove_folder(void)
{
	static const char *const names[] = { "out", "back", "program", "seen" };

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *path =
			g_build_filename(folder, names[i], NULL);
		g_unlink(path);
	}
	g_rmdir(folder);
	g_free(folder);
}

static JrProvider *sandbox(const char *more)
{
	g_autofree char *settings = g_strdup_printf(
		"{\"outbox\":\"%s/out\",\"receipts\":\"%s/back\"%s%s}", folder,
		folder, *more ? "," : "", more);

	return open_good("sandbox", settings, NULL);
}

/* The lines of file @name as an array of objects; new reference. */
static json_t *lines_of(const char *name)
{
	g_autofree char *path = g_build_filename(folder, name, NULL);
	g_autofree char *text = NULL;
	json_t *list = json_array();

	ck_assert(g_file_get_contents(path, &text, NULL, NULL));
	ck_assert(*text == '\0' || g_str_has_suffix(text, "\n"));
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	for (char **line = lines; *line && **line; line++) {
		json_t *object = json_loads(*line, 0, NULL);

		ck_assert_msg(object != NULL, "%s", *line);
		json_array_append_new(list, object);
	}
	return list;
}

static JrAnswer hand_over(JrProvider *p, const char *handover)
{
	JrHandover h = handover_of(handover);
	JrAnswer answer = { 0 };

	p->kind->hand_over(p, &h, permit, &answer);
	return answer;
}

static const struct {
	const char *handover;
	JrOutcome outcome;
	const char *code;
} marks[] = {
	{ "{\"body\":\"x\"}", JR_OUTCOME_ACCEPTED, NULL },
	{ "{\"to\":\"+12065559901\"}", JR_OUTCOME_REFUSED, "21211" },
	{ "{\"to\":\"+12065559902\"}", JR_OUTCOME_OPTED_OUT, "21610" },
	{ "{\"to\":\"+12065559903\"}", JR_OUTCOME_WAIT, "20429" },
	{ "{\"to\":\"+12065559904\"}", JR_OUTCOME_UNKNOWN, "timeout" },
	{ "{\"to\":\"+12065559905\"}", JR_OUTCOME_STOP, "20003" },
	{ "{\"channel\":\"whatsapp\",\"to\":\"+12065559902\"}",
	  JR_OUTCOME_OPTED_OUT, "21610" },
	{ "{\"channel\":\"push\",\"to\":\"android-1-ab\"}", JR_OUTCOME_ACCEPTED,
	  NULL },
	{ "{\"channel\":\"push\",\"to\":\"x9901\"}", JR_OUTCOME_ACCEPTED,
	  NULL },
	{ "{\"channel\":\"push\",\"to\":\"a-unregistered\"}",
	  JR_OUTCOME_DROP_TOKEN, "UNREGISTERED" },
	{ "{\"channel\":\"push\",\"to\":\"a-refused\"}", JR_OUTCOME_REFUSED,
	  "INVALID_ARGUMENT" },
	{ "{\"channel\":\"push\",\"to\":\"a-wait\"}", JR_OUTCOME_WAIT,
	  "QUOTA_EXCEEDED" },
	{ "{\"channel\":\"push\",\"to\":\"a-unknown\"}", JR_OUTCOME_UNKNOWN,
	  "timeout" },
	{ "{\"channel\":\"push\",\"to\":\"a-stop\"}", JR_OUTCOME_STOP,
	  "PERMISSION_DENIED" },
	{ "{\"channel\":\"email\",\"to\":\"a@x.example\"}", JR_OUTCOME_ACCEPTED,
	  NULL },
};

START_TEST(an_address_has_its_answer)
{
	g_autoptr(JrProvider) p = sandbox("");
	g_auto(JrAnswer) a = hand_over(p, marks[_i].handover);
	json_t *out = lines_of("out");
	json_t *record = json_array_get(out, json_array_size(out) - 1);

	ck_assert_str_eq(jr_outcome_name(a.outcome),
			 jr_outcome_name(marks[_i].outcome));
	ck_assert_pstr_eq(a.code, marks[_i].code);
	ck_assert((a.provider_id != NULL) ==
		  (a.outcome == JR_OUTCOME_ACCEPTED));
	ck_assert((a.reason != NULL) == (a.outcome != JR_OUTCOME_ACCEPTED));
	ck_assert_str_eq(jr_answer_text(record, "outcome"),
			 jr_outcome_name(marks[_i].outcome));
	json_decref(out);
}
END_TEST

START_TEST(the_outbox_holds_all_of_a_message)
{
	g_autofree char *path = g_build_filename(folder, "out", NULL);

	g_unlink(path);
	g_autoptr(JrProvider) p = sandbox("");
	g_auto(JrAnswer) a = hand_over(
		p, "{\"id\":\"m_7\",\"body\":\"Hi \\u00e9\",\"sender\":\"+1\","
		   "\"media\":[\"u\"],\"deadline\":1793800600,\"link\":\"l\","
		   "\"data\":{\"k\":[1]},\"options\":{\"o\":true}}");
	json_t *out = lines_of("out");
	json_t *want = json_pack(
		"[{s:s, s:s, s:s, s:s, s:s, s:s, s:[s], s:{s:[i]}, s:{s:b},"
		"s:i, s:i, s:i, s:s, s:s, s:s}]",
		"id", "m_7", "channel", "sms", "to", "+12065550101", "sender",
		"+1", "body", "Hi é", "link", "l", "media", "u", "data", "k", 1,
		"options", "o", 1, "segments", 1, "now", 1793800000, "deadline",
		1793800600, "at", "2026-11-04T13:46:40Z", "outcome", "accepted",
		"provider_id", a.provider_id);
	struct stat st;
	char at[JR_INSTANT_SIZE];

	json_object_set_new(json_array_get(want, 0), "at",
			    json_string(jr_instant_format(1793800000, at)));
	ck_assert(json_equal(out, want));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 0777, 0600);
	json_decref(out);
	json_decref(want);
}
END_TEST

/* What comes back of @n messages over @channel, in a fresh file. */
static json_t *echo_of(const char *more, const char *channel, int n)
{
	g_autofree char *path = g_build_filename(folder, "back", NULL);

	g_unlink(path);
	g_autoptr(JrProvider) p = sandbox(more);
	for (int i = 0; i < n; i++) {
		g_autofree char *h = g_strdup_printf(
			"{\"id\":\"m_%d\",\"channel\":\"%s\",\"to\":\"+120655"
			"5%04d\",\"body\":\"see https://x.example/a now\"}",
			i, channel, i);
		g_auto(JrAnswer) a = hand_over(p, h);

		ck_assert_int_eq(a.outcome, JR_OUTCOME_ACCEPTED);
	}
	return lines_of("back");
}

/* How often each thing came back; every record is looked at. */
typedef struct {
	int delivered, undelivered, clicked, opened, stop;
} Tally;

static void count_form(const json_t *record, Tally *t)
{
	const char *body = jr_answer_text(record, "body");
	g_autoptr(GArray) form = jr_form_parse(body, strlen(body), 20, NULL);
	const char *status = jr_form_get(form, "MessageStatus");

	ck_assert_str_eq(jr_answer_text(record, "source"), "twilio");
	ck_assert(g_str_has_prefix(jr_form_get(form, "MessageSid"), "SM"));
	t->delivered += g_strcmp0(status, "delivered") == 0;
	t->undelivered += g_strcmp0(status, "undelivered") == 0;
	ck_assert((jr_form_get(form, "ErrorCode") != NULL) ==
		  (g_strcmp0(status, "undelivered") == 0));
	if (status)
		return;
	ck_assert_str_eq(jr_form_get(form, "Body"), "STOP");
	ck_assert_str_eq(jr_form_get(form, "SmsStatus"), "received");
	ck_assert(g_str_has_prefix(jr_form_get(form, "From"), "+1206555"));
	t->stop++;
}

static Tally tally(const json_t *records)
{
	Tally t = { 0 };
	const json_t *record;
	size_t i;

	json_array_foreach (records, i, record) {
		const char *name = jr_answer_text(record, "name");
		gint64 at_ms;

		ck_assert(
			jr_instant_parse(jr_answer_text(record, "received_at"),
					 NULL, &at_ms, NULL));
		ck_assert_int_gt(at_ms, 1793800000000);
		ck_assert_int_lt(at_ms, 1793800000000 + 5 * 3600 * 1000);
		if (!name) {
			count_form(record, &t);
			continue;
		}
		ck_assert_str_eq(jr_answer_text(record, "type"), "delivery");
		t.delivered += strcmp(name, "delivered") == 0;
		t.clicked += strcmp(name, "clicked") == 0;
		t.opened += strcmp(name, "opened") == 0;
		if (strcmp(name, "clicked") == 0)
			ck_assert_str_eq(
				jr_answer_text(record, "attributes.href"),
				"https://x.example/a");
	}
	return t;
}

START_TEST(what_comes_back_is_plausible_and_the_same_again)
{
	json_t *sms = echo_of("", "sms", 2000);
	json_t *again = echo_of("", "sms", 2000);
	json_t *other = echo_of("\"seed\":\"other\"", "sms", 2000);
	json_t *push = echo_of("", "push", 2000);
	Tally s = tally(sms), p = tally(push);

	ck_assert(json_equal(sms, again));
	ck_assert(!json_equal(sms, other));
	ck_assert_int_eq(s.delivered + s.undelivered, 2000);
	ck_assert_int_ge(s.delivered, 1910); /* 97 % are 1940 */
	ck_assert_int_le(s.delivered, 1970);
	ck_assert_int_ge(s.clicked, 130); /* 9 % are 175 */
	ck_assert_int_le(s.clicked, 220);
	ck_assert_int_ge(s.stop, 5); /* 0.8 % are 15 */
	ck_assert_int_le(s.stop, 30);
	ck_assert_int_eq(s.opened, 0);
	ck_assert_int_ge(p.opened, 220); /* 14 % are 271 */
	ck_assert_int_le(p.opened, 330);
	ck_assert_int_eq(p.stop + p.clicked + p.undelivered, 0);
	json_decref(sms);
	json_decref(again);
	json_decref(other);
	json_decref(push);
}
END_TEST

START_TEST(an_outbox_that_cannot_be_written_is_told)
{
	g_autoptr(GError) error = NULL;
	JrProvider *p = open_with("sandbox", "{\"outbox\":\"/nonexistent/x\"}",
				  NULL, &error);

	ck_assert(p == NULL);
	ck_assert(strstr(error->message, "'outbox' cannot be written: "));
	/* a full disk, at the hand-over */
	g_autoptr(JrProvider) full =
		open_good("sandbox", "{\"outbox\":\"/dev/full\"}", NULL);
	g_auto(JrAnswer) a = hand_over(full, "{\"body\":\"x\"}");
	ck_assert_int_eq(a.outcome, JR_OUTCOME_STOP);
	ck_assert_str_eq(a.code, "outbox");
}
END_TEST

/* A provider that runs @script by the shell. */
static JrProvider *program(const char *script, const char *more)
{
	g_autofree char *path = g_build_filename(folder, "program", NULL);
	g_autofree char *settings =
		g_strdup_printf("{\"command\":[\"sh\",\"%s\",\"%s/seen\"]%s}",
				path, folder, more);

	g_file_set_contents(path, script, -1, NULL);
	return open_good("exec", settings, NULL);
}

static const struct {
	const char *script;
	JrOutcome outcome;
	const char *code, *id;
} programs[] = {
	{ "exit 0", JR_OUTCOME_ACCEPTED, NULL, NULL },
	{ "cat >/dev/null; echo", JR_OUTCOME_ACCEPTED, NULL, NULL },
	{ "echo '{\"outcome\":\"accepted\",\"id\":\"a1\"}'",
	  JR_OUTCOME_ACCEPTED, NULL, "a1" },
	{ "echo '{\"outcome\":\"opted_out\",\"code\":\"STOP\"}'",
	  JR_OUTCOME_OPTED_OUT, "STOP", NULL },
	{ "echo '{\"outcome\":\"drop_token\"}'", JR_OUTCOME_DROP_TOKEN, NULL,
	  NULL },
	{ "echo sent", JR_OUTCOME_UNKNOWN, "output", NULL },
	{ "echo '{\"outcome\":\"sent\"}'", JR_OUTCOME_UNKNOWN, "output", NULL },
	{ "exec yes", JR_OUTCOME_UNKNOWN, "output", NULL },
	{ "exit 65", JR_OUTCOME_REFUSED, "exit-65", NULL },
	{ "exit 69", JR_OUTCOME_REFUSED, "exit-69", NULL },
	{ "exit 75", JR_OUTCOME_WAIT, "exit-75", NULL },
	{ "exit 78", JR_OUTCOME_STOP, "exit-78", NULL },
	{ "exit 1", JR_OUTCOME_UNKNOWN, "exit-1", NULL },
	{ "exit 9", JR_OUTCOME_REFUSED, "exit-9", NULL }, /* as configured */
	{ "kill -9 $$", JR_OUTCOME_UNKNOWN, "signal", NULL },
	{ "sleep 60", JR_OUTCOME_UNKNOWN, "timeout", NULL },
	{ "sleep 60 & exit 0", JR_OUTCOME_UNKNOWN, "timeout", NULL },
	{ "exec >&-; sleep 60", JR_OUTCOME_UNKNOWN, "timeout", NULL },
	{ "exec 0<&-; exit 0", JR_OUTCOME_ACCEPTED, NULL, NULL },
};

START_TEST(a_program_says_what_came_of_it)
{
	g_autoptr(JrProvider) p = program(
		programs[_i].script,
		",\"timeout\":\"1s\",\"classes\":{\"exit-9\":\"refused\"}");
	g_auto(JrAnswer) a = hand_over(p, "{\"body\":\"x\"}");

	ck_assert_str_eq(jr_outcome_name(a.outcome),
			 jr_outcome_name(programs[_i].outcome));
	ck_assert_pstr_eq(a.code, programs[_i].code);
	ck_assert_pstr_eq(a.provider_id, programs[_i].id);
	ck_assert((a.reason != NULL) == (a.outcome != JR_OUTCOME_ACCEPTED));
}
END_TEST

START_TEST(a_program_reads_the_message)
{
	g_autoptr(JrProvider) p = program("cat >\"$1\"", "");
	g_auto(JrAnswer) a =
		hand_over(p, "{\"id\":\"m_9\",\"body\":\"Hi \\u00e9\"}");
	json_t *seen = lines_of("seen");
	json_t *want =
		json_pack("[{s:s, s:s, s:s, s:s, s:i, s:i}]", "id", "m_9",
			  "channel", "sms", "to", "+12065550101", "body",
			  "Hi é", "segments", 1, "now", 1793800000);

	ck_assert_int_eq(a.outcome, JR_OUTCOME_ACCEPTED);
	ck_assert(json_equal(seen, want));
	json_decref(seen);
	json_decref(want);
}
END_TEST

START_TEST(a_program_that_is_not_there_stops_the_run)
{
	g_autoptr(JrProvider) p = open_good(
		"exec", "{\"command\":[\"/nonexistent/program\"]}", NULL);
	g_auto(JrAnswer) a = hand_over(p, "{\"body\":\"x\"}");

	ck_assert_int_eq(a.outcome, JR_OUTCOME_STOP);
	ck_assert_str_eq(a.code, "exit-127");
}
END_TEST

static const char *const bad_commands[] = {
	"{}",
	"{\"command\":\"sendmail\"}",
	"{\"command\":[]}",
	"{\"command\":[1]}",
	"{\"command\":[\"x\"],\"timeout\":\"soon\"}",
	"{\"command\":[\"x\"],\"timeout\":\"0s\"}",
};

START_TEST(a_command_is_a_list_of_texts)
{
	g_autoptr(GError) error = NULL;

	ck_assert(!open_with("exec", bad_commands[_i], NULL, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_unchecked_fixture(tc, make_folder, remove_folder);
	tcase_add_loop_test(tc, an_address_has_its_answer, 0,
			    G_N_ELEMENTS(marks));
	tcase_add_test(tc, the_outbox_holds_all_of_a_message);
	tcase_add_test(tc, what_comes_back_is_plausible_and_the_same_again);
	tcase_add_test(tc, an_outbox_that_cannot_be_written_is_told);
	tcase_add_loop_test(tc, a_program_says_what_came_of_it, 0,
			    G_N_ELEMENTS(programs));
	tcase_add_test(tc, a_program_reads_the_message);
	tcase_add_test(tc, a_program_that_is_not_there_stops_the_run);
	tcase_add_loop_test(tc, a_command_is_a_list_of_texts, 0,
			    G_N_ELEMENTS(bad_commands));
}

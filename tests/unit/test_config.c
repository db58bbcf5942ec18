/* Finding the configuration, the places it names, secrets, rejects. */
#include "base/error.h"
#include "io/config.h"
#include "io/json.h"
#include "io/rejects.h"
#include "io/secret.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Go to an empty folder; each case is a process of its own. */
static char *scratch(void)
{
	char *folder = g_dir_make_tmp("jr-test-XXXXXX", NULL);

	ck_assert_int_eq(chdir(folder), 0);
	unsetenv("JR_CONFIG");
	unsetenv("JR_STATE");
	return folder;
}

static void leave(char *folder)
{
	const char *argv[] = { "rm", "-rf", folder, NULL };

	ck_assert_int_eq(chdir("/"), 0);
	ck_assert(g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH,
			       NULL, NULL, NULL, NULL, NULL, NULL));
	g_free(folder);
}

static void put(const char *path, const char *text, int mode)
{
	ck_assert(g_file_set_contents(path, text, -1, NULL));
	ck_assert_int_eq(chmod(path, (mode_t)mode), 0);
}

static const struct {
	const char *text; /* of the file; NULL: there is none */
	const char *at;	  /* where it is; NULL: jr.yaml */
	const char *option, *variable, *state_option, *state_variable;
	const char *file, *state, *workflows; /* what is wanted */
} found[] = {
	{ .state = "jr.db", .workflows = "workflows" },
	{ .text = "",
	  .file = "jr.yaml",
	  .state = "jr.db",
	  .workflows = "workflows" },
	{ .text = "state: x.db\nworkflows: w\n",
	  .file = "jr.yaml",
	  .state = "x.db",
	  .workflows = "w" },
	{ .text = "state: /var/x.db\n",
	  .file = "jr.yaml",
	  .state = "/var/x.db",
	  .workflows = "workflows" },
	{ .text = "state: x.db\n",
	  .state_option = "o.db",
	  .file = "jr.yaml",
	  .state_variable = "v.db",
	  .state = "o.db",
	  .workflows = "workflows" },
	{ .text = "state: x.db\n",
	  .file = "jr.yaml",
	  .state_variable = "v.db",
	  .state = "v.db",
	  .workflows = "workflows" },
	{ .text = "state: x.db\n",
	  .file = "jr.yaml",
	  .state_variable = "",
	  .state = "x.db",
	  .workflows = "workflows" },
	{ .text = "state: x.db\nworkflows: ../w\n",
	  .at = "sub/my.yaml",
	  .option = "sub/my.yaml",
	  .file = "sub/my.yaml",
	  .state = "sub/x.db",
	  .workflows = "sub/../w" },
	{ .text = "",
	  .at = "sub/my.yaml",
	  .variable = "sub/my.yaml",
	  .file = "sub/my.yaml",
	  .state = "sub/jr.db",
	  .workflows = "sub/workflows" },
	{ .text = "",
	  .at = "sub/my.yaml",
	  .option = "sub/my.yaml",
	  .variable = "none.yaml",
	  .file = "sub/my.yaml",
	  .state = "sub/jr.db",
	  .workflows = "sub/workflows" },
	{ .text = "state: postgresql://db/jr\n",
	  .at = "sub/my.yaml",
	  .option = "sub/my.yaml",
	  .file = "sub/my.yaml",
	  .state = "postgresql://db/jr",
	  .workflows = "sub/workflows" },
};

START_TEST(the_configuration_is_found)
{
	char *folder = scratch();
	g_autoptr(GError) error = NULL;

	g_mkdir("sub", 0700);
	if (found[_i].text)
		put(found[_i].at ? found[_i].at : "jr.yaml", found[_i].text,
		    0644);
	if (found[_i].variable)
		setenv("JR_CONFIG", found[_i].variable, 1);
	if (found[_i].state_variable)
		setenv("JR_STATE", found[_i].state_variable, 1);
	g_autoptr(JrConfig) config = jr_config_load(
		found[_i].option, found[_i].state_option, &error);
	ck_assert_msg(config != NULL, "%s", error ? error->message : "");
	ck_assert_int_eq(config->doc->type, JR_VAL_MAP);
	ck_assert_int_eq(g_strcmp0(config->file, found[_i].file), 0);
	ck_assert_str_eq(config->state, found[_i].state);
	ck_assert_str_eq(config->workflows, found[_i].workflows);
	leave(folder);
}
END_TEST

static const struct {
	const char *text, *option, *want;
} wrong[] = {
	{ NULL, "none.yaml",
	  "cannot read 'none.yaml': No such file or directory" },
	{ "- a\n", NULL,
	  "jr.yaml:1:1: a list is no configuration: write lines like "
	  "'state: jr.db'" },
	{ "just words\n", NULL,
	  "jr.yaml:1:1: a text is no configuration: write lines like "
	  "'state: jr.db'" },
	{ "a: 1\nstate: 5\n", NULL,
	  "jr.yaml:2:8: 'state' is a whole number: write a path" },
	{ "rejects: ''\n", NULL,
	  "jr.yaml:1:11: 'rejects' is empty: write a "
	  "path" },
	{ "workflows:\n", NULL,
	  "jr.yaml:1:11: 'workflows' is nothing: write a path" },
	{ "a: 1\na: 2\n", NULL,
	  "jr.yaml:2:1: 'a' was there before, in line 1: write it once" },
};

START_TEST(a_wrong_configuration_is_told)
{
	char *folder = scratch();
	g_autoptr(GError) error = NULL;

	if (wrong[_i].text)
		put("jr.yaml", wrong[_i].text, 0644);
	ck_assert_ptr_null(jr_config_load(wrong[_i].option, NULL, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
	ck_assert_str_eq(error->message, wrong[_i].want);
	leave(folder);
}
END_TEST

START_TEST(paths_of_files_begin_at_the_folder)
{
	char *folder = scratch();

	g_mkdir("sub", 0700);
	put("sub/jr.yaml",
	    "providers:\n"
	    "  twilio: {auth_token_file: token, auth_token_env: token}\n"
	    "  list: [{key_file: /etc/key}, {file: plain}]\n",
	    0644);
	g_autoptr(JrConfig) config = jr_config_load("sub/jr.yaml", NULL, NULL);
	const JrVal *providers = jr_val_get(config->doc, "providers");
	const JrVal *twilio = jr_val_get(providers, "twilio");
	const JrVal *items = jr_val_get(providers, "list")->items;

	ck_assert_str_eq(jr_val_get_text(twilio, "auth_token_file"),
			 "sub/token");
	ck_assert_uint_eq(jr_val_get(twilio, "auth_token_file")->len, 9);
	ck_assert_str_eq(jr_val_get_text(twilio, "auth_token_env"), "token");
	ck_assert_str_eq(jr_val_get_text(&items[0], "key_file"), "/etc/key");
	ck_assert_str_eq(jr_val_get_text(&items[1], "file"), "plain");
	leave(folder);
}
END_TEST

/* ---- secrets ---- */

#define BOTH_WAYS                                                              \
	"write 'key_file: PATH', a file of mode 600, or 'key_env: NAME', a "   \
	"variable of the environment"

static const struct {
	const char *settings; /* as JSON */
	const char *text;     /* of the file "s"; NULL: there is none */
	int mode;
	const char *want; /* the secret, or after '!' the message */
} secrets[] = {
	{ "{\"key_file\":\"s\"}", "abc", 0600, "abc" },
	{ "{\"key_file\":\"s\"}", "abc\n", 0400, "abc" },
	{ "{\"key_file\":\"s\"}", "abc\r\n", 0600, "abc" },
	{ "{\"key_file\":\"s\"}", "a\nb\n\n", 0600, "a\nb\n" },
	{ "{\"key_env\":\"JR_TEST_KEY\"}", NULL, 0, "from env" },
	{ "{\"key_env\":\"JR_TEST_NONE\"}", NULL, 0,
	  "!no variable JR_TEST_NONE in the environment: set it, or use a "
	  "file" },
	{ "{\"key_env\":\"JR_TEST_EMPTY\"}", NULL, 0,
	  "!nothing in the variable 'JR_TEST_EMPTY': put the secret there" },
	{ "{\"key_file\":\"s\"}", "\n", 0600,
	  "!nothing in the file 's': put the secret there" },
	{ "{\"key_file\":\"s\"}", NULL, 0,
	  "!cannot read 's': No such file or directory" },
	{ "{\"key_file\":\"s\"}", "abc", 0640,
	  "!others may read 's': run 'chmod 600 s'" },
	{ "{\"key_file\":\"s\"}", "abc", 0604,
	  "!others may read 's': run 'chmod 600 s'" },
	{ "{\"key_file\":\"s\"}", "abc", 0620,
	  "!others may read 's': run 'chmod 600 s'" },
	{ "{\"key_file\":\".\"}", NULL, 0,
	  "!cannot read '.': not a regular file" },
	{ "{\"key\":\"hunter2\"}", NULL, 0,
	  "!'key' stands in the configuration itself: put it in a file of "
	  "mode 600 and write 'key_file: PATH', or 'key_env: NAME' for a "
	  "variable of the environment" },
	{ "{\"key\":\"hunter2\",\"key_file\":\"s\"}", "abc", 0600,
	  "!'key' stands in the configuration itself: put it in a file of "
	  "mode 600 and write 'key_file: PATH', or 'key_env: NAME' for a "
	  "variable of the environment" },
	{ "{}", NULL, 0, "!neither 'key_file' nor 'key_env': " BOTH_WAYS },
	{ "{\"key_file\":1}", NULL, 0,
	  "!neither 'key_file' nor 'key_env': " BOTH_WAYS },
	{ "{\"key_file\":\"s\",\"key_env\":\"X\"}", "abc", 0600,
	  "!both 'key_file' and 'key_env': " BOTH_WAYS },
};

START_TEST(a_secret_is_had_or_refused)
{
	char *folder = scratch();
	g_autoptr(JrArena) arena = jr_arena_new(65536);
	const char *text = secrets[_i].settings, *want = secrets[_i].want;
	const JrVal *settings = jr_json_parse(arena, text, strlen(text), NULL);
	g_autoptr(GError) error = NULL;

	setenv("JR_TEST_KEY", "from env", 1);
	setenv("JR_TEST_EMPTY", "", 1);
	if (secrets[_i].text)
		put("s", secrets[_i].text, secrets[_i].mode);
	g_autofree char *secret = jr_secret_get(settings, "key", &error);
	if (*want == '!') {
		ck_assert_ptr_null(secret);
		ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_CONFIG));
		ck_assert_str_eq(error->message, want + 1);
		ck_assert_ptr_null(jr_secret_get(settings, "key", NULL));
	} else {
		ck_assert_str_eq(secret, want);
	}
	leave(folder);
}
END_TEST

START_TEST(a_secret_is_text_of_some_size)
{
	char *folder = scratch();
	g_autoptr(JrArena) arena = jr_arena_new(65536);
	const JrVal *settings =
		jr_json_parse(arena, BYTES("{\"key_file\":\"s\"}"), NULL);
	g_autofree char *big = g_strnfill(JR_SECRET_MAX + 1, 'x');
	g_autoptr(GError) error = NULL;

	put("s", big, 0600);
	ck_assert_ptr_null(jr_secret_get(settings, "key", &error));
	ck_assert_str_eq(error->message, "cannot read 's': longer than 65536 "
					 "bytes");
	g_clear_error(&error);
	ck_assert(g_file_set_contents("s", "a\0b", 3, NULL));
	ck_assert_int_eq(chmod("s", 0600), 0);
	ck_assert_ptr_null(jr_secret_get(settings, "key", &error));
	ck_assert_str_eq(error->message, "a NUL byte in 's': save it as text");
	leave(folder);
}
END_TEST

/* ---- rejects ---- */

static const struct {
	const char *record;
	gsize len;
	const char *field;
	gboolean cut;
	const char *want; /* what follows "reason" */
} rejects[] = {
	{ BYTES("{\"a\":"), NULL, FALSE, ",\"record\":\"{\\\"a\\\":\"}\n" },
	{ BYTES("x\0y"), NULL, FALSE, ",\"record_base64\":\"eAB5\"}\n" },
	{ BYTES("\xff"), NULL, FALSE, ",\"record_base64\":\"/w==\"}\n" },
	{ BYTES("é"), "phone", FALSE, ",\"record\":\"é\"}\n" },
	{ BYTES("x"), NULL, TRUE, ",\"record\":\"x\",\"cut\":true}\n" },
};

START_TEST(a_refused_record_is_kept)
{
	char *folder = scratch();
	const JrReject reject = {
		.at_s = 1795416000,
		.source = "stdin",
		.line = 7,
		.field = rejects[_i].field,
		.reason = "bad",
		.record = rejects[_i].record,
		.len = rejects[_i].len,
		.cut = rejects[_i].cut,
	};
	g_autofree char *want = g_strdup_printf(
		"{\"at\":\"2026-11-23T06:40:00Z\",\"source\":\"stdin\","
		"\"line\":7,%s\"reason\":\"bad\"%s",
		reject.field ? "\"field\":\"phone\"," : "", rejects[_i].want);
	g_autofree char *got = NULL;
	g_autoptr(JrRejects) file = jr_rejects_new("r.ndjson");
	struct stat info;

	ck_assert(jr_rejects_sync(file, NULL));
	ck_assert_int_eq(access("r.ndjson", F_OK), -1);
	ck_assert(jr_rejects_put(file, &reject, NULL));
	ck_assert(jr_rejects_sync(file, NULL));
	ck_assert(g_file_get_contents("r.ndjson", &got, NULL, NULL));
	ck_assert_str_eq(got, want);
	ck_assert_int_eq(stat("r.ndjson", &info), 0);
	ck_assert_int_eq(info.st_mode & 0777, 0600);
	leave(folder);
}
END_TEST

START_TEST(half_a_line_does_not_spoil_the_next)
{
	char *folder = scratch();
	const JrReject reject = { .source = "s", .reason = "r", .record = "" };
	g_autofree char *got = NULL;
	g_autoptr(JrRejects) file = jr_rejects_new("r.ndjson");

	put("r.ndjson", "{\"at\":", 0600);
	ck_assert(jr_rejects_put(file, &reject, NULL));
	ck_assert(jr_rejects_put(file, &reject, NULL));
	ck_assert(g_file_get_contents("r.ndjson", &got, NULL, NULL));
	g_auto(GStrv) lines = g_strsplit(got, "\n", -1);
	ck_assert_uint_eq(g_strv_length(lines), 4);
	ck_assert_str_eq(lines[0], "{\"at\":");
	ck_assert_str_eq(lines[1], lines[2]);
	leave(folder);
}
END_TEST

START_TEST(rejects_that_cannot_be_kept_are_an_error)
{
	const char *paths[] = { "/nonexistent/r", "/dev/full", "/" };
	const JrReject reject = { .source = "s", .reason = "r", .record = "" };
	g_autoptr(JrRejects) file = jr_rejects_new(paths[_i]);
	g_autoptr(GError) error = NULL;

	ck_assert(!jr_rejects_put(file, &reject, &error));
	ck_assert(g_error_matches(error, JR_ERROR, JR_ERROR_IO));
	ck_assert_ptr_nonnull(strstr(error->message, paths[_i]));
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, the_configuration_is_found, 0,
			    G_N_ELEMENTS(found));
	tcase_add_loop_test(tc, a_wrong_configuration_is_told, 0,
			    G_N_ELEMENTS(wrong));
	tcase_add_test(tc, paths_of_files_begin_at_the_folder);
	tcase_add_loop_test(tc, a_secret_is_had_or_refused, 0,
			    G_N_ELEMENTS(secrets));
	tcase_add_test(tc, a_secret_is_text_of_some_size);
	tcase_add_loop_test(tc, a_refused_record_is_kept, 0,
			    G_N_ELEMENTS(rejects));
	tcase_add_test(tc, half_a_line_does_not_spoil_the_next);
	tcase_add_loop_test(tc, rejects_that_cannot_be_kept_are_an_error, 0, 3);
}

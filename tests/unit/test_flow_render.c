/* Links in texts: where they begin and end, where they may lead, short ones. */
#include "flow/journey/render_links.h"
#include "base/error.h"
#include "io/json.h"
#include "store/receipts.h"
#include "unit.h"

#include <glib/gstdio.h>
#include <string.h>

/* What of jr.yaml the links take. */
#define OURS                                                                   \
	"{\"links\":{\"host\":\"go.example.com\",\"prefix\":\"/l/\","          \
	"\"hosts\":[\"app.example.com\"]}}"
#define PARAMS                                                                 \
	"{\"links\":{\"params\":[\"utm_source=sms\",\"utm_medium=text\"]}}"
#define SHORT "https://go.example.com/l/~~~~~~~~~~~"

static const struct {
	const char *policy;
	gboolean shorten;
	const char *text;
	const char *wanted; /* a ~ stands for a character of a token; NULL:
			     * refused */
} cases[] = {
	{ "{}", FALSE, "no link", "no link" },
	{ "{}", FALSE, "", "" },
	{ "{}", FALSE, "see https://a.example/x?y=1.",
	  "see https://a.example/x?y=1." },
	{ PARAMS, FALSE, "https://a.example/x",
	  "https://a.example/x?utm_source=sms&utm_medium=text" },
	{ PARAMS, FALSE, "https://a.example/x?y=1",
	  "https://a.example/x?y=1&utm_source=sms&utm_medium=text" },
	{ PARAMS, FALSE, "https://a.example/x#top",
	  "https://a.example/x?utm_source=sms&utm_medium=text#top" },
	{ OURS, TRUE, "https://app.example.com/a", SHORT },
	{ OURS, TRUE, "(https://app.example.com/a), then",
	  "(" SHORT "), then" },
	{ OURS, TRUE, "https://app.example.com/a?! \"https://app.example.com\"",
	  SHORT "?! \"" SHORT "\"" },
	{ OURS, TRUE, "ünï https://app.example.com/ü\nnext",
	  "ünï " SHORT "\nnext" },
	{ OURS, TRUE, "httpshttps://app.example.com/a", "https" SHORT },
	{ OURS, TRUE, "https:// http:/ https", NULL },
	{ OURS, FALSE, "https://evil.example/a", NULL },
	{ OURS, FALSE, "https://app.example.com.evil.example/", NULL },
	{ OURS, FALSE, "https://app.example.com@evil.example/", NULL },
	/* One of ours, written out, stays what it is. */
	{ OURS, FALSE, "https://go.example.com/l/x",
	  "https://go.example.com/l/x" },
	/* Short ones are asked for, and there is no host for them. */
	{ "{}", TRUE, "no link", NULL },
};

static JrFlow flow;
static JrJourneys *journeys;
static JrArena *values;
static char *folder, *state;

static void begin(const char *policy)
{
	g_autoptr(GError) error = NULL;
	const JrVal *doc;

	folder = g_dir_make_tmp("jr-unit-XXXXXX", NULL);
	state = g_build_filename(folder, "jr.db", NULL);
	values = jr_arena_new(1024 * 1024);
	doc = jr_json_parse(values, policy, strlen(policy), NULL);
	flow = (JrFlow){ .clock = { TRUE, 1793631600000 } };
	flow.db = jr_db_open(state, NULL, &error);
	flow.policy = jr_policy_new(doc, NULL, &error);
	ck_assert_msg(!error, "%s", error ? error->message : "");
	journeys = jr_journeys_new(&flow, NULL);
}

static void end(void)
{
	const char *const files[] = { "jr.db", "jr.db-wal", "jr.db-shm" };

	jr_journeys_free(journeys);
	jr_policy_free((JrPolicy *)flow.policy);
	jr_db_close(flow.db);
	jr_arena_free(values);
	for (guint i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path =
			g_build_filename(folder, files[i], NULL);

		g_unlink(path);
	}
	g_rmdir(folder);
	g_free(folder);
	g_free(state);
}

/* One text, rendered in a transaction of its own. */
typedef struct {
	JrLinksAsk ask;
	const char *text;
	char *out; /* owned; NULL: refused */
	GError *why;
} Rendering;

static gboolean render_body(JrDb *db G_GNUC_UNUSED, gpointer data,
			    GError **error G_GNUC_UNUSED)
{
	Rendering *r = data;

	r->out = jr_render_links(journeys, &r->ask, r->text, &r->why);
	return TRUE;
}

static char *render(const char *id, gboolean shorten, const char *text)
{
	Rendering r = { .ask = { id, shorten }, .text = text };
	g_autoptr(GError) error = NULL;

	ck_assert(jr_db_write(flow.db, render_body, &r, &error));
	ck_assert(!!r.out != !!r.why);
	ck_assert(!r.why || g_error_matches(r.why, JR_ERROR, JR_ERROR_INPUT));
	g_clear_error(&r.why);
	return r.out;
}

/* Whether @text is @wanted, where a ~ is any character of a token. */
static gboolean like(const char *text, const char *wanted)
{
	if (strlen(text) != strlen(wanted))
		return FALSE;
	for (; *text; text++, wanted++)
		if (*wanted == '~' ? !g_ascii_isalnum(*text) : *text != *wanted)
			return FALSE;
	return TRUE;
}

START_TEST(links_become_what_they_should)
{
	g_autofree char *text = NULL;

	begin(cases[_i].policy);
	text = render("m_1", cases[_i].shorten, cases[_i].text);
	if (cases[_i].wanted)
		ck_assert_msg(text && like(text, cases[_i].wanted), "%s",
			      text ? text : "refused");
	else
		ck_assert_msg(!text, "%s", text);
	end();
}
END_TEST

/* The same message renders the same; another message's link is another. */
START_TEST(tokens_are_the_messages_own)
{
	const char *url = "https://app.example.com/a";
	g_autofree char *first = NULL, *again = NULL, *other = NULL;
	gboolean found = FALSE;
	JrLink link;

	begin(OURS);
	first = render("m_1", TRUE, url);
	again = render("m_1", TRUE, url);
	other = render("m_2", TRUE, url);
	ck_assert_str_eq(first, again);
	ck_assert_str_ne(first, other);
	ck_assert(jr_link_get(flow.db, strrchr(other, '/') + 1, values, &link,
			      &found, NULL));
	ck_assert(found);
	ck_assert_str_eq(link.url, url);
	ck_assert_str_eq(link.message, "m_2");
	end();
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_loop_test(tc, links_become_what_they_should, 0,
			    G_N_ELEMENTS(cases));
	tcase_add_test(tc, tokens_are_the_messages_own);
}

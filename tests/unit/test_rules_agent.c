/* Who asked for a link: people's browsers, and everything else. */
#include "rules/agent.h"
#include "unit.h"

static const struct {
	const char *agent;
	gboolean machine;
} rows[] = {
	/* browsers, made up after what they really say */
	{ "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) "
	  "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 "
	  "Mobile/15E148 Safari/604.1",
	  FALSE },
	{ "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 "
	  "(KHTML, like Gecko) Chrome/131.0 Mobile Safari/537.36",
	  FALSE },
	{ "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
	  "Firefox/128.0",
	  FALSE },
	{ "Mozilla/5.0 (Linux; Android 14; SM-S921B) SamsungBrowser/26.0",
	  FALSE },
	{ "Opera/9.80 (Android; Opera Mini/36.2) Presto/2.12", FALSE },
	/* machines */
	{ NULL, TRUE },
	{ "", TRUE },
	{ "-", TRUE },
	{ "facebookexternalhit/1.1", TRUE },
	{ "WhatsApp/2.24.20.89 A", TRUE },
	{ "TelegramBot (like TwitterBot)", TRUE },
	{ "Mozilla/5.0 (compatible; Googlebot/2.1)", TRUE },
	{ "Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/131.0", TRUE },
	{ "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
	  TRUE },
	{ "Slackbot-LinkExpanding 1.0", TRUE },
	{ "curl/8.5.0", TRUE },
	{ "Go-http-client/2.0", TRUE },
	{ "python-requests/2.32", TRUE },
	{ "CURL/8", TRUE },
};

START_TEST(browsers_are_people_and_the_rest_are_machines)
{
	for (guint i = 0; i < G_N_ELEMENTS(rows); i++)
		ck_assert_msg(jr_agent_is_machine(rows[i].agent) ==
				      rows[i].machine,
			      "'%s'", rows[i].agent);
}
END_TEST

static void add(TCase *tc)
{
	tcase_add_test(tc, browsers_are_people_and_the_rest_are_machines);
}

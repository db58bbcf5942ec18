#include "rules/agent.h"

#include <string.h>

/*
 * What stands in the User-Agent of machines, in lower case.  Sources: what the
 * makers publish about their crawlers and link previews.  To add one: a row
 * here, an example in tests/unit/test_rules_agent.c.  A browser that says "bot"
 * somewhere is not known.
 */
static const char *const marks[] = {
	"bot",
	"crawl",
	"spider",
	"slurp",
	"preview",
	"scanner",
	"fetch",
	"monitor",
	"probe",
	"headless",
	/* link previews of chats, phones and mail */
	"facebookexternalhit",
	"facebookcatalog",
	"whatsapp",
	"skypeuripreview",
	"telegram",
	"vkshare",
	"mattermost",
	"iframely",
	"embedly",
	"google-read-aloud",
	"googleimageproxy",
	"google-safety",
	"feedburner",
	"snapchat/",
	"bitlybot",
	"line-poker",
	/* scanners of mail and texts */
	"barracuda",
	"mimecast",
	"proofpoint",
	"forcepoint",
	"symantec",
	"urldefense",
	"virustotal",
	"safebrowsing",
	"zscaler",
	"cloudmark",
	"netcraft",
	"paloalto",
	"censys",
	"nmap",
	"masscan",
	/* programs */
	"curl/",
	"wget",
	"libwww",
	"python-",
	"python/",
	"aiohttp",
	"httpx",
	"go-http-client",
	"java/",
	"okhttp",
	"apache-http",
	"axios",
	"node-",
	"node/",
	"undici",
	"ruby",
	"perl",
	"php/",
	"guzzle",
	"postman",
	"insomnia",
	"httpie",
	"phantomjs",
	"selenium",
	"puppeteer",
	"playwright",
	"lighthouse",
	"pagespeed",
	"pingdom",
	"uptime",
	"statuscake",
	"datadog",
	"newrelic",
	"site24x7",
};

gboolean jr_agent_is_machine(const char *agent)
{
	g_autofree char *lower = NULL;

	if (!agent || !*agent || g_str_equal(agent, "-"))
		return TRUE;
	lower = g_ascii_strdown(agent, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(marks); i++)
		if (strstr(lower, marks[i]))
			return TRUE;
	return FALSE;
}

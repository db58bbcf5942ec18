/* report_html.c - the page: one file, no network, for a person's eyes. */
#include "base/instant.h"
#include "flow/report.h"

static const char head[] =
	"<!doctype html>\n<html lang=\"en\">\n<head>\n"
	"<meta charset=\"utf-8\">\n"
	"<meta name=\"viewport\" content=\"width=device-width\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" "
	"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<title>jr report</title>\n<style>\n"
	":root { color-scheme: light dark; --ink: #1b1f24; --paper: #fff;"
	" --line: #d5dae1; --soft: #5b6572; --on: #0b6b37; --off: #b3261e }\n"
	"@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee;"
	" --paper: #14171b; --line: #343b45; --soft: #9aa5b4; --on: #5fd08f;"
	" --off: #ff8a80 } }\n"
	"body { margin: 0 auto; max-width: 68rem; padding: 1.5rem 1rem 4rem;"
	" font: 1rem/1.5 system-ui, sans-serif; color: var(--ink);"
	" background: var(--paper) }\n"
	"h1 { margin: 0 } h2 { margin: 2.5rem 0 .5rem; font-size: 1.15rem }\n"
	"p { margin: .25rem 0; color: var(--soft) }\n"
	".scroll { overflow-x: auto }\n"
	"table { border-collapse: collapse; width: 100% }\n"
	"th, td { padding: .35rem .75rem; text-align: left;"
	" border-bottom: 1px solid var(--line); vertical-align: top }\n"
	"td.text:last-child { min-width: 15rem }\n"
	"th { font-weight: 600; color: var(--soft); white-space: nowrap }\n"
	".num { text-align: right; font-variant-numeric: tabular-nums;"
	" white-space: nowrap }\n"
	".on { color: var(--on) } .off { color: var(--off); font-weight: 600 }\n"
	"nav a { margin-right: 1rem; color: inherit }\n"
	"</style>\n</head>\n<body>\n";

/* What a team wants to see, in the order of the panels. */
static gboolean on_page(const JrPanel *panel)
{
	return panel->make && !panel->personal &&
	       !(panel->takes & JR_NEEDS_OPERAND) &&
	       panel->way == JR_FLOW_READS;
}

static void put_title(JrFlow *flow, GString *out)
{
	char now[JR_INSTANT_SIZE];

	g_string_append(out, head);
	g_string_append(out, "<h1>");
	jr_html_escape(flow->policy->brand ? flow->policy->brand : "jr", out);
	g_string_append_printf(out, "</h1>\n<p>Messages as of %s</p>\n<nav>",
			       jr_instant_format(jr_flow_now(flow), now));
	for (const JrPanel *panel = jr_panels; panel->name; panel++)
		if (on_page(panel))
			g_string_append_printf(out, "<a href=\"#%s\">%s</a>\n",
					       panel->name, panel->name);
	g_string_append(out, "</nav>\n<main>\n");
}

gboolean jr_report_page(JrFlow *flow, const JrReportAsk *ask, GString *out,
			GError **error)
{
	put_title(flow, out);
	for (const JrPanel *panel = jr_panels; panel->name; panel++) {
		if (!on_page(panel))
			continue;
		g_autoptr(JrTable) table = panel->make(flow, ask, error);
		if (!table)
			return FALSE;
		jr_table_write_html(table, out);
	}
	g_string_append(out, "</main>\n</body>\n</html>\n");
	return TRUE;
}

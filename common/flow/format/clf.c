/*
 * Access logs of the host of our short links, in the common and the combined
 * log format of Apache and nginx:
 *
 *   192.0.2.1 - - [05/Nov/2026:17:00:00 +0000] "GET /l/TOKEN HTTP/1.1" 302 0
 *   "referer" "user agent"
 *
 * on one line.  Sources: httpd.apache.org, mod_log_config; nginx.org,
 * ngx_http_log_module.  What a client sent stands in quotes, in which \" and
 * \xHH are escapes.  A line that is no click is none of ours; one that is no
 * line of such a log is refused.
 */
#include "base/instant.h"
#include "flow/format/format.h"
#include "rules/agent.h"

#include <string.h>

#define ADDRESS_BYTES 64
#define AGENT_BYTES 512 /* more says nothing more */
#define TOKEN_BYTES 64

/* A line in its parts; texts in the arena of the batch. */
typedef struct {
	const char *address, *time, *request, *status, *agent;
} Entry;

/* What is left of a line. */
typedef struct {
	const char *at, *end;
} Rest;

static gboolean skip(Rest *rest, char c)
{
	if (rest->at == rest->end || *rest->at != c)
		return FALSE;
	rest->at++;
	return TRUE;
}

/* Up to @until, which is taken, too; the end of the line is a blank. */
static const char *take_until(JrFormatLine *line, Rest *rest, char until)
{
	gsize left = (gsize)(rest->end - rest->at);
	const char *stop = memchr(rest->at, until, left);
	gsize len = stop ? (gsize)(stop - rest->at) : left;
	const char *text;

	if ((!stop && until != ' ') || len == 0)
		return NULL;
	text = jr_line_keep(line, rest->at, len);
	rest->at += len + (stop != NULL);
	return text;
}

/* The byte that "\x4a" or "\"" stands for; what follows is left at @at. */
static char unescape(const char **at, const char *end)
{
	const char *c = *at;

	if (c[0] == 'x' && end - c > 2 && g_ascii_isxdigit(c[1]) &&
	    g_ascii_isxdigit(c[2])) {
		*at += 3;
		return (char)(g_ascii_xdigit_value(c[1]) * 16 +
			      g_ascii_xdigit_value(c[2]));
	}
	*at += 1;
	return c[0];
}

/* A text in quotes; the blank behind it is taken, too.  NULL: there is none. */
static const char *take_quoted(JrFormatLine *line, Rest *rest)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *valid = NULL;

	if (!skip(rest, '"'))
		return NULL;
	while (rest->at < rest->end && *rest->at != '"') {
		char c = *rest->at++;

		if (c == '\\' && rest->at < rest->end)
			c = unescape(&rest->at, rest->end);
		g_string_append_c(text, c ? c : '?');
	}
	if (!skip(rest, '"'))
		return NULL;
	skip(rest, ' ');
	valid = g_utf8_make_valid(text->str, (gssize)text->len);
	return jr_line_keep(line, valid, strlen(valid));
}

/* FALSE: this is no line of an access log. */
static gboolean cut(JrFormatLine *line, Entry *entry)
{
	Rest rest = { line->raw.text, line->raw.text + line->raw.len };

	while (rest.end > rest.at && g_ascii_isspace(rest.end[-1]))
		rest.end--;
	entry->address = take_until(line, &rest, ' ');
	if (!entry->address || !take_until(line, &rest, ' '))
		return FALSE;
	/* A user's name may have blanks. */
	while (rest.at < rest.end && *rest.at != '[')
		rest.at++;
	if (!skip(&rest, '['))
		return FALSE;
	entry->time = take_until(line, &rest, ']');
	if (!entry->time || !skip(&rest, ' '))
		return FALSE;
	entry->request = take_quoted(line, &rest);
	if (!entry->request)
		return FALSE;
	entry->status = take_until(line, &rest, ' ');
	if (!entry->status || !take_until(line, &rest, ' '))
		return FALSE;
	/* The combined form has these, too, and perhaps more behind them. */
	if (take_quoted(line, &rest))
		entry->agent = take_quoted(line, &rest);
	return TRUE;
}

/* "05/Nov/2026:17:00:00 +0000" */
static gboolean read_time(const char *text, gint64 *ms)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	static const char like[] = "00/Aaa/0000:00:00:00 +0000";
	g_autofree char *instant = NULL;
	const char *month;

	if (strlen(text) != strlen(like))
		return FALSE;
	for (guint i = 0; like[i]; i++)
		if (g_ascii_isdigit(like[i])   ? !g_ascii_isdigit(text[i])
		    : g_ascii_isalpha(like[i]) ? !g_ascii_isalpha(text[i])
		    : like[i] == '+' ? text[i] != '+' && text[i] != '-'
				     : text[i] != like[i])
			return FALSE;
	month = g_strstr_len(months, -1,
			     (char[]){ text[3], text[4], text[5], '\0' });
	if (!month || (month - months) % 3 != 0)
		return FALSE;
	instant = g_strdup_printf("%.4s-%02d-%.2sT%.8s%.3s:%.2s", text + 7,
				  (int)((month - months) / 3 + 1), text,
				  text + 12, text + 21, text + 24);
	return jr_instant_parse(instant, NULL, ms, NULL);
}

/* Where what was asked for begins below the host. */
static const char *path_of(const char *target)
{
	const char *host = strstr(target, "://");

	return host ? strchr(host + strlen("://"), '/') : target;
}

/* The token that @request asks for; NULL: it asks for something else. */
static const char *token_of(JrFormatLine *line, const char *request)
{
	static const char of_tokens[] = "0123456789abcdefghijklmnopqrstuvwxyz"
					"ABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
	const char *prefix = line->setup->link_prefix;
	const char *target = strchr(request, ' ');
	const char *path = target ? path_of(target + 1) : NULL;
	gsize len;

	if (!path || !g_str_has_prefix(path, prefix))
		return NULL;
	path += strlen(prefix);
	len = strspn(path, of_tokens);
	if (len == 0 || len > TOKEN_BYTES || !strchr(" ?#/", path[len]) ||
	    (path[len] == '/' && !strchr(" ?#", path[len + 1])))
		return NULL;
	return jr_line_keep(line, path, len);
}

/* What it was answered with: something, as far as our host was concerned. */
static gboolean was_answered(const char *status)
{
	return strlen(status) == 3 && status[0] >= '2' && status[0] <= '3';
}

static const char *shorten(JrFormatLine *line, const char *agent)
{
	const char *end;

	if (!agent || strlen(agent) <= AGENT_BYTES)
		return agent;
	g_utf8_validate(agent, AGENT_BYTES, &end); /* up to a whole letter */
	return jr_line_keep(line, agent, (gsize)(end - agent));
}

/* Numbers, dots and colons; a host's name says nothing. */
static const char *address_of(const Entry *entry)
{
	const char *text = entry->address;
	gsize len = strspn(text, "0123456789abcdefABCDEF.:");

	return text[len] || len > ADDRESS_BYTES ? NULL : text;
}

static gboolean add_click(JrFormatLine *line, const Entry *entry,
			  const char *token)
{
	JrIngestMetric *metric = jr_line_new_metric(line);
	JrIngestRec *rec = jr_line_add(line, JR_INGEST_METRIC);

	metric->metric = JR_METRIC_CLICKED;
	metric->link = token;
	metric->only_known = TRUE;
	metric->address = address_of(entry);
	metric->agent = shorten(line, entry->agent);
	/* Only a GET shows someone where the link leads.  The common form does
	 * not say who it was. */
	metric->bot = !g_str_has_prefix(entry->request, "GET ") ||
		      (entry->agent && jr_agent_is_machine(entry->agent));
	rec->metric = metric;
	rec->timed = TRUE;
	if (!read_time(entry->time, &rec->at_ms))
		return jr_line_refuse(line, "time",
				      "no instant: write "
				      "[05/Nov/2026:17:00:00 +0000]");
	return jr_line_past(line, "time", &rec->at_ms);
}

static gboolean read_clf(JrFormatLine *line)
{
	Entry entry = { 0 };
	const char *token;

	if (!cut(line, &entry))
		return jr_line_refuse(line, NULL,
				      "no line of an access log in the common "
				      "or combined format");
	token = token_of(line, entry.request);
	line->ignored = !token || !was_answered(entry.status) ||
			(!g_str_has_prefix(entry.request, "GET ") &&
			 !g_str_has_prefix(entry.request, "HEAD "));
	return line->ignored || add_click(line, &entry, token);
}

const JrFormat jr_format_clf = { .name = "clf",
				 .text = TRUE,
				 .read = read_clf };

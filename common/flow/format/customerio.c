/* Reporting webhooks of Customer.io as a web server logged them, signed. */
#include "flow/format/webhook.h"

#define SOURCE "customerio"

static gboolean is_customerio(const JrVal *val)
{
	return jr_webhook_is(val, SOURCE);
}

static gboolean read_customerio(JrFormatLine *line)
{
	const JrVal *body = jr_val_get(line->val, "body");
	JrFormatLine report = *line;
	JrWebhook hook;

	if (!jr_webhook_read(line, SOURCE, &hook))
		return FALSE;
	if (!hook.parsed && !hook.body.text)
		return jr_line_refuse(line, "body", "missing");
	if (hook.parsed) {
		report.val = body;
		report.raw = jr_line_slice(line, body);
	} else if (!jr_line_enter(&report, "body", hook.body.text,
				  hook.body.len)) {
		line->field = report.field;
		line->reason = report.reason;
		return FALSE;
	}
	if (jr_format_report.read(&report))
		return TRUE;
	line->field = jr_line_printf(line, "body.%s",
				     report.field ? report.field : "");
	line->reason = report.reason;
	return FALSE;
}

const JrFormat jr_format_customerio = { .name = SOURCE,
					.is = is_customerio,
					.read = read_customerio };

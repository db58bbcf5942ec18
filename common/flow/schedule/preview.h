/*
 * preview.h - what a message would say, before it is sent to anybody.
 */
#pragma once

#include "flow/flow.h"

typedef struct {
	const char *what;   /* a template's file, or "WORKFLOW/STEP"; NULL or
			     * "-": a template on stdin */
	const char *person; /* as --explain knows them; NULL: nobody */
	const char *event;  /* a file of JSON, or the name of one of theirs */
	const char *data;   /* a file of JSON, a map: variables that go before
			     * all others; "-": stdin, which is also read when
			     * nothing else says what to render with */
	JrChannel channel;  /* as which a template is finished and measured; 0:
			     * as none, but what it says */
	gboolean strict;    /* what is missing is an error */
} JrPreviewAsk;

/*
 * Write to flow->out what it says; of a channel or a step also what an SMS
 * counts and costs, and where the lock screen cuts a push.  Needs the state
 * for ask->person alone.  Without ask->strict what is missing is empty, and
 * *@note says why it would not be sent; owned; NULL: it would.  FALSE and
 * JR_ERROR_INPUT (it does not render), JR_ERROR_CONFIG, JR_ERROR_USAGE
 * (nobody is known by that name), JR_ERROR_IO, JR_ERROR_BUSY.
 */
gboolean jr_schedule_preview(JrFlow *flow, const JrPreviewAsk *ask, char **note,
			     GError **error);

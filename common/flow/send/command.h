/*
 * command.h - what jr-send-sms and jr-send-push are but for their
 * channels.
 */
#pragma once

#include "base/terms.h"

typedef struct {
	const char *name;	/* "jr-send-sms" */
	const char *synopsis;	/* what follows it in SYNOPSIS */
	unsigned channels;	/* bits 1 << JR_CHANNEL_… */
	JrChannel test_channel; /* of --test */
	gboolean texts;		/* of texts: --count, --reconcile, --verify */
} JrSendCommand;

/* The whole command: options, open, stream, close.  Returns its exit code. */
int jr_send_main(const JrSendCommand *command, int argc, char **argv);

/*
 * sandbox.h - what the sandbox's two halves share.
 */
#pragma once

#include "net/provider.h"

/* What comes back, as shares of what was accepted; all chosen by a hash of the
 * seed and the message's id, so that the same run comes out the same. */
typedef struct {
	char *seed, *from;
	double delivered; /* of all; the others fail */
	double clicked;	  /* of SMS delivered that have a link */
	double opened;	  /* of push delivered */
	double stopped;	  /* of SMS delivered: the person answers STOP */
} JrSandboxTaste;

/* Append @record as a line, in one write().  FALSE: it is not whole. */
gboolean jr_sandbox_append(int fd, const json_t *record);

/*
 * Append to @fd what comes back of @handover, known as @provider_id: Twilio's
 * webhooks for SMS and WhatsApp, delivery events of the app for push.  Each
 * has received_at, an RFC 3339 instant after the hand-over.
 */
void jr_sandbox_receipts(const JrSandboxTaste *taste,
			 const JrHandover *handover, const char *provider_id,
			 int fd);

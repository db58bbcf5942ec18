/*
 * providers.h - the providers there are, and their tables of codes.
 */
#pragma once

#include "net/provider.h"

extern const JrProviderKind jr_provider_twilio, jr_provider_telnyx,
	jr_provider_messagebird, jr_provider_fcm, jr_provider_apns,
	jr_provider_webpush, jr_provider_sandbox, jr_provider_exec;

/* What a status of Twilio's says of a message; *@metric 0: it is on its way.
 * FALSE: it is none that we know. */
gboolean jr_twilio_status(const char *status, JrMetric *metric);

extern const JrClass jr_twilio_classes[], jr_telnyx_classes[],
	jr_messagebird_classes[], jr_fcm_classes[], jr_apns_classes[],
	jr_webpush_classes[];

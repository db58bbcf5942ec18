/*
 * trust.h - which webhooks are believed.
 *
 * A provider signs what it posts, with a key that jr.yaml names.  What was not
 * signed could be anyone's: a STOP, a START, a receipt.  With a key a webhook
 * must be signed, rightly; without one it is believed only where someone said
 * so: --trust-unsigned, or `trust_unsigned: true` of the provider.
 *
 * To add a provider: a row in trust.c, its setting in jr-providers(5).
 */
#pragma once

#include "flow/format/webhook.h"
#include "rules/policy.h"

/* Keys as @policy (borrowed) names them; @all: believe what is unsigned and
 * has no key.  NULL and JR_ERROR_CONFIG. */
JrTrust *jr_trust_new(const JrPolicy *policy, gboolean all, GError **error);
void jr_trust_free(JrTrust *trust);

/*
 * Whether @hook, which @line is, comes from @source; @bare: it stands alone,
 * without url and headers.  FALSE: the line is refused.  A signature's time is
 * held against received_at, when the server took it, or else against now.
 */
gboolean jr_trust_check(JrFormatLine *line, const JrWebhook *hook,
			const char *source, gboolean bare);

/* Sources whose unsigned webhooks are believed, "twilio, telnyx"; owned; NULL:
 * none. */
char *jr_trust_unsigned(const JrTrust *trust);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(JrTrust, jr_trust_free)

/*
 * gate_checks.h - the fourteen questions, for gate.c alone.
 *
 * Each looks at its facts and returns JR_VERDICT_GO, or another verdict with
 * decision->reason and details set, and with LATER opens_s.
 */
#pragma once

#include "rules/gate.h"

typedef JrVerdict (*JrGateFn)(const JrGateFacts *facts, JrDecision *decision);

JrVerdict jr_gate_enabled(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_sent(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_deadline(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_exited(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_filter(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_suppressed(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_consent(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_subscribed(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_reachable(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_sender(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_content(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_quiet(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_cap(const JrGateFacts *facts, JrDecision *decision);
JrVerdict jr_gate_budget(const JrGateFacts *facts, JrDecision *decision);

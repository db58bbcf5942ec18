/*
 * agent.h - who asked for a link: a person, or a machine.
 *
 * Messages are opened by phones that draw a preview, by chat programs, by
 * scanners of carriers and companies, before or without any person.
 */
#pragma once

#include <glib.h>

/*
 * Whether @agent, a User-Agent, is of a preview, a scanner, a crawler or a
 * program (agent.c has the table).  NULL, "" and "-" are, too: every browser
 * says what it is.
 */
gboolean jr_agent_is_machine(const char *agent);

/*
 * permit.h - the key to a sender.
 *
 * What a permit is, only rules/gate.c knows, and only it makes one: a function
 * that hands a message over demands one, so that a send that passed no gate
 * does not compile.
 */
#pragma once

typedef struct _JrPermit JrPermit;

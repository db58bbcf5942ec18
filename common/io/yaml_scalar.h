/*
 * yaml_scalar.h - what a plain scalar of YAML means.  Only for yaml.c.
 */
#pragma once

#include "base/val.h"

/*
 * The value of plain @text by the core schema of YAML 1.2; the text itself when
 * it is nothing else.  Numbers too large for 64 bits are reals.  FALSE for
 * those that are not finite.
 */
gboolean jr_yaml_scalar(const char *text, gsize len, JrVal *val);

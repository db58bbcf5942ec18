/*
 * grapheme_table.h - how characters cluster, for grapheme.c.
 *
 * Source: Unicode 10.0.0, GraphemeBreakProperty.txt.  This version, because
 * Twilio counts SMS by it; grapheme.c adds what came later.  In order of code
 * points; what is not here is JR_CLUSTER_OTHER, Hangul syllables are computed.
 */
#pragma once

#include <glib.h>

typedef enum {
	JR_CLUSTER_OTHER,
	JR_CLUSTER_CR,
	JR_CLUSTER_LF,
	JR_CLUSTER_CONTROL,
	JR_CLUSTER_EXTEND,
	JR_CLUSTER_ZWJ,
	JR_CLUSTER_SPACING,
	JR_CLUSTER_PREPEND,
	JR_CLUSTER_FLAG, /* Regional_Indicator */
	JR_CLUSTER_L,	 /* Hangul */
	JR_CLUSTER_V,
	JR_CLUSTER_T,
	JR_CLUSTER_LV,
	JR_CLUSTER_LVT,
	JR_CLUSTER_BASE,   /* E_Base: takes a skin tone */
	JR_CLUSTER_TONE,   /* E_Modifier */
	JR_CLUSTER_GLUE,   /* Glue_After_Zwj */
	JR_CLUSTER_PERSON, /* E_Base_GAZ: both */
} JrCluster;

typedef struct {
	guint32 first, last;
	JrCluster cluster;
} JrGraphemeRange;

extern const JrGraphemeRange jr_grapheme_ranges[];
extern const guint jr_grapheme_n_ranges;

/* log_row.h - how rows of the log are read, for the files about them. */
#pragma once

#include "store/log.h"
#include "store/stmt.h"

extern const JrShape jr_log_shape;

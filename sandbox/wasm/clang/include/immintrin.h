// Included out of habit beside `#pragma GCC target`; the processor it describes is not this one. Using what it would
// declare is an error.
#pragma once

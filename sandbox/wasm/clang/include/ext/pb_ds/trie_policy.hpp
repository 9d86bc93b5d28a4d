// The tries of pb_ds are not here; programs that only include this header need none.
#pragma once
#include <ext/pb_ds/assoc_container.hpp>

#pragma once
#include <ext/pb_ds/assoc_container.hpp>

/** Every hostile program, of every language. */
import { C_PROGRAMS } from "./c.ts";
import { COMPILER_ATTACKS } from "./compilers.ts";
import { JAVASCRIPT_PROGRAMS } from "./javascript.ts";
import type { HostileProgram } from "./program.ts";
import { PYTHON_PROGRAMS } from "./python.ts";

export const HOSTILE_PROGRAMS: readonly HostileProgram[] = [
  ...C_PROGRAMS,
  ...PYTHON_PROGRAMS,
  ...JAVASCRIPT_PROGRAMS,
  ...COMPILER_ATTACKS,
];

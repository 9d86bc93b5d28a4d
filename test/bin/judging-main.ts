/** The commands `run`, `test` and `verify` alone, for tests that start them as a process. */
import { Command } from "commander";
import { registerRun } from "../../bin/commands/run.ts";
import { registerTest } from "../../bin/commands/test.ts";
import { registerVerify } from "../../bin/commands/verify.ts";

const program = new Command("dikast");
registerRun(program);
registerTest(program);
registerVerify(program);
await program.parseAsync();

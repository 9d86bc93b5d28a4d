/**
 * CPython calls C functions through pointers whose declared type may have fewer parameters than the call passes. On
 * WebAssembly that would trap, so CPython asks its host for a small module that tests a function's type (`ref.test`) and calls it
 * with as many arguments as it takes (CPython 3.14, Python/emscripten_trampoline.c). These are that module's bytes without its
 * custom sections; without it, CPython would make each such call by way of JavaScript.
 */
import { fromHex } from "../../../src/model/bytes.ts";

const MODULE = fromHex(
  "0061736d0100000001200560037f7f7f017f60027f7f017f60017f017f6000017f60057f7f7f7f7f017f02310203656e76066d65" +
    "6d6f727902000103656e76195f5f696e6469726563745f66756e6374696f6e5f7461626c6501700001030201040713010f747261" +
    "6d706f6c696e655f63616c6c00000a60015e002000410136020020012500fb1400044020022003200420011100000f0b20012500" +
    "fb140104402002200320011101000f0b20012500fb14020440200220011102000f0b20012500fb1403044020011103000f0b2000" +
    "410036020041000b",
);

let compiled: WebAssembly.Module | undefined;

/** Puts the trampoline into the table's last place, which must be free, and returns its index. */
export function installTrampoline(memory: WebAssembly.Memory, table: WebAssembly.Table, index: number): void {
  compiled ??= new WebAssembly.Module(MODULE);
  const instance = new WebAssembly.Instance(compiled, { env: { memory, __indirect_function_table: table } });
  table.set(index, instance.exports["trampoline_call"]);
}

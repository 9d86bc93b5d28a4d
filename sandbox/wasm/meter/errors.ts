/**
 * A module that the meter refuses: damaged, or using what must not run here (threads, relaxed SIMD, …). Whoever made
 * the module is at fault; `message` is for people and names the reason.
 */
export class MeterError extends Error {
  override readonly name = "MeterError";
  readonly code: "DIKAST_METER_MALFORMED" | "DIKAST_METER_UNSUPPORTED" | "DIKAST_METER_BOUND";
  constructor(code: MeterError["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export function malformed(message: string): never {
  throw new MeterError("DIKAST_METER_MALFORMED", `malformed WebAssembly: ${message}`);
}

export function unsupported(message: string): never {
  throw new MeterError("DIKAST_METER_UNSUPPORTED", `not allowed in the sandbox: ${message}`);
}

export function beyondBound(message: string): never {
  throw new MeterError("DIKAST_METER_BOUND", `beyond the sandbox's bounds: ${message}`);
}

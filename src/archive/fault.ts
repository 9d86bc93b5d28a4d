import type { RecordName } from "./format.ts";

/** Where the archive does not hold. */
export interface AuditFault {
  readonly code: string;
  readonly reason: string;
  /** Of the record, in the file. */
  readonly offset: number;
  readonly part: RecordName | "file";
}

/** Ends an audit; never leaves this folder. */
export class Fault extends Error {
  readonly fault: Omit<AuditFault, "offset" | "part">;
  constructor(code: string, reason: string) {
    super(reason);
    this.fault = { code, reason };
  }
}

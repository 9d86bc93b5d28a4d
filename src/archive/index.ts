/**
 * The archive of a contest, one file: written by a node, audited by anyone, offline.
 *
 * ```ts
 * await exportArchive({ store, files }, file, { sources: true, bundles: true });
 * const { directory, cleanUp } = await auditDirectory();
 * const result = await auditArchive(createReadStream(file), { verifier: fastVerifier, directory });
 * if (!result.ok) console.log(result.fault.reason);
 * await cleanUp();
 * ```
 */
export {
  type AuditedArchive,
  auditArchive,
  auditDirectory,
  type AuditOptions,
  type AuditResult,
  type KeptSubmission,
} from "./audit.ts";
export { type ArchiveParts, type ArchiveSource, recordsOf } from "./collect.ts";
export type { AuditFault } from "./fault.ts";
export { exportArchive, exportSubmissions } from "./files.ts";
export { ARCHIVE_LINE, ArchiveError, type ArchiveRecord, readArchive, RECORD, writeArchive } from "./format.ts";
export { reexecute, type Reexecuted } from "./reexecution.ts";

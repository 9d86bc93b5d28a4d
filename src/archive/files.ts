/** Archives and submissions as files: whole or not at all. */
import { createWriteStream } from "node:fs";
import { rename, rm, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import {
  type ExportedSubmission,
  type SubmissionPlace,
  submissionPlaces,
  submissionsCsv,
} from "../contest/export/index.ts";
import type { Hash, Manifest, SourceFile } from "../model/index.ts";
import { zipFiles, type ZipInput } from "../packages/archive/index.ts";
import { type ArchiveParts, type ArchiveSource, contestIn, recordsOf, sourceOf } from "./collect.ts";
import { writeArchive } from "./format.ts";

/** In bytes. @throws ArchiveError when the node lacks something that belongs in it; errors of the disk. */
export async function exportArchive(source: ArchiveSource, file: string, parts: ArchiveParts): Promise<number> {
  return await writeWhole(file, writeArchive(recordsOf(source, parts)));
}

/** All submissions as a zip, with `submissions.csv`; equal stores give equal bytes. @throws as {@link exportArchive} */
export async function exportSubmissions(source: ArchiveSource, file: string): Promise<number> {
  const { manifest, contents } = await contestIn(source.store);
  const exported = contents.submissions.map((submission): ExportedSubmission => {
    const { id, submitter, problem, language, at, statement, practice } = submission;
    return {
      id,
      submitter,
      displayName: contents.names.get(submitter) ?? "",
      label: labelOf(manifest, problem),
      problem,
      language,
      filename: "source",
      minutes: Math.floor((at - contents.startsAt) / 60_000),
      verdict: practice ? `practice-${statement?.verdict ?? "pending"}` : statement?.verdict,
    };
  });
  // File names are in the sources.
  const named = new Map<Hash, readonly SourceFile[]>();
  for (const { id } of exported) named.set(id, await sourceOf(source.store, id));
  const places = submissionPlaces(
    exported.map((each) => ({ ...each, filename: named.get(each.id)?.[0]?.filename ?? "source" })),
  );
  return await writeWhole(file, zipFiles(zipInputs(places, named)));
}

function labelOf(manifest: Manifest, problem: string): string {
  return manifest.problems.find(({ id }) => id === problem)?.label ?? problem;
}

function* zipInputs(
  places: readonly SubmissionPlace[],
  named: ReadonlyMap<Hash, readonly SourceFile[]>,
): Generator<ZipInput> {
  yield { path: "submissions.csv", bytes: new TextEncoder().encode(submissionsCsv(places)) };
  for (const { path, submission } of places) {
    const [main, ...companions] = named.get(submission.id) ?? [];
    yield { path, bytes: main?.source ?? new Uint8Array() };
    // In a folder of the main file's name.
    for (const { filename, source } of companions) yield { path: `${path}.files/${filename}`, bytes: source };
  }
}

async function writeWhole(file: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  const partial = `${file}.partial`;
  try {
    await pipeline(bytes, createWriteStream(partial, { flush: true }));
    const { size } = await stat(partial);
    await rename(partial, file);
    return size;
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

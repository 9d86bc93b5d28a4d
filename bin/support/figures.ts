/** How figures and tables look on a terminal. */

export function formatMs(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 10_000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

export function formatMemory(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}

export function formatPoints(scoreMicros: number): string {
  return String(Number((scoreMicros / 1_000_000).toFixed(3)));
}

export interface Column {
  readonly title: string;
  readonly width: number;
  readonly align?: "right";
}

/** One row of a table, without trailing spaces. */
export function formatRow(columns: readonly Column[], cells: readonly string[]): string {
  return columns
    .map(({ width, align }, index) =>
      align === "right" ? (cells[index] ?? "").padStart(width) : (cells[index] ?? "").padEnd(width),
    )
    .join("  ")
    .trimEnd();
}

export function formatHeader(columns: readonly Column[]): string {
  return formatRow(
    columns,
    columns.map((column) => column.title),
  );
}

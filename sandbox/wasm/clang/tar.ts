/** Reads the tar archive (ustar, plain files only) in which `@yowasp/clang` ships its headers and libraries. */

const BLOCK_BYTES = 512;

const decoder = new TextDecoder();

function text(block: Uint8Array, offset: number, length: number): string {
  const field = block.subarray(offset, offset + length);
  const end = field.indexOf(0);
  return decoder.decode(end < 0 ? field : field.subarray(0, end));
}

/** @throws RangeError when the archive is cut short. */
export function* tarFiles(archive: Uint8Array): Generator<{ readonly path: string; readonly bytes: Uint8Array }> {
  for (let at = 0; at + BLOCK_BYTES <= archive.length; ) {
    const header = archive.subarray(at, at + BLOCK_BYTES);
    const name = text(header, 0, 100);
    if (name === "") return;
    const prefix = text(header, 345, 155);
    const size = Number.parseInt(text(header, 124, 12).trim() || "0", 8);
    const start = at + BLOCK_BYTES;
    if (!(size >= 0) || start + size > archive.length) throw new RangeError(`tar: ${name} is cut short`);
    const type = header[156];
    // "0" and NUL both mean an ordinary file.
    if (type === 0x30 || type === 0) {
      yield { path: prefix === "" ? name : `${prefix}/${name}`, bytes: archive.subarray(start, start + size) };
    }
    at = start + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
  }
}

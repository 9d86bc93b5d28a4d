/**
 * File names that come from outside (zip archives, bundles): accepted only where they mean the same on every system, stay below
 * the folder they are unpacked into, and do not collide there.
 */
import { PACKAGE_DEPTH_MAX } from "./bounds.ts";

/** Below the 260 characters that Windows allows for a whole path, with room for the folder around it. */
export const PATH_CHARACTERS_MAX = 200;
/** Most file systems stop at 255 bytes; UTF-8 needs up to three for one UTF-16 unit. */
const NAME_BYTES_MAX = 255;

/** Device names of Windows, with or without an ending. */
const RESERVED = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)/i;
/** Control and format characters (line breaks, right-to-left overrides, zero-width joiners), private use, unassigned, lone surrogates. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/u;
const UNPORTABLE = /[<>:"|?*\\]/;

/**
 * Why `path` (relative, `/`-separated, a file's) is refused, as the end of a sentence that begins with the name; undefined if it may be
 * used.
 */
export function pathFault(path: string): string | undefined {
  if (path === "") return "is an empty name";
  if (!path.isWellFormed() || INVISIBLE.test(path)) return "holds control or invisible characters";
  if (path.startsWith("/") || path.startsWith("\\") || /^[A-Za-z]:/.test(path)) return "is an absolute path";
  if (path.length > PATH_CHARACTERS_MAX) return `is longer than ${PATH_CHARACTERS_MAX} characters`;
  if (path.split(/[/\\]/).includes("..")) return "leads out of the folder";
  if (UNPORTABLE.test(path)) return 'holds one of \\ < > : " | ? *';
  // Two spellings of one name that look alike: one of them may overwrite the other.
  if (path !== path.normalize("NFC")) return "is not in Unicode normal form C";
  const names = path.split("/");
  if (names.length > PACKAGE_DEPTH_MAX) return `is more than ${PACKAGE_DEPTH_MAX} folders deep`;
  for (const name of names) {
    if (name === "" || name === ".") return "holds an empty folder name";
    if (/[. ]$/.test(name) || name.startsWith(" "))
      return "has a name that begins or ends with a space, or ends with a dot";
    if (RESERVED.test(name)) return `uses the reserved name "${name}"`;
    if (new TextEncoder().encode(name).length > NAME_BYTES_MAX)
      return `has a name of more than ${NAME_BYTES_MAX} bytes`;
  }
  return undefined;
}

/** Paths already taken; tells collisions, also those that only some file systems have. */
export class PathSet {
  readonly #files = new Map<string, string>();
  /** Folded folder to its spelling. */
  readonly #folders = new Map<string, string>();

  /** Adds a file; returns why it cannot stand beside the others, as the end of a sentence that begins with its name. */
  add(path: string): string | undefined {
    const folded = fold(path);
    const twin = this.#files.get(folded);
    if (twin === path) return "is there twice";
    if (twin !== undefined) return `differs from "${twin}" only in letter case`;
    if (this.#folders.has(folded)) return "is a file and a folder";
    const names = path.split("/");
    for (let length = 1; length < names.length; length += 1) {
      const folder = names.slice(0, length).join("/");
      const foldedFolder = fold(folder);
      if (this.#files.has(foldedFolder)) return `lies below "${folder}", which is a file`;
      const known = this.#folders.get(foldedFolder);
      if (known !== undefined && known !== folder)
        return `lies in a folder that differs from "${known}" only in letter case`;
      this.#folders.set(foldedFolder, folder);
    }
    this.#files.set(folded, path);
    return undefined;
  }
}

/** As file systems that ignore case compare: full case folding is approximated by upper and then lower case (`ß`, `ſ`, `K`). */
function fold(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFC");
}

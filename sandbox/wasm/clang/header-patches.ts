/** Changes to the shipped headers, for what contestants know from GCC's library and cannot be added from outside. */

export interface HeaderPatch {
  /** Below `/usr`. */
  readonly path: string;
  /** Occurs exactly once. */
  readonly before: string;
  readonly after: string;
}

const BITSET_SEARCH = `  // GCC's search for bits that are set.
  size_t _Find_first() const noexcept { return __find_from(0); }
  size_t _Find_next(size_t __p) const noexcept { return __find_from(__p + 1); }
  size_t __find_from(size_t __i) const noexcept {
    using _Word = typename __base::__storage_type;
    constexpr size_t __bits = sizeof(_Word) * 8;
    if (__i >= _Size) return _Size;
    const _Word* __words = reinterpret_cast<const _Word*>(this);
    size_t __k = __i / __bits;
    _Word __word = __words[__k] & (~_Word(0) << (__i % __bits));
    while (__word == 0) {
      if (++__k == (_Size + __bits - 1) / __bits) return _Size;
      __word = __words[__k];
    }
    const size_t __found = __k * __bits + static_cast<size_t>(__builtin_ctzll(__word));
    return __found < _Size ? __found : _Size;
  }

`;
const BITSET_MEMBER = "\n  // 23.3.5.2 bitset operations:\n";

export const HEADER_PATCHES: readonly HeaderPatch[] = [
  { path: "include/c++/v1/bitset", before: BITSET_MEMBER, after: `\n${BITSET_SEARCH}${BITSET_MEMBER.slice(1)}` },
];

/** @throws RangeError when the header is not the one that the patch was made for. */
export function patched(path: string, bytes: Uint8Array): Uint8Array {
  const patches = HEADER_PATCHES.filter((patch) => patch.path === path);
  if (patches.length === 0) return bytes;
  let text = new TextDecoder().decode(bytes);
  for (const { before, after } of patches) {
    if (text.split(before).length !== 2) throw new RangeError(`the patch of ${path} does not fit`);
    text = text.replace(before, () => after);
  }
  return new TextEncoder().encode(text);
}

/** Changes to the shipped headers, for what contestants know from GCC's library and cannot be added from outside. */

export interface HeaderPatch {
  /** Below `/usr`. */
  readonly path: string;
  readonly before: string;
  /** How often it occurs; 1 unless given. */
  readonly times?: number;
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

/** Bits are copied word by word: faster than with iterators over bits, which the compiler does not see through. */
const SHIFT_LEFT = `  if constexpr (_Size > __base::__bits_per_word) {
    if (!std::__libcpp_is_constant_evaluated()) {
      using _Word = typename __base::__storage_type;
      constexpr size_t __bits = __base::__bits_per_word;
      _Word* __words = reinterpret_cast<_Word*>(this);
      const size_t __skip = __pos / __bits, __by = __pos % __bits;
      if (__by == 0) {
        for (size_t __i = __n_words; __i > __skip; --__i) __words[__i - 1] = __words[__i - 1 - __skip];
      } else {
        for (size_t __i = __n_words - 1; __i > __skip; --__i)
          __words[__i] = __words[__i - __skip] << __by | __words[__i - __skip - 1] >> (__bits - __by);
        __words[__skip] = __words[0] << __by;
      }
      for (size_t __i = 0; __i < __skip; ++__i) __words[__i] = 0;
      if constexpr (_Size % __bits != 0) __words[__n_words - 1] &= (_Word(1) << _Size % __bits) - 1;
      return *this;
    }
  }
`;
const SHIFT_RIGHT = `  if constexpr (_Size > __base::__bits_per_word) {
    if (!std::__libcpp_is_constant_evaluated()) {
      using _Word = typename __base::__storage_type;
      constexpr size_t __bits = __base::__bits_per_word;
      _Word* __words = reinterpret_cast<_Word*>(this);
      const size_t __skip = __pos / __bits, __by = __pos % __bits;
      const size_t __left = __n_words - __skip;
      if (__by == 0) {
        for (size_t __i = 0; __i < __left; ++__i) __words[__i] = __words[__i + __skip];
      } else {
        for (size_t __i = 0; __i < __left - 1; ++__i)
          __words[__i] = __words[__i + __skip] >> __by | __words[__i + __skip + 1] << (__bits - __by);
        __words[__left - 1] = __words[__n_words - 1] >> __by;
      }
      for (size_t __i = __left; __i < __n_words; ++__i) __words[__i] = 0;
      return *this;
    }
  }
`;
const COPY_UP =
  "  std::copy_backward(__base::__make_iter(0), __base::__make_iter(_Size - __pos), __base::__make_iter(_Size));\n";
const COPY_DOWN = "  std::copy(__base::__make_iter(__pos), __base::__make_iter(_Size), __base::__make_iter(0));\n";

const BITSET = "include/c++/v1/bitset";
/** Words of 64 bits, as on the machines that contestants know: `size_t` has 32 here. Algorithms mix words and counts of bits. */
const WORD = "unsigned long long";
const TYPES = `typedef ${WORD} __storage_type;
  typedef ${WORD} size_type;
  typedef long long difference_type;`;

export const HEADER_PATCHES: readonly HeaderPatch[] = [
  { path: BITSET, before: BITSET_MEMBER, after: `\n${BITSET_SEARCH}${BITSET_MEMBER.slice(1)}` },
  { path: BITSET, before: "typedef size_t __storage_type;", times: 3, after: TYPES },
  { path: BITSET, before: "(sizeof(size_t) * CHAR_BIT)", times: 2, after: `(sizeof(${WORD}) * CHAR_BIT)` },
  { path: BITSET, before: "__h ^= __first_[__i];", after: "__h ^= __first_[__i] ^ __first_[__i] >> 32;" },
  { path: BITSET, before: "  return __first_;\n", after: "  return __first_ ^ __first_ >> 32;\n" },
  { path: BITSET, before: COPY_UP, after: SHIFT_LEFT + COPY_UP },
  { path: BITSET, before: COPY_DOWN, after: SHIFT_RIGHT + COPY_DOWN },
];

/** @throws RangeError when the header is not the one that the patch was made for. */
export function patched(path: string, bytes: Uint8Array): Uint8Array {
  const patches = HEADER_PATCHES.filter((patch) => patch.path === path);
  if (patches.length === 0) return bytes;
  let text = new TextDecoder().decode(bytes);
  for (const { before, after, times = 1 } of patches) {
    if (text.split(before).length !== times + 1) throw new RangeError(`the patch of ${path} does not fit`);
    text = text.replaceAll(before, () => after);
  }
  return new TextEncoder().encode(text);
}

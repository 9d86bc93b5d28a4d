// What contest programs use of x86's intrinsics, from SSE to AVX2, FMA, BMI and a few others, by Intel's description of what
// they do, over vectors of 128 bits of WebAssembly (which exist where a source names such an intrinsic; see sources.ts).
// Results are x86's to the bit, but `rcp` and `rsqrt`, which are exact here, and time stamps, which are nanoseconds.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define __F static __inline__ __attribute__((__always_inline__, __nodebug__, __unused__))

// ---- Words

__F int _mm_popcnt_u32(unsigned a) { return __builtin_popcount(a); }
__F long long _mm_popcnt_u64(unsigned long long a) { return __builtin_popcountll(a); }
#define _popcnt32(a) _mm_popcnt_u32((unsigned)(a))
#define _popcnt64(a) _mm_popcnt_u64((unsigned long long)(a))
#define __popcntd(a) _mm_popcnt_u32((unsigned)(a))
#define __popcntq(a) _mm_popcnt_u64((unsigned long long)(a))
__F unsigned _lzcnt_u32(unsigned a) { return a ? (unsigned)__builtin_clz(a) : 32; }
__F unsigned long long _lzcnt_u64(unsigned long long a) { return a ? (unsigned)__builtin_clzll(a) : 64; }
#define __lzcnt32 _lzcnt_u32
#define __lzcnt64 _lzcnt_u64
__F unsigned _tzcnt_u32(unsigned a) { return a ? (unsigned)__builtin_ctz(a) : 32; }
__F unsigned long long _tzcnt_u64(unsigned long long a) { return a ? (unsigned)__builtin_ctzll(a) : 64; }
#define __tzcnt_u32 _tzcnt_u32
#define __tzcnt_u64 _tzcnt_u64
#define _mm_tzcnt_32(a) ((int)_tzcnt_u32(a))
#define _mm_tzcnt_64(a) ((long long)_tzcnt_u64(a))
__F int __bsfd(int a) { return __builtin_ctz((unsigned)a); }
__F int __bsrd(int a) { return 31 - __builtin_clz((unsigned)a); }
__F int __bsfq(long long a) { return __builtin_ctzll((unsigned long long)a); }
__F int __bsrq(long long a) { return 63 - __builtin_clzll((unsigned long long)a); }
#define _bit_scan_forward __bsfd
#define _bit_scan_reverse __bsrd
__F int __bswapd(int a) { return (int)__builtin_bswap32((unsigned)a); }
__F long long __bswapq(long long a) { return (long long)__builtin_bswap64((unsigned long long)a); }
#define _bswap __bswapd
#define _bswap64 __bswapq
#define __bswap __bswapd
__F unsigned __rold(unsigned a, int n) { return a << (n & 31) | a >> (-n & 31); }
__F unsigned __rord(unsigned a, int n) { return a >> (n & 31) | a << (-n & 31); }
__F unsigned long long __rolq(unsigned long long a, int n) { return a << (n & 63) | a >> (-n & 63); }
__F unsigned long long __rorq(unsigned long long a, int n) { return a >> (n & 63) | a << (-n & 63); }
#define _rotl __rold
#define _rotr __rord
#define _rotl64 __rolq
#define _rotr64 __rorq
#define __WORD(T, S, BITS)                                                                                                  \
  __F T _andn_##S(T a, T b) { return ~a & b; }                                                                              \
  __F T _blsi_##S(T a) { return a & -a; }                                                                                   \
  __F T _blsr_##S(T a) { return a & (a - 1); }                                                                              \
  __F T _blsmsk_##S(T a) { return a ^ (a - 1); }                                                                            \
  __F T _bzhi_##S(T a, unsigned n) { return (n & 255) < BITS ? a & (((T)1 << (n & 255)) - 1) : a; }                         \
  __F T _bextr_##S(T a, unsigned start, unsigned length) {                                                                  \
    start &= 255, length &= 255;                                                                                            \
    return start < BITS ? _bzhi_##S(a >> start, length) : 0;                                                                \
  }                                                                                                                         \
  __F T __bextr_##S(T a, T control) { return _bextr_##S(a, control & 255, control >> 8 & 255); }                            \
  static __inline__ __attribute__((__unused__)) T _pdep_##S(T a, T mask) {                                                  \
    T result = 0;                                                                                                           \
    for (; mask; mask &= mask - 1, a >>= 1) result |= mask & -mask & -(a & 1);                                              \
    return result;                                                                                                          \
  }                                                                                                                         \
  static __inline__ __attribute__((__unused__)) T _pext_##S(T a, T mask) {                                                  \
    T result = 0;                                                                                                           \
    for (T bit = 1; mask; mask &= mask - 1, bit <<= 1) result |= a & mask & -mask ? bit : 0;                                \
    return result;                                                                                                          \
  }                                                                                                                         \
  __F unsigned char _addcarry_##S(unsigned char carry, T a, T b, T *out) {                                                  \
    T sum, total;                                                                                                           \
    unsigned char first = __builtin_add_overflow(a, b, &sum), second = __builtin_add_overflow(sum, (T)!!carry, &total);     \
    *out = total;                                                                                                           \
    return first | second;                                                                                                  \
  }                                                                                                                         \
  __F unsigned char _subborrow_##S(unsigned char borrow, T a, T b, T *out) {                                                \
    T rest, total;                                                                                                          \
    unsigned char first = __builtin_sub_overflow(a, b, &rest), second = __builtin_sub_overflow(rest, (T)!!borrow, &total);  \
    *out = total;                                                                                                           \
    return first | second;                                                                                                  \
  }                                                                                                                         \
  static __inline__ __attribute__((__unused__)) T __crc_##S(T crc, T a, int bits) {                                         \
    unsigned rest = (unsigned)crc;                                                                                          \
    for (int i = 0; i < bits; i++, a >>= 1) rest = rest >> 1 ^ ((rest ^ (unsigned)a) & 1 ? 0x82f63b78u : 0);                \
    return rest;                                                                                                            \
  }
__WORD(unsigned, u32, 32)
__WORD(unsigned long long, u64, 64)
#define _addcarryx_u32 _addcarry_u32
#define _addcarryx_u64 _addcarry_u64
__F unsigned _mm_crc32_u8(unsigned crc, unsigned char a) { return __crc_u32(crc, a, 8); }
__F unsigned _mm_crc32_u16(unsigned crc, unsigned short a) { return __crc_u32(crc, a, 16); }
__F unsigned _mm_crc32_u32(unsigned crc, unsigned a) { return __crc_u32(crc, a, 32); }
__F unsigned long long _mm_crc32_u64(unsigned long long crc, unsigned long long a) { return __crc_u64(crc, a, 64); }
__F unsigned _mulx_u32(unsigned a, unsigned b, unsigned *high) {
  unsigned long long product = (unsigned long long)a * b;
  *high = (unsigned)(product >> 32);
  return (unsigned)product;
}
__F unsigned long long _mulx_u64(unsigned long long a, unsigned long long b, unsigned long long *high) {
  unsigned __int128 product = (unsigned __int128)a * b;
  *high = (unsigned long long)(product >> 64);
  return (unsigned long long)product;
}

// Time stamps count the program's own, virtual nanoseconds; what fetches ahead, waits or orders memory does nothing.
__F unsigned long long __rdtsc(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (unsigned long long)now.tv_sec * 1000000000ull + (unsigned long long)now.tv_nsec;
}
#define _rdtsc __rdtsc
#define __builtin_ia32_rdtsc __rdtsc
__F unsigned long long __rdtscp(unsigned *core) {
  *core = 0;
  return __rdtsc();
}
enum _mm_hint { _MM_HINT_NTA, _MM_HINT_T2, _MM_HINT_T1, _MM_HINT_T0, _MM_HINT_ET1 = 6, _MM_HINT_ET0 };
#define _mm_prefetch(p, hint) ((void)(p))
#define _mm_pause() ((void)0)
#define _mm_sfence() ((void)0)
#define _mm_lfence() ((void)0)
#define _mm_mfence() ((void)0)
#define _mm256_zeroupper() ((void)0)
#define _mm256_zeroall() ((void)0)
#define _mm_empty() ((void)0)
#define _mm_getcsr() 0x1f80u
#define _mm_setcsr(a) ((void)(a))
#define __builtin_cpu_init() ((void)0)
#define __builtin_cpu_supports(feature) 1
#define _MM_SHUFFLE(d, c, b, a) ((d) << 6 | (c) << 4 | (b) << 2 | (a))
#define _MM_SHUFFLE2(b, a) ((b) << 1 | (a))
__F void *_mm_malloc(size_t size, size_t alignment) {
  return aligned_alloc(alignment < sizeof(void *) ? sizeof(void *) : alignment, size + alignment - size % alignment);
}
__F void _mm_free(void *p) { free(p); }

#if __has_builtin(__builtin_wasm_swizzle_i8x16)
#include <bits/x86-vectors.h>
#endif
#undef __WORD
#undef __F
